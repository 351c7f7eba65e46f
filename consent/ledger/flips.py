"""Which platforms began to train by default between two days, and which ended it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from consent.ledger.answers import AtomAnswer, Stance
from consent.ledger.facts import facts_of_all
from consent.ledger.figures import TRAINING_CLASSES, Judged, TrainingClass, judged_on
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.state_of_play import ANYBODY
from consent.ledger.turns import uses_turned_on
from consent.ledger.verdict import by_atom_of, training_uses
from consent.models import Entry


class Turn(StrEnum):
    """What a platform did between two days.

    BEGAN: it did not train by default and now it does, or a change between the days turned on the
    use by which it does. ENTERED: it does, and what it did on the first day is not known, or only
    for other uses than the one by which it trains now.
    """

    BEGAN = "began"
    ENTERED = "entered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Flip:
    slug: str
    name: str
    turn: Turn
    then: Judged
    now: Judged
    #: The first change between the days that turned on a use by which it trains now.
    change: Entry | None = None


class Began(NamedTuple):
    """How many platforms began to train by default in some days, and which may have begun then.

    query: of the page that compares the day before with the last one.
    """

    number: int
    entered: Sequence[str]
    query: str


def began_between(first: dt.date, last: dt.date) -> Began:
    then = first - dt.timedelta(days=1)
    flips = list(flips_between(then, last))
    return Began(
        sum(each.turn == Turn.BEGAN for each in flips),
        [each.slug for each in flips if each.turn == Turn.ENTERED],
        f"then={then}&now={last}",
    )


def flips_between(then: dt.date, now: dt.date) -> Iterator[Flip]:
    """Yield the platforms that train by default on one of the days only, by name."""
    turned_on = uses_turned_on(then + dt.timedelta(days=1), now)
    for facts in facts_of_all().values():
        before, after = (judged_on(facts, ANYBODY.on(day)) for day in (then, now))
        was, is_now = (each.training_class in TRAINING_CLASSES for each in (before, after))
        if was == is_now:
            continue
        changes = [turned_on[key] for key in _leads_on(facts, now) & turned_on.keys()]
        change = min(changes, key=attrgetter("timeline_on", "pk"), default=None)
        turn = Turn.ENDED if was else Turn.ENTERED
        if is_now and (change or _is_known(facts, before, then, now)):
            turn = Turn.BEGAN
        yield Flip(facts.slug, facts.name, turn, before, after, change)


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
    return by_atom_of(facts, training_uses(facts), ANYBODY.on(day)).values()
