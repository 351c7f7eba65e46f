"""The position of a text, however many sentences state it."""

import pytest

from consent.classification import read_statements, suggest
from consent.classification.position import in_words, position_of

USE = "We use your chats to train our AI models."
WAY_OUT = "You can turn off AI training on your data in Settings under Privacy."


def position(text: str) -> str:
    return in_words(position_of(read_statements(text)))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("We take your privacy seriously.", "says nothing about training"),
        (USE, "trains on chats; no way out"),
        (f"{USE} {WAY_OUT}", "trains on chats; way out: opt-out by switch; on by default"),
        ("We do not use your files to train our AI models.", "does not train on files"),
        (
            "We will not use your chats to train our models without your consent.",
            "trains on chats only if people agree; way out: consent; off by default",
        ),
    ],
)
def test_a_position_is_put_in_plain_words(text: str, held: str):
    assert position(text) == held


def test_saying_it_twice_or_elsewhere_does_not_change_the_position():
    unrelated = "We bill you every month."

    assert position(f"{USE}\n\n{unrelated}\n\n{USE}") == position(f"{unrelated}\n\n{USE}")


def test_the_trace_shows_both_positions_and_what_follows():
    trace = suggest(USE, f"{USE} {WAY_OUT}").trace

    positions = (
        "before: trains on chats; no way out. After: trains on chats; way out: opt-out by switch"
    )
    assert trace[0].rule == "position"
    assert trace[0].words.startswith(positions)
    assert trace[1].effect == "opt-out-added"


def test_the_trace_gives_the_reader_s_vote_and_its_reasons():
    readings = [
        fired for fired in suggest("Hello.", f"Hello.\n\n{USE}").trace if fired.rule == "reader"
    ]

    assert len(readings) == 1
    assert "a statement (" in readings[0].words
    assert "train" in readings[0].words
