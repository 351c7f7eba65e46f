"""200 late parts, each sent into the next, the first with 60,000 children: over 60 s."""

from platforms.extraction import extract

CPU_SECONDS = 8
MEGABYTES = 300


def make() -> bytes:
    places = b"".join(
        b'<div hidden id="S:%d"><template id="B:%d"></template></div>' % (number + 1, number)
        for number in range(200)
    )
    calls = b"".join(b'$RC("B:%d","S:%d");' % (number, number) for number in range(200))
    late = b'<div hidden id="S:0">' + b"<p>x" * 60_000 + b"</div>"
    return b"<p>words</p>" + places + late + b"<script>" + calls + b"</script>"


def read(hostile: bytes) -> None:
    assert "words" in extract(hostile, url="https://example.org/").text
