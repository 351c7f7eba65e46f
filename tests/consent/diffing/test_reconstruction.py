"""The hunks of any two texts turn one text into the other."""

from hypothesis import given
from hypothesis import strategies as st

from consent.diffing import Diff, diff

BLOCKS = (
    "# Privacy",
    "## How we use data",
    "How we use data\n---------------",
    "**Your choices**",
    "We use your posts to train our models.",
    "We use your posts to train our models unless you opt out. This began in May.",
    "We use your “posts” to train our *models*.",
    "* Learn more",
    "1. Open [Settings](https://example.org/a?b=c).",
    "2. Open [Settings](https://example.org/d).",
    "| Plan | Default |\n| --- | --- |\n| Free | On |",
    "---",
    "![](pixel.gif)",
    "  \n\u200b\n",
)
markdown = st.lists(
    st.sampled_from(BLOCKS) | st.text("ab .*_#[]()|\\-\n\u200b\u00a0“é", max_size=20), max_size=12
).map("\n\n".join)


def assert_spans_cover(result: Diff) -> None:
    for hunk in result.hunks:
        before, after = hunk.before_span[0], hunk.after_span[0]
        for span in hunk.spans:
            assert (span.before_start, span.after_start) == (before, after)
            before, after = span.before_end, span.after_end
        assert (before, after) == (hunk.before_span[1], hunk.after_span[1])


@given(markdown, markdown)
def test_applying_the_hunks_to_the_text_before_gives_the_text_after(before, after):
    assert diff(before, after).apply() == after


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_characters_survive_the_way_from_before_to_after(before, after):
    assert diff(before, after).apply() == after


@given(markdown, markdown)
def test_spans_cover_both_sides_of_every_hunk(before, after):
    assert_spans_cover(diff(before, after))


@given(markdown, markdown)
def test_hunks_hold_exactly_the_characters_of_their_ranges(before, after):
    for hunk in diff(before, after).hunks:
        assert hunk.before == before[slice(*hunk.before_span)]
        assert hunk.after == after[slice(*hunk.after_span)]


@given(markdown, markdown)
def test_hunks_follow_the_order_of_the_text_after(before, after):
    spans = [hunk.after_span for hunk in diff(before, after).hunks]
    assert spans == sorted(spans)


@given(markdown)
def test_a_text_compared_with_itself_has_no_hunks(text):
    result = diff(text, text)
    assert (result.hunks, result.changed) == ((), False)
