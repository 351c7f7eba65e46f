"""Finds the words that differ between two versions of a block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import Indel

from consent.diffing.alignment import align, fits_matrix
from consent.diffing.structure import Operation, Span

_LEAST_KEPT = 0.2
"""Share of common words below which one block replaces the other entirely. Chosen."""

_LARGEST_ISLAND = 3
"""Words; chosen: a longer run of equal words is no coincidence."""

_SENTENCE_ENDS = frozenset(".!?:…")
_CLAUSE_ENDS = frozenset(",;")


class Piece(NamedTuple):
    """A block in the form for the comparison of words.

    compared: one character per word; words that count as equal have the same character.
    words: the words as written, needed for their punctuation.
    edges: offsets in the whole text, one more than words. The first word begins with the block and
        each word ends where the next begins, so that the spans cover the block.
    """

    compared: str
    words: Sequence[str]
    edges: Sequence[int]


@dataclass(slots=True)
class _Run:
    """Equal words on both sides, by position."""

    before: int
    after: int
    size: int


def word_spans(before: Piece, after: Piece) -> tuple[Span, ...]:
    """Return the spans that turn one piece into the other and cover both."""
    runs = _equal_runs(before.compared, after.compared)
    runs = _without_islands(runs, len(before.words), len(after.words))
    if sum(run.size for run in runs) < _LEAST_KEPT * max(len(before.words), len(after.words)):
        runs = []
    _slide_to_sentences(runs, before, after)
    return tuple(_spans([run for run in runs if run.size], before, after))


def _equal_runs(before: str, after: str) -> list[_Run]:
    if fits_matrix(len(before), len(after)):
        return [
            _Run(op.src_start, op.dest_start, op.src_end - op.src_start)
            for op in Indel.opcodes(before, after)
            if op.tag == "equal"
        ]
    runs: list[_Run] = []
    for b, a in align(before, after):
        last = runs[-1] if runs else None
        if last and b == last.before + last.size and a == last.after + last.size:
            last.size += 1
        else:
            runs.append(_Run(b, a, 1))
    return runs


def _without_islands(runs: list[_Run], before: int, after: int) -> list[_Run]:
    """Drop short runs of equal words between larger edits.

    A "the" between two rewritten halves of a sentence would split what is one change for a reader.
    """
    lefts = [_Run(0, 0, 0), *runs]
    rights = [*runs[1:], _Run(before, after, 0)]
    return [
        run
        for left, run, right in zip(lefts, runs, rights, strict=False)
        if run.size > min(_LARGEST_ISLAND, _edit_size(left, run) // 2, _edit_size(run, right) // 2)
    ]


def _edit_size(left: _Run, right: _Run) -> int:
    """Return the number of words between two runs, on the longer side."""
    return max(right.before - left.before - left.size, right.after - left.after - left.size)


def _slide_to_sentences(runs: list[_Run], before: Piece, after: Piece) -> None:
    """Move insertions and deletions to the beginning of a sentence where the words allow it.

    "A. We [collect. We] share." and "A. [We collect.] We share." are the same edit.
    """
    for left, right in pairwise(runs):
        left_b, left_a = left.before + left.size, left.after + left.size
        if left_b == right.before:
            piece, start, end = after, left_a, right.after
        elif left_a == right.after:
            piece, start, end = before, left_b, right.before
        else:
            continue
        shift = _best_shift(piece, start, end, left.size, right.size)
        left.size += shift
        right.before, right.after = right.before + shift, right.after + shift
        right.size -= shift


def _best_shift(piece: Piece, start: int, end: int, left: int, right: int) -> int:
    compared, words = piece.compared, piece.words
    lowest = 0
    while -lowest < left and compared[start + lowest - 1] == compared[end + lowest - 1]:
        lowest -= 1
    highest = 0
    while highest < right and compared[start + highest] == compared[end + highest]:
        highest += 1
    return max(
        range(lowest, highest + 1),
        key=lambda shift: (_ends(words, start + shift) + _ends(words, end + shift), -abs(shift)),
    )


def _ends(words: Sequence[str], position: int) -> int:
    """Return how well a cut fits the sentences, from 0 to 3 (between two sentences)."""
    if position in (0, len(words)) or words[position - 1] in _SENTENCE_ENDS:
        return 3
    if words[position - 1] in _CLAUSE_ENDS:
        return 2
    return 1 if words[position] in _CLAUSE_ENDS or words[position] in _SENTENCE_ENDS else 0


def _spans(runs: list[_Run], before: Piece, after: Piece) -> Iterator[Span]:
    b = a = 0
    for run in [*runs, _Run(len(before.words), len(after.words), 0)]:
        if b < run.before or a < run.after:
            op: Operation = "replace"
            if b == run.before:
                op = "insert"
            elif a == run.after:
                op = "delete"
            yield _span(op, before, after, (b, run.before), (a, run.after))
        b, a = run.before + run.size, run.after + run.size
        if run.size:
            yield _span("equal", before, after, (run.before, b), (run.after, a))


def _span(
    op: Operation, before: Piece, after: Piece, b: tuple[int, int], a: tuple[int, int]
) -> Span:
    return Span(op, before.edges[b[0]], before.edges[b[1]], after.edges[a[0]], after.edges[a[1]])
