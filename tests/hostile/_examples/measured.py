"""Takes half a second and 60 MB."""

import time

CPU_SECONDS = 5
MEGABYTES = 200


def make() -> None:
    pass


def read(_: None) -> None:
    filled = bytearray(b"1") * 60_000_000
    until = time.process_time() + 0.5
    while time.process_time() < until:
        pass
    assert len(filled) == 60_000_000
