"""How many platforms train by default on a day, and which: every page prints these figures.

Seven classes sum to the listed platforms. A number is the length of the list that its link opens.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from consent.ledger.answers import AtomAnswer, Since, Stance, WayOut, Word
from consent.ledger.audiences import is_inferred
from consent.ledger.facts import facts_of_all, listed_of
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import Question
from consent.ledger.record_fields import Record
from consent.ledger.state_of_play import ANYBODY, Reader
from consent.ledger.verdict import (
    are_disputed,
    by_atom_of,
    people_asked,
    since_when,
    training_uses,
)
from consent.models import Entry
from consent.search.operators import Operator, operators
from platforms.days import EARLIEST, end_of_month, month_after
from platforms.vocabulary import Category


class TrainingClass(TextChoices):
    """What a platform does with the data of people who do nothing."""

    EVERYWHERE = "on-everywhere", _("On everywhere")
    IN_PART = "on-in-part", _("On in some places or plans")
    OTHER_USE = "other-use-on", _("Another use than the main one is on")
    ONLY_IF_AGREED = "only-if-agreed", _("Only if people agree")
    NO = "no", _("No, or not any more")
    NOT_OFFERED = "not-offered", _("Not offered")
    UNKNOWN = "unknown", _("We do not know, or only in part")


class Among(TextChoices):
    """Lists across the classes. All but the last are of platforms that train by default."""

    TRAINS = "trains", _("Train by default, or let others")
    NO_WAY_OUT = "no-way-out", _("Train by default without a way out")
    OWN_WORD = "by-own-word", _("Train by default, by their own word")
    ONE_OPERATOR = "of-one-operator", _("Train by default, of the same operator")
    SINCE_KNOWN = "since-known", _("Train by default, since a known date")
    SINCE_NOT_KNOWN = "since-not-known", _("Train by default; when exactly it began is not known")
    DISPUTED = "disputed", _("Train by default, disputed at least in part")
    NOTHING_ON_RECORD = "nothing-on-record", _("Nothing is on record")


#: It trains by default, or lets others.
TRAINING_CLASSES = (TrainingClass.EVERYWHERE, TrainingClass.IN_PART)

#: What is counted, by version. Figures that were published stay with the version of their time, so
#: a changed text is another version.
DEFINITIONS = {
    1: _(
        "A platform trains by default, or lets others, if the first training use that we list for"
        " it is on, unless people act, in at least one place and plan in which it is offered. The"
        " answer is that for the first kind of people that the platform has. It leaves no way out"
        " if it leaves none wherever that use is on. Inferred answers count as not known."
    ),
    # The same in words that can be quoted.
    2: _(
        "A platform trains by default, or lets others, if its main use of people's data for"
        " training is on, unless people act, in at least one country and plan in which it is"
        " offered. The main use is the one that its page lists first. The answer is that for people"
        " with an account of their own; where there are none, for creators, organisations, people"
        " without an account or minors, in this order. It leaves no way out if it leaves none"
        " wherever that use is on. Inferred answers count as not known."
    ),
    # The same with what "everywhere" means, which was left to decision 25.
    3: _(
        "A platform trains by default, or lets others, if its main use of people's data for"
        " training is on, unless people act, in at least one country and plan in which it is"
        " offered; everywhere, if it is on in each of them. Plans that are not for everybody, those"
        " for education and, for persons, those of an API, count only where the other plans have no"
        " answer or no yes. The main use is the one that its page lists first. The answer is that"
        " for people with an account of their own; where there are none, for creators,"
        " organisations, people without an account or minors, in this order. It leaves no way out"
        " if it leaves none wherever that use is on. Inferred answers count as not known."
    ),
    # The same with what is disputed, which was left to the list of states.
    4: _(
        "A platform trains by default, or lets others, if its main use of people's data for"
        " training is on, unless people act, in at least one country and plan in which it is"
        " offered; everywhere, if it is on in each of them. Plans that are not for everybody, those"
        " for education and, for persons, those of an API, count only where the other plans have no"
        " answer or no yes. The main use is the one that its page lists first. The answer is that"
        " for people with an account of their own; where there are none, for creators,"
        " organisations, people without an account or minors, in this order. It leaves no way out"
        " if it leaves none wherever that use is on. Inferred answers count as not known. An"
        " answer that a source disagrees with is marked as disputed and counts as it is recorded."
        " One that is left open, because the sources contradict each other, counts as not known."
    ),
}
DEFINITION_VERSION = max(DEFINITIONS)


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of a day.

    platforms: slugs by the values of TrainingClass and Among, in the order of names.
    total: of the listed platforms. operator: of ONE_OPERATOR, which has more of them than any
    other; "" where several have as many.
    is_published: as they were recorded on that day; else from what is on record now.
    reader, category: whom they are for, and the kind of platform that alone they count.
    """

    day: dt.date
    total: int
    platforms: Mapping[str, tuple[str, ...]]
    operator: str
    definition: int = DEFINITION_VERSION
    is_published: bool = False
    reader: Reader = ANYBODY
    category: Category | None = None

    def says_the_same_as(self, other: Figures) -> bool:
        mine, others = (
            {key: set(slugs) for key, slugs in each.platforms.items()} for each in (self, other)
        )
        return self.total == other.total and mine == others

    def number(self, key: str) -> int:
        return len(self.platforms.get(key, ()))

    @property
    def is_of_all(self) -> bool:
        """Whether it is about all platforms, for nobody in particular."""
        return self.reader == ANYBODY and self.category is None

    @property
    def keys(self) -> list[TrainingClass | Among]:
        """Those of its lists: what was published has the lists of its time.

        Where no company has more than any other, that list is no figure: 0 would be said of all.
        """
        keys = [key for key in (*TrainingClass, *Among) if key in self.platforms]
        return [key for key in keys if self.operator or key != Among.ONE_OPERATOR]

    @property
    def on_record(self) -> int:
        return self.total - self.number(Among.NOTHING_ON_RECORD)


