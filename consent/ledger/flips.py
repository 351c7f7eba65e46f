"""Which platforms began to train by default between two days, and which ended it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from consent.audience import Atom
from consent.ledger.answers import AtomAnswer, Since, Stance
from consent.ledger.facts import facts_of_all
from consent.ledger.figures import (
    TRAINING_CLASSES,
    Figures,
    Judged,
    TrainingClass,
    figures_on,
    judged_on,
)
from consent.ledger.place_words import listed, place_words
from consent.ledger.platform_facts import BranchFacts, PlatformFacts, StateFacts, UseFacts
from consent.ledger.state_of_play import ANYBODY
from consent.ledger.turns import turned_on_between
from consent.ledger.verdict import by_atom_of, training_uses
from consent.models import Entry
from consent.vocabulary import IN_USE, LEFT_ALONE, SinceIs
from platforms.places import WORLDWIDE, merged


class Turn(StrEnum):
    """What a platform did between two days.

    BEGAN: it did not train by default and now it does; or its main use is on record as on from a
    day between the two, exactly or at the earliest, and not known to have been on before. WIDENED:
    it did and does, and the use by which it does began between the days in further places. ENTERED:
    it does, and whether it did on the first day is not known, or only of other uses than the one by
    which it trains now.
    """

    BEGAN = "began"
    WIDENED = "widened"
    ENTERED = "entered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Flip:
    slug: str
    name: str
    turn: Turn
    then: Judged
    now: Judged
    #: The change by which it began, if one is on record, and where; "" where it began everywhere.
    change: Entry | None = None
    place: str = ""
    #: One that a list has room for.
    is_one_place: bool = False
    #: When it began, as far as that is known: "at the earliest" for some accounts.
    date: Since | None = None
    #: It is on record that it trained before that, by another use.
    is_by_other_use_before: bool = False


class Began(NamedTuple):
    """Which platforms began to train by default in some days, and how these add up.

    before, after: the figures of the day before them and of the last one. What trained before, with
    what began and entered and without what ended it, is what trains after.
    """

    before: Figures
    after: Figures
    turns: Mapping[Turn, Sequence[Flip]]

    @property
    def flips(self) -> Sequence[Flip]:
        return self.turns[Turn.BEGAN]

    @property
    def number(self) -> int:
        return len(self.flips)

    @property
    def is_any(self) -> bool:
        """Whether any platform turned, or is told of on the last day only."""
        return any(self.turns.values())

    @property
    def is_at_least(self) -> bool:
        """Whether others may have begun too."""
        return bool(self.turns[Turn.ENTERED])

    @property
    def widened(self) -> int:
        """How many others began in further places."""
        return len(self.turns[Turn.WIDENED])

    @property
    def widened_names(self) -> str:
        return listed(each.name for each in self.turns[Turn.WIDENED])

    @property
    def first(self) -> dt.date:
        return self.before.day + dt.timedelta(days=1)

    @property
    def last(self) -> dt.date:
        return self.after.day

    @property
    def query(self) -> str:
        """That of the page which compares the day before with the last one."""
        return f"then={self.before.day}&now={self.last}"


def began_between(first: dt.date, last: dt.date) -> Began:
    then = first - dt.timedelta(days=1)
    turns: dict[Turn, list[Flip]] = {turn: [] for turn in Turn}
    for flip in flips_between(then, last):
        turns[flip.turn].append(flip)
    return Began(figures_on(then), figures_on(last), turns)


def flips_between(then: dt.date, now: dt.date) -> Iterator[Flip]:
    """Yield the platforms that train by default on one of the days only, by name.

    And those that do on both, but began in further places between them.
    """
    changes = turned_on_between(then + dt.timedelta(days=1), now)
    for facts in facts_of_all().values():
        before, after = (judged_on(facts, ANYBODY.on(day)) for day in (then, now))
        was, is_now = (each.training_class in TRAINING_CLASSES for each in (before, after))
        branches: Iterable[BranchFacts] = ()
        if is_now:
            branches = _in_further_places(facts, then, now) if was else _of_main_use(facts, now)
        starts = [each for branch in branches for each in _starts(branch, then, now, changes)]
        if was == is_now and not starts:
            continue
        # Of further places, the first of which a change tells.
        told = [each for each in starts if each.change] if was else []
        first = min((each.on for each in told or starts), default=None)
        turn = Turn.WIDENED if is_now else Turn.ENDED
        if not was:
            if first and not _is_first(facts, first, now):
                starts = []
            is_known = bool(starts) or _is_known(facts, before, then, now)
            turn = Turn.BEGAN if is_known else Turn.ENTERED
        of_first = [each for each in starts if each.on == first]
        wheres = merged(each.branch.where for each in of_first) or (WORLDWIDE,)
        is_limited = turn == Turn.WIDENED or wheres != (WORLDWIDE,)
        place = listed(map(place_words, wheres)) if is_limited else ""
        codes = [
            code for each in wheres for code in each.places + each.except_places + each.some_of
        ]
        is_one = len(wheres) == len(codes) == 1
        changes_of_first = (each.change for each in of_first if each.change)
        change = min(changes_of_first, key=lambda each: each.pk, default=None)
        date = of_first[0].date if of_first else None
        other = bool(of_first) and not was and first is not None and _trained(facts, first)
        yield Flip(facts.slug, facts.name, turn, before, after, change, place, is_one, date, other)


class _Start(NamedTuple):
    """A use begins in some places; change: by an entry, if one is on record."""

    branch: BranchFacts
    state: StateFacts
    on: dt.date
    change: Entry | None

    @property
    def date(self) -> Since:
        return Since(self.on, self.state.precision, self.state.since_is)


def _starts(
    branch: BranchFacts,
    then: dt.date,
    now: dt.date,
    changes: Mapping[tuple[int, dt.date], Entry],
) -> Iterator[_Start]:
    """Yield the starts between two days, before which the use was not on.

    That is known of an entry that turned it on, and of a start without an entry that is exact or
    the earliest. It is also known where it was off before.
    """
    for before, state in pairwise((None, *branch.states)):
        if state is None or state.since is None or not then < state.since <= now:
            continue
        if state.value not in IN_USE or state.pending or (before and before.value in IN_USE):
            continue
        change = changes.get((branch.id or 0, state.since))
        was_off = before is not None and before.value in LEFT_ALONE and before.since is not None
        is_first = was_off or state.since_is != SinceIs.AT_LATEST
        if change or (is_first and not state.has_entry):
            yield _Start(branch, state, state.since, change)


def _is_first(facts: PlatformFacts, start: dt.date, now: dt.date) -> bool:
    """Return whether the main use of today is not known to have been on before a start.

    Where it is, in other places or on other plans, the start cannot show when it began.
    """
    main = main_use(facts, now)
    return main is None or main.key not in _leads_on(facts, start - dt.timedelta(days=1))


def _trained(facts: PlatformFacts, start: dt.date) -> bool:
    before = judged_on(facts, ANYBODY.on(start - dt.timedelta(days=1)))
    return before.training_class in TRAINING_CLASSES


def main_use(facts: PlatformFacts, day: dt.date) -> UseFacts | None:
    """Return the first use on the page of those by which it trains on a day."""
    leads = _leads_on(facts, day)
    return next((use for use in training_uses(facts) if use.key in leads), None)


def _of_main_use(facts: PlatformFacts, day: dt.date) -> Sequence[BranchFacts]:
    """Return the branches of the main use that are on, for the people who are asked about."""
    main = main_use(facts, day)
    lines = {
        line.key: line.branch
        for each in _answers(facts, day)
        if each.stance == Stance.YES
        for line in each.deciding
        if line.use == main
    }
    return list(lines.values())


def _in_further_places(
    facts: PlatformFacts, then: dt.date, now: dt.date
) -> Collection[BranchFacts]:
    """Return the branches by which it trains where on the first day it did not."""
    on_then, on_now = (
        {atom: each for atom, each in _by_atom(facts, day).items() if each.stance == Stance.YES}
        for day in (then, now)
    )
    cells_then = {atom.cell for atom in on_then}
    lines = {
        line.key: line.branch
        for atom, each in on_now.items()
        if atom.cell not in cells_then
        for line in each.deciding
    }
    return list(lines.values())


def _is_known(facts: PlatformFacts, before: Judged, then: dt.date, now: dt.date) -> bool:
    """Return whether it is on record that the uses by which it trains now were not on then."""
    if not before.is_on_record or before.training_class == TrainingClass.UNKNOWN:
        return False
    return _leads_on(facts, now) <= _leads_known(facts, then)


def _leads_on(facts: PlatformFacts, day: dt.date) -> set[str]:
    """Return the uses that come first for some people on a day, where these train."""
    return {each.lead for each in _answers(facts, day) if each.stance == Stance.YES}


def _leads_known(facts: PlatformFacts, day: dt.date) -> set[str]:
    """Return the uses that come first for some people, where their state of the day is known."""
    return {
        each.lead
        for each in _answers(facts, day)
        if any(line.state for line in each.lines if line.use.key == each.lead)
    }


def _answers(facts: PlatformFacts, day: dt.date) -> Iterable[AtomAnswer]:
    return _by_atom(facts, day).values()


def _by_atom(facts: PlatformFacts, day: dt.date) -> Mapping[Atom, AtomAnswer]:
    return by_atom_of(facts, training_uses(facts), ANYBODY.on(day))
