"""What each new version of the practice help page means, read from its HTML."""

import pytest

from consent.classification import suggest
from platforms.extraction import extract
from tests.practice.site import PAGES


def text_of(version):
    body = (PAGES / f"help-{version}.html").read_bytes()
    url = "https://chirp.example/help"
    return extract(body, url=url, select=["main"], remove=[".votes"]).text


@pytest.mark.parametrize(
    ("version", "effects", "direction", "title"),
    [
        (
            2,
            {"use-introduced", "default-on", "opt-out-added"},
            "less-control",
            "Chirp now uses public posts, usage data and feedback and more in Perch to train AI "
            "unless people opt out",
        ),
        (3, {"wording-only"}, "neutral", "Chirp rewords what it says about AI training in Perch"),
        (4, {"opt-out-changed"}, "neutral", "Chirp changes how people opt out of AI training"),
        (
            5,
            {"default-off"},
            "more-control",
            "Chirp now says it does not use people’s data in the EU to train AI without consent",
        ),
    ],
)
def test_each_new_version_is_read_for_what_it_does(version, effects, direction, title):
    suggestion = suggest(text_of(version - 1), text_of(version), subject="Chirp")
    assert suggestion.relevant
    assert set(suggestion.effects) == effects
    assert suggestion.direction == direction
    assert suggestion.title == title
