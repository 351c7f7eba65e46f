"""14,000 nested <aside> around a long text: over 60 s, for each copied all it contains."""

from platforms.extraction import extract

CPU_SECONDS = 4
MEGABYTES = 300


def make() -> bytes:
    return b"<main>" + b"<aside>" * 14_000 + b"words " * 150_000


def read(hostile: bytes) -> None:
    extract(hostile, url="https://example.org/")
