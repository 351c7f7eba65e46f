"""The heat map of changes by platform and quarter; changes for more control are above the line."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consent.public.pictures.axis import percent
from consent.vocabulary import Direction

QUARTERS_SHOWN = 8
HALF = 22  # pixels above the line, and as many below

#: How many changes a platform (its key) saw in the quarter that begins on a day, per direction.
Counts = Mapping[tuple[int, dt.date, Direction], int]


@dataclass(frozen=True, slots=True)
class Heat:
    """All cells of one look: a path in a box of one unit a quarter by 2 × HALF."""

    look: str
    path: str


@dataclass(frozen=True, slots=True)
class Number:
    """The count in a cell. strong: on the deepest fill."""

    count: int
    x: str
    y: int
    direction: Direction
    strong: bool


@dataclass(frozen=True, slots=True)
class HeatLane:
    """One platform: its fills, the numbers in them, and all counts per quarter for the table."""

    name: str
    url: str
    slug: str
    fills: list[Heat]
    numbers: list[Number]
    table: list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Quarter:
    first: dt.date
    x: str

    @property
    def number(self) -> int:
        return (self.first.month + 2) // 3


@dataclass(frozen=True, slots=True)
class HeatMap:
    """less, more, other: all changes of these quarters by direction, of every platform."""

    lanes: list[HeatLane]
    quarters: list[Quarter]
    less: int
    more: int
    other: int

    @property
    def total(self) -> int:
        return self.less + self.more + self.other


@dataclass(frozen=True, slots=True)
class Watched:
    """A platform as the heat map names it."""

    key: int
    name: str
    slug: str
    url: str


def quarters_until(today: dt.date) -> list[dt.date]:
    """The first days of the latest quarters, the running one last."""
    last = today.year * 4 + (today.month - 1) // 3
    numbers = range(last - QUARTERS_SHOWN + 1, last + 1)
    return [dt.date(number // 4, number % 4 * 3 + 1, 1) for number in numbers]


def heat_map(
    platforms: Iterable[Watched],
    counts: Counts,
    totals: Mapping[Direction, int],
    quarters: Sequence[dt.date],
) -> HeatMap:
    """Return one lane per platform, in the order given."""
    width = 100 / len(quarters)
    return HeatMap(
        lanes=[_lane(platform, counts, quarters) for platform in platforms],
        quarters=[Quarter(day, percent(place * width)) for place, day in enumerate(quarters)],
        less=totals.get(Direction.LESS_CONTROL, 0),
        more=totals.get(Direction.MORE_CONTROL, 0),
        other=totals.get(Direction.MIXED, 0) + totals.get(Direction.NEUTRAL, 0),
    )


def _lane(platform: Watched, counts: Counts, quarters: Sequence[dt.date]) -> HeatLane:
    cells: dict[str, list[str]] = {}
    numbers, table = [], []
    width = 100 / len(quarters)
    for place, day in enumerate(quarters):
        of_quarter = {
            direction: counts.get((platform.key, day, direction), 0) for direction in Direction
        }
        other = of_quarter[Direction.MIXED] + of_quarter[Direction.NEUTRAL]
        more, less = of_quarter[Direction.MORE_CONTROL], of_quarter[Direction.LESS_CONTROL]
        table.append((less, more, other))
        for direction, count, top in (
            (Direction.MORE_CONTROL, more, 0),
            (Direction.LESS_CONTROL, less, HALF),
        ):
            if count:
                level = _level(count)
                cells.setdefault(f"{direction}-{level}", []).append(f"M{place} {top}h1v{HALF}h-1z")
                x = percent((place + 0.5) * width)
                numbers.append(Number(count, x, top + 16, direction, strong=level == 3))
    return HeatLane(
        name=platform.name,
        url=platform.url,
        slug=platform.slug,
        fills=[Heat(look, "".join(paths)) for look, paths in cells.items()],
        numbers=numbers,
        table=table,
    )


def _level(count: int) -> int:
    """How deep a cell is filled: one change, two or three, more."""
    return 1 if count == 1 else 2 if count <= 3 else 3
