"""How many training uses had each stance, month by month: one row of steps per stance."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consent.ledger.answers import Stance
from consent.public.pictures.axis import Tick, TimeAxis
from platforms.days import month_after

MONTHS_SHOWN = 36
HEIGHT = 40
_HEADROOM = 2  # pixels, so that the outline of the highest step is not cut

#: The number of uses with a stance at the end of the month that begins on a day.
Monthly = Mapping[Stance, Mapping[dt.date, int]]


@dataclass(frozen=True, slots=True)
class Steps:
    """One stance: its count at the end of each month, and the outline of the steps.

    path: in a box of one unit a month by HEIGHT.
    """

    stance: Stance
    counts: list[int]
    path: str

    @property
    def first(self) -> int:
        return self.counts[0]

    @property
    def last(self) -> int:
        return self.counts[-1]


@dataclass(frozen=True, slots=True)
class StepChart:
    """The rows of stances on a common scale. months: the first day of each."""

    rows: list[Steps]
    months: list[dt.date]
    ticks: list[Tick]
    highest: int

    @property
    def width(self) -> int:
        return len(self.months)

    @property
    def table(self) -> list[tuple[dt.date, list[int]]]:
        """The counts of all stances per month, the latest first."""
        columns = zip(*(row.counts for row in self.rows), strict=True)
        return [(month, list(counts)) for month, counts in zip(self.months, columns, strict=True)][
            ::-1
        ]

    @property
    def yes_first(self) -> int:
        """Uses with the answer yes, whether or not there is a way out, in the first month."""
        return sum(row.first for row in self.rows if row.stance == Stance.YES)

    @property
    def yes_last(self) -> int:
        return sum(row.last for row in self.rows if row.stance == Stance.YES)


def step_chart(monthly: Monthly, today: dt.date) -> StepChart | None:
    """Return the steps of the last three years; None when there is nothing to draw."""
    months = months_until(today)
    counts = {
        stance: [of_month.get(month, 0) for month in months] for stance, of_month in monthly.items()
    }
    counts = {stance: line for stance, line in counts.items() if any(line)}
    highest = max((max(line) for line in counts.values()), default=0)
    if highest == 0:
        return None
    return StepChart(
        rows=[Steps(stance, line, _path(line, highest)) for stance, line in counts.items()],
        months=months,
        ticks=TimeAxis(months[0], month_after(months[-1])).years(),
        highest=highest,
    )


def months_until(today: dt.date) -> list[dt.date]:
    """Return the first days of the months shown, up to the present one."""
    return [month_after(today, number) for number in range(1 - MONTHS_SHOWN, 1)]


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
