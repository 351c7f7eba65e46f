"""The time axis of pictures."""

import datetime as dt
from dataclasses import dataclass

#: Words that begin further right than this would not fit on a small screen; percent.
EDGE = 90.0


@dataclass(frozen=True, slots=True)
class Tick:
    """The beginning of a year.

    minor: left out where there is little room. at_edge: too near the end to be named.
    """

    year: int
    x: str
    minor: bool
    at_edge: bool


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Days from first (at 0 %) to last (at 100 %)."""

    first: dt.date
    last: dt.date

    def share(self, day: dt.date) -> float:
        """Return the position of a day in percent; days outside are clamped to the edges."""
        inside = min(max(day, self.first), self.last)
        return 100 * (inside - self.first) / (self.last - self.first)

    def at(self, day: dt.date) -> str:
        return percent(self.share(day))

    def years(self) -> list[Tick]:
        years = range(self.first.year + 1, self.last.year + 1)
        crowded = len(years) > 5
        shares = {year: self.share(dt.date(year, 1, 1)) for year in years}
        return [
            Tick(
                year,
                percent(share),
                minor=crowded and (years[-1] - year) % 2 == 1,
                at_edge=share > EDGE,
            )
            for year, share in shares.items()
        ]


def percent(share: float) -> str:
    """Format a percentage for an SVG attribute, with a decimal point in every language."""
    return f"{share:.2f}%"
