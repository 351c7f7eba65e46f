"""How long it takes to say what a change means, over the shared cases, beside other ways to do it.

    python -m benchmarks.meaning [--json] [--only diff …] [--repeat N] [--cases FILE]

Each subject is a function of two texts, timed on every case in this process. Times are processor
time, so that other work on the machine counts less. A group holds our way and the others, run over
the same cases one after the other, so that the figures of one report compare. A group is added by
writing its function and naming it in GROUPS.
"""

import argparse
import difflib
import json
import lzma
import platform
import random
import re
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from rapidfuzz.distance import Indel

from consent.classification import read_statements, suggest
from consent.diffing import diff
from tests.shared_data import SHARED_DATA

CASES = SHARED_DATA / "data" / "changes-dev.jsonl.xz"

GIVE_UP_S = 5.0
"""A case that takes longer counts as given up, so that one way cannot hold up the others."""

_LARGEST_MATRIX = 2_000_000_000
"""Words times words; rapidfuzz alone needs a bit for each."""


class Case(NamedTuple):
    """Two versions of a text."""

    before: str
    after: str


Subject = Callable[[str, str], object]


class Refused(Exception):
    """A way does not take this case: too large for its memory."""


class _TooLong(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds over the cases that were finished."""

    cases: int
    median_ms: float
    p95_ms: float
    worst_ms: float
    given_up: int
    refused: int


def diff_subjects() -> dict[str, Subject]:
    """Return the ways to compare two texts by words; ours comes first."""
    return {
        "consent.diffing": diff,
        "difflib, words": _difflib,
        "rapidfuzz, words": _rapidfuzz,
    }


def suggest_subjects() -> dict[str, Subject]:
    """Return the steps from two texts to a suggestion: reading alone, then all, then with diff."""
    return {
        "read_statements, both texts": _read_both,
        "suggest": suggest,
        "diff and suggest": _diff_and_suggest,
    }


GROUPS: dict[str, Callable[[], dict[str, Subject]]] = {
    "diff": diff_subjects,
    "suggest": suggest_subjects,
}


def _read_both(before: str, after: str) -> object:
    return read_statements(before), read_statements(after)


def _diff_and_suggest(before: str, after: str) -> object:
    return diff(before, after), suggest(before, after)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text)


def _difflib(before: str, after: str) -> object:
    return difflib.SequenceMatcher(None, _words(before), _words(after)).get_opcodes()


def _rapidfuzz(before: str, after: str) -> object:
    old, new = _words(before), _words(after)
    if len(old) * len(new) > _LARGEST_MATRIX:
        raise Refused
    return Indel.opcodes(old, new)


def load(path: Path) -> list[Case]:
    """Return the cases of a JSON-lines file, compressed with xz or not."""
    opening = lzma.open if path.suffix == ".xz" else open
    with opening(path, "rt") as lines:
        return [Case(row["before"], row["after"]) for row in map(json.loads, lines)]


def rewritten(size: int = 300_000) -> Case:
    """Return two texts of this many characters with the same vocabulary and nothing in common."""
    rng = random.Random(4)
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = ["".join(rng.choices(letters, k=rng.randint(2, 10))) for _ in range(5000)]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]

    def text() -> str:
        paragraphs: list[str] = []
        length = 0
        while length < size:
            words = rng.choices(vocabulary, weights, k=rng.randint(5, 120))
            paragraphs.append(" ".join(words).capitalize() + ".")
            length += len(paragraphs[-1]) + 2
        return "\n\n".join(paragraphs)[:size]

    return Case(text(), text())


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise inside the block once the time is up. Compiled code is interrupted when it returns.

    The timer is one of real time: while one of processor time runs, the kernel counts processor
    time in ticks of 4 ms, too coarse for what is measured here.
    """

    def stop(signum: int, frame: FrameType | None) -> None:
        raise _TooLong

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def measure(subject: Subject, cases: Sequence[Case], repeat: int) -> Timing:
    """Time a way on all cases; the best of `repeat` rounds counts for each."""
    times: list[float] = []
    given_up = refused = 0
    for case in cases:
        try:
            times.append(min(_once(subject, case) for _ in range(repeat)))
        except _TooLong:
            given_up += 1
        except Refused:
            refused += 1
    if not times:
        return Timing(0, 0.0, 0.0, 0.0, given_up, refused)
    times.sort()
    return Timing(
        cases=len(times),
        median_ms=round(statistics.median(times), 2),
        p95_ms=round(times[int(0.95 * (len(times) - 1))], 2),
        worst_ms=round(times[-1], 2),
        given_up=given_up,
        refused=refused,
    )


def _once(subject: Subject, case: Case) -> float:
    with time_limit(GIVE_UP_S):
        start = time.process_time()
        subject(*case)
        return (time.process_time() - start) * 1000


def report(path: Path, groups: Sequence[str], repeat: int) -> dict[str, object]:
    """Return the figures of all groups, ready for JSON."""
    cases = load(path)
    large = [rewritten()]
    figures: dict[str, object] = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cases": len(cases),
    }
    for group in groups:
        subjects = GROUPS[group]()
        figures[group] = {
            name: {
                **asdict(measure(subject, cases, repeat)),
                "rewritten_300kb_ms": measure(subject, large, repeat).worst_ms or None,
            }
            for name, subject in subjects.items()
        }
    return figures


def show(figures: dict[str, object]) -> None:
    """Print the figures as tables, one a group."""
    print(f"{figures['cases']} cases, Python {figures['python']}, {figures['machine']}")
    for group, subjects in figures.items():
        if not isinstance(subjects, dict):
            continue
        print(f"\n{group:<20}{'median':>10}{'p95':>10}{'worst':>10}{'300 kB':>10}  unfinished")
        for name, timing in subjects.items():
            unfinished = timing["given_up"] + timing["refused"]
            large = timing["rewritten_300kb_ms"]
            print(
                f"{name:<20}{timing['median_ms']:>10.1f}{timing['p95_ms']:>10.1f}"
                f"{timing['worst_ms']:>10.1f}{f'{large:.0f}' if large else '-':>10}  {unfinished}"
            )
    print(f"\nMilliseconds of processor time. Unfinished: over {GIVE_UP_S:.0f} s, or too large.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 2 when the cases are not at hand."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--only", nargs="+", choices=sorted(GROUPS), default=sorted(GROUPS))
    parser.add_argument("--repeat", type=int, default=1, help="rounds a case, the best counts")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not options.cases.exists():
        print(f"no cases at {options.cases} (set SHARED_DATA or --cases)", file=sys.stderr)
        return 2
    figures = report(options.cases, options.only, options.repeat)
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        show(figures)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
