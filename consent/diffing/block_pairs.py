"""Pairs the blocks of two texts: which block became which."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Indel, LCSseq

from consent.diffing.alignment import Pair, align, gaps
from consent.diffing.sheet import Sheet

_MOST_COMPARISONS = 400_000
"""Comparisons of two blocks, about 100 ns each. Beyond that only blocks nearby are compared."""

# The thresholds below are chosen by looking at comparisons of real policies.
_SIMILAR = 0.5
"""Share of common words from which a block in the same gap counts as the edited form."""

_SIMILAR_IN_PLACE = 0.8
"""Share of common words from which two blocks between the same blocks are not compared further."""

_SIMILAR_ELSEWHERE = 0.6
"""The same for a block in another place; higher, because only the words connect the two."""

_LEAST_MOVED = 4
_LEAST_MOVED_AND_EDITED = 8
"""Words; shorter blocks resemble each other by chance."""

_CONTAINED = 0.8
"""Share of the words of a block that another must have to contain it."""

_FEW = 8
"""Words; of a block with fewer, the other must have all."""

_LEAST_CONTAINED = 6
_LEAST_TAKEN_IN = 3
"""Words of a block that is contained; the second for a block next to a pair, see `_grow`."""

_CANDIDATES = 4
"""Number of possible partners of a block."""


class Match(NamedTuple):
    """Runs of blocks that belong together. One run is empty for a removed or added block.

    A run of several blocks is a paragraph that was split, or paragraphs that were joined.
    """

    before: range
    after: range
    is_moved: bool = False


class Pairing:
    """Pairs of positions found so far, and the positions still without a partner.

    kept: pairs ascending on both sides. moved: pairs that cross them.
    grown: the runs of kept pairs with more than one block on a side, by position before.
    """

    def __init__(self, before: Sheet, after: Sheet, kept: list[Pair]) -> None:
        self.before = before
        self.after = after
        self.kept = kept
        self.moved: list[Pair] = []
        self.grown: dict[int, Match] = {}
        self.free_before = set(range(len(before.blocks))).difference(b for b, _ in kept)
        self.free_after = set(range(len(after.blocks))).difference(a for _, a in kept)

    def is_same(self, b: int, a: int) -> bool:
        """Return whether two blocks agree character by character."""
        return self.before.blocks[b].text == self.after.blocks[a].text

    def is_free(self, b: int, a: int) -> bool:
        """Return whether neither has a partner."""
        return b in self.free_before and a in self.free_after

    def has_free_neighbour(self, b: int, a: int) -> bool:
        """Return whether a block right before or after either of these has no partner."""
        return not (
            self.free_before.isdisjoint((b - 1, b + 1))
            and self.free_after.isdisjoint((a - 1, a + 1))
        )

    def is_in_order(self, b: int, a: int) -> bool:
        """Return whether this pair crosses none of the kept ones."""
        return self._rank(b, a) is not None

    def keep(self, pairs: list[Pair]) -> None:
        """Keep pairs of free positions that cross none of the kept ones, nor each other."""
        self.kept = sorted([*self.kept, *pairs])
        self.free_before.difference_update(b for b, _ in pairs)
        self.free_after.difference_update(a for _, a in pairs)

    def join(self, b: int, a: int) -> None:
        """Pair two positions: as kept if the order allows it, else as moved."""
        rank = self._rank(b, a)
        if rank is None:
            self.moved.append((b, a))
        else:
            self.kept.insert(rank, (b, a))
        self.free_before.remove(b)
        self.free_after.remove(a)

    def _rank(self, b: int, a: int) -> int | None:
        """Return where this pair belongs among the kept ones; None if it crosses one."""
        rank = bisect_left(self.kept, (b, a))
        fits = (rank == 0 or self.kept[rank - 1][1] < a) and (
            rank == len(self.kept) or a < self.kept[rank][1]
        )
        return rank if fits else None


def matches(before: Sheet, after: Sheet) -> Iterator[Match]:
    """Yield the blocks that belong together, without those that are identical.

    Every other block of either text is in exactly one match.
    """
    pairing = Pairing(before, after, _same(before, after))
    _join_moved(pairing)
    _join_edited_in_place(pairing)
    _join_similar(pairing)
    _join_contained(pairing)
    _grow(pairing)
    _join_facing(pairing)
    yield from _in_order(pairing)
    yield from (_match(b, a, is_moved=True) for b, a in pairing.moved)


def _in_order(pairing: Pairing) -> Iterator[Match]:
    b = a = 0
    ends = (len(pairing.before.blocks), len(pairing.after.blocks))
    for pair in [*pairing.kept, ends]:
        is_end = pair == ends
        if pair == (b, a) and not is_end and pairing.is_same(b, a):
            b, a = b + 1, a + 1
            continue
        match = pairing.grown.get(pair[0]) or _match(*pair)
        for alone in range(b, match.before.start):
            if alone in pairing.free_before:
                yield Match(range(alone, alone + 1), range(a, a))
        b = match.before.start
        for alone in range(a, match.after.start):
            if alone in pairing.free_after:
                yield Match(range(b, b), range(alone, alone + 1))
        if not is_end and not pairing.is_same(*pair):
            yield match
        b, a = match.before.stop, match.after.stop


def _match(b: int, a: int, *, is_moved: bool = False) -> Match:
    return Match(range(b, b + 1), range(a, a + 1), is_moved)


def _same(before: Sheet, after: Sheet) -> list[Pair]:
    """Return the pairs in order that are equal, or differ only in typography and case."""
    kept = align([block.text for block in before.blocks], [block.text for block in after.blocks])
    return sorted([*kept, *_same_words(before, after, kept)])


def _same_words(before: Sheet, after: Sheet, kept: list[Pair]) -> Iterator[Pair]:
    for left, right in gaps(kept, len(before.blocks), len(after.blocks)):
        if len(left) == len(right) == 1:  # Most gaps of a long page are like this.
            if before.folded(left[0]) == after.folded(right[0]):
                yield left[0], right[0]
        elif left and right:
            aligned = align([before.folded(b) for b in left], [after.folded(a) for a in right])
            yield from ((left[b], right[a]) for b, a in aligned)


def _join_moved(pairing: Pairing) -> None:
    """Pair blocks that read the same in another place, then the short ones next to them."""
    if not pairing.free_before or not pairing.free_after:
        return
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for b in sorted(pairing.free_before):
        if pairing.before.blocks[b].level or _length(pairing.before, b) >= _LEAST_MOVED:
            waiting[pairing.before.folded(b)].append(b)
    waiting.pop("", None)
    for a in sorted(pairing.free_after):
        same = waiting.get(pairing.after.folded(a))
        while same and a in pairing.free_after:
            b = same.popleft()
            if b in pairing.free_before:
                pairing.join(b, a)
                _join_neighbours(pairing, b, a)


def _join_neighbours(pairing: Pairing, b: int, a: int) -> None:
    for step in (-1, 1):
        left, right = b + step, a + step
        while pairing.is_free(left, right) and (
            pairing.before.folded(left) == pairing.after.folded(right)
        ):
            pairing.join(left, right)
            left, right = left + step, right + step


def _join_edited_in_place(pairing: Pairing) -> None:
    """Pair the only two blocks of a gap if most of their words are the same.

    They need not be compared with the blocks elsewhere, which takes long if thousands changed.
    """
    edited: list[Pair] = []
    for left, right in gaps(pairing.kept, len(pairing.before.blocks), len(pairing.after.blocks)):
        if len(left) != 1 or len(right) != 1 or not pairing.is_free(left[0], right[0]):
            continue
        before, after = pairing.before.folded(left[0]), pairing.after.folded(right[0])
        if Indel.normalized_similarity(before, after) >= _SIMILAR_IN_PLACE:
            edited.append((left[0], right[0]))
    pairing.keep(edited)


def _join_similar(pairing: Pairing) -> None:
    for score, b, a in _similar(pairing):
        if not pairing.is_free(b, a):
            continue
        if pairing.is_in_order(b, a) or (
            score >= _SIMILAR_ELSEWHERE and _length(pairing.before, b) >= _LEAST_MOVED_AND_EDITED
        ):
            pairing.join(b, a)


def _similar(pairing: Pairing) -> list[tuple[float, int, int]]:
    """Return pairs of free blocks with words in common, the most similar first."""
    return _resembling(pairing, Indel.normalized_similarity, _SIMILAR, 1)


def _join_contained(pairing: Pairing) -> None:
    """Pair blocks of which one has nearly all words of the other: it grew or was shortened."""
    for common, b, a in _resembling(
        pairing, LCSseq.similarity, _CONTAINED * _LEAST_CONTAINED, _LEAST_CONTAINED
    ):
        shorter = min(_length(pairing.before, b), _length(pairing.after, a))
        if common >= _CONTAINED * shorter and pairing.is_free(b, a) and pairing.is_in_order(b, a):
            pairing.join(b, a)


def _resembling(
    pairing: Pairing, scorer: Callable[..., float], least: float, least_words: int
) -> list[tuple[float, int, int]]:
    """Return pairs of free blocks by score, the highest first.

    least: lowest score. least_words: words of the shortest block.
    """
    left, right = (
        [block for block in sorted(free) if _length(sheet, block) >= least_words]
        for sheet, free in (
            (pairing.before, pairing.free_before),
            (pairing.after, pairing.free_after),
        )
    )
    if not left or not right:
        return []
    choices = [pairing.after.folded(a) for a in right]
    width = max(_MOST_COMPARISONS // len(left), 1)
    scored: list[tuple[float, int, int]] = []
    for rank, b in enumerate(left):
        first = max(0, min(rank * len(right) // len(left) - width // 2, len(right) - width))
        nearest = process.extract(
            pairing.before.folded(b),
            choices[first : first + width],
            scorer=scorer,
            processor=None,
            score_cutoff=least,
            limit=_CANDIDATES,
        )
        scored += [(score, b, right[first + index]) for _, score, index in nearest]
    return sorted(scored, key=itemgetter(0), reverse=True)


def _grow(pairing: Pairing) -> None:
    """Extend pairs by free blocks next to them whose words the other side already has.

    Paragraphs that were joined or split are one edit, not a removed paragraph and another one that
    grew.
    """
    for b, a in pairing.kept:
        if pairing.is_same(b, a):
            continue
        if not pairing.has_free_neighbour(b, a):
            continue
        facing = pairing.after.folded(a)
        before = _taken_in(pairing.before, pairing.free_before, b, facing)
        facing = "".join(map(pairing.before.folded, before))
        after = _taken_in(pairing.after, pairing.free_after, a, facing)
        if len(before) > 1 or len(after) > 1:
            pairing.grown[b] = Match(before, after)


def _taken_in(sheet: Sheet, free: set[int], block: int, facing: str) -> range:
    """Return the run of the block and its neighbours whose words are in the facing text too."""
    start, stop = block, block + 1
    words = sheet.folded(block)
    while stop in free and _adds(sheet.folded(stop), words, words + sheet.folded(stop), facing):
        words += sheet.folded(stop)
        free.remove(stop)
        stop += 1
    while start - 1 in free and _adds(
        sheet.folded(start - 1), words, sheet.folded(start - 1) + words, facing
    ):
        start -= 1
        words = sheet.folded(start) + words
        free.remove(start)
    return range(start, stop)


def _adds(new: str, words: str, together: str, facing: str) -> bool:
    """Return whether the rest of the facing text has nearly all of the new words."""
    needed = _nearly_all(len(new))
    if len(new) < _LEAST_TAKEN_IN or len(facing) < needed:
        return False
    gained = LCSseq.similarity(together, facing) - LCSseq.similarity(words, facing)
    return gained >= needed


def _nearly_all(words: int) -> float:
    """Return how many of these words the other side must have."""
    return words if words < _FEW else _CONTAINED * words


def _join_facing(pairing: Pairing) -> None:
    """Pair the only free block of a gap with the only one facing it, if of the same kind."""
    around = gaps(pairing.kept, len(pairing.before.blocks), len(pairing.after.blocks))
    for left, right in list(around):
        old = [b for b in left if b in pairing.free_before and _length(pairing.before, b)]
        new = [a for a in right if a in pairing.free_after and _length(pairing.after, a)]
        if len(old) == len(new) == 1 and (
            pairing.before.blocks[old[0]].kind == pairing.after.blocks[new[0]].kind
        ):
            pairing.join(old[0], new[0])


def _length(sheet: Sheet, index: int) -> int:
    return len(sheet.folded(index))
