"""Half a million combining marks behind one letter: over 60 s, for each was sorted in."""

from platforms.extraction import extract

CPU_SECONDS = 3
MEGABYTES = 300


def make() -> bytes:
    return ("<p>words a" + "\u0345\u0301\u0327" * 170_000).encode()


def read(hostile: bytes) -> None:
    assert "words" in extract(hostile, url="https://example.org/").text
