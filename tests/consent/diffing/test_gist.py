"""One line for a list says how much differs, where, and a sentence of it."""

import pytest

from consent.diffing import diff
from consent.diffing.gist import gist_of

TERMS = """# Terms

## Payment

You pay on the first day of each month. We accept cards.

## Contact

Write to us at help@chirp.example."""
OTHERS = TERMS.replace("cards", "cards, vouchers and cash in all of our shops")


def is_about_models(words):
    return "models" in words


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (TERMS, TERMS.replace("Write to us", "**Write** to us"), ""),
        (
            TERMS,
            OTHERS,
            "Words: 8 added, in “Payment”: We accept cards, vouchers and cash in all of our shops.",
        ),
        (
            OTHERS,
            TERMS.replace("help@", "info@"),
            "Words: 9 removed, 1 added, in “Payment”: We accept cards.",
        ),
        (
            TERMS,
            OTHERS + " Letters train our models.",
            "Words: 12 added, in “Contact”: Letters train our models.",
        ),
    ],
)
def test_it_counts_words_and_quotes_what_matters_most(before, after, line):
    assert gist_of(diff(before, after), is_about_models) == line


def test_a_long_sentence_and_long_headings_are_cut_at_a_word():
    after = TERMS.replace("## Payment", f"## {'Payment ' * 30}").replace("cards", "cards " * 60)
    line = gist_of(diff(TERMS, after), is_about_models)
    assert len(line) < 300
    assert line.endswith("cards …")


def test_passages_that_only_moved_are_named():
    payment = "You pay on the first day of each month. We accept cards and vouchers in our shops."
    before = f"# Terms\n\n{payment}\n\nOne more thing is said here.\n\nAnd one more is said there."
    after = f"# Terms\n\nOne more thing is said here.\n\nAnd one more is said there.\n\n{payment}"
    assert gist_of(diff(before, after), is_about_models).startswith("Passages moved, in “Terms”: ")
