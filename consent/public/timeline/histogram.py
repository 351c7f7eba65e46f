"""The histogram: changes in each month as a bar that links to the month."""

import datetime as dt
from dataclasses import dataclass

from consent.ledger.filters import TimelineFilters
from platforms.days import end_of_month

#: Years that are drawn; the table behind the picture holds them all.
YEARS_DRAWN = 3
BAR_HEIGHT = 40  # the unit is the pixel of the picture
_LEAST_BAR = 3


@dataclass(frozen=True, slots=True)
class MonthBar:
    """One month: how many changes, how high it is drawn, and the view that shows it alone."""

    first: dt.date
    count: int
    height: int
    query: str
    chosen: bool

    @property
    def top(self) -> int:
        return BAR_HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Year:
    number: int
    months: list[MonthBar]

    @property
    def count(self) -> int:
        return sum(month.count for month in self.months)


@dataclass(frozen=True, slots=True)
class Histogram:
    """All years from the first change to the last, oldest first."""

    years: list[Year]

    @property
    def drawn(self) -> list[Year]:
        return self.years[-YEARS_DRAWN:]

    @property
    def most(self) -> MonthBar:
        """The month with most changes, the latest of several."""
        return max(
            (month for year in self.years for month in year.months),
            key=lambda month: (month.count, month.first),
        )


def histogram(filters: TimelineFilters, counts: dict[dt.date, int]) -> Histogram | None:
    """Lay out the counts of a view by month; None when there is nothing to count.

    counts: changes by the first day of their month, whatever span of days was asked for.
    """
    if not counts:
        return None
    highest = max(counts.values())
    span = filters.chosen().get("since"), filters.chosen().get("until")
    years = range(min(counts).year, max(counts).year + 1)
    return Histogram(
        [
            Year(
                year,
                [
                    _bar(filters, dt.date(year, month, 1), counts, highest, span)
                    for month in range(1, 13)
                ],
            )
            for year in years
        ]
    )


def _bar(
    filters: TimelineFilters,
    first: dt.date,
    counts: dict[dt.date, int],
    highest: int,
    span: tuple[dt.date | None, dt.date | None],
) -> MonthBar:
    count = counts.get(first, 0)
    last = end_of_month(first)
    return MonthBar(
        first=first,
        count=count,
        height=max(_LEAST_BAR, round(BAR_HEIGHT * count / highest)) if count else 0,
        query=filters.query(since=first.isoformat(), until=last.isoformat()),
        chosen=span == (first, last),
    )
