"""How much of a sweep the suite takes: a few of its cases, and all of them in a drill."""

import os
import zlib
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


def left_out(name: str, cases: Sequence[Case]) -> list[Case]:
    """Return three of five of a test's cases, evenly spread; none of two, none in a drill.

    For tests marked `few_cases`. The name decides where counting begins, so that like tests take
    different cases: what one asks in English, another asks in German or French.
    """
    total = len(cases)
    few = total if DRILL else max(2, total * 2 // 5)
    first = zlib.crc32(name.encode())
    kept = {(first + number * total // few) % total for number in range(min(few, total))}
    return [case for number, case in enumerate(cases) if number not in kept]
