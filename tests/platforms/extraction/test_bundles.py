"""Several answers as one run of bytes, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.extraction import Part, bundle, combine, extract, is_bundle, unbundle

TERMS = Part("https://example.org/terms", "text/html", b"<main><h1>Terms</h1></main>")
MORE = Part(
    "https://example.org/terms/2", "text/plain; charset=latin-1", "Daten für uns".encode("latin-1")
)


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4))
def test_the_parts_come_back_as_they_were(bodies):
    parts = tuple(Part("https://example.org/", "text/html", body) for body in bodies)
    body, content_type = bundle(parts)
    assert is_bundle(content_type)
    assert unbundle(body) == parts
    assert bundle(parts) == (body, content_type)


def test_each_part_is_read_by_its_own_address_type_and_charset():
    body, content_type = bundle([TERMS, MORE])
    whole = extract(body, url="https://elsewhere.example/", content_type=content_type)
    assert whole.text == "# Terms\n\nDaten für uns"
    assert whole == combine(
        [extract(part.body, url=part.url, content_type=part.content_type) for part in (TERMS, MORE)]
    )


@pytest.mark.parametrize("cut", [1, 40, 90, 200])
def test_a_damaged_bundle_is_no_part_of_a_text(cut):
    body, content_type = bundle([TERMS, MORE])
    found = extract(body[:-cut], url="https://example.org/", content_type=content_type)
    assert (found.text, found.failure) == ("", "damaged bundle")


@given(st.binary(max_size=500))
def test_nothing_is_raised_whatever_is_called_a_bundle(body):
    content_type = f"multipart/related; boundary={'0' * 64}"
    assert extract(body, url="https://example.org/", content_type=content_type).text == ""


def test_what_a_site_calls_multipart_is_read_as_any_page():
    page = extract(TERMS.body, url=TERMS.url, content_type="multipart/related; boundary=x")
    assert page.text == "# Terms"
