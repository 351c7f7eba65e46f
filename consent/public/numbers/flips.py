"""Which platforms began to train by default between two days, and which ended it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from consent.ledger.facts import facts_of_all
from consent.ledger.figures import TRAINING_CLASSES, Judged, TrainingClass, judged_on
from consent.ledger.state_of_play import ANYBODY


class Turn(StrEnum):
    """What a platform did between two days.

    BEGAN: it did not train by default, and now it does. ENTERED: it does, and what it did on the
    first day is not known.
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
        was_known = before.is_on_record and before.training_class != TrainingClass.UNKNOWN
        turn = Turn.ENDED if was else Turn.BEGAN if was_known else Turn.ENTERED
        yield Flip(facts.slug, facts.name, turn, before, after)
