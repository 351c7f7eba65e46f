"""Markup built to crash or exhaust the parser is read within limits, without errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.extraction import extract
from tests.sweeps import some

DEEP = 200_000


def read(body, **rules):
    return extract(body, url="https://example.org/", **rules)


OPENINGS = [
    "div",
    "b",
    "blockquote",
    "span",
    "section",
    "ul><li",
    "table><tr><td",
    "a href=x><font",
    "details",
    "article",
    "aside><a",
]


@pytest.mark.parametrize("opening", some(OPENINGS, 3))
def test_200_000_nested_tags_end_in_the_words_inside(opening):
    body = f"<{opening}>".encode() * DEEP + b"deep"
    assert read(body, select=["body"]).text.endswith("deep")


@pytest.mark.parametrize("opening", [b"<blockquote>x", b"<ol><li>x", b"<blockquote><ul><li>x"])
def test_text_at_every_depth_does_not_grow_with_the_square(opening):
    assert len(read(opening * 4_000, select=["body"]).text) < 100 * 4_000


def test_a_long_label_shared_by_thousands_of_switches_is_shortened():
    switches = b"<div role=switch aria-labelledby='a a a a'></div>" * 3_000
    body = b"<main><p id=a>" + b"word " * 200_000 + b"</p>" + switches
    assert len(read(body).text) < 1_000_000 + 3_000 * 1_000


def test_nested_tags_that_close_again_lose_no_words():
    body = b"<div>" * DEEP + b"<p>inside</p>" + b"</div>" * DEEP + b"<p>after</p>"
    assert read(body, select=["body"]).text == "inside\n\nafter"


@pytest.mark.parametrize("attribute", ['a%d="x"', "a%d", "a%d='>'", "a%d=x"])
def test_50_000_attributes_hide_no_words(attribute):
    attributes = " ".join(attribute % number for number in range(50_000))
    assert read(f"<main><p {attributes}>words</p></main>".encode()).text == "words"


def test_a_long_attribute_is_left_as_it_is():
    body = f'<main><p><a href="/opt-out?{"x" * 20_000}">object</a></p></main>'.encode()
    document = read(body)
    assert document.text == "object"
    assert len(document.links[0].target) > 20_000


def test_a_large_ordinary_page_keeps_every_word():
    paragraphs = [f"<p class='p{n}' title='a > b'>Word{n} <b>bold</b><br>" for n in range(20_000)]
    text = read(f"<main>{''.join(paragraphs)}</main>".encode()).text
    assert text.count("Word") == 20_000
    assert text.startswith("Word0 bold")


def test_a_single_line_of_10_megabytes_is_read():
    assert len(read(b"<main><p>" + b"word " * 2_000_000).text) == 9_999_999


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 100_000,
        b"<",
        b"<" * 100_000,
        b">" * 100_000,
        b"<!--" * 50_000,
        b'<a href="' * 50_000,
        b"&#xD800;&#0;&#x110000;&bogus;",
        b"<select><option>" * 20_000,
        b"<svg><title><style>" * 20_000,
        b"<template>" * 50_000 + b"x",
        b"<ol start=99999999999999999999><li>x",
        b"<base href='http://[bad'><a href='http://[worse'>x</a><form action='//[::'>",
        b"<frameset><frame></frameset>",
        b"<input type=checkbox aria-labelledby='\"]'>",
        b"<a href='" * 50_000 + b">",
        b"<a b c" * 50_000,
        b"<p>" + b"![" * 100_000 + b"](",
        b"<p>" + b"[a](" * 100_000,
        b"<p>" + b"_ " * 100_000 + b"_" * 100_000,
        b"<p>" + b"1a" * 200_000 + b" " + b"aA1" * 200_000 + b" " + b"-" * 200_000,
        b"<p>" + b"# 1. - " * 50_000,
        b"<meta http-equiv=refresh content='" + b" " * 200_000 + b"'>",
        b"<p class='" + b"share_" * 100_000 + b"'>",
    ],
)
def test_no_body_raises(body):
    for content_type in ("text/plain", "application/pdf"):
        assert isinstance(read(body, content_type=content_type).text, str)
    for rules in ({}, {"select": ["body", "main"], "remove": ["div", "p"]}):
        assert isinstance(read(body, **rules).text, str)


def test_components_nested_very_deeply_are_read_up_to_a_limit():
    body = b"<x-a><template shadowrootmode=open>words " * DEEP
    assert read(body, select=["body"]).text.startswith("words words")


_TAGS = (
    *("<x-a>", "</x-a>", "<template shadowrootmode=open>", "</template>", "<slot>", "</slot>"),
    *("<slot name=a>", "<b slot=a>", "words", '<div hidden id="S:1">', "</div>", "<p>", "<table>"),
    *('<template id="B:0">', '<template id="B:1">', "<!--$?-->", "<!--/$-->", "<select>", "<svg>"),
    *('<script>$RC("B:0","S:1")</script>', '<script>$RS("S:1","B:1");$RC("B:1","S:0")</script>'),
    '<div hidden id="S:0">',
)


@given(st.lists(st.sampled_from(_TAGS), max_size=60))
def test_nested_components_and_late_parts_do_not_crash(tags):
    body = "".join(tags).encode()
    assert read(body) == read(body)
    read(body, select=["body"], remove=["p"])


def test_components_that_pass_their_content_on_lose_no_words():
    component = b"<x-a><template shadowrootmode=open><slot></slot></template>"
    assert read(component * 2_000 + b"deep", select=["body"]).text == "deep"
