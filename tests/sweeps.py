"""How much the suite takes: a few cases of a sweep, a part of some folders, or all in a drill."""

import os
from collections.abc import Iterable
from typing import TypeVar
from zlib import crc32

Case = TypeVar("Case")

#: `make drills` runs everything whole; the suite that runs at each change has to be quick.
DRILL = os.environ.get("DRILLS") == "1"

#: The commit that .ci/run looks at. It draws a part of the tests; all run where it is not set.
COMMIT = "" if DRILL else os.environ.get("DRAWN_BY", "")
_ONE_OF = 3


def is_drawn(test: str, commit: str) -> bool:
    """Whether a commit has this test in its part. The next commit draws another part."""
    return not commit or crc32(f"{commit} {test}".encode()) % _ONE_OF == 0


def some(cases: Iterable[Case], few: int) -> list[Case]:
    """Return so few of the cases, evenly spread from the first on, or all of them in a drill."""
    found = list(cases)
    if DRILL or len(found) <= few:
        return found
    return [found[number * len(found) // few] for number in range(few)]
