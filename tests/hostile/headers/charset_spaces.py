"""64 kB of spaces behind "charset=": 35 s, for they were divided among two parts in every way."""

from platforms.extraction import extract

CPU_SECONDS = 1
MEGABYTES = 100


def make() -> str:
    return "text/html; charset=" + " " * 64_000 + "!"


def read(hostile: str) -> None:
    document = extract(b"<p>words</p>", url="https://example.org/", content_type=hostile)
    assert document.text == "words"
