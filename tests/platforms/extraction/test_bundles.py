"""Several responses are packed into one body and unpacked again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.extraction import Part, bundle, combine, extract, is_bundle, unbundle

TERMS = Part("https://example.org/terms", "text/html", b"<main><h1>Terms</h1></main>")
PAGE_2 = Part(
    "https://example.org/terms/2", "text/plain; charset=latin-1", "Daten für uns".encode("latin-1")
)


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4))
def test_unbundling_returns_the_same_parts(bodies):
    parts = tuple(Part("https://example.org/", "text/html", body) for body in bodies)
    body, content_type = bundle(parts)
    assert is_bundle(content_type)
    assert unbundle(body) == parts
    assert bundle(parts) == (body, content_type)


def test_each_part_is_read_with_its_own_address_type_and_charset():
    body, content_type = bundle([TERMS, PAGE_2])
    whole = extract(body, url="https://elsewhere.example/", content_type=content_type)
    assert whole.text == "# Terms\n\nDaten für uns"
    assert whole == combine(
        [
            extract(part.body, url=part.url, content_type=part.content_type)
            for part in (TERMS, PAGE_2)
        ]
    )


@pytest.mark.parametrize("cut", [1, 40, 90, 200])
def test_nothing_of_a_damaged_bundle_is_read(cut):
    body, content_type = bundle([TERMS, PAGE_2])
    document = extract(body[:-cut], url="https://example.org/", content_type=content_type)
    assert (document.text, document.failure) == ("", "damaged bundle")


@given(st.binary(max_size=500))
def test_any_bytes_declared_as_a_bundle_are_read_without_an_error(body):
    content_type = f"multipart/related; boundary={'0' * 64}"
    assert extract(body, url="https://example.org/", content_type=content_type).text == ""


def test_a_multipart_page_of_a_site_is_read_like_any_page():
    page = extract(TERMS.body, url=TERMS.url, content_type="multipart/related; boundary=x")
    assert page.text == "# Terms"
