"""Our name in 1,000 spellings in front of 10,000 rules: each counts once."""

from platforms.fetching.robots import Robots

CPU_SECONDS = 4
MEGABYTES = 300


def make() -> str:
    agents = "".join(f"User-agent: D{'*' * (number % 500)}efaultOn*\n" for number in range(1_000))
    rules = "".join(f"Disallow: /{number}*a*b*c\n" for number in range(10_000))
    return agents + rules


def read(hostile: str) -> None:
    assert Robots(hostile).allows("https://example.org/terms", "DefaultOn/0.1")
