"""300,000 encoded parameters of Content-Type (RFC 2231): 64 s for 1.8 MB."""

from consent.alerts.sending.bounces import process

CPU_SECONDS = 2
MEGABYTES = 100


def make() -> bytes:
    return b"To: a@b.example\nContent-Type: multipart/report;" + b"a*0=x;" * 300_000 + b"\n\n"


def read(hostile: bytes) -> None:
    assert process(hostile) == "not about a mail of ours"
