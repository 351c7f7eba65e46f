"""500 kB of rules that are nothing but wildcards, against a long address."""

from platforms.fetching.robots import Robots

CPU_SECONDS = 4
MEGABYTES = 300


def make() -> str:
    return "User-agent: *\n" + ("Disallow: /" + "*a" * 200 + "*b\n") * 1_200


def read(hostile: str) -> None:
    address = "https://example.org/" + "a" * 1_900
    assert Robots(hostile).allows(address, "DefaultOn/0.1")
