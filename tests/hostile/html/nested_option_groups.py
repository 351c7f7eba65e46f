"""A megabyte of groups of options, one in the other: 24 s."""

from platforms.extraction import extract

CPU_SECONDS = 3
MEGABYTES = 300


def make() -> bytes:
    return b"<main>words" + b"<optgroup>" * 100_000


def read(hostile: bytes) -> None:
    assert "words" in extract(hostile, url="https://example.org/").text
