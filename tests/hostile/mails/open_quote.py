"""2 MB of semicolons behind a quote that never ends, in Content-Type: 15 s for the first 100 kB."""

from consent.alerts.sending.bounces import process

CPU_SECONDS = 2
MEGABYTES = 100


def make() -> bytes:
    return b'To: a@b.example\nContent-Type: multipart/report; a="' + b";" * 2_000_000 + b"\n\n"


def read(hostile: bytes) -> None:
    assert process(hostile) == "not about a mail of ours"
