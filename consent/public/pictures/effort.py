"""Effort dots: one dot for each step of a guide."""

from dataclasses import dataclass

_MOST_DOTS = 12
_PITCH = 9  # pixels from dot to dot


@dataclass(frozen=True, slots=True)
class Effort:
    """centres: the x of each dot in pixels. more: steps beyond those drawn."""

    steps: int
    centres: list[int]
    more: int

    @property
    def width(self) -> int:
        return len(self.centres) * _PITCH + (_PITCH if self.more else 0)


def effort(steps: int) -> Effort | None:
    """Return the dots for a number of steps; None when there are none to count."""
    if steps < 1:
        return None
    drawn = min(steps, _MOST_DOTS)
    return Effort(steps, [_PITCH // 2 + number * _PITCH for number in range(drawn)], steps - drawn)
