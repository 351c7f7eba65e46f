"""Checks of uses: their titles, branches and states."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from consent.audience import ages_named
from consent.declarations.catalog import Catalog
from consent.declarations.checking.finding import Finding, all_branches, is_public
from consent.declarations.schema import BranchDeclaration, EntryDeclaration, StateDeclaration
from consent.vocabulary import (
    IN_USE,
    LEFT_ALONE,
    TRAINING_PURPOSES,
    Effect,
    People,
    PublicationStatus,
    SinceIs,
    StateValue,
    Topic,
)
from platforms import places
from platforms.declarations import PartialDate

# Effects that say what happens by default, and with them the state that must follow.
_CHANGES_A_STATE = frozenset(
    {
        Effect.USE_INTRODUCED,
        Effect.USE_REMOVED,
        Effect.DEFAULT_ON,
        Effect.DEFAULT_OFF,
        Effect.OPT_OUT_ADDED,
        Effect.OPT_OUT_REMOVED,
        Effect.PAUSED,
        Effect.RESUMED,
    }
)
_NOT_USED = frozenset(LEFT_ALONE)
# Words of a switch: a title that begins with one says how to refuse, not what happens.
_SWITCH_WORDS = re.compile(
    r"(allow|block|disable|do not|don['’]t|enable|improve|limit|manage|object|opt|prevent|stop"
    r"|switch|turn|use of)\b",
    re.I,
)
_MAY = re.compile(r"\bmay\b", re.I)
# A published entry with one of these effects alone cannot open these states.
_CONTRADICTS = {
    Effect.DEFAULT_ON: _NOT_USED,
    Effect.USE_INTRODUCED: _NOT_USED,
    Effect.RESUMED: _NOT_USED,
    Effect.DEFAULT_OFF: IN_USE,
    Effect.USE_REMOVED: IN_USE,
    Effect.PAUSED: IN_USE,
}


def titles(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield titles of uses that name a switch, end with a full stop or say "may"."""
    labels: dict[str, list[str]] = defaultdict(list)
    for name, control in catalog.controls.items():
        labels[name.partition("/")[0]] += filter(None, [control.label, *control.former_labels])
    for name, use in catalog.uses.items():
        for title in filter(None, (use.title, use.title_if_not)):
            if begins_like_a_switch(title, labels[name.partition("/")[0]]):
                yield Finding(
                    True, name, f"the title {title!r} begins like a switch; say what happens"
                )
            if title.endswith("."):
                yield Finding(True, name, f"the title {title!r} ends with a full stop")
            if _MAY.search(title):
                yield Finding(False, name, f"the title {title!r} says may; doubt is a state")


def begins_like_a_switch(title: str, labels: Iterable[str] = ()) -> bool:
    """Return whether the title of a use begins with a word of a switch, or with a label."""
    return bool(_SWITCH_WORDS.match(title)) or any(
        re.match(rf"{re.escape(label)}(?!\w)", title, re.I) for label in labels
    )


