"""500 opt-out links whose addresses are one long word: over 60 s to compare."""

from platforms.extraction import extract

CPU_SECONDS = 3
MEGABYTES = 200


def make() -> bytes:
    links = (f"<a href='https://example.org/opt-out/{n}/{'a' * 1_900}'>x</a>" for n in range(500))
    return "".join(links).encode()


def read(hostile: bytes) -> None:
    assert len(extract(hostile, url="https://example.org/").action_targets) == 500
