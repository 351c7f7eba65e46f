"""Moved links and forms are separate from changes of wording."""

import pytest

from consent.diffing import MovedLink, moved_links


def beside(**links):
    return [{"text": text.replace("_", " "), "url": url} for text, url in links.items()]


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ({"Opt_out": "https://a.example/f/1"}, {"Opt_out": "https://a.example/f/2"}, True),
        ({"Opt_out": "https://a.example/f/1"}, {"Opt_out": "https://a.example/f/1?ref=x"}, False),
        ({"Opt_out": "https://a.example/f/1"}, {}, True),
        ({}, {"Opt_out": "https://a.example/f/1"}, True),
        ({"Opt_out": "https://a.example/f"}, {"Say_no": "https://a.example/f"}, False),
    ],
)
def test_a_link_beside_the_words_has_moved_when_its_place_is_new_or_gone(before, after, moved):
    result = moved_links(beside(**before), beside(**after))
    expected = MovedLink("Opt out", before.get("Opt_out", ""), after.get("Opt_out", ""))
    assert result == ((expected,) if moved else ())
