"""Typographic differences are no change."""

import pytest

from consent.diffing import diff

SAME = {
    "curly and straight quotes": (
        "We use “your” posts, don’t we?",
        'We use "your" posts, don\'t we?',
    ),
    "guillemets": ("Wir nutzen „Ihre“ Daten.", "Wir nutzen »Ihre« Daten."),
    "dashes": ("Posts – and chats — train it.", "Posts - and chats -- train it."),
    "hyphens": ("the opt‑out form", "the opt-out form"),
    "an ellipsis": ("And so on…", "And so on..."),
    "no-break spaces": ("We use\u00a0your posts.", "We use your posts."),
    "zero-width characters": ("We use your po\u200bsts\ufeff.", "We use your posts."),
    "soft hyphens": ("our infor\u00admation", "our information"),
    "decomposed letters": ("cafe\u0301 data", "café data"),
    "line breaks within a paragraph": ("We use\nyour posts.", "We use your posts."),
    "blank lines between paragraphs": ("One.\n\n\n\nTwo.", "One.\n\nTwo."),
    "emphasis": ("We **never** use _your_ posts.", "We never use your *posts*."),
    "link targets": ("[Opt out](https://a.example/x?id=1)", "[Opt out](https://a.example/x?id=2)"),
    "a link gained": ("Read the policy.", "Read the [policy](/privacy)."),
    "a link that holds brackets": ("[a](/x_(y)?q=1) b", "[a](/x_(z)?q=1) b"),
    "images": ("![](pixel.gif?event=1) Text", "![](pixel.gif?event=2) Text"),
    "an image added": ("Text.", "![](pixel.gif)\n\nText."),
    "a rule added": ("One.\n\nTwo.", "One.\n\n---\n\nTwo."),
    "escapes": ("1\\. Data", "1. Data"),
    "bullets": ("* One\n* Two", "- One\n- Two"),
    "renumbered items": ("1. One\n2. Two", "2. One\n3. Two"),
    "lettered items": ("(a) One use", "(b) One use"),
    "renumbered headings": ("## 3. Your data", "## 4. Your data"),
    "renumbered clauses": ("4.2 You agree to it.", "5.1 You agree to it."),
    "heading case": ("# HOW WE USE DATA", "# How we use data"),
    "heading level": ("# How we use data", "### How we use data"),
    "underlined and hashed headings": ("Our data\n--------", "## Our data"),
    "bold lines and headings": ("**Our data**", "## Our Data"),
    "table padding": ("| Plan | On |\n| --- | --- |", "| Plan   | On   |\n| ------ | ---- |"),
    "quotation marks at line starts": ("> We use\n> your posts.", "> We use your posts."),
    "a paragraph split in two": (
        "We use your posts to train models. You can opt out of this in the settings.",
        "We use your posts to train models.\n\nYou can opt out of this in the settings.",
    ),
}
CHANGED = {
    "case in a sentence": ("your content", "your Content"),
    "a number that is not an order mark": ("30 days to object", "60 days to object"),
    "a year as a heading": ("# 2023", "# 2024"),
    "a decimal at the start": ("3.5 million people", "4.5 million people"),
    "a comma": ("posts, and chats", "posts and chats"),
    "an address that is text": ("Write to https://a.example/x", "Write to https://a.example/y"),
    "the text of a link": ("[Opt out](/x)", "[Object](/x)"),
    "a cell": ("| Free | On |", "| Free | Off |"),
    "a letter": ("we do not use it", "we do now use it"),
    "a sign": ("模型训练", "模型练习"),
    "an accent": ("donnees", "données"),
    "a snake-case name": ("set opt_out", "set opt_in"),
}


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME)
def test_a_typographic_difference_is_not_a_change(before, after):
    result = diff(before, after)
    assert {hunk.kind for hunk in result.hunks} == {"typographic"}
    assert not result.changed
    assert result.changes == ()
    assert result.apply() == after


@pytest.mark.parametrize(("before", "after"), CHANGED.values(), ids=CHANGED)
def test_a_difference_in_wording_is_a_change(before, after):
    result = diff(before, after)
    assert result.changed
    assert [hunk.kind for hunk in result.changes] == ["replace"]


def test_a_typographic_difference_beside_a_change_stays_out_of_its_spans():
    (hunk,) = diff("We use “posts”.", "We use 'posts' and chats.").hunks
    assert [span.op for span in hunk.spans] == ["equal", "insert", "equal"]
