"""A list of 125,000 options: over 60 s, for the parser looked through those before each."""

from platforms.extraction import extract

CPU_SECONDS = 6
MEGABYTES = 300


def make() -> bytes:
    return b"<main>words<select>" + b"<option>" * 125_000


def read(hostile: bytes) -> None:
    assert "words" in extract(hostile, url="https://example.org/").text
