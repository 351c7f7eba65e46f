"""Which platforms began to train by default between two days, and which ended it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from consent.ledger.facts import facts_of_all
from consent.ledger.figures import TRAINING_CLASSES, Judged, judged_on
from consent.ledger.state_of_play import ANYBODY


class Turn(StrEnum):
    """What a platform did between two days.

    BEGAN: it did not train by default, or that was not known, and now it does. ENTERED: it does,
    and of the first day nothing is on record.
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


def flips_between(then: dt.date, now: dt.date) -> Iterator[Flip]:
    """Yield the platforms that train by default on one of the days only, by name."""
    for facts in facts_of_all().values():
        before, after = (judged_on(facts, ANYBODY.on(day)) for day in (then, now))
        was, is_now = (each.training_class in TRAINING_CLASSES for each in (before, after))
        if was == is_now:
            continue
        turn = Turn.ENDED if was else Turn.BEGAN if before.is_on_record else Turn.ENTERED
        yield Flip(facts.slug, facts.name, turn, before, after)
