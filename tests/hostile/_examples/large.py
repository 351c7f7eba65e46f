"""Takes twice the memory that it may."""

CPU_SECONDS = 5
MEGABYTES = 100


def make() -> None:
    pass


def read(_: None) -> None:
    bytearray(2 * MEGABYTES * 1024 * 1024)
