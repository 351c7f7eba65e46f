"""The position of a text, however many sentences state it."""

import pytest

from consent.classification import read_statements, suggest
from consent.classification.effects import EFFECTS
from consent.classification.position import position_of
from consent.classification.position_words import clauses_of

USE = "We use your chats to train our AI models."
WAY_OUT = "You can turn off AI training on your data in Settings under Privacy."


def position(text: str) -> list[str]:
    return clauses_of(position_of(read_statements(text)))


def trace(before: str, after: str) -> list[str]:
    return [step.words for step in suggest(before, after).trace]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("We take your privacy seriously.", []),
        (USE, ["the service trains AI on chats", "no way to refuse is named"]),
        (
            f"{USE} {WAY_OUT}",
            [
                "the service trains AI on chats",
                "people have a choice: they can opt out (with a switch)",
                "it is on unless people refuse",
            ],
        ),
        (
            "We do not use your files to train our AI models.",
            ["the service does not train AI on files"],
        ),
        (
            "We will not use your chats to train our models without your consent.",
            [
                "the service trains AI on chats only if people agree",
                "people have a choice: they are asked first",
                "it is off unless people agree",
            ],
        ),
    ],
)
def test_a_position_is_put_in_plain_words(text: str, clauses: list[str]):
    assert position(text) == clauses


def test_saying_it_twice_or_elsewhere_does_not_change_the_position():
    unrelated = "We bill you every month."

    assert position(f"{USE}\n\n{unrelated}\n\n{USE}") == position(f"{unrelated}\n\n{USE}")


def test_the_trace_is_a_chain_of_plain_sentences():
    steps = trace(USE, f"{USE} {WAY_OUT}")

    assert steps[:2] == [
        "Before, the page said: the service trains AI on chats; no way to refuse is named.",
        "Now the page says: the service trains AI on chats; people have a choice: they can opt "
        "out (with a switch); it is on unless people refuse.",
    ]
    assert steps[2].startswith(f"New sentence: “{WAY_OUT[:-1]}”.")
    assert any(step.startswith("The page now names a way to refuse.") for step in steps)
    assert any(step.startswith("For people this means more control") for step in steps)


def test_the_trace_uses_no_name_from_the_code():
    steps = " ".join(trace("Hello.", f"Hello.\n\n{USE} {WAY_OUT}"))

    for name in (*EFFECTS, "less-control", "more-control", "r:", "h:", "reader", "unstated"):
        assert name not in steps, name


def test_the_trace_gives_the_words_that_made_a_sentence_a_statement():
    (new,) = [step for step in trace("Hello.", f"Hello.\n\n{USE}") if step.startswith("New")]

    assert "likely to be about training, mainly because of" in new
    assert "“train”" in new.partition("because of")[2]


def test_the_trace_shows_both_wordings_of_a_reworded_sentence():
    steps = trace(USE, USE.replace("your chats", "your chats and files"))

    assert any(
        step.startswith(f"Reworded: “{USE[:-1]}” became “We use your chats and files to train")
        for step in steps
    )
    assert any("New is: files." in step for step in steps)
