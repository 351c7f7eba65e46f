"""Never ends."""

CPU_SECONDS = 1
MEGABYTES = 100


def make() -> None:
    pass


def read(_: None) -> None:
    while True:
        pass