def branches(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield the branches of a use that say two things of the same people in the same place."""
    for name, use in catalog.uses.items():
        for (at, one), (other_at, other) in combinations(enumerate(use.branches, start=1), 2):
            people = set(one.people) & set(other.people)
            if not people or _have_distinct_plans(one, other) or _have_distinct_ages(one, other):
                continue
            if shared := places.overlap(one.where, other.where):
                cell = shared[0].codes[0]
                yield Finding(
                    True,
                    name,
                    f"branches {at} and {other_at} both speak of {', '.join(sorted(people))} in "
                    f"{cell}; take it out of one, or name distinct plans",
                )


def _have_distinct_plans(one: BranchDeclaration, other: BranchDeclaration) -> bool:
    # One with plans beside one without: the second is for all other plans.
    return set(one.plans) != set(other.plans) and not set(one.plans) & set(other.plans)


def _have_distinct_ages(one: BranchDeclaration, other: BranchDeclaration) -> bool:
    ages = [_ages_of_minors(each) for each in (one, other)]
    return all(ages) and set(ages[0]).isdisjoint(ages[1])


def _ages_of_minors(branch: BranchDeclaration) -> range:
    """Return the ages that a branch of minors alone names; empty for others."""
    if branch.who is None or list(branch.people) != [People.MINORS]:
        return range(0)
    return ages_named(branch.who.names or branch.who.narrows or "") or range(0)


def states(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield states that say nothing new or begin in the future."""
    for name, _use, branch in all_branches(catalog):
        for before, after in pairwise(branch.states):
            told = [(state.value, state.why, state.disputed) for state in (before, after)]
            if told[0] == told[1]:
                yield Finding(True, name, f"{after.value.value} follows itself at {after.since}")
        first_day = branch.states[0].since if branch.states else None
        if first_day is not None and first_day.on > today:
            yield Finding(True, name, f"has no state before {first_day}; say what holds today")
    for name, use in catalog.uses.items():
        values = {state.value for branch in use.branches for state in branch.states}
        if values == {StateValue.UNCLEAR} and is_public(use):
            yield Finding(False, name, "is unclear everywhere; say what the sources say, or draft")


def sources(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield states that rest on nothing."""
    for name, use, branch in all_branches(catalog):
        for state in branch.states:
            if state.opened_by or state.sources:
                continue
            if state.value != StateValue.UNCLEAR:
                words = (
                    f"the state {state.value.value} has no source; add opened_by, or sources, or "
                    "say unclear and why"
                )
                yield Finding(is_public(use), name, words)
            elif not use.pages:
                yield Finding(False, name, "the state unclear has no entry, source or page")


def state_openers(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield states that the entry which opened them does not bear out."""
    for name, use, branch in all_branches(catalog):
        for state in branch.states:
            entry = catalog.entries.get(state.opened_by or "")
            if entry is None:
                continue
            if not is_public(entry):
                error = entry.status == PublicationStatus.RETRACTED
                yield Finding(error, name, f"a state is opened by {entry.key}, which is not public")
            if state.since_is == SinceIs.EXACT and not _agrees(state.since, entry):
                words = f"a state begins {state.since}, but {entry.key} is of another day"
                if entry.effective and entry.effective.at_latest:
                    words = f"{words} or only on record then; write since_is: at-latest"
                yield Finding(True, name, words)
            if (effect := _contradicting_effect(state, entry)) is not None:
                yield Finding(
                    True,
                    name,
                    f"{entry.key} ({effect.value}) opens the state {state.value.value}",
                )
            if entry.topic == Topic.OTHER and use.purpose in TRAINING_PURPOSES:
                yield Finding(
                    True, name, f"{entry.key} opens a state of training, but has the topic other"
                )


def unconfirmed_starts(catalog: Catalog, today: dt.date) -> Iterator[Finding]:
    """Yield states that begin on the day that an announcement names, as if it had been seen."""
    due: dict[str, list[EntryDeclaration]] = defaultdict(list)
    for entry in catalog.entries.values():
        if entry.due and not (entry.effective or entry.outcome):
            for use in entry.uses:
                due[use].append(entry)
    for name, _use, branch in all_branches(catalog):
        for state in branch.states:
            for entry in due[name]:
                if state.since == entry.due and not state.opened_by:
                    words = (
                        f"the state {state.value.value} begins on the day that {entry.key} names"
                    )
                    yield Finding(
                        True, name, f"{words}; write opened_by, which shows it as not confirmed"
                    )


def _agrees(since: PartialDate | None, entry: EntryDeclaration) -> bool:
    """Return whether a state begins on a date of its entry, as far as both are precise."""
    if since is None:
        return True
    for date in (entry.effective, entry.due, entry.decided, entry.announced):
        if date is not None and (_within(since, date) or _within(date, since)):
            return True
    observed = (entry.observed_from, entry.observed_to)
    return any(moment is not None and moment.date() == since.on for moment in observed)


def _within(fine: PartialDate, coarse: PartialDate) -> bool:
    return str(fine).startswith(str(coarse))


def _contradicting_effect(state: StateDeclaration, entry: EntryDeclaration) -> Effect | None:
    """Return the effect that rules the state out, unless another effect of the entry allows it."""
    effects = [effect for effect in entry.effects if effect in _CHANGES_A_STATE]
    ruled_out = [effect for effect in effects if state.value in _CONTRADICTS.get(effect, ())]
    return ruled_out[0] if ruled_out and len(ruled_out) == len(effects) else None
