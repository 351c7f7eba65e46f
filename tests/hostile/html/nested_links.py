"""7,000 links, one in the other, around a long text: over 60 s."""

from platforms.extraction import extract

CPU_SECONDS = 4
MEGABYTES = 300


def make() -> bytes:
    return b"<main>" + b"<a href=x><marquee>" * 7_000 + b"words " * 130_000


def read(hostile: bytes) -> None:
    assert "words" in extract(hostile, url="https://example.org/").text
