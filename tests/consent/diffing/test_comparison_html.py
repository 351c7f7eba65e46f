"""One comparison, three forms: inline, side by side, and plain text for mail."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.template import Context, Engine
from hypothesis import given
from hypothesis import strategies as st

from consent.diffing import Diff, diff
from consent.diffing.comparison_html import inline_html, side_by_side_html
from consent.diffing.passages import passages

BEFORE = """\
# Privacy

One.

Two.

Three.

## Training

We do not use <b>posts</b> & chats to train models.

We keep them for a year.

Six.

Seven.

Eight.

Nine.
"""
AFTER = BEFORE.replace("do not use", "may use").replace("Eight.", "Eight.\n\nYou can opt out.")

ALLOWED = {
    "div": {"class", "id"},
    "p": {"class", "dir"},
    "h3": {"class"},
    "span": {"class"},
    "ins": set(),
    "del": set(),
    "table": {"class"},
    "caption": set(),
    "thead": set(),
    "tbody": {"class"},
    "tr": {"class", "id"},
    "th": {"scope", "colspan", "class"},
    "br": set(),
    "td": {"class", "colspan", "data-side"},
}


class Reader(HTMLParser):
    """Reads HTML strictly: known elements and attributes only, everything closed in order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.ids = []
        self.text = []

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED
        assert {name for name, _ in attrs} <= ALLOWED[tag]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        pytest.fail("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    assert all(re.fullmatch(r"passage-\d+", name) for name in reader.ids)
    assert len(set(reader.ids)) == len(reader.ids)
    return reader


FORMS: list[Callable[[Diff], str]] = [
    inline_html,
    side_by_side_html,
    lambda found: inline_html(found, changes_only=False),
    lambda found: side_by_side_html(found, changes_only=False),
]
hostile = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '<img src=x onerror="alert(1)">',
            "]]>--><!-- ",
            "&lt;b&gt; &amp; &#x3c;",
            "' onmouseover='x",
            '[a](javascript:alert(1) "<b>")',
            "![<svg>](x)",
            "# <h1>",
            "| <td> | \\<",
            "**<i**>",
            "\x00\x1b\u202e\ud7ff",
            "plain words",
        ]
    )
    | st.text(max_size=15),
    max_size=6,
).map("\n\n".join)


@given(hostile, hostile)
def test_captured_markup_never_becomes_markup(before, after):
    result = diff(before, after)
    for form in FORMS:
        read(form(result))


@given(st.text(max_size=20), st.text(max_size=20))
def test_labels_are_escaped_too(before_label, after_label):
    result = diff("a", "b")
    read(side_by_side_html(result, before_label=before_label, after_label=after_label))


def test_removed_and_added_words_are_said_to_screen_readers():
    html = inline_html(diff("We ask.", "We share."))
    assert '<del><span class="visually-hidden">removed: </span>ask</del>' in html
    assert '<ins><span class="visually-hidden">added: </span>share</ins>' in html


def test_the_inline_form_reads_as_the_text_with_both_versions_in_it():
    text = " ".join("".join(read(inline_html(diff("We ask.", "We share."))).text).split())
    assert text == "We removed: ask added: share."


def test_changes_only_shows_a_few_blocks_around_each_change_under_its_place():
    html = inline_html(diff(BEFORE, AFTER), context=1)
    text = [line for line in "".join(read(html).text).splitlines() if line]
    assert text == [
        "4 unchanged paragraphs",
        "Privacy › Training",
        "Training",
        "We removed: do not added: may use <b>posts</b> & chats to train models.",
        "We keep them for a year.",
        "2 unchanged paragraphs",
        "Privacy › Training",
        "Eight.",
        "added: You can opt out.",
        "Nine.",
    ]


def test_the_whole_text_can_be_shown_with_the_same_anchors():
    result = diff(BEFORE, AFTER)
    whole = read(inline_html(result, changes_only=False))
    assert whole.ids == read(inline_html(result)).ids == ["passage-1", "passage-2"]
    assert "One." in whole.text


def test_side_by_side_puts_each_version_in_its_column():
    html = side_by_side_html(diff("We ask.\n\nBye.", "We share.\n\nBye."), before_label="2 May")
    rows = re.findall(r"<td[^>]*>(.*?)</td>", html)
    assert rows == [
        '<p class="diff-paragraph" dir="auto">We '
        '<del><span class="visually-hidden">removed: </span>ask</del>.</p>',
        '<p class="diff-paragraph" dir="auto">We '
        '<ins><span class="visually-hidden">added: </span>share</ins>.</p>',
        '<p class="diff-paragraph" dir="auto">Bye.</p>',
        '<p class="diff-paragraph" dir="auto">Bye.</p>',
    ]
    assert '<th scope="col">2 May</th><th scope="col">After</th>' in html
    assert html.count('data-side="2 May"') == 2


def test_side_by_side_says_where_a_side_has_nothing():
    html = side_by_side_html(diff("One.", "One.\n\nTwo."))
    assert (
        '<td class="diff-none" data-side="Before"><span class="visually-hidden">nothing</span></td>'
        in html
    )


def test_a_move_says_where_the_passage_was():
    text = "We train our models on what you post."
    before = f"# A\n\n{text}\n\n# B\n\nOne more thing about B, which stays.\n"
    after = f"# A\n\n# B\n\nOne more thing about B, which stays.\n\n{text}\n"
    result = diff(before, after)
    for form in FORMS:
        assert "Moved here from “A”" in form(result)


def test_a_paragraph_cut_into_items_shows_its_lines():
    before = "We use your content to show it to others and to train our models.\n"
    after = "We use your content\n\n* to show it to others\n* and to train our new models.\n"
    assert '<p class="diff-paragraph" dir="auto">We use your content<br>to show' in inline_html(
        diff(before, after)
    )


def test_where_nothing_changed_there_is_no_passage():
    result = diff("“Same”", '"Same"')
    assert list(passages(result)) == []
    assert read(inline_html(result)).ids == []


def test_templates_take_the_html_as_it_is():
    template = Engine().from_string("{{ html }}")
    assert template.render(Context({"html": inline_html(diff("a", "b"))})).startswith("<div")


def test_no_words_above_a_heading_are_shown_under_its_place():
    before = "# Terms\n\nAbove all.\n\n## Training\n\nWe train on posts."
    html = inline_html(diff(before, before.replace("posts", "chats")))
    shown = html[html.index("diff-place") :]
    assert "Terms › Training" in shown
    assert "Above all." not in shown
