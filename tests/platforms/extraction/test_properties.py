"""Properties of all pages, tested on random pages."""

import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from platforms.extraction import extract

PAGES = Path(__file__).parent / "pages"
URL = "https://example.org/help"
SELECT = ["main"]

TAGS = ("p", "div", "ul", "li", "table", "tr", "td", "b", "a", "h2", "select", "option", "label")
MARKUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
        st.sampled_from(["<br>", "<input type=checkbox checked>", "<!-- x -->", "<pre>", "&nbsp;"]),
        st.text(max_size=20),
    ),
    max_size=60,
).map("".join)

WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)
SENTENCE = st.lists(WORD, min_size=1, max_size=8)
ELEMENT = st.sampled_from(["p", "h2", "li", "td", "dd", "div", "blockquote", "summary"])
CONTENT = st.lists(st.tuples(ELEMENT, SENTENCE), min_size=1, max_size=8)

FRAMES = {"li": "<ul>{}</ul>", "td": "<table><tr><td>Key</td>{}</tr></table>", "dd": "<dl>{}</dl>"}


def page(content, attributes="", between="", gap=" "):
    """Return a page of elements, with attributes and white space that must not matter.

    It ends with a sentence: short lines below the last one would be a menu, which is not compared.
    """
    parts = []
    for tag, words in content:
        element = f"<{tag}{attributes}>{gap.join(words)}</{tag}>"
        parts.append(FRAMES.get(tag, "{}").format(element))
    parts.append("<p>That is all.</p>")
    return f"<html><body><main>{between.join(parts)}</main></body></html>".encode()


def digest(body):
    return extract(body, url=URL, select=SELECT).digest


@given(
    st.binary(max_size=2000), st.sampled_from(["text/html", "text/plain", "application/pdf", ""])
)
def test_no_bytes_raise(body, content_type):
    document = extract(body, url=URL, content_type=content_type)
    assert isinstance(document.text, str)
    extract(body, url="//[", content_type=content_type, select=["p", "["], remove=["b"])


@given(MARKUP)
def test_no_markup_raises_and_reading_again_gives_the_same(markup):
    body = markup.encode("utf-8", "replace")
    for rules in ({}, {"select": ["body"]}, {"select": [{"startBefore": "p", "endAfter": "li"}]}):
        assert extract(body, url=URL, **rules) == extract(body, url=URL, **rules)


@given(CONTENT, st.sampled_from(["\n", "\t", " \n\n ", "\r\n"]))
def test_white_space_never_changes_the_digest(content, space):
    assert digest(page(content)) == digest(page(content, between=space, gap=space))


@given(CONTENT, WORD)
def test_comments_never_change_the_digest(content, word):
    assert digest(page(content)) == digest(page(content, between=f"<!-- {word} -->"))


@given(CONTENT, WORD, WORD)
def test_class_names_never_change_the_digest(content, first, second):
    names = f' class="{first} css-{second}" id="{second}{first}"'
    assert digest(page(content)) == digest(page(content, attributes=names))


@given(CONTENT, WORD, WORD)
def test_the_order_of_attributes_never_changes_the_digest(content, first, second):
    in_order = f' lang="{first}" data-x="{second}" title="{first}"'
    reversed_order = f' title="{first}" data-x="{second}" lang="{first}"'
    assert digest(page(content, in_order)) == digest(page(content, reversed_order))


@given(CONTENT, WORD, st.data())
def test_a_changed_word_always_changes_the_digest(content, word, data):
    at = data.draw(st.integers(0, len(content) - 1))
    tag, words = content[at]
    place = data.draw(st.integers(0, len(words) - 1))
    changed = [*content]
    changed[at] = (tag, [*words[:place], word, *words[place + 1 :]])
    assert (digest(page(content)) == digest(page(changed))) == (word == words[place])


@given(CONTENT, st.data())
def test_a_word_taken_out_always_changes_the_digest(content, data):
    at = data.draw(st.integers(0, len(content) - 1))
    tag, words = content[at]
    shorter = [*content]
    shorter[at] = (tag, words[:-1])
    assert digest(page(content)) != digest(page(shorter))


@settings(max_examples=25)
@given(st.integers(0, 99), st.integers(0, 99))
def test_a_number_in_a_sentence_always_counts(first, second):
    body = "<main><p>We keep it for {} days.</p></main>"
    same = digest(body.format(first).encode()) == digest(body.format(second).encode())
    assert same == (first == second)


PRINT_DIGESTS = """
import hashlib, pathlib, sys
from platforms.extraction import extract
for page in sorted(pathlib.Path(sys.argv[1]).glob("*.html")):
    document = extract(page.read_bytes(), url="https://example.org/help")
    print(page.name, hashlib.sha256(repr(document).encode()).hexdigest())
"""


def test_two_processes_read_the_same_bytes_alike():
    root = Path(__file__).parents[3]
    first, second = (
        subprocess.run(
            [sys.executable, "-c", PRINT_DIGESTS, str(PAGES)],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second
    assert first.count("\n") == len(list(PAGES.glob("*.html")))
