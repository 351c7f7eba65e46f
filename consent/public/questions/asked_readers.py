"""For whom a question is answered: which people, on which plans, in which places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from consent.ledger.answers import Line, Verdict
from consent.ledger.asked_place import EUROPE, PARTS_OF_EUROPE
from consent.ledger.asked_plan import free_plan
from consent.ledger.audiences import is_for, plan_named
from consent.ledger.headline_words import headline
from consent.ledger.place_words import place_words
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import plans_of
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import verdict
from consent.public.questions.answer_line import AnswerLine
from consent.public.questions.asked_question import AskedQuestion
from consent.public.questions.platform_question import PlatformQuestion, answer_on
from consent.search.asked_people import are_people
from consent.search.plain_words import words
from consent.vocabulary import People
from platforms.places import GROUPS, Where
from platforms.vocabulary import PlanKind

#: As in "Answers for …", and in the order in which they are offered.
_FOR = {
    People.PERSONAL: gettext_lazy("adults with an account of their own"),
    People.ORGANISATION: gettext_lazy("organisations"),
    People.MINORS: gettext_lazy("people under 18"),
    People.CREATORS: gettext_lazy("creators"),
    People.NO_ACCOUNT: gettext_lazy("people without an account"),
}

_OFFERED = (People.PERSONAL, People.ORGANISATION, People.MINORS)

#: What are plans of organisations wherever a service has them.
_OF_ORGANISATIONS = frozenset(("Business", "Enterprise"))


def people_in_full(people: People) -> str:
    return str(_FOR[people])


class Whose(NamedTuple):
    """For whom answers are. others: for whom they can be shown as well, with the query string."""

    people: str
    is_open: bool
    others: list[tuple[str, str]]


def whose(
    asked: AskedQuestion, reader: Reader, typed: str, lines: Iterable[AnswerLine]
) -> Whose | None:
    """Return for whom the answers to a question are; None where nothing was said of people.

    lines: the answers. Some may be on plans that are not for these people, such as Free for
    organisations.
    """
    if asked.weighs_free_plans or asked.weighs_work:
        return None  # each answer says it
    is_open = asked.is_open and reader.people == asked.people
    for_everybody = asked.is_for_everybody and reader.people is None
    if reader.people is None and not is_open and not for_everybody:
        return None
    shown = reader.people or People.PERSONAL
    others = [
        (str(_FOR[kind]), urlencode({"q": typed, "place": reader.place, "people": kind.value}))
        for kind in _OFFERED
        if kind != shown or for_everybody
    ]
    people = str(_FOR[shown])
    if for_everybody:
        # Translators: "Answers for everybody, each kind of people by itself."
        return Whose(gettext("everybody, each kind of people by itself"), False, others)
    if asked.at_school and shown == People.ORGANISATION:
        people = gettext("accounts of a school")
    elif asked.at_school and shown == People.MINORS:
        # Translators: "Answers for people under 18, and for schools."
        people = gettext("%(people)s, and for schools") % {"people": people}
    elif any(line.plan and line.verdict.people != shown for line in lines):
        # Translators: "Answers for the plans that were named (not all are for: organisations)."
        named = gettext("the plans that were named (not all are for: %(people)s)")
        return Whose(named % {"people": people}, False, others)
    return Whose(people, is_open, others)


def readers_asked(asked: PlatformQuestion, reader: Reader) -> list[list[Reader]]:
    """Return for whom to answer: for each plan that was typed, each kind of people that has it.

    Of a school: for it, and for its minors if these are named. For everybody: for each kind of
    people with an answer of its own.
    """
    facts, question, plans = asked.facts, asked.question, asked.plans
    free = free_plan(facts)
    is_weighed = question.weighs_free_plans and {*plans} <= {free}
    if is_weighed and reader.people == People.ORGANISATION and free:
        return [_readers_on(free, facts, reader._replace(people=None)), [reader]]
    if reader.people == People.MINORS:
        plans = [plan for plan in plans if plan in plans_of(facts, People.MINORS)]
    if question.at_school and reader.people == People.MINORS and not plans:
        return [[reader], *_readers_of_schools(facts, reader)]
    if question.at_school and reader.people == People.ORGANISATION and not plans:
        plans_of_schools = [each for each in _readers_of_schools(facts, reader) if each[0].plan]
        return [[reader], *plans_of_schools]
    if question.is_for_everybody and reader.people is None and not plans:
        return [[each] for each in _everybody(facts, reader, asked.days)] or [[reader]]
    if question.weighs_work and reader.people == People.PERSONAL and not plans:
        return [[reader], [reader._replace(people=People.ORGANISATION)]]
    if not plans and reader.people is None and asked.plan_off_record in _OF_ORGANISATIONS:
        organisation = reader._replace(people=People.ORGANISATION)
        if not all(verdict(facts, organisation.on(day)).nothing_on_record for day in asked.days):
            return [[organisation]]
    return [_readers_on(plan, facts, reader) for plan in plans] or [[reader]]


def _everybody(facts: PlatformFacts, reader: Reader, days: Sequence[dt.date]) -> list[Reader]:
    """Return each kind of people of which anything is on record that is not that of others."""
    found: dict[Sequence[Sequence[Line]], Reader] = {}
    for kind in People:
        one = reader._replace(people=kind)
        answers = [verdict(facts, one.on(day)) for day in days]
        if any(
            not (answer.nothing_on_record or answer.inferred_from or answer.instead_of)
            for answer in answers
        ):
            found.setdefault(tuple(answer.lines for answer in answers), one)
    return list(found.values())


def _readers_of_schools(facts: PlatformFacts, reader: Reader) -> list[list[Reader]]:
    """Return organisations, on each plan for education if there are any.

    A plan that is called after its people, such as teachers, is none of their school.
    """
    organisation = reader._replace(people=People.ORGANISATION)
    plans = [plan for plan in facts.plans if plan.kind == PlanKind.EDUCATION and not plan.former]
    plans = [plan for plan in plans if not are_people(words(plan.name))]
    on_plans = [plan for plan in plans if is_for(plan, People.ORGANISATION)]
    if on_plans:
        return [[organisation._replace(plan=plan.name)] for plan in on_plans]
    answer = verdict(facts, organisation.on(timezone.localdate()))
    return [] if answer.nothing_on_record else [[organisation]]


def _readers_on(plan: str, facts: PlatformFacts, reader: Reader) -> list[Reader]:
    if reader.people and plan in plans_of(facts, reader.people):
        return [reader._replace(plan=plan)]
    listed = plan_named(facts, plan)
    kinds: Sequence[People | None] = listed.people if listed and len(listed.people) > 1 else (None,)
    return [reader._replace(plan=plan, people=kind) for kind in kinds]


def by_place(asked: PlatformQuestion, readers: Sequence[Reader]) -> list[tuple[str, list[Reader]]]:
    """Return the readers, or those of each place with its name, if several were named.

    Of Europe, the parts with the same answers are one.
    """
    reader = readers[0]
    if asked.question.places and not reader.place:
        return [
            (place_words(Where((place,))), [each._replace(place=place) for each in readers])
            for place in dict.fromkeys(asked.question.places)
        ]
    if asked.question.place != EUROPE or reader.place:
        of_adults = str(_FOR[People.PERSONAL])
        is_one_kind = asked.question.is_for_everybody and reader.people == People.PERSONAL
        return [(of_adults if is_one_kind else "", list(readers))]
    parts: dict[tuple[object, ...], list[str]] = {}
    for place in PARTS_OF_EUROPE:
        there = reader._replace(place=place)
        answers = [answer_on(asked, there.on(day)).verdict for day in asked.days]
        alike = tuple((shown_of(answer), answer.sentences) for answer in answers)
        parts.setdefault(alike, []).append(place)
    return [
        (
            place_words(Where(tuple(chain(*(GROUPS.get(code, (code,)) for code in codes))))),
            [each._replace(place=codes[0]) for each in readers],
        )
        for codes in parts.values()
    ]


def shown_of(answer: Verdict) -> tuple[object, ...]:
    """Return what makes an answer another one for readers."""
    return headline(answer), answer.since, tuple(way.control.key for way in answer.ways)
