"""What a change of one item, one age or one cell does, and what a list denies."""

import pytest

from consent.classification import read_statements, suggest
from consent.classification.suggestion import Suggestion

PAGE = "# Privacy\n\nThis page is about your data.\n\n{}\n\nWrite to us with any questions.\n"
TABLE = """| Purpose | Data | Legal basis |
|---|---|---|
| To train our AI models | Recipes and reviews | {} |
| To send you the newsletter | Address | Contract |"""


def change(before: str, after: str) -> Suggestion:
    return suggest(PAGE.format(before), PAGE.format(after), subject="Kestrel")


@pytest.mark.parametrize(
    "lead_in",
    [
        "To train our models, we use the following:",
        "We use the following data to train our AI models:",
    ],
)
@pytest.mark.parametrize(
    ("more", "effect", "direction"),
    [(True, "scope-widened", "less-control"), (False, "scope-narrowed", "more-control")],
)
def test_an_item_of_a_list_that_a_use_leads_into(lead_in, more, effect, direction):
    short = f"{lead_in}\n\n- your sketches\n- your photos"
    texts = [short, f"{short}\n- your messages"]

    suggestion = change(*(texts if more else texts[::-1]))

    assert (suggestion.effects, suggestion.direction) == ((effect,), direction)


def test_a_use_that_leads_into_a_list_names_the_data_of_its_items():
    page = PAGE.format("To train our models, we use the following:\n\n- your photos\n- your code")

    [statement] = read_statements(page)

    assert set(statement.data) == {"images-and-video", "code"}


@pytest.mark.parametrize(
    ("words", "old", "new", "effect"),
    [
        ("We do not train AI on the posts of teens under {}.", 18, 16, "scope-widened"),
        ("We do not train AI on the posts of teens under {}.", 16, 18, "scope-narrowed"),
        ("We train our models on public posts of people over {}.", 18, 16, "scope-widened"),
        ("Public posts of people who are {} or older train our AI.", 16, 18, "scope-narrowed"),
    ],
)
def test_another_age_covers_more_people_or_fewer(words: str, old: int, new: int, effect: str):
    assert change(words.format(old), words.format(new)).effects == (effect,)


def test_people_over_an_age_are_no_denial():
    [statement] = read_statements(
        PAGE.format("We train our models on public posts of people over 18.")
    )

    assert statement.uses


def test_consent_in_the_cell_of_a_legal_basis():
    asked = change(TABLE.format("Legitimate interest"), TABLE.format("Consent"))
    not_asked = change(TABLE.format("Consent"), TABLE.format("Legitimate interest"))

    assert (asked.effects, asked.direction) == (("default-off",), "more-control")
    assert (not_asked.effects, not_asked.direction) == (("use-introduced",), "less-control")


def test_a_denial_before_a_long_list_denies_each_of_its_items():
    words = (
        "The records of schools are not used for: advertising; marketing to pupils, parents or"
        " teachers; resale or enrichment of data; development of other services; building"
        " commercial datasets; profiles for marketing; profiling pupils for purposes outside the"
        " service; training general-purpose AI models; or any other purpose."
    )

    [statement] = read_statements(PAGE.format(words), as_help_page=False)

    assert statement.denies


@pytest.mark.parametrize(
    "words",
    [
        "This may happen if you sign up for training with one of our partners.",
        "Your personal data is used where your training is part of the services.",
        "The customer lets us use its data to train and generate customer derivative models.",
        "Nous aidons les annonceurs à améliorer leur activité, à valider nos modèles de"
        " tarification et à mesurer l’effet de leurs publications.",
    ],
)
def test_courses_and_prices_are_no_training_of_models(words: str):
    assert read_statements(f"{words}\n", as_help_page=False) == ()


def test_an_address_that_is_hidden_from_robots_is_no_other_way_out():
    words = "To opt out of the use of your sketches for model training, write to {}."
    hidden = "[[email protected]](https://kestrel.example/cdn-cgi/l/email-protection)"

    assert not change(words.format("ai@kestrel.example"), words.format(hidden)).relevant
    assert change(words.format("ai@kestrel.example"), words.format("dpo@kestrel.example")).relevant


def test_a_page_that_was_captured_twice_over_says_nothing_new():
    rooms = ["paper", "ink", "wood", "wool", "glass", "clay", "iron", "salt"]
    lines = "\n\n".join(f"We keep {room} in a room of its own, with a lock." for room in rooms)
    page = f"# Privacy\n\n{lines}\n\nWe may use your sketches to train our AI models.\n"

    assert not suggest(page, f"{page}\n{page}").relevant


def test_customer_content_is_no_mail():
    [statement] = read_statements(
        PAGE.format("Kestrel does not train its AI models on Customer Content.")
    )

    assert "mail-and-documents" not in statement.data