class Judged(NamedTuple):
    """What the figures need of one platform. no_way_out, own_word: wherever its lead is on.

    disputed: in at least one place and plan in which its lead is on.
    """

    training_class: TrainingClass
    is_on_record: bool
    no_way_out: bool = False
    own_word: bool = False
    disputed: bool = False


def figures_on(day: dt.date, reader: Reader = ANYBODY, category: Category | None = None) -> Figures:
    """Return the figures of a day, or those for a reader; of one kind of platform alone."""
    facts = facts_of_all()
    figures = figures_of(tuple(facts[each.pk] for each in listed_of(category)), reader.on(day))
    return replace(figures, reader=reader, category=category)


@lru_cache(maxsize=128)  # for as long as the facts stay the same; chosen: a few years of months
def figures_of(platforms: tuple[PlatformFacts, ...], question: Question) -> Figures:
    """Return the figures of these platforms for one kind of readers."""
    found: dict[str, list[str]] = {key: [] for key in (*TrainingClass, *Among)}
    training = []
    for facts in platforms:
        judged = judged_on(facts, question)
        found[judged.training_class].append(facts.slug)
        if not judged.is_on_record:
            found[Among.NOTHING_ON_RECORD].append(facts.slug)
        if judged.training_class in TRAINING_CLASSES:
            training.append(facts)
            found[Among.TRAINS].append(facts.slug)
            if judged.no_way_out:
                found[Among.NO_WAY_OUT].append(facts.slug)
            if judged.own_word:
                found[Among.OWN_WORD].append(facts.slug)
            if judged.disputed:
                found[Among.DISPUTED].append(facts.slug)
            found[since_list(since_when(facts, question))].append(facts.slug)
    largest = _largest(operators(training).values())
    found[Among.ONE_OPERATOR] = [each.slug for each in largest.platforms] if largest else []
    return Figures(
        question.day,
        len(platforms),
        {key: tuple(slugs) for key, slugs in found.items()},
        largest.name if largest else "",
    )


def _largest(
    companies: Collection[Operator[PlatformFacts]],
) -> Operator[PlatformFacts] | None:
    """Return the company with the most platforms; None if another one has as many."""
    most = max((len(each.platforms) for each in companies), default=0)
    largest = [each for each in companies if len(each.platforms) == most]
    return largest[0] if len(largest) == 1 else None


def since_list(since: Since | None) -> Among:
    """Return the list of a platform that trains by default. Of most only a last day is known."""
    return Among.SINCE_KNOWN if since and since.is_known else Among.SINCE_NOT_KNOWN


def judged_on(facts: PlatformFacts, question: Question) -> Judged:
    """Judge a platform; if no people are named, for the first kind that it has.

    Places and plans in which nothing is offered do not count, unless nothing is offered anywhere.
    What is known of some places or plans counts before what is not known of others. What is
    inferred counts as not known.
    """
    # It can change only on certain days, and is kept by the last of these.
    days = (day for day in _turning_days(facts) if day <= question.day)
    last = max(days, default=EARLIEST)
    return _judged(facts, Question(last, question.place, question.people, question.plan))


