"""The sentences of a verdict: what happens, for whom and where. Put into words by verdict_words."""

from __future__ import annotations

from typing import NamedTuple

from consent.ledger.answers import (
    DiffersBy,
    Line,
    Manner,
    Sentence,
)
from consent.ledger.cell_verdict import Account, JudgedCell
from consent.vocabulary import (
    StateValue,
)
from platforms.places import GROUPS, WORLD, Cell, Where, joined, merged


def sentences_of(
    judged: list[JudgedCell],
    deciding: list[tuple[Line, ...]],
    account: Account,
    place: str,
) -> list[Sentence]:
    """Return one sentence for each use, value, manner of refusing and group of people.

    A line that covers its cell perhaps beside one that covers it surely shows what is recorded,
    since the sentence names the places that the sources do not.
    """
    grouped: dict[_Group, list[_Said]] = {}
    for number, (each, of_cell) in enumerate(zip(judged, deciding, strict=True)):
        for line in of_cell:
            unnamed = each.verdict.differs_by == DiffersBy.UNNAMED_PLACES
            value = line.recorded if unnamed else line.value
            manner = each.manner(line.use.key, value, account.people)
            plans = () if account.plan else line.branch.plans
            group = _Group(line.use.key, value, manner, plans, line.branch.who)
            grouped.setdefault(group, []).append(_Said(line, number, unnamed))
    all_cells = [each.verdict.cell for each in judged]
    return [_sentence(group, said, all_cells, place) for group, said in grouped.items()]


def _sentence(group: _Group, said: list[_Said], all_cells: list[Cell], place: str) -> Sentence:
    disputed = [each for each in said if each.line.state and each.line.state.disputed]
    return Sentence(
        use=said[0].line.use,
        value=group.value,
        manner=group.manner,
        disputed=bool(disputed),
        branches=tuple({each.line.key: each.line.branch for each in said}.values()),
        wheres=_named_places(said, all_cells, place),
        plans=group.plans,
        who=group.who,
        disputed_in=(
            _named_places(disputed, all_cells, place) if 0 < len(disputed) < len(said) else ()
        ),
    )


class _Group(NamedTuple):
    """What lines have in common that share a sentence."""

    use: str
    value: StateValue
    manner: Manner
    plans: tuple[str, ...]
    who: str


class _Said(NamedTuple):
    """A line in the cell of this number."""

    line: Line
    number: int
    by_unnamed_places: bool


def _named_places(said: list[_Said], all_cells: list[Cell], place: str) -> tuple[Where, ...]:
    """Return the places to name beside a sentence; none if it holds in all cells."""
    numbers = {each.number for each in said}
    by_unnamed_places = any(each.by_unnamed_places for each in said)
    if len(numbers) == len(all_cells) and not by_unnamed_places:
        return ()
    branches = {each.line.key: each.line.branch.where for each in said}
    if by_unnamed_places:
        return merged(branches.values())
    # The words of the file, unless they also name other places than those it holds in.
    covered = {
        number
        for where in branches.values()
        for number, cell in enumerate(all_cells)
        if where.covers(cell)
    }
    if place in ("", WORLD, *GROUPS) and covered == numbers:
        return merged(branches.values())
    return joined([all_cells[number] for number in sorted(numbers)])
