"""The reader of markup finds the faults it is there for."""

import pytest

from tests.consent.public.site.markup import faults


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<div><p>One</div>", "closes nothing"),
        ("<p><ul><li>One</li></ul></p>", "<ul> in a paragraph"),
        ("<ul><p>One</p></ul>", "<p> directly in <ul>"),
        ('<a href="/"><a href="/x">X</a></a>', "<a> in <a>"),
        ('<i id="x"></i><b id="x"></b>', "id x stands 2 times"),
        ('<label for="x">X</label>', "label for asks for x"),
        ('<a href="#x">X</a>', "a href asks for x"),
        ("<section>", "never closed"),
        ('<i class="a" class="b"></i>', "has class 2 times"),
        ("<div/>", "does not close itself"),
    ],
)
def test_finds(html, fault):
    assert fault in " ".join(faults(html))


def test_finds_nothing_in_what_is_right():
    assert faults('<p id="x">One<br>two <svg><path d="M0 0h1z"/></svg></p><a href="#x">X</a>') == []
