"""How much of a sweep the suite takes: a few of its cases, and all of them in a drill."""

import os
from collections.abc import Iterable, Sequence
from typing import TypeVar

Case = TypeVar("Case")

#: `make drills` runs everything whole; the suite that runs at each change has to be quick.
DRILL = os.environ.get("DRILLS") == "1"


def some(cases: Iterable[Case], few: int) -> list[Case]:
    """Return so few of the cases, evenly spread from the first on, or all of them in a drill."""
    found = list(cases)
    if DRILL or len(found) <= few:
        return found
    return [found[number * len(found) // few] for number in range(few)]


def in_turn(values: Sequence[object], cases: Sequence[object]) -> list[tuple[object, ...]]:
    """Return each case after one of the values, in turn, or after each of them in a drill.

    For parametrize: a case of several arguments is a tuple.
    """
    whole = [case if isinstance(case, tuple) else (case,) for case in cases]
    if DRILL:
        return [(value, *case) for value in values for case in whole]
    return [(values[number % len(values)], *case) for number, case in enumerate(whole)]
