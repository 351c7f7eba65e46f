"""The notice dumbbell: days between announcement and effect of a change."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consent.public.pictures.axis import EDGE, percent

#: Days of room on both sides, so that the marks are not cut.
_ROOM = 6
#: Days longer than this are drawn at the edge; the number beside them stays true.
_LONGEST_DRAWN = 180
_STEP = 30


@dataclass(frozen=True, slots=True)
class Told:
    """A change with the day it was announced and the day it took effect."""

    title: str
    url: str
    announced_on: dt.date
    effective_on: dt.date

    @property
    def days(self) -> int:
        """Negative if it was announced afterwards."""
        return (self.effective_on - self.announced_on).days


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """One change: both ends and the line between. late: announced after it took effect."""

    told: Told
    effective_x: str
    x: str
    width: str
    late: bool

    @property
    def days(self) -> int:
        return self.told.days

    @property
    def days_late(self) -> int:
        return -self.told.days


@dataclass(frozen=True, slots=True)
class Mark:
    """A number of days on the axis. at_edge: too near the end to be named."""

    days: int
    x: str
    at_edge: bool


@dataclass(frozen=True, slots=True)
class NoticeChart:
    """announced_x: where the day of the announcement is, the same in every row.

    median, count, late, before: of all changes with both days known, not only of those drawn.
    """

    rows: list[Dumbbell]
    marks: list[Mark]
    announced_x: str
    median: int
    count: int
    late: int
    before: int


def notice_chart(latest: Sequence[Told], spread: Mapping[int, int]) -> NoticeChart | None:
    """Return the rows in the order given; None when no change has both days.

    spread: how many of all changes had how many days of notice.
    """
    count = sum(spread.values())
    if not latest or not count:
        return None
    drawn = [max(-_LONGEST_DRAWN, min(_LONGEST_DRAWN, each.days)) for each in latest]
    first, last = min([0, *drawn]) - _ROOM, max([_STEP, *drawn]) + _ROOM

    def share(days: int) -> float:
        return 100 * (days - first) / (last - first)

    zero = share(0)
    rows = []
    for told, days in zip(latest, drawn, strict=True):
        end = share(days)
        rows.append(
            Dumbbell(
                told=told,
                effective_x=percent(end),
                x=percent(min(zero, end)),
                width=percent(abs(end - zero)),
                late=told.days < 0,
            )
        )
    ticks = range(-(-first // _STEP) * _STEP, last + 1, _STEP)
    return NoticeChart(
        rows=rows,
        marks=[Mark(days, percent(share(days)), share(days) > EDGE) for days in ticks],
        announced_x=percent(zero),
        median=_median(spread, count),
        count=count,
        late=sum(number for days, number in spread.items() if days < 0),
        before=sum(number for days, number in spread.items() if days > 0),
    )


def _median(spread: Mapping[int, int], count: int) -> int:
    """The lower median, a number of days that occurs."""
    seen = 0
    for days in sorted(spread):
        seen += spread[days]
        if seen * 2 >= count:
            return days
    raise ValueError("a spread without changes has no median")
