"""Answers beside a sentence: questions, switches, tables, and steps below a use."""

import pytest

from consent.classification import Statement, read_statements, suggest


def only(text: str) -> Statement:
    (statement,) = [one for one in read_statements(text) if one.kind != "pointer"]
    return statement


def test_a_question_is_read_with_its_answer():
    denied = only("### Do you use my chats to train your models?\n\nNo.")
    stated = only("### Do you use my chats to train your models?\n\nYes.")

    assert denied.denies
    assert stated.uses
    assert stated.words == "### Do you use my chats to train your models? Yes."


def test_an_answer_that_turns_is_a_use_and_a_dropped_promise():
    question = "**Do you train AI on my photos?**\n{}"
    suggestion = suggest(question.format("No."), question.format("Yes, we do."))

    assert set(suggestion.effects) == {"use-introduced", "pledge-dropped"}
    assert suggestion.direction == "less-control"


@pytest.mark.parametrize(
    ("words", "default"),
    [
        ("(on) Use my chats to train the models", "on"),
        ("(off) Use my chats to train the models", "off"),
        ("[x] Use my chats to train the models", "on"),
        ("- [ ] Use my chats to train the models", "off"),
        ("Use my chats to train the models: Off", "off"),
        ("Use my chats to train the models: On", "on"),
        ("(on) Do not use my chats to train the models", "off"),
    ],
)
def test_the_state_of_a_switch_is_the_default(words: str, default: str):
    assert only(words).default == default


def table(*rows: str) -> str:
    return "\n".join(["| | Free | Plus |", "| --- | --- | --- |", *rows])


def test_a_cell_that_turns_on_is_a_default_for_more_people():
    row = "| Train models on my documents | {} | Off |"
    suggestion = suggest(table(row.format("Off")), table(row.format("On")))

    assert suggestion.effects == ("default-on",)


def test_a_column_about_training_makes_a_statement_of_each_row():
    text = "| Data | Used to train our models |\n| --- | --- |\n| Chats | Yes |\n| Mail | No |"
    statements = read_statements(text)

    assert [(one.words, one.denies) for one in statements] == [
        ("Chats: Used to train our models: Yes", False),
        ("Mail: Used to train our models: No", True),
    ]


STEPS = """## Training

We use your edits to train our models.

To stop this:

1. Tap your picture.
2. Tap **{}**.
3. Turn off **Learn from my edits**.
"""


def test_steps_below_a_use_are_one_way_to_refuse_with_its_path():
    (way,) = [one for one in read_statements(STEPS.format("Privacy")) if one.kind == "control"]

    assert way.control == "opt-out"
    assert "Tap Privacy" in way.words


def test_another_path_is_another_way_to_refuse():
    suggestion = suggest(STEPS.format("Account"), STEPS.format("AI and data"))

    assert suggestion.effects == ("opt-out-changed",)


def test_a_page_that_gives_way_to_an_error_page_says_nothing_on_training():
    page = "# Help\n\nWe use your chats to train our models. You can opt out in your settings."
    error = "# Page not available\n\nThe page that you requested no longer exists. Error 404"

    assert not suggest(page, error).relevant


@pytest.mark.parametrize(
    "words",
    [
        "We do not use photos to train our models unless you have agreed.",
        "We use recordings to train our models only if you turn it on.",
        "We use calls to train our models only if an administrator has agreed.",
    ],
)
def test_what_needs_agreement_is_no_use(words: str):
    assert not only(words).uses


def test_a_way_out_in_the_next_sentence_need_not_name_the_use_again():
    page = "Acme trains its models on messages. To take your workspace out, {}."
    by_mail, by_switch = "write to privacy@acme.example", "an owner opens Console, then Data"

    suggestion = suggest(page.format(by_mail), page.format(by_switch))

    assert suggestion.effects == ("opt-out-changed",)


def test_how_long_data_for_training_is_kept_may_stand_in_the_next_sentence():
    page = "We use your chats to train our models. Chosen chats are kept for {} years."

    assert suggest(page.format(1), page.format(3)).effects == ("retention-changed",)
