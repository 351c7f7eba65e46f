"""Compare a benchmark between two copies of the repository, in turn: both meet the same load.

    python -m benchmarks.compare OLD NEW BENCHMARK [--runs N] [-- ITS ARGUMENTS]

OLD and NEW are folders, each with its .venv. Prints the median of each figure on both sides and
their ratio. Figures are found by the words around them; those that only one side prints are named
at the end. Times by the clock depend on other work on the machine: trust processor times first.
"""

import argparse
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

_NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")

#: The figures of a run: by the words of a line, and the place of the figure in it.
Figures = dict[tuple[str, int], float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("benchmark", help="a module of benchmarks, such as reading")
    parser.add_argument("--runs", type=int, default=7)
    ours, _dashes, arguments = " ".join(sys.argv[1:]).partition(" -- ")
    given = parser.parse_args(ours.split())
    sides: dict[Path, dict[tuple[str, int], list[float]]] = {
        folder: defaultdict(list) for folder in (given.old, given.new)
    }
    for number in range(given.runs):
        for folder, found in sides.items():
            print(f"{number + 1} of {given.runs}: {folder}", file=sys.stderr)
            for name, figure in run(folder, given.benchmark, arguments.split()).items():
                found[name].append(figure)
    report(sides[given.old], sides[given.new])


def run(folder: Path, benchmark: str, arguments: list[str]) -> Figures:
    """Run a benchmark in a folder; what it exits with does not matter, a limit may be exceeded."""
    command = [".venv/bin/python", "-m", f"benchmarks.{benchmark}", *arguments]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    found = figures(ran.stdout)
    if not found:
        raise SystemExit(f"{folder} printed no figures: {ran.stderr[-2000:]}")
    return found


def figures(printed: str) -> Figures:
    """Return the figures of what a benchmark printed; of lines with the same words, the last."""
    return {
        (" ".join(_NUMBER.sub("#", line).split()), place): float(number.replace(",", ""))
        for line in printed.splitlines()
        for place, number in enumerate(_NUMBER.findall(line))
    }


def report(
    old: dict[tuple[str, int], list[float]], new: dict[tuple[str, int], list[float]]
) -> None:
    print(f"{'old':>10}{'new':>10}{'ratio':>8}  figure")
    for (words, place), before in old.items():
        if after := new.get((words, place)):
            then, now = statistics.median(before), statistics.median(after)
            ratio = f"{now / then:.2f}" if then else "-"
            print(f"{then:>10.6g}{now:>10.6g}{ratio:>8}  {words} ({place + 1})")
    for side, mine, other in (("old", old, new), ("new", new, old)):
        if alone := sorted({words for words, _ in mine} - {words for words, _ in other}):
            print(f"Printed by the {side} side alone: {'; '.join(alone)}")


if __name__ == "__main__":
    main()
