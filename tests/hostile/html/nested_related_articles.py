"""14,000 nested elements named as furniture around a long text: 9 s."""

from platforms.extraction import extract

CPU_SECONDS = 4
MEGABYTES = 300


def make() -> bytes:
    return b"<main>" + b"<div class=related-articles>" * 14_000 + b"words " * 100_000


def read(hostile: bytes) -> None:
    extract(hostile, url="https://example.org/")
