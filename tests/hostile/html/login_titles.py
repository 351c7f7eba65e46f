"""A megabyte of "Log in" as the title of a page that is about logging in."""

from platforms.extraction import extract
from platforms.fetching.judgement import judge
from platforms.fetching.page import FetchedPage

CPU_SECONDS = 3
MEGABYTES = 300


def make() -> bytes:
    return b"<title>" + b"Log in | " * 110_000 + b"</title>"


def read(hostile: bytes) -> None:
    url = "https://example.org/log-in"
    document = extract(hostile, url=url)
    judge(FetchedPage(url, url, 200, {}, hostile), document, said_before=("Log in", "Log in"))