@lru_cache(maxsize=8192)  # as answers are, see verdict_over
def _judged(facts: PlatformFacts, question: Question) -> Judged:
    answers = by_atom_of(facts, training_uses(facts), question).values()
    is_on_record = any(line.state for each in answers for line in each.lines)
    if is_inferred(facts, people_asked(facts, question)):
        return Judged(TrainingClass.UNKNOWN, is_on_record)
    on = [each for each in answers if each.stance == Stance.YES]
    return Judged(
        _class_of(answers),
        is_on_record,
        no_way_out=bool(on) and all(each.way == WayOut.NONE for each in on),
        own_word=bool(on) and all(map(_is_own_word, on)),
        disputed=any(are_disputed(each.deciding) for each in on),
    )


class Spell(NamedTuple):
    """What the figures say of a platform from a day on; EARLIEST: without any known start."""

    since: dt.date
    judged: Judged


@lru_cache(maxsize=4096)  # chosen: the platforms of a few days
def course_until(facts: PlatformFacts, day: dt.date) -> tuple[Spell, ...]:
    """Return what the figures say of a platform up to a day, the oldest first."""
    days = {each for each in _turning_days(facts) if each <= day}
    spells: list[Spell] = []
    for since in sorted({EARLIEST, *days}):
        judged = _judged(facts, ANYBODY.on(since))
        if not spells or judged != spells[-1].judged:
            spells.append(Spell(since, judged))
    return tuple(spells)


def judged_at(spells: Sequence[Spell], day: dt.date) -> Judged | None:
    """Return what course_until says of a day; None before its first one."""
    return next((each.judged for each in reversed(spells) if each.since <= day), None)


def _class_of(answers: Iterable[AtomAnswer]) -> TrainingClass:
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


def _is_own_word(answer: AtomAnswer) -> bool:
    return answer.word == Word.STATED and not answer.said_by


@lru_cache(maxsize=1024)
def _turning_days(facts: PlatformFacts) -> tuple[dt.date, ...]:
    """Return the days on which anything about the answers of a platform begins or ends."""
    days = {
        *(plan.since for plan in facts.plans),
        *(plan.until for plan in facts.plans),
        *(offer.since for control in facts.controls for offer in control.offered),
        *(offer.until for control in facts.controls for offer in control.offered),
        *(use.known_from for use in facts.uses),
        *(control.known_from for control in facts.controls),
        *(s.since for use in facts.uses for branch in use.branches for s in branch.states),
    }
    return tuple(filter(None, days))


class Month(NamedTuple):
    """The platforms of which something was on record on the last day of a month, by class.

    last: that day; of the present month, today.
    """

    last: dt.date
    by_class: Mapping[TrainingClass, int]
    on_record: int


def figures_by_month(today: dt.date, months: int) -> list[Month]:
    """Return the figures of the last months, of the present one those of today.

    Months before the record begins are left out.
    """
    firsts = [month_after(today, number) for number in range(1 - months, 1)]
    courses = [course_until(facts, today) for facts in facts_of_all().values()]
    found = [_of_month(min(today, end_of_month(first)), courses) for first in firsts]
    return [month for month in found if month.on_record]


def _of_month(day: dt.date, courses: Iterable[Sequence[Spell]]) -> Month:
    judged = (judged_at(spells, day) for spells in courses)
    known = [each.training_class for each in judged if each and each.is_on_record]
    return Month(day, {each: known.count(each) for each in TrainingClass}, len(known))


def record_begin() -> dt.date | None:
    """Return the first day of which anything is on record: a change, a state; None if nothing."""
    changes = Entry.objects.published().exclude(timeline_on=None).order_by("timeline_on")
    changed_on = changes.values_list("timeline_on", flat=True).first()
    days = [day for facts in facts_of_all().values() for day in _turning_days(facts)]
    return min([*days, *filter(None, [changed_on])], default=None)


FIGURE_COLUMNS = ("id", "label", "is_class", "asof", "number", "of", "on_record", "platforms")


def figure_records(figures: Figures) -> Iterator[Record]:
    """Yield a record for each class, and for each list across the classes."""
    for key in figures.keys:
        yield {
            "id": key.value,
            "label": str(key.label),
            "is_class": key in list(TrainingClass),
            "asof": figures.day.isoformat(),
            "number": figures.number(key),
            "of": figures.total,
            "on_record": figures.on_record,
            "platforms": list(figures.platforms[key]),
        }
