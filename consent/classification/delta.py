"""Compares the statements of two texts: which were added, removed or reworded."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from consent.classification.statements import Statement, key_of

# Chosen by hand on labelled cases; benchmarks/evaluate_detection.py measures the result.
SAME_STATEMENT = 0.5  # likeness from which a removed and an added statement are one, reworded
NEARLY_EQUAL = 0.8  # likeness from which a new statement repeats one that was there
# Certainty below which a statement is left out beside a surer one. Chosen among 0.1, 0.2, 0.3 and
# 0.4 on operators left out.
FAR_LESS = 0.3
SURE = 0.9  # certainty above which no statement counts as surer
# A mail address, or what some hosts send to robots in its place; a browser shows the address.
HIDDEN_ADDRESS = re.compile(r"\[?\[email.protected\](?:\]\([^)]*\))?")
ADDRESS = re.compile(rf"{HIDDEN_ADDRESS.pattern}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
MOST_PAIRED = 150  # statements of a text that are compared; bounds the work on long pages


@dataclass(frozen=True)
class Delta:
    """The difference between what two texts state.

    rows: unchanged statements in a table row whose other cells changed.
    repeated: unchanged statements that the later text makes in one more place.
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
    """Pair the statements of two texts. Equal words are the same statement at any place."""
    removed, added = _without_equals(before, after)
    pairs = _pairs(removed[:MOST_PAIRED], added[:MOST_PAIRED])
    pairs += _restated(removed, added, before, after, pairs)
    old = {id(pair[0]) for pair in pairs}
    new = {id(pair[1]) for pair in pairs}
    return Delta(
        before=tuple(before),
        after=tuple(after),
        removed=tuple(statement for statement in removed if id(statement) not in old),
        added=tuple(statement for statement in added if id(statement) not in new),
        reworded=tuple(pairs),
        rows=tuple(_changed_rows(before, after)),
        repeated=tuple(_repeated(before, after)),
    )


def without_doubtful(delta: Delta) -> Delta:
    """Return a difference without the statements that are far less certain than its surest one.

    On help pages nearly every sentence is a candidate. Those that are hardly statements would
    otherwise decide what a change does beside one that surely is.
    """
    pairs = (*delta.reworded, *delta.rows)
    changed = [*delta.added, *delta.removed, *delta.repeated, *chain.from_iterable(pairs)]
    surest = max((statement.certainty for statement in changed), default=0.0)
    least = min(surest, SURE) - FAR_LESS

    def is_sure(statement: Statement) -> bool:
        return statement.certainty >= least or statement.kind == "pointer"

    def is_sure_pair(pair: tuple[Statement, Statement]) -> bool:
        return any(map(is_sure, pair))

    return Delta(
        before=tuple(filter(is_sure, delta.before)),
        after=tuple(filter(is_sure, delta.after)),
        removed=tuple(filter(is_sure, delta.removed)),
        added=tuple(filter(is_sure, delta.added)),
        reworded=tuple(filter(is_sure_pair, delta.reworded)),
        rows=tuple(filter(is_sure_pair, delta.rows)),
        repeated=tuple(filter(is_sure, delta.repeated)),
    )


def _repeated(before: Sequence[Statement], after: Sequence[Statement]) -> Iterator[Statement]:
    """Yield statements that the later text makes in one more place than the earlier one."""
    counts = Counter(statement.key for statement in before)
    for statement in after:
        if statement.key in counts:
            counts[statement.key] -= 1
            if counts[statement.key] == -1:
                yield statement


def _changed_rows(
    before: Sequence[Statement], after: Sequence[Statement]
) -> Iterator[tuple[Statement, Statement]]:
    """Yield unchanged statements in a table row whose other cells changed."""
    rows = {statement.row.casefold() for statement in before if statement.row}
    old = {statement.key: statement for statement in before if statement.row}
    for statement in after:
        if statement.row and statement.key in old and statement.row.casefold() not in rows:
            yield old[statement.key], statement


def _without_equals(
    before: Sequence[Statement], after: Sequence[Statement]
) -> tuple[list[Statement], list[Statement]]:
    """Drop statements that both texts make, however often.

    Where a text hides mail addresses, any address is the same.
    """
    hides = any(HIDDEN_ADDRESS.search(statement.words) for statement in (*before, *after))

    def key(statement: Statement) -> str:
        return key_of(ADDRESS.sub("@", statement.words)) if hides else statement.key

    old, new = set(map(key, before)), set(map(key, after))
    return (
        [statement for statement in before if key(statement) not in new],
        [statement for statement in after if key(statement) not in old],
    )


def _pairs(
    removed: Sequence[Statement], added: Sequence[Statement]
) -> list[tuple[Statement, Statement]]:
    bags = {id(statement): Counter(statement.key.split()) for statement in (*removed, *added)}
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
    """Pair the remaining statements with unchanged ones that say nearly the same."""
    paired = {id(statement) for pair in pairs for statement in pair}
    restated = []
    for statement in added[:MOST_PAIRED]:
        if id(statement) not in paired and (twin := _nearest(statement, before)):
            restated.append((twin, statement))
    for statement in removed[:MOST_PAIRED]:
        if id(statement) not in paired and (twin := _nearest(statement, after)):
            restated.append((statement, twin))
    return restated


def _nearest(statement: Statement, others: Sequence[Statement]) -> Statement | None:
    bag = Counter(statement.key.split())
    for candidate in others[:MOST_PAIRED]:
        if (
            candidate.kind == statement.kind
            and _likeness(bag, Counter(candidate.key.split())) >= NEARLY_EQUAL
        ):
            return candidate
    return None


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """Return the share of common words. A sentence that only grew gets nearly a full share."""
    common = sum((old & new).values())
    small, large = sorted((sum(old.values()), sum(new.values())))
    if not small:
        return 0.0
    dice = 2 * common / (small + large)
    within = common / small if small >= 7 else 0.0
    return max(dice, 0.85 * within)
