"""Which share of the platforms on record was in each class, month by month: steps for each class.

Shares, not numbers: the record grows, and numbers would grow with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from consent.ledger.figures import TRAINING_CLASSES, Month, TrainingClass
from consent.public.pictures.axis import Tick, TimeAxis
from platforms.days import month_after

MONTHS_SHOWN = 36
HEIGHT = 40
_HEADROOM = 2  # pixels, so that the outline of the highest step is not cut


@dataclass(frozen=True, slots=True)
class Steps:
    """One class: its platforms at the end of each month, and the outline of their shares.

    path: in a box of one unit a month by HEIGHT.
    """

    training_class: TrainingClass
    counts: list[int]
    path: str


@dataclass(frozen=True, slots=True)
class StepChart:
    """The rows of classes on a common scale. highest: the share of the full height, in percent."""

    rows: list[Steps]
    months: list[Month]
    ticks: list[Tick]
    highest: int

    @property
    def width(self) -> int:
        return len(self.months)

    @property
    def first(self) -> Month:
        return self.months[0]

    @property
    def last(self) -> Month:
        return self.months[-1]

    @property
    def table(self) -> list[tuple[Month, list[int]]]:
        """The counts of all classes per month, the latest first."""
        columns = zip(*(row.counts for row in self.rows), strict=True)
        return [(month, list(counts)) for month, counts in zip(self.months, columns, strict=True)][
            ::-1
        ]

    @property
    def trains_first(self) -> int:
        """Platforms that trained by default, or let others, in the first month."""
        return _training(self.first)

    @property
    def trains_last(self) -> int:
        return _training(self.last)


def step_chart(months: Sequence[Month]) -> StepChart | None:
    """Return the steps of consecutive months; None when there is nothing to draw."""
    if not months:
        return None
    shares = {
        each: [month.by_class[each] / month.on_record for month in months]
        for each in TrainingClass
        if any(month.by_class[each] for month in months)
    }
    highest = max(max(line) for line in shares.values())
    first = months[0].last.replace(day=1)
    return StepChart(
        rows=[
            Steps(each, [month.by_class[each] for month in months], _path(line, highest))
            for each, line in shares.items()
        ],
        months=list(months),
        ticks=TimeAxis(first, month_after(months[-1].last)).years(),
        highest=round(100 * highest),
    )


def _training(month: Month) -> int:
    return sum(month.by_class[each] for each in TRAINING_CLASSES)


def _path(shares: Sequence[float], highest: float) -> str:
    """The outline of the steps; equal months share one line."""
    room = HEIGHT - _HEADROOM
    parts = [f"M0 {HEIGHT}"]
    for number, share in enumerate(shares):
        if number == 0 or share != shares[number - 1]:
            if number:
                parts.append(f"H{number}")
            parts.append(f"V{HEIGHT - room * share / highest:.1f}")
    parts.append(f"H{len(shares)}V{HEIGHT}Z")
    return "".join(parts)
