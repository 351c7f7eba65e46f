"""The date ribbon: the dates of one change on a line, with the notice between two of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from consent.public.pictures.axis import TimeAxis, percent
from consent.vocabulary import Precision
from platforms.days import end_of_month

LEVEL_HEIGHT = 18
#: Marks closer than this are put above one another; percent.
_ROOM = 7.0
_MARGIN = 0.06
_SHORTEST = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A date of a change. until: the end of an interval it lies in, as for a month or a visit."""

    kind: str
    label: str
    on: dt.date
    precision: str = Precision.DAY
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One occasion on the line; a span where it is only known to lie within one."""

    occasion: Occasion
    x: str
    level: int
    span_x: str
    span_width: str
    is_span: bool

    @property
    def y(self) -> int:
        """The middle of the mark, counted downwards from the line."""
        return self.level * LEVEL_HEIGHT


@dataclass(frozen=True, slots=True)
class Ribbon:
    marks: list[Mark]
    notice: int | None
    notice_x: str
    notice_width: str
    today_x: str | None
    height: int

    @property
    def notice_size(self) -> int:
        return abs(self.notice or 0)


def date_ribbon(occasions: Sequence[Occasion], notice: int | None, today: dt.date) -> Ribbon | None:
    """Return the marks of dates in their order in time; None for fewer than two.

    notice: days from announcement to effect, where both are known to the day.
    """
    if len(occasions) < 2:
        return None
    spans = {each: _span(each) for each in occasions}
    first = min(start for start, _ in spans.values())
    last = max(end for _, end in spans.values())
    room = max((last - first) * _MARGIN, (_SHORTEST - (last - first)) / 2)
    axis = TimeAxis(first - room, last + room)
    levels: list[float] = []
    marks = []
    for each in sorted(occasions, key=lambda occasion: occasion.on):
        start, end = (axis.share(day) for day in spans[each])
        level = next((at for at, taken in enumerate(levels) if start - taken >= _ROOM), len(levels))
        levels[level : level + 1] = [end]
        x = percent(axis.share(each.on))
        marks.append(Mark(each, x, level, percent(start), percent(end - start), end > start))
    by_kind = {each.kind: axis.share(each.on) for each in occasions}
    ends = sorted((by_kind.get("announced", 0.0), by_kind.get("effective", 0.0)))
    return Ribbon(
        marks=marks,
        notice=notice,
        notice_x=percent(ends[0]),
        notice_width=percent(ends[1] - ends[0]),
        today_x=axis.at(today) if axis.first < today < axis.last else None,
        height=len(levels) * LEVEL_HEIGHT,
    )


def _span(occasion: Occasion) -> tuple[dt.date, dt.date]:
    """The days an occasion may lie on."""
    on = occasion.on
    if occasion.since:
        return min(occasion.since, on), on
    if occasion.precision == Precision.YEAR:
        return on.replace(month=1, day=1), on.replace(month=12, day=31)
    if occasion.precision == Precision.MONTH:
        return on.replace(day=1), end_of_month(on)
    return on, on
