"""All platforms of a day as one bar: who train by default, leave no way out, ask, and do not."""

from __future__ import annotations

from dataclasses import dataclass

from consent.ledger.figures import Among, Figures, TrainingClass
from consent.public.pictures.wall_words import share_words

_SMALL = 0.05  # a phone leaves out the words of what is less


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the bar; start, width: of the whole bar, which is 1.

    key, number: of the list beside it. What trains by default is drawn in two parts; the number of
    the first one is of both.
    """

    key: TrainingClass | Among
    look: str
    number: int
    start: float
    width: float

    @property
    def words(self) -> str:
        return share_words(self.key, self.number)

    @property
    def is_small(self) -> bool:
        return self.width < _SMALL and self.key in TrainingClass

    @property
    def start_percent(self) -> str:
        return f"{100 * self.start:.2f}%"

    @property
    def width_percent(self) -> str:
        return f"{100 * self.width:.2f}%"


_LOOKS: dict[TrainingClass | Among, str] = {
    Among.TRAINS: "on",
    Among.NO_WAY_OUT: "locked",
    TrainingClass.ONLY_IF_AGREED: "agreed",
    TrainingClass.NO: "no",
    TrainingClass.OTHER_USE: "other",
    TrainingClass.NOT_OFFERED: "absent",
    TrainingClass.UNKNOWN: "unknown",
}


def shares_of(figures: Figures) -> list[Share]:
    """Return the parts that have platforms, from left to right."""
    shares, before = [], 0
    for key, look in _LOOKS.items():
        if number := figures.number(key):
            drawn = number
            if key == Among.TRAINS:
                drawn -= figures.number(Among.NO_WAY_OUT)
            shares.append(Share(key, look, number, before / figures.total, drawn / figures.total))
            before += drawn
    return shares
