"""Which statements of a page came, went or were reworded between two texts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from consent.classification.statements import Statement

SAME_STATEMENT = 0.5
NEARLY_EQUAL = 0.8
MOST_PAIRED = 150


@dataclass(frozen=True)
class Delta:
    """The difference between what two texts state.

    rows: statements that stand unchanged in a table row whose other cells changed.
    repeated: statements that stand unchanged, and in one more place.
    """

    before: tuple[Statement, ...]
    after: tuple[Statement, ...]
    removed: tuple[Statement, ...]
    added: tuple[Statement, ...]
    reworded: tuple[tuple[Statement, Statement], ...]
    rows: tuple[tuple[Statement, Statement], ...] = ()
    repeated: tuple[Statement, ...] = ()

    @cached_property
    def changed(self) -> bool:
        return bool(self.removed or self.added or self.reworded or self.rows or self.repeated)


def compare(before: Sequence[Statement], after: Sequence[Statement]) -> Delta:
    """Pair the statements of two texts; equal words are the same statement wherever it stands."""
    removed, added = _without_equals(before, after)
    pairs = _pairs(removed[:MOST_PAIRED], added[:MOST_PAIRED])
    pairs += _restated(removed, added, before, after, pairs)
    old = {id(pair[0]) for pair in pairs}
    new = {id(pair[1]) for pair in pairs}
    return Delta(
        before=tuple(before),
        after=tuple(after),
        removed=tuple(one for one in removed if id(one) not in old),
        added=tuple(one for one in added if id(one) not in new),
        reworded=tuple(pairs),
        rows=tuple(_changed_rows(before, after)),
        repeated=tuple(_repeated(before, after)),
    )


def _repeated(before: Sequence[Statement], after: Sequence[Statement]) -> Iterator[Statement]:
    """Yield statements that the later text makes in one more place than the earlier one."""
    counts = Counter(one.key for one in before)
    for one in after:
        if one.key in counts:
            counts[one.key] -= 1
            if counts[one.key] == -1:
                yield one


def _changed_rows(
    before: Sequence[Statement], after: Sequence[Statement]
) -> Iterator[tuple[Statement, Statement]]:
    """Yield statements that stand unchanged in a table row whose other cells changed."""
    rows = {one.row.casefold() for one in before if one.row}
    old = {one.key: one for one in before if one.row}
    for one in after:
        if one.row and one.key in old and one.row.casefold() not in rows:
            yield old[one.key], one


def _without_equals(
    before: Sequence[Statement], after: Sequence[Statement]
) -> tuple[list[Statement], list[Statement]]:
    """Drop what both sides say. A repetition more or less is no difference."""
    old, new = {one.key for one in before}, {one.key for one in after}
    return (
        [one for one in before if one.key not in new],
        [one for one in after if one.key not in old],
    )


def _pairs(
    removed: Sequence[Statement], added: Sequence[Statement]
) -> list[tuple[Statement, Statement]]:
    bags = {id(one): Counter(one.key.split()) for one in (*removed, *added)}
    scored = sorted(
        (
            (-likeness, row, column)
            for row, old in enumerate(removed)
            for column, new in enumerate(added)
            if old.kind == new.kind
            and (likeness := _likeness(bags[id(old)], bags[id(new)])) >= SAME_STATEMENT
        ),
    )
    rows: set[int] = set()
    columns: set[int] = set()
    pairs = []
    for _, row, column in scored:
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            pairs.append((removed[row], added[column]))
    return sorted(pairs, key=lambda pair: pair[1].start)


def _restated(
    removed: Sequence[Statement],
    added: Sequence[Statement],
    before: Sequence[Statement],
    after: Sequence[Statement],
    pairs: Sequence[tuple[Statement, Statement]],
) -> list[tuple[Statement, Statement]]:
    """Pair what is left with statements that stand unchanged and say nearly the same."""
    taken = {id(one) for pair in pairs for one in pair}
    found = []
    for one in added[:MOST_PAIRED]:
        if id(one) not in taken and (twin := _nearest(one, before)):
            found.append((twin, one))
    for one in removed[:MOST_PAIRED]:
        if id(one) not in taken and (twin := _nearest(one, after)):
            found.append((one, twin))
    return found


def _nearest(one: Statement, others: Sequence[Statement]) -> Statement | None:
    bag = Counter(one.key.split())
    for other in others[:MOST_PAIRED]:
        if other.kind == one.kind and _likeness(bag, Counter(other.key.split())) >= NEARLY_EQUAL:
            return other
    return None


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """Return the share of words both have; a sentence that only grew counts nearly as much."""
    common = sum((old & new).values())
    small, large = sorted((sum(old.values()), sum(new.values())))
    if not small:
        return 0.0
    dice = 2 * common / (small + large)
    within = common / small if small >= 7 else 0.0
    return max(dice, 0.85 * within)
