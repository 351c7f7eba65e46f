"""Help and settings pages: what a short line says depends on what is around it."""

import time

import pytest

from consent.classification import read_statements, suggest
from consent.classification.help_pages import is_help_page, matched
from consent.classification.languages import BY_LANGUAGE

ENGLISH = BY_LANGUAGE["en"]
LEARNING = """# Lark: your songs and our models

## How the models learn

We use the songs that you sing to train our models.

{}
"""
SOUND = """# Lark: the sound of your phone

## Volume

You hear the songs that you sing with the volume of your phone.

{}
"""
TELEVISION = """# The settings of your television

Contribute voice commands · {}
Lets us keep what you say and use it to train our speech models.

Dark colours · On
Makes the menu of the television darker.
"""
TABLE = """# What we do with the data of your account

Data | Choose the ads that you see | Build our AI models
--- | --- | ---
Your posts | No | Yes
Your mail | No | {}
"""


def said(text: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.stance, one.default) for one in read_statements(text)]


def words_of_controls(text: str) -> list[str]:
    return [one.words for one in read_statements(text) if one.kind == "control"]


@pytest.mark.parametrize(
    "line",
    [
        "Untick the box if you would rather stay out.",
        "You can say no at any time under Account > Lark.",
        "Don't want this? Slide it to the left.",
    ],
)
def test_a_line_without_words_for_training_is_a_control_only_beside_training(line: str):
    assert words_of_controls(LEARNING.format(line))
    assert not words_of_controls(SOUND.format(line))


def test_a_later_question_on_refusing_belongs_to_the_use_above():
    page = (
        "# Hosts ask\n\nAre listings used to train models?\n\nYes.\n\n"
        "Can I say no?\n\nSend a letter to our office with the links.\n"
    )

    assert words_of_controls(page)


@pytest.mark.parametrize("mark", [" · {}", ": {}", " ({})", " – {}", "\n\n{}"])
def test_a_label_is_read_with_its_state(mark: str):
    page = "# Switches\n\nTrain the model with my chats{}\n\nDark colours\n\nOn\n"

    assert said(page.format(mark.format("Off"))) == [("use", "does-not", "off")]
    assert said(page.format(mark.format("On"))) == [("use", "does", "on")]


def test_a_switch_that_turns_on_is_suggested():
    suggestion = suggest(TELEVISION.format("Off"), TELEVISION.format("On"))

    assert suggestion.effects == ("default-on",)
    assert suggestion.direction == "less-control"


def test_a_table_without_bars_at_its_edges_is_read_by_its_columns():
    suggestion = suggest(TABLE.format("No"), TABLE.format("Yes"))

    assert suggestion.relevant
    assert suggestion.direction == "less-control"


def test_steps_are_one_way_with_the_path_to_the_switch():
    page = LEARNING.format("To stop it:\n\n1. Tap your face.\n2. Tap Trust.\n3. Turn off Learning.")

    assert "1. Tap your face. 2. Tap Trust. 3. Turn off Learning." in words_of_controls(page)


def test_ideas_are_shared_by_languages():
    page = (
        "# Hilfe\n\nWas Sie tippen, fließt in das Training unseres Sprachmodells ein.\n\n"
        "Wenn Sie das nicht wollen, entfernen Sie das Häkchen in den Einstellungen.\n"
    )

    assert [one.kind for one in read_statements(page)] == ["use", "control"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# How to sing\n\nTap the microphone.\n", True),
        ("# Privacy policy\n\nWe use data.\n", False),
        ("How your data is handled\n\nThis privacy notice says why.\n", False),
        ("# Sing\n\nBy singing you accept these general Terms.\n", False),
        ("# Singen\n\nDiese Datenschutzerklärung gilt für alle.\n", False),
        ("# Chanter\n\nLa présente politique vaut pour tous.\n", False),
        ("# How to sing\n\nSee our privacy policy and the terms.\n", True),
        ("# How to sing\n\nIt may use these songs until further notice.\n", True),
        ("Help\n" + "We use data and more of it in long sentences. " * 200, False),
        ("# How to sing\n\n" + "Tap here.\n" * 3000, False),
    ],
)
def test_help_pages_are_short_and_no_legal_documents(text: str, expected: bool):
    assert is_help_page(text, ENGLISH) is expected


def test_a_promise_keeps_the_page_it_was_made_on():
    (statement,) = read_statements("# Lark\n\n## Notes\n\nYour notes never train our models.\n")

    assert statement.place == "Lark › Notes"


def test_the_trace_names_the_ideas_by_the_words_of_the_page():
    assert matched("refuse", "Slide it to the left.", "en") == "Slide it to the left"
    assert matched("refuse", "Slide it to the right.", "en") == ""
    assert matched("learn + data", "We train.", "en") == ""


@pytest.mark.parametrize(
    "page",
    [
        "a | b | learn | d\n--- | --- | --- | ---\n" + "x | y | z | yes\n" * 1000,
        "train a - b - c - d - e (f (g (h – i – j : k\n" * 400,
        "1. train it off\n" * 1200,
        ("leave it there and " * 26 + "\n") * 40,
        "t\n" * 9900,
    ],
)
def test_hostile_help_pages_take_little_time(page: str):
    assert is_help_page(page, ENGLISH)
    start = time.process_time()
    read_statements(page)
    assert time.process_time() - start < 5
