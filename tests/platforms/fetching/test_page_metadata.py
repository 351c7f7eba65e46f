"""What a page says of itself, told to curators who decide what to watch."""

from hypothesis import given
from hypothesis import strategies as st

from platforms.fetching.page_metadata import SelfDescription, describe

URL = "https://help.example/en/articles/12?ref=mail"


def said(markup, url=URL, content_type="text/html"):
    return describe(markup.encode(), url=url, content_type=content_type)


def test_a_head_is_read_for_address_dates_robots_and_languages():
    found = said(
        """<head><link rel="canonical" href="/en/articles/12">
        <link rel=alternate hreflang=en href=/en/articles/12>
        <link rel="alternate" hreflang="de" href="/de/articles/12">
        <meta property="article:published_time" content="2024-07-26">
        <META PROPERTY="article:modified_time" CONTENT="2026-01-05T10:00:00Z">
        <meta name="robots" content="noindex,  noarchive"></head>"""
    )

    assert found == SelfDescription(
        canonical="https://help.example/en/articles/12",
        published="2024-07-26",
        modified="2026-01-05T10:00:00Z",
        robots="noindex, noarchive",
        languages=("en", "de"),
    )
    assert found.statements() == [
        ("canonical", "https://help.example/en/articles/12"),
        ("published", "2024-07-26"),
        ("modified", "2026-01-05T10:00:00Z"),
        ("to robots", "noindex, noarchive"),
        ("languages", "en, de"),
    ]


def test_broken_markup_is_read_as_far_as_it_goes():
    found = said(
        "</head></p><meta name=robots content=noarchive><<link rel=canonical href=//a.example/x>"
    )
    assert found == SelfDescription(canonical="https://a.example/x", robots="noarchive")


def test_of_two_statements_the_first_holds():
    found = said("<meta name=robots content=index><meta name=robots content=noindex>")
    assert found.robots == "index"


def test_an_address_that_no_browser_would_open_is_no_canonical_one():
    for href in ("javascript:alert(1)", "data:text/html,x", "http://[broken", ""):
        assert said(f'<link rel=canonical href="{href}">').canonical == ""


def test_a_page_that_says_nothing_and_a_pdf_make_no_statement():
    assert said("<h1>Terms</h1>").statements() == []
    assert said("%PDF-1.7", content_type="application/pdf").statements() == []


def test_long_statements_are_cut():
    assert len(said(f"<meta name=robots content={'x' * 5000}>").robots) == 200


@given(st.binary(max_size=2000))
def test_no_bytes_make_it_fail(body):
    describe(body, url=URL)
