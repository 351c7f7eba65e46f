"""247 kB of agents and rules in one group: 66 s and 4.5 GB, for each agent got every rule."""

from platforms.fetching.robots import Robots

CPU_SECONDS = 3
MEGABYTES = 200


def make() -> str:
    agents = "".join(f"User-agent: bot{number}\n" for number in range(6_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(8_000))
    return agents + rules


def read(hostile: str) -> None:
    assert Robots(hostile).allows("https://example.org/terms", "DefaultOn/0.1")
