"""Passages quote the sentences a change touched, without markup."""

from consent.diffing import Passage, diff, passages

BEFORE = """\
# Help

We keep your posts. We do **not** use [your posts](/posts) to train models. Ask us anything.

Old news.
"""
AFTER = """\
# Help

We keep your posts. We use [your posts](/posts) to train models. Ask us anything.

You can object in the settings.
"""


def test_a_passage_gives_the_sentences_that_changed_and_their_place():
    assert passages(diff(BEFORE, AFTER)) == (
        Passage(
            number=1,
            kind="replace",
            place=("Help",),
            origin=("Help",),
            removed="[…] We do not use your posts to train models. […]",
            added="[…] We use your posts to train models. […]",
        ),
        Passage(
            number=2,
            kind="replace",
            place=("Help",),
            origin=("Help",),
            removed="Old news.",
            added="You can object in the settings.",
        ),
    )


def test_a_sentence_added_between_others_leaves_nothing_removed():
    (passage,) = passages(diff("We ask. We share.", "We ask. We collect. We share."))
    assert (passage.removed, passage.added) == ("", "[…] We collect. […]")


def test_sentences_apart_are_quoted_with_a_mark_of_what_lies_between():
    before = "We ask you. We wait long. We share it. We stay here."
    after = "We beg you. We wait long. We sell it. We stay here."
    (passage,) = passages(diff(before, after))
    assert passage.removed == "We ask you. […] We share it. […]"
    assert passage.added == "We beg you. […] We sell it. […]"


def test_a_moved_passage_is_quoted_whole_on_both_sides():
    text = "We train our models on what you post."
    before = f"# A\n\n{text}\n\n# B\n\nOne more thing about B, which stays.\n"
    after = f"# A\n\n# B\n\nOne more thing about B, which stays.\n\n{text}\n"
    (passage,) = passages(diff(before, after))
    assert (passage.kind, passage.origin, passage.place) == ("move", ("A",), ("B",))
    assert passage.removed == passage.added == text


def test_typographic_differences_are_not_quoted():
    assert passages(diff("“Yes”", '"Yes"')) == ()


def test_a_removed_paragraph_has_nothing_added():
    (passage,) = passages(diff("One.\n\nTwo.", "One."))
    assert (passage.removed, passage.added) == ("Two.", "")
