"""Lists of other articles below a text are left out, even if only a heading shows them."""

import pytest

from platforms.extraction import extract

OTHERS = "<ul><li><a href=/1>Delete your account</a></li><li><a href=/2>Konto löschen</a></li></ul>"


def read(ending):
    page = f"<main><h1>Training</h1><p>We train on posts.</p>{ending}</main>"
    return extract(page.encode(), url="https://example.org/").text


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Related Articles",
            "Recommended help topics:",
            "Ähnliche Artikel",
            "関連記事",
            "相关文章",
        ),
        *("Articles associés", "Preguntas relacionadas", "Articoli correlati"),
    ],
)
def test_a_closing_list_of_other_articles_is_left_out(heading):
    assert read(f"<span>{heading}</span>{OTHERS}") == "# Training\n\nWe train on posts."


@pytest.mark.parametrize(
    "ending",
    [
        f"<h2>How to opt out</h2>{OTHERS}",
        f"<h2>Related articles</h2>{OTHERS}<p>You can object at any time.</p>",
        f"<h2>Related articles of this policy</h2>{OTHERS}",
        "<h2>Related articles</h2>",
    ],
    ids=["another heading", "words after it", "more than a heading", "no list"],
)
def test_other_lists_of_links_stay(ending):
    text = read(ending)
    assert text.count("Delete") == ending.count("Delete")
    assert text.splitlines()[4].removeprefix("## ") in ending


def test_a_page_that_is_only_such_a_list_is_read():
    page = f"<main><h1>Related articles</h1>{OTHERS}</main>".encode()
    assert "Delete your account" in extract(page, url="https://example.org/").text
