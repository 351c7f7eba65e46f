"""200 late parts that each put away the same 100,000 paragraphs: over 60 s."""

from platforms.extraction import extract

CPU_SECONDS = 8
MEGABYTES = 300


def make() -> bytes:
    places = b"".join(b'<template id="B:%d"></template>' % number for number in range(200))
    parts = b"".join(b'<div hidden id="S:%d">a</div>' % number for number in range(200))
    calls = b"".join(b'$RC("B:%d","S:%d");' % (number, number) for number in range(200))
    page = b"<main>words" + places + b"<p>x" * 100_000 + b"</main>" + parts
    return page + b"<script>" + calls + b"</script>"


def read(hostile: bytes) -> None:
    assert "words" in extract(hostile, url="https://example.org/").text
