"""Which block of one text became which block of the other."""

from bisect import bisect_left, insort
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import Indel

from consent.diffing.alignment import Pair, align, gaps
from consent.diffing.blocks import Block
from consent.diffing.reading import Lexicon, Reading

_MOST_COMPARISONS = 400_000
"""Block against block, for similarity; about 100 ns each. Beyond it only near ones are tried."""

_SIMILAR = 0.5
"""Share of common words from which a block in the same gap counts as the edited form."""

_SIMILAR_ELSEWHERE = 0.6
_LEAST_MOVED = 4
_LEAST_MOVED_AND_EDITED = 8
"""Words; shorter blocks resemble each other by chance."""

_CANDIDATES = 4


class Sheet:
    """The blocks of one text with their words, read once and only when asked for."""

    def __init__(self, blocks: Sequence[Block], lexicon: Lexicon) -> None:
        self.blocks = blocks
        self._lexicon = lexicon
        self._readings: dict[int, Reading] = {}

    def reading(self, index: int) -> Reading:
        """Return the words of a block."""
        known = self._readings.get(index)
        if known is None:
            known = self._readings[index] = self._lexicon.read(self.blocks[index].text)
        return known

    def key(self, index: int) -> str:
        """Return what stays the same when only typography or case differ."""
        return self.reading(index).folded


class Pairing:
    """Pairs of positions found so far, and the positions still without a partner.

    kept: ascending on both sides; moved: pairs that cross them.
    """

    def __init__(self, before: Sheet, after: Sheet, kept: list[Pair]) -> None:
        self.before = before
        self.after = after
        self.kept = kept
        self.moved: list[Pair] = []
        self.free_before = set(range(len(before.blocks))).difference(b for b, _ in kept)
        self.free_after = set(range(len(after.blocks))).difference(a for _, a in kept)

    def is_free(self, b: int, a: int) -> bool:
        """Return whether both are still without a partner."""
        return b in self.free_before and a in self.free_after

    def is_in_order(self, b: int, a: int) -> bool:
        """Return whether this pair would cross none of those kept."""
        index = bisect_left(self.kept, (b, a))
        return (index == 0 or self.kept[index - 1][1] < a) and (
            index == len(self.kept) or a < self.kept[index][1]
        )

    def join(self, b: int, a: int) -> None:
        """Make the two partners: kept where the order allows it, moved where not."""
        if self.is_in_order(b, a):
            insort(self.kept, (b, a))
        else:
            self.moved.append((b, a))
        self.free_before.remove(b)
        self.free_after.remove(a)


def pair_blocks(before: Sheet, after: Sheet) -> Pairing:
    """Return which blocks belong together: the same, the edited, and the moved ones."""
    kept = align([block.text for block in before.blocks], [block.text for block in after.blocks])
    kept = sorted([*kept, *_same_words(before, after, kept)])
    pairing = Pairing(before, after, kept)
    _join_moved(pairing)
    _join_similar(pairing)
    _join_facing(pairing)
    return pairing


def _same_words(before: Sheet, after: Sheet, kept: list[Pair]) -> Iterator[Pair]:
    for left, right in gaps(kept, len(before.blocks), len(after.blocks)):
        if left and right:
            found = align([before.key(b) for b in left], [after.key(a) for a in right])
            yield from ((left[b], right[a]) for b, a in found)


def _join_moved(pairing: Pairing) -> None:
    """Join blocks that read the same in another place, then the short ones next to them."""
    waiting: dict[str, deque[int]] = defaultdict(deque)
    for b in sorted(pairing.free_before):
        if pairing.before.blocks[b].level or _length(pairing.before, b) >= _LEAST_MOVED:
            waiting[pairing.before.key(b)].append(b)
    waiting.pop("", None)
    for a in sorted(pairing.free_after):
        same = waiting.get(pairing.after.key(a))
        while same and a in pairing.free_after:
            b = same.popleft()
            if b in pairing.free_before:
                pairing.join(b, a)
                _join_neighbours(pairing, b, a)


def _join_neighbours(pairing: Pairing, b: int, a: int) -> None:
    for step in (-1, 1):
        left, right = b + step, a + step
        while pairing.is_free(left, right) and (
            pairing.before.key(left) == pairing.after.key(right)
        ):
            pairing.join(left, right)
            left, right = left + step, right + step


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
    left, right = sorted(pairing.free_before), sorted(pairing.free_after)
    if not left or not right:
        return []
    choices = [pairing.after.key(a) for a in right]
    width = max(_MOST_COMPARISONS // len(left), 1)
    found: list[tuple[float, int, int]] = []
    for rank, b in enumerate(left):
        words = pairing.before.key(b)
        if not words:
            continue
        first = max(0, min(rank * len(right) // len(left) - width // 2, len(right) - width))
        nearest = process.extract(
            words,
            choices[first : first + width],
            scorer=Indel.normalized_similarity,
            processor=None,
            score_cutoff=_SIMILAR,
            limit=_CANDIDATES,
        )
        found += [(score, b, right[first + index]) for _, score, index in nearest]
    return sorted(found, key=lambda candidate: -candidate[0])


def _join_facing(pairing: Pairing) -> None:
    """Join what is left where one block of a kind faces one other: it was replaced."""
    for left, right in list(
        gaps(pairing.kept, len(pairing.before.blocks), len(pairing.after.blocks))
    ):
        old = [b for b in left if b in pairing.free_before and _length(pairing.before, b)]
        new = [a for a in right if a in pairing.free_after and _length(pairing.after, a)]
        if len(old) == len(new) == 1 and (
            pairing.before.blocks[old[0]].kind == pairing.after.blocks[new[0]].kind
        ):
            pairing.join(old[0], new[0])


def _length(sheet: Sheet, index: int) -> int:
    return len(sheet.reading(index).words)
