"""Processor time and memory of processes, by what Linux tells of them (proc(5))."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

#: Seconds in which processor time grows.
STEP = 1 / os.sysconf("SC_CLK_TCK")


def seconds_of(process: int) -> float:
    """Return the processor time of a process and its descendants, ended ones included."""
    ticks = 0
    for each in _tree(process):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks * STEP


def memory_of(process: int) -> int:
    """Return the bytes of a process and its descendants; what they share counts in parts."""
    total = 0
    for each in _tree(process):
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            total += next((int(row.split()[1]) for row in rollup if row.startswith("Pss:")), 0)
    return total * 1024


def children_of(process: int) -> list[int]:
    """Return the numbers of the processes that a process has started; none if it has ended."""
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{process}/task/{process}/children").read_text()
        return [int(child) for child in children.split()]
    return []


def _tree(process: int) -> Iterator[int]:
    yield process
    for child in children_of(process):
        yield from _tree(child)
