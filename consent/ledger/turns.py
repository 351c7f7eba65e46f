"""The states of uses before and after an entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from consent.models import Entry, State, Use
from consent.models.uses import UseQuerySet
from consent.vocabulary import StateValue


@dataclass(frozen=True, slots=True)
class Turn:
    """One branch's states before and after an entry; none before the first that is known."""

    before: State | None
    after: State

    @property
    def values(self) -> Values:
        before = StateValue(self.before.value) if self.before else None
        return Values(before, StateValue(self.after.value))


@dataclass(frozen=True, slots=True)
class Values:
    """Only the values of a turn's states, for a row of the timeline."""

    before: StateValue | None
    after: StateValue


def turns_of(entries: Iterable[Entry]) -> Mapping[int, list[Turn]]:
    """Return the turns of entries by their key: each state they opened, with the one before it.

    Uses that are not public are left out. Two queries for any number of entries.
    """
    wanted = {entry.pk for entry in entries}
    branches = State.objects.filter(opened_by__in=wanted).order_by().values("branch")
    states = (
        State.objects.filter(branch__in=branches)
        .filter(branch__use__in=_public_uses())
        .select_related("branch__use__platform", "opened_by")
    )
    by_branch: dict[int, list[State]] = defaultdict(list)
    for state in states:
        by_branch[state.branch_id].append(state)
    turns: dict[int, list[Turn]] = defaultdict(list)
    for history in by_branch.values():
        for before, after in pairwise([None, *history]):
            if after is not None and after.opened_by_id in wanted:
                turns[after.opened_by_id].append(Turn(before, after))
    for of_entry in turns.values():
        of_entry.sort(key=_weight)
    return turns


def distinct_values(turns: Iterable[Turn]) -> list[Values]:
    """Return the values of the turns without duplicates."""
    return list(dict.fromkeys(turn.values for turn in turns))


def _public_uses() -> UseQuerySet:
    return Use.objects.published().order_by().values("pk")


def _weight(turn: Turn) -> tuple[int, int, int]:
    """Order turns as the platform's file orders its uses and their branches."""
    branch = turn.after.branch
    return branch.use.platform_id, branch.use.position, branch.position
