"""In which of seven classes a platform is on a day: they sum to the listed platforms."""

from __future__ import annotations

import datetime as dt

from django.db.models import TextChoices

from consent.ledger.answers import Stance
from consent.ledger.audiences import first_people
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import Question
from consent.ledger.verdict import by_atom_of, training_uses


class TrainingClass(TextChoices):
    """What a platform does with the data of people who do nothing."""

    EVERYWHERE = "on-everywhere"
    IN_PART = "on-in-part"
    OTHER_USE = "other-use-on"
    ONLY_IF_AGREED = "only-if-agreed"
    NO = "no"
    NOT_OFFERED = "not-offered"
    UNKNOWN = "unknown"


#: It trains by default, or lets others.
TRAINING_CLASSES = (TrainingClass.EVERYWHERE, TrainingClass.IN_PART)


def class_of(facts: PlatformFacts, day: dt.date) -> TrainingClass:
    """Return the class of a platform for the first kind of people that it has.

    Places and plans in which nothing is offered do not count, unless nothing is offered anywhere.
    What is known of some places or plans counts before what is not known of others.
    """
    question = Question(day, people=first_people(facts))
    answers = by_atom_of(facts, training_uses(facts), question).values()
    offered = [each for each in answers if each.stance != Stance.NOT_OFFERED]
    stances = {each.stance for each in offered}
    if not stances:
        return TrainingClass.NOT_OFFERED
    if stances == {Stance.YES}:
        return TrainingClass.EVERYWHERE
    if Stance.YES in stances:
        return TrainingClass.IN_PART
    if any(Stance.YES in dict(each.by_use).values() for each in offered):
        return TrainingClass.OTHER_USE
    if Stance.UNKNOWN in stances or Stance.DEPENDS in stances:
        return TrainingClass.UNKNOWN
    if Stance.ONLY_IF_AGREED in stances:
        return TrainingClass.ONLY_IF_AGREED
    return TrainingClass.NO
