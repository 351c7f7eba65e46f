"""14,000 nested <noscript> around a long text: 12 s."""

from platforms.extraction import extract

CPU_SECONDS = 4
MEGABYTES = 300


def make() -> bytes:
    return b"<main>" + b"<noscript>" * 14_000 + b"words " * 130_000


def read(hostile: bytes) -> None:
    extract(hostile, url="https://example.org/")
