"""Aligns two sequences: pairs of equal elements in the same order."""

import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Indel

Pair = tuple[int, int]

_LARGEST_MATRIX = 16_000_000
"""Largest product of lengths for a longest common subsequence: 2 MB, about 10 ms."""


def align(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Return the pairs of equal elements that keep their order, as positions in both sequences.

    Elements that occur once on both sides are paired first (patience diff). Repeated ones, such as
    "Learn more", are then paired between them and never across them.
    """
    pairs: list[Pair] = []
    open_ranges = [(0, len(before), 0, len(after))]
    while open_ranges:
        b_start, b_end, a_start, a_end = open_ranges.pop()
        while b_start < b_end and a_start < a_end and before[b_start] == after[a_start]:
            pairs.append((b_start, a_start))
            b_start, a_start = b_start + 1, a_start + 1
        while b_start < b_end and a_start < a_end and before[b_end - 1] == after[a_end - 1]:
            b_end, a_end = b_end - 1, a_end - 1
            pairs.append((b_end, a_end))
        if b_start == b_end or a_start == a_end:
            continue
        if b_end - b_start == a_end - a_start == 1:
            continue  # They differ. Most gaps of a long page are like this.
        left, right = before[b_start:b_end], after[a_start:a_end]
        anchors = longest_increasing(unique_pairs(left, right))
        if not anchors:
            pairs += [(b_start + b, a_start + a) for b, a in longest_common(left, right)]
            continue
        edge_b, edge_a = b_start, a_start
        for b, a in anchors:
            b, a = b_start + b, a_start + a
            pairs.append((b, a))
            if edge_b < b and edge_a < a:
                open_ranges.append((edge_b, b, edge_a, a))
            edge_b, edge_a = b + 1, a + 1
        open_ranges.append((edge_b, b_end, edge_a, a_end))
    return sorted(pairs)


def longest_common(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Return the pairs of a longest common subsequence; none if the sequences are too long."""
    if not fits_matrix(len(before), len(after)):
        return []
    # rapidfuzz compares elements by hash, and "" and "\0" have the same one: so map them first.
    characters: dict[str, str] = {}
    left, right = (
        "".join([characters.setdefault(element, chr(len(characters))) for element in side])
        for side in (before, after)
    )
    return [
        (op.src_start + step, op.dest_start + step)
        for op in Indel.opcodes(left, right)
        if op.tag == "equal"
        for step in range(op.src_end - op.src_start)
    ]


def fits_matrix(before: int, after: int) -> bool:
    """Return whether sequences of these lengths are short enough to be compared in full."""
    return before * after <= _LARGEST_MATRIX and before + after <= sys.maxunicode


def unique_pairs(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Return the positions of elements that occur exactly once in both, in the order of before."""
    counts = Counter(before)
    counts_after = Counter(after)
    position = {element: index for index, element in enumerate(after)}
    return [
        (index, position[element])
        for index, element in enumerate(before)
        if counts[element] == 1 and counts_after[element] == 1
    ]


def longest_increasing(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the longest subsequence that ascends on both sides. pairs: ascending on the first."""
    tails: list[int] = []
    holders: list[int] = []
    previous: list[int] = []
    for index, (_, after) in enumerate(pairs):
        is_last = not tails or tails[-1] < after  # Most pairs of two pages are in order.
        rank = len(tails) if is_last else bisect_left(tails, after)
        previous.append(holders[rank - 1] if rank else -1)
        if rank == len(tails):
            tails.append(after)
            holders.append(index)
        else:
            tails[rank], holders[rank] = after, index
    return list(_walk_back(pairs, previous, holders[-1] if holders else -1))[::-1]


def _walk_back(pairs: Sequence[Pair], previous: Sequence[int], index: int) -> Iterator[Pair]:
    while index >= 0:
        yield pairs[index]
        index = previous[index]


def gaps(pairs: Sequence[Pair], before: int, after: int) -> Iterator[tuple[range, range]]:
    """Yield the unpaired positions between ascending pairs, on both sides."""
    edge_b = edge_a = 0
    for b, a in [*pairs, (before, after)]:
        if edge_b < b or edge_a < a:
            yield range(edge_b, b), range(edge_a, a)
        edge_b, edge_a = b + 1, a + 1
