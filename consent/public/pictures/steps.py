"""How many settings are in each state, month by month: one row of steps per state."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consent.public.pictures.axis import Tick, TimeAxis
from consent.vocabulary import IN_USE, StateValue

MONTHS_SHOWN = 36
HEIGHT = 40
_HEADROOM = 2  # pixels, so that the outline of the highest step is not cut

#: How many more settings entered a state than left it in the month that begins on a day.
Flow = Mapping[tuple[dt.date, StateValue], int]


@dataclass(frozen=True, slots=True)
class Steps:
    """One state: its count at the end of each month, and the outline of the steps.

    path: in a box of one unit a month by HEIGHT.
    undated: settings in this state today of which nobody knows since when; not drawn.
    """

    value: StateValue
    counts: list[int]
    path: str
    undated: int

    @property
    def first(self) -> int:
        return self.counts[0]

    @property
    def last(self) -> int:
        return self.counts[-1]


@dataclass(frozen=True, slots=True)
class StepChart:
    """The rows of states on a common scale. months: the first day of each."""

    rows: list[Steps]
    months: list[dt.date]
    ticks: list[Tick]
    highest: int

    @property
    def width(self) -> int:
        return len(self.months)

    @property
    def undated(self) -> int:
        return sum(row.undated for row in self.rows)

    @property
    def table(self) -> list[tuple[dt.date, list[int]]]:
        """The counts of all states per month, the latest first."""
        columns = zip(*(row.counts for row in self.rows), strict=True)
        return [(month, list(counts)) for month, counts in zip(self.months, columns, strict=True)][
            ::-1
        ]

    @property
    def in_use_first(self) -> int:
        """Settings with which data is used unless people act, in the first month."""
        return sum(row.first for row in self.rows if row.value in IN_USE)

    @property
    def in_use_last(self) -> int:
        return sum(row.last for row in self.rows if row.value in IN_USE)


def step_chart(
    flow: Flow, totals: Sequence[tuple[StateValue, int]], today: dt.date
) -> StepChart | None:
    """Return the steps of the last three years; None when no state has a known beginning.

    flow: of states with a known beginning, up to today.
    totals: all settings per state today, in the order of the rows.
    """
    months = _months_until(today)
    counts = {value: _running(value, flow, months) for value, _ in totals}
    highest = max((max(line) for line in counts.values()), default=0)
    if highest == 0:
        return None
    return StepChart(
        rows=[
            Steps(value, counts[value], _path(counts[value], highest), total - counts[value][-1])
            for value, total in totals
        ],
        months=months,
        ticks=TimeAxis(months[0], _next_month(months[-1])).years(),
        highest=highest,
    )


def _months_until(today: dt.date) -> list[dt.date]:
    last = today.year * 12 + today.month - 1
    numbers = range(last - MONTHS_SHOWN + 1, last + 1)
    return [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]


def _next_month(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1)


def _running(value: StateValue, flow: Flow, months: Sequence[dt.date]) -> list[int]:
    before = sum(
        count for (month, each), count in flow.items() if each == value and month < months[0]
    )
    counts = []
    for month in months:
        before += flow.get((month, value), 0)
        counts.append(before)
    return counts


def _path(counts: Sequence[int], highest: int) -> str:
    """The outline of the steps; equal months share one line."""
    room = HEIGHT - _HEADROOM
    parts = [f"M0 {HEIGHT}"]
    for number, count in enumerate(counts):
        if number == 0 or count != counts[number - 1]:
            if number:
                parts.append(f"H{number}")
            parts.append(f"V{HEIGHT - room * count / highest:.1f}")
    parts.append(f"H{len(counts)}V{HEIGHT}Z")
    return "".join(parts)
