"""300 kB of tags that never end: over 60 s to look for the page's description."""

from platforms.fetching.page_metadata import describe

CPU_SECONDS = 2
MEGABYTES = 200


def make() -> bytes:
    return b"<a" * 150_000


def read(hostile: bytes) -> None:
    describe(hostile, url="https://example.org/")
