"""Metadata of a page, for curators who decide what to watch."""

from hypothesis import given
from hypothesis import strategies as st

from platforms.fetching.page_metadata import SelfDescription, describe

URL = "https://help.example/en/articles/12?ref=mail"


def metadata_of(markup, url=URL, content_type="text/html"):
    return describe(markup.encode(), url=url, content_type=content_type)


def test_address_dates_robots_and_languages_are_read_from_the_head():
    metadata = metadata_of(
        """<head><link rel="canonical" href="/en/articles/12">
        <link rel=alternate hreflang=en href=/en/articles/12>
        <link rel="alternate" hreflang="de" href="/de/articles/12">
        <meta property="article:published_time" content="2024-07-26">
        <META PROPERTY="article:modified_time" CONTENT="2026-01-05T10:00:00Z">
        <meta name="robots" content="noindex,  noarchive"></head>"""
    )

    assert metadata == SelfDescription(
        canonical="https://help.example/en/articles/12",
        published="2024-07-26",
        modified="2026-01-05T10:00:00Z",
        robots="noindex, noarchive",
        languages=("en", "de"),
    )
    assert metadata.statements() == [
        ("canonical", "https://help.example/en/articles/12"),
        ("published", "2024-07-26"),
        ("modified", "2026-01-05T10:00:00Z"),
        ("to robots", "noindex, noarchive"),
        ("languages", "en, de"),
    ]


def test_title_and_name_of_the_site_are_those_that_it_is_cited_by():
    metadata = metadata_of(
        """<title>X trains | The Post</title><meta property="og:title" content="X trains on posts">
        <meta property="og:site_name" content="The Post">"""
    )
    assert (metadata.title, metadata.site_name) == ("X trains on posts", "The Post")


def test_broken_markup_is_read_as_far_as_possible():
    metadata = metadata_of(
        "</head></p><meta name=robots content=noarchive><<link rel=canonical href=//a.example/x>"
    )
    assert metadata == SelfDescription(canonical="https://a.example/x", robots="noarchive")


def test_of_two_statements_the_first_counts():
    metadata = metadata_of("<meta name=robots content=index><meta name=robots content=noindex>")
    assert metadata.robots == "index"


def test_an_invalid_address_is_no_canonical_address():
    for href in ("javascript:alert(1)", "data:text/html,x", "http://[broken", ""):
        assert metadata_of(f'<link rel=canonical href="{href}">').canonical == ""


def test_a_page_without_metadata_and_a_pdf_have_no_statements():
    assert metadata_of("<h1>Terms</h1>").statements() == []
    assert metadata_of("%PDF-1.7", content_type="application/pdf").statements() == []


def test_long_statements_are_cut():
    assert len(metadata_of(f"<meta name=robots content={'x' * 5000}>").robots) == 200


@given(st.binary(max_size=2000))
def test_no_bytes_raise(body):
    describe(body, url=URL)
