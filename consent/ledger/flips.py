"""Which platforms began to train by default between two days, and which ended it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
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
from consent.ledger.platform_facts import BranchFacts, PlatformFacts, StateFacts
from consent.ledger.state_of_play import ANYBODY
from consent.ledger.turns import turned_on_between
from consent.ledger.verdict import by_atom_of, training_uses
from consent.models import Branch, Entry
from consent.vocabulary import IN_USE
from platforms.places import WORLDWIDE, merged


class Turn(StrEnum):
    """What a platform did between two days.

    BEGAN: it did not train by default and now it does, or a change between the days turned on the
    use by which it does, and it is not on record that it trained before the change. WIDENED: it did
    and does, and a change between the days turned on, in further places, the use by which it does.
    ENTERED: it does, and whether it did on the first day is not known, or only of other uses than
    the one by which it trains now.
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
    #: The first change between the days that turned on a use by which it trains now, and where; ""
    #: where it began everywhere.
    change: Entry | None = None
    place: str = ""
    #: One that a list has room for.
    is_one_place: bool = False
    #: When it was, as far as that is known: of the use, "at the earliest" for some accounts.
    date: Since | None = None


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
    turned_on = turned_on_between(then + dt.timedelta(days=1), now)
    for facts in facts_of_all().values():
        before, after = (judged_on(facts, ANYBODY.on(day)) for day in (then, now))
        was, is_now = (each.training_class in TRAINING_CLASSES for each in (before, after))
        changes = [each for key in _leads_on(facts, now) for each in turned_on.get(key, ())]
        further: Mapping[int | None, BranchFacts] = {}
        if was and is_now and changes:
            further = _branches_in_further_places(facts, then, now)
            changes = [each for each in changes if each[1].pk in further]
        if was == is_now and not (was and changes):
            continue
        first = min(changes, key=lambda each: (each[0].timeline_on, each[0].pk), default=None)
        turn = Turn.WIDENED if is_now else Turn.ENDED
        if not was:
            first = first if first and _is_first(facts, first[0]) else None
            is_known = bool(first) or _is_known(facts, before, then, now)
            turn = Turn.BEGAN if is_known else Turn.ENTERED
        entry = first[0] if first else None
        turned = [branch for each, branch in changes if entry and each == entry]
        of_change = [branch.where for branch in turned]
        # Elsewhere it may have begun on the same day without a change on record.
        with_it = [each.where for each in further.values() if entry and _begins(each, entry)]
        wheres = merged([*of_change, *with_it]) or (WORLDWIDE,)
        is_limited = turn == Turn.WIDENED or wheres != (WORLDWIDE,)
        place = listed(map(place_words, wheres)) if is_limited else ""
        codes = [
            code for each in wheres for code in each.places + each.except_places + each.some_of
        ]
        is_one = len(wheres) == len(codes) == 1
        date = _start(facts, turned, entry) if entry else None
        yield Flip(facts.slug, facts.name, turn, before, after, entry, place, is_one, date)


def _is_first(facts: PlatformFacts, change: Entry) -> bool:
    """Return whether the platform is not known to have trained on the day before a change.

    Where it is, in other places or on other plans, the change cannot show when it began.
    """
    if change.timeline_on is None:
        return False
    before = judged_on(facts, ANYBODY.on(change.timeline_on - dt.timedelta(days=1)))
    return before.training_class not in TRAINING_CLASSES


def _branches_in_further_places(
    facts: PlatformFacts, then: dt.date, now: dt.date
) -> Mapping[int | None, BranchFacts]:
    """Return the branches, by id, by which it trains where on the first day it did not."""
    on_then, on_now = (
        {atom: each for atom, each in _by_atom(facts, day).items() if each.stance == Stance.YES}
        for day in (then, now)
    )
    cells_then = {atom.cell for atom in on_then}
    return {
        line.branch.id: line.branch
        for atom, each in on_now.items()
        if atom.cell not in cells_then
        for line in each.deciding
    }


def _begins(branch: BranchFacts, change: Entry) -> StateFacts | None:
    """Return the state by which a use is on in some places from the day of a change, if any."""
    return next(
        (s for s in branch.states if s.value in IN_USE and s.since == change.timeline_on), None
    )


def _start(facts: PlatformFacts, turned: Collection[Branch], change: Entry) -> Since:
    """Return since when branches that a change turned on are on."""
    turned_on = {branch.pk for branch in turned}
    branches = (each for use in facts.uses for each in use.branches if each.id in turned_on)
    states = filter(None, (_begins(branch, change) for branch in branches))
    if (state := next(states, None)) is None:
        return Since(change.timeline_on)
    return Since(state.since, state.precision, state.since_is)


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
