"""Answers a question for each platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, takewhile
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext

from consent.ledger.ages import AtAge, are_of_some_minors, at_age, speaks_of_children
from consent.ledger.answers import ADULT, Line, Sentence, Since, Stance, Verdict, WayOut
from consent.ledger.asked_place import EUROPE, PARTS_OF_EUROPE
from consent.ledger.asked_plan import (
    asked_plans,
    free_plan,
    plan_off_record,
)
from consent.ledger.audiences import is_for, plan_named
from consent.ledger.facts import Facts
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.headline_words import headline, short_name, since_words, whose_since
from consent.ledger.place_words import (
    SEMICOLON,
    is_in_page_language,
    listed,
    people_words,
    place_words,
)
from consent.ledger.platform_facts import PlanFacts, PlatformFacts, UseFacts
from consent.ledger.question import Question, plans_of
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import (
    Elsewhere,
    answer_of_adults,
    answer_of_use,
    elsewhere,
    other_answers,
    since_of_use,
    training_uses,
    verdict,
    verdict_over,
    ways_of_uses,
    with_ways_of_adults,
)
from consent.ledger.verdict_words import name_of, note_beside, people_of, title_language
from consent.ledger.way_buttons import (
    Guides,
    WayButton,
    are_for_some_places,
    best_guides,
    told_apart,
    way_buttons,
)
from consent.ledger.who_sets import (
    Setting,
    admin_first,
    decides_itself,
    is_of_api_alone,
    settings_of,
    with_notes,
)
from consent.models import Entry
from consent.public.questions.announced import (
    announced_lines,
    announced_of,
    asks_what_is_announced,
    nothing_announced,
)
from consent.public.questions.asked_changes import asked_changes
from consent.public.questions.asked_first import (
    ASIDES,
    FirstLine,
    asked_parts,
    doubts_of,
    evidence_of,
    is_told_apart,
    kinds_asked,
    label_of,
    messages_of_minors,
    nothing_alone,
    of_data_on_record,
    of_kind,
    of_private_accounts,
    reported,
)
from consent.public.questions.asked_question import AskedQuestion
from consent.public.questions.asked_uses import (
    about_kind,
    asked_about,
    kinds_on_record,
    purposes_off_record,
    works_off_record,
)
from consent.public.roles.roles import on_own_plans, roles_with_plans
from consent.search.asked_day import AskedDay
from consent.search.asked_people import are_people
from consent.search.asked_works import WORKS, words_for
from consent.search.names import names_of
from consent.search.pages import asks_for, asks_how_told, without_asking
from consent.search.plain_words import words
from consent.search.questions import read_subject
from consent.vocabulary import GIVING_UP, DataKind, People, Precision, Purpose, StateValue
from consent.web.date_words import format_date
from consent.web.page_language import colon
from platforms.days import end_of_month
from platforms.models import Platform
from platforms.places import GROUPS, Where
from platforms.vocabulary import PlanKind

#: Other answers within a year or month, the latest of them. Chosen.
_MOST_IN_SPAN = 4
#: Sentences below an answer of the box. Chosen.
_SENTENCES = 5
#: Uses that are named where nothing is on record of what was asked. Chosen.
_MOST_INSTEAD = 3
#: Ways out for people in different places. Chosen.
_WAYS = 4
#: What are plans of organisations wherever a service has them.
_OF_ORGANISATIONS = frozenset(("Business", "Enterprise"))
#: Lines that fit above a headline and its button on a phone. Tried at 360 × 740.
_BEFORE_HEADLINE = 3
#: Lines there that say whether people were asked, before those that say how they were told. Chosen.
_ANSWERS_FIRST = 2

#: What makes the buttons of the best way out of an answer.
_FirstWay = Callable[[PlatformFacts, Verdict], list[WayButton]]


def _date_of_span(day: AskedDay) -> str:
    """Return "2023" or "May 2023" for a year or a month that is past; "" for other days."""
    if day.first.day != 1 or day.last != end_of_month(day.last):
        return ""
    months = (day.first.month, day.last.month)
    if day.first.year != day.last.year or (months[0] != months[1] and months != (1, 12)):
        return ""
    return format_date(day.first, Precision.MONTH if months[0] == months[1] else Precision.YEAR)


def _in_span(day: AskedDay) -> str:
    """Return "In 2023" or "In May 2023"; "" for other days."""
    if not (dates := _date_of_span(day)):
        return ""
    is_month = day.first.month == day.last.month
    words = pgettext("month", "In %(date)s") if is_month else pgettext("year", "In %(date)s")
    return words % {"date": dates}


class OtherDay(NamedTuple):
    """The answer of an earlier day of the year or month that was asked about."""

    words: str
    answer: Verdict


class TooYoung(NamedTuple):
    """What holds for a child who is too young for an account.

    starts_at: the age from which accounts are open. answer: for younger children, if anything is on
    record of them. notes: what else is said of them, as files have it.
    """

    starts_at: int
    answer: Verdict | None
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """address: of the platform's page, for the same reader, on the plan that was typed.

    verdict: about what was asked. label: what that is if it is not all, and the day if it is not
    today; language: of the label, "" for English. whole: then the answer about all.
    others: answers for other people on the plan, or about uses that the verdict knows nothing of.
    first: what it begins with, by the question. parts: what it says below the headline of each
    thing that is asked, where these are several or there is much to say; further: more of each,
    which is folded; folds_rest: so is what nobody asked for.
    tells_since: one of them is since when; tells_age: for which age. earlier: what held before the
    last day of a year or month that is past. by_place: buttons for people in different places,
    where the question names none. tells_all: it is for everybody, or one of several for places that
    differ.
    also: what nobody asked for, and is another answer. differs_there: in the place that is offered.
    elsewhere: what differs outside the place that is named.
    span: the year or month within which it changed. lead_since: of the first use alone, where
    uses that differ have no start together.
    settings: who in an organisation sets what. decides_itself: it agrees, or does not.
    too_young: the child who is asked about; the answer is then that for older minors.
    on_own_plans: the verdict on the plans of those who ask, such as schools, which have its start.
    adults: what is on record of them, where minors ask of whom less is.
    days: beside the answer of a past day, which has no buttons, the whole answers of a second one
    that was named and of today.
    """

    platform: Platform
    verdict: Verdict
    buttons: list[WayButton]
    address: str
    reader: Reader
    others: Sequence[Verdict] = ()
    first: Sequence[FirstLine] = ()
    label: str = ""
    language: str = ""
    whole: Verdict | None = None
    earlier: Sequence[OtherDay] = ()
    differs_by_place: bool = False
    also: Sequence[FirstLine] = ()
    tells_all: bool = False
    differs_there: bool = False
    elsewhere: Elsewhere | None = None
    parts: Sequence[FirstLine] = ()
    further: Sequence[FirstLine] = ()
    folds_rest: bool = False
    tells_since: bool = False
    tells_age: bool = False
    span: str = ""
    lead_since: Since | None = None
    settings: Sequence[Setting] = ()
    decides_itself: bool = False
    too_young: TooYoung | None = None
    on_own_plans: Sequence[tuple[str, Verdict]] = ()
    adults: Verdict | None = None
    days: Sequence[AnswerLine] = ()

    @property
    def now(self) -> AnswerLine:
        """The answer of today, which may be the only one."""
        return [self, *self.days][-1]

    @property
    def is_of_today(self) -> bool:
        return self.verdict.day == timezone.localdate()

    @property
    def plan(self) -> str:
        return self.reader.plan

    @property
    def sentences(self) -> Sequence[Sentence]:
        """What happens with which data, where and for whom: a headline is often wider."""
        return self.verdict.sentences[:_SENTENCES]

    @property
    def groups(self) -> list[tuple[str, str]]:
        """The words of sources for the minors whom an answer is about: their age, and consent.

        Each with its language; "" for English.
        """
        if self.verdict.people != People.MINORS:
            return []
        named = dict.fromkeys(line.branch.who for line in self.verdict.lines if line.branch.who)
        page = str(get_language())
        return [
            (people_words((), (), who), page if is_in_page_language(who) else "") for who in named
        ]

    @property
    def start_then(self) -> str:
        """Since when an answer of a past day held; "" where that is said below it.

        That is so where it began at several times, or where people could refuse at others.
        """
        since = self.verdict.since
        if self.verdict.day >= timezone.localdate() or since is None or self.tells_since:
            return ""
        is_one = since.on and not (since.last or since.way or self.on_own_plans)
        return since_words(since) if is_one and not whose_since(self.verdict) else ""

    @property
    def address_of_more(self) -> str:
        """The address of sentences beyond those that are shown; "" if there are none."""
        return self.address if len(self.sentences) < len(self.verdict.sentences) else ""

    @property
    def has_nothing_to_refuse(self) -> bool:
        """Whether nobody can refuse this today, nor any other use of the platform."""
        lead = self.verdict.lead
        is_refusable = any(each.is_of_another_use for each in self.buttons)
        return (
            self.verdict.way == WayOut.NONE
            and self.verdict.day == timezone.localdate()
            and lead is not None
            and lead.is_training
            and not is_refusable
            and not any(other.ways for other in self.others)
        )


class DaysAsked(NamedTuple):
    """The day of the answers beside what was typed about days.

    shown: "" for today. others: further days to show, with the query string. is_ahead: what was
    named is still to come.
    """

    shown: str
    others: list[tuple[str, str]]
    is_ahead: bool


def days_asked(asked: AskedQuestion, day: dt.date, typed: str, reader: Reader) -> DaysAsked | None:
    """Return which day answers are of, where a question or an address names one."""
    today = timezone.localdate()
    if asked.day is None and day == today:
        return None
    kept = {"q": typed, "place": reader.place, "people": reader.people or ""}

    def on(other: dt.date) -> tuple[str, str]:
        return format_date(other), urlencode({**kept, "asof": other.isoformat()})

    named = (asked.day.first, asked.day.last) if asked.day and not asked.day.goes_on else ()
    others = [on(each) for each in dict.fromkeys(named) if each != day and each < today]
    if day != today:
        others.append((gettext("today"), urlencode({**kept, "asof": today.isoformat()})))
    is_ahead = bool(asked.day and asked.day.first > today)
    is_span = asked.day is not None and asked.day.last == day != asked.day.first
    shown = _date_of_span(asked.day) if asked.day and is_span else ""
    shown = shown or format_date(day)
    if asked.further_day and asked.day and day == asked.day.last:
        shown = ", ".join((shown, format_date(asked.further_day)))
    return DaysAsked("" if day == today else shown, others, is_ahead)


class Whose(NamedTuple):
    """For whom answers are. others: for whom they can be shown as well, with the query string."""

    people: str
    is_open: bool
    others: list[tuple[str, str]]


#: As in "Answers for …", and in the order in which they are offered.
_FOR = {
    People.PERSONAL: gettext_lazy("adults with an account of their own"),
    People.ORGANISATION: gettext_lazy("organisations"),
    People.MINORS: gettext_lazy("people under 18"),
    People.CREATORS: gettext_lazy("creators"),
    People.NO_ACCOUNT: gettext_lazy("people without an account"),
}
_OFFERED = (People.PERSONAL, People.ORGANISATION, People.MINORS)


def people_in_full(people: People) -> str:
    return str(_FOR[people])


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


def answer_lines(
    platforms: Iterable[Platform],
    facts: Facts,
    reader: Reader,
    asked: AskedQuestion,
    day: dt.date,
    offered: str = "",
) -> dict[Platform, list[AnswerLine]]:
    """Answer for each platform: once, or for each of its plans, people or places in the words.

    offered: a place for which answers can be shown as well.
    """
    guides = best_guides(all_guide_lines())
    first_way = partial(
        way_buttons,
        guides=guides,
        phone_first=asks_for("phone", asked.sought),
        first_alone=True,
    )
    lines: dict[Platform, list[AnswerLine]] = {}
    names = {platform: names_of(platform) for platform in platforms}
    announced = announced_of(names, timezone.localdate()) if names else {}
    for platform in names:
        others = [name for each in names if each != platform for name in names[each]]
        of_platform = _Asked(
            *(platform, facts[platform.pk], asked, day, others, offered, first_way, guides),
            announced=announced.get(platform.pk, ()),
        )
        each = [_by_place(of_platform, kinds) for kinds in _readers(of_platform, reader)]
        lines[platform] = [
            _line_with_days(of_platform, readers, label, tells_all)
            for places in each
            for tells_all in [asked.is_for_all or len(places) > 1]
            for label, readers in places
        ]
    return _said_once(lines)


def _said_once(answers: Mapping[Platform, list[AnswerLine]]) -> dict[Platform, list[AnswerLine]]:
    """Leave out what an answer above says of what is asked, where much is asked.

    Of another day it is left out, of another service its words stay without what follows them.
    """
    shown: list[FirstLine] = []

    def once(line: AnswerLine, above: Sequence[FirstLine] = ()) -> AnswerLine:
        if not line.folds_rest:
            return line
        parts = [
            _as_above(each) if (each.records or each.rest) and each in shown else each
            for each in line.parts
            if each not in above
        ]
        shown.extend(line.parts)
        further = [each for each in line.further if each not in above]
        days = [once(each, [*line.parts, *line.further]) for each in line.days]
        return replace(line, parts=parts, further=further, days=days)

    return {platform: list(map(once, lines)) for platform, lines in answers.items()}


def _as_above(line: FirstLine) -> FirstLine:
    above = gettext("as above")
    words = f"{line.words.rstrip('.').removesuffix(colon())}{SEMICOLON}{above}."
    return line._replace(words=words, records=(), rest="", source="")


def _by_place(asked: _Asked, readers: Sequence[Reader]) -> list[tuple[str, list[Reader]]]:
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
        answers = (_answer(asked, verdict(asked.facts, there.on(day))) for day in asked.days)
        alike = tuple(map(_shown_of, (each.verdict for each in answers)))
        parts.setdefault(alike, []).append(place)
    return [
        (
            place_words(Where(tuple(chain(*(GROUPS.get(code, (code,)) for code in codes))))),
            [each._replace(place=codes[0]) for each in readers],
        )
        for codes in parts.values()
    ]


def _shown_of(answer: Verdict) -> tuple[object, ...]:
    """Return what makes an answer another one for readers."""
    ways = tuple(way.control.key for way in answer.ways)
    return headline(answer), answer.since, ways, answer.sentences


def _readers(asked: _Asked, reader: Reader) -> list[list[Reader]]:
    """Return for whom to answer: for each plan that was typed, each kind of people that has it.

    Of a school: for it, and for its minors if these are named. For everybody: for each kind of
    people with an answer of its own.
    """
    platform, facts, question = asked.platform, asked.facts, asked.question
    free = free_plan(facts)
    plans = asked_plans(facts, names_of(platform), question.typed, asked.others)
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
    off_record = plan_off_record(facts, names_of(platform), question.typed)
    if not plans and reader.people is None and off_record in _OF_ORGANISATIONS:
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


class _Asked(NamedTuple):
    """What a question asks of one platform. others: names of the further ones in it.

    announced: for it. of_children: uses that name children of the age that is asked about.
    not_for_age: keys of uses that are for others alone. is_beside_past: the answer is that of today
    below that of the day that was named.
    """

    platform: Platform
    facts: PlatformFacts
    question: AskedQuestion
    day: dt.date
    others: Collection[str]
    offered: str
    first_way: _FirstWay
    guides: Guides
    announced: Sequence[Entry] = ()
    of_children: tuple[UseFacts, ...] = ()
    not_for_age: frozenset[str] = frozenset()
    is_beside_past: bool = False

    @property
    def days(self) -> list[dt.date]:
        """The days that are answered for: the one that was asked about, and today."""
        return list(dict.fromkeys((self.day, timezone.localdate())))

    @property
    def own(self) -> frozenset[str]:
        """The words of its names, which ask for nothing: "Google Photos"."""
        return frozenset(words(" ".join(names_of(self.platform))))


class _Answer(NamedTuple):
    """The answer about what was asked, with its label and that label's language.

    after: what is said below it.
    """

    verdict: Verdict
    label: str = ""
    language: str = ""
    first: Sequence[FirstLine] = ()
    after: Sequence[FirstLine] = ()


def _answer(asked: _Asked, whole: Verdict) -> _Answer:
    """Choose what of a whole answer a question is about: some uses, or a kind of data."""
    facts, sought = asked.facts, asked.question.sought
    page = str(get_language())
    about_data = [word for word in sought if word in asked.question.rest]  # and not about people
    works = works_off_record(facts, about_data, asked.own)
    of_works = {word for work in works for word in words_for(work)}
    named = [word for word in sought if word not in of_works]
    named_kinds = kinds_asked(facts, whole, named, asked.own)
    kinds = kinds_on_record(facts, whole, named_kinds)
    alone = [nothing_alone(facts, kind) for kind in named_kinds if kind not in kinds]
    nothing = gettext("nothing on record")
    off_record, of_no_record = (
        [FirstLine(f"{capfirst(str(label))}{colon()} {nothing}") for label in labels]
        for labels in (
            [purpose.label for purpose in purposes_off_record(facts, sought)],
            [WORKS[work] for work in works],
        )
    )
    alone = [*of_no_record, *alone]
    name = frozenset(words(facts.name))
    about = asked_about(facts, whole, about_data, name)
    if about and asked.not_for_age.issuperset(use.key for use in about.answer.uses):
        # Of others it is said.
        return _Answer(whole, gettext("All together"), page, off_record, of_no_record)
    if about:
        missing = [of_kind(facts, kind, whole) for kind in kinds if not _is_known(facts, kind)]
        return _Answer(about.answer, about.label, about.language, off_record, [*missing, *alone])
    if asked.of_children and set(asked.of_children) < set(whole.uses):
        of_age = verdict_over(facts, asked.of_children, whole.question)
        label = listed([name_of(use) for use in asked.of_children])
        language = title_language(asked.of_children[0])
        return _Answer(of_age, label, language, off_record, of_no_record)
    apart = [kind for kind in kinds if is_told_apart(facts, kind, whole)]
    if len(apart) == 1 and (of_one := about_kind(facts, whole, apart[0])):
        return _Answer(of_one, label_of(facts, apart[0]), page, off_record, alone)
    known = [kind for kind in apart if _is_known(facts, kind)]
    lines = [*off_record, *(of_kind(facts, kind, whole) for kind in known)]
    # What holds for more comes before that nothing is known of a part of it.
    alone = [*(of_kind(facts, kind, whole) for kind in apart if kind not in known), *alone]
    label = gettext("All together")
    if not known and (apart or works):
        label = of_data_on_record(whole)
    elif not apart and (kinds or not alone):
        label = ""
    return _Answer(whole, label, page if label else "", lines, alone)


def _is_known(facts: PlatformFacts, kind: DataKind) -> bool:
    uses = training_uses(facts)
    return any(kind in use.data_kinds for use in uses) or not any(use.data_kinds for use in uses)


def _line_with_days(
    asked: _Asked, readers: Sequence[Reader], for_whom: str, tells_all: bool
) -> AnswerLine:
    """Return the answer of the day that was asked about; if it is past, with what is beside it."""
    line = _line(asked, readers, for_whom, tells_all)
    if line.is_of_today:
        return line
    named, further = asked.question.day, asked.question.further_day
    is_named = further is not None and named is not None and named.last == asked.day
    days = [further] if further and is_named else []
    return replace(
        line,
        days=[
            _line(asked._replace(day=day, is_beside_past=True), readers, for_whom, tells_all)
            for day in (*days, timezone.localdate())
        ],
    )


def _line(asked: _Asked, readers: Sequence[Reader], for_whom: str, tells_all: bool) -> AnswerLine:
    platform, facts, sought = asked.platform, asked.facts, asked.question.sought
    today = timezone.localdate()
    reader, *others = readers
    too_young: TooYoung | None = None
    left_out: Sequence[tuple[UseFacts, str]] = ()
    if reader.people == People.MINORS and asked.question.age is not None:
        of_age = at_age(facts, asked.question.age)
        too_young = _too_young(facts, of_age, reader.on(asked.day), asked.question.age)
        if too_young is None:
            facts, left_out = of_age.facts, of_age.left_out
            not_for_age = frozenset(use.key for use, _who in left_out)
            asked = asked._replace(facts=facts, of_children=of_age.named, not_for_age=not_for_age)
    late = plan_named(facts, reader.plan) if reader.plan else None
    if late and late.since and late.since > asked.day:
        asked = asked._replace(day=today)
    else:
        late = None
    question = reader.on(asked.day)
    whole = verdict(facts, question)
    answer = _answer(asked, whole)
    told = answer.verdict
    of_all = _answer(asked, verdict(facts, replace(question, place=""))).verdict
    first = [
        *(FirstLine(f"{capfirst(name_of(use))}{colon()}", rest=who) for use, who in left_out),
        *_off_record(asked, reader.people),
        *_not_yet(late),
        *answer.first,
    ]
    if asks_for("private-account", sought) and asked.day == today:
        first += of_private_accounts(told, platform.category)
    own_plans = on_own_plans(platform, facts, roles_with_plans(sought, reader.people), told)
    parts = asked_parts(platform, facts, told, sought, asked.own, asked.others, own_plans)
    changes = []
    if not asked.is_beside_past:
        changes = asked_changes(platform.slug, reader.place, sought, asked.own, asked.question.day)
    parts += changes
    main = [line for part in parts for line in part.main]
    further = [line for part in parts for line in part.further]
    if len(parts) < 2 or changes:
        main, further = [line for part in parts for line in part.lines], []
    is_today = asked.day == today
    if not is_today:  # the headline names the day
        first, main = [], [*first, *main]
    elif len(parts) == 1 and parts[0].is_aside and _asks_of_training_too(sought):
        pass
    elif len(parts) < 2 and len(main) <= _BEFORE_HEADLINE:
        first, main = [*first, *main], []
    elif parts and parts[0].is_told and (len(parts) == 1 or changes):
        told_first = parts[0].main
        size = len(list(takewhile(lambda line: not line.records, told_first[:_ANSWERS_FIRST])))
        first, further = [*first, *told_first[: size or 1]], parts[0].further
        main = [*told_first[size or 1 :], *(line for part in parts[1:] for line in part.lines)]
    if asks_for("proof", sought):
        main += evidence_of(told)
    ahead = announced_lines(asked.announced, told, today) if is_today else []
    asks_of_start = asks_for("since", sought) or asks_how_told(sought)
    if is_today and (asks_what_is_announced(sought) or asks_of_start):
        of_none = [nothing_announced()] if asks_what_is_announced(sought) else []
        first = [*(ahead or of_none), *first]
    also = [*ahead, *reported(told), *messages_of_minors(platform, facts, told)]
    also += _told_of_minors(facts, told, asked.question.age)
    if is_today:  # of a past day, notes are beside the answer
        notes = {note_beside(told), *(line.rest for line in (*first, *main, *further))}
        also += [line for line in doubts_of(told) if line.rest not in notes]
    main = [*answer.after, *main]
    chosen = {axis: str(value) for axis, value in reader._asdict().items() if value}
    if not is_today:
        chosen["asof"] = asked.day.isoformat()
    query = f"?{urlencode(chosen)}" if chosen else ""
    instead = on_record_instead(facts, told)
    if instead and not answer.label:
        answer = answer._replace(label=str(Purpose.TRAINING.label), language=str(get_language()))
    label = ", ".join(filter(None, (for_whom, answer.label)))
    if late:
        label = gettext("Today")
    earlier = _earlier(asked, reader, told)
    named = asked.question.day
    span = _in_span(named) if named and named.last == asked.day else ""
    settings: Sequence[Setting] = ()
    buttons: list[WayButton] = []
    if is_today:
        settings = with_notes(settings_of(facts, told, asked.guides))
        buttons = _buttons(facts, told, asked.first_way)
        buttons = buttons or _buttons_of_others(facts, told, asked.first_way, reader)
        if not buttons and read_subject(sought).wants_way_out:  # "turn off Gemini in Gmail"
            of_rest = _ways_of_others(facts, told, asked.first_way)
            buttons = [each for each in of_rest if not each.without_guide]
    else:
        on = gettext("On %(date)s") % {"date": format_date(asked.day)}
        if span and not earlier:  # all the time
            on = span
        label = f"{on}, {label}" if label else on
    return AnswerLine(
        platform,
        told,
        admin_first(buttons, settings),
        f"{platform.get_absolute_url()}{query}",
        reader,
        [verdict(facts, other.on(asked.day)) for other in others]
        or other_answers(facts, whole, question),
        first,
        capfirst(label),
        answer.language if is_today and not for_whom else str(get_language()),
        None if told is whole else whole,
        earlier,
        is_today and are_for_some_places(facts, told),
        [*(line for line in also if line not in (*first, *main)), *instead],
        tells_all,
        bool(asked.offered) and _differs_there(asked, reader, told),
        elsewhere(told, of_all) if told.uses == of_all.uses else None,
        parts=main,
        further=further,
        folds_rest=len(parts) > 1 and not changes,
        tells_since=any(part.is_since for part in parts),
        tells_age=asks_for("age", sought)
        or (asked.question.age is not None and are_of_some_minors(facts)),
        lead_since=_since_of_lead(facts, told),
        settings=settings,
        span=span if earlier else "",
        decides_itself=is_today and decides_itself(facts, told),
        too_young=too_young,
        on_own_plans=own_plans,
        adults=answer_of_adults(facts, told),
    )


def _asks_of_training_too(sought: Sequence[str]) -> bool:
    """Return whether words ask about training beside what becomes of data: "keep", "delete"."""
    for aside in ASIDES:
        sought = without_asking(aside, sought)
    subject = read_subject(sought)
    return subject.is_about_training or subject.wants_way_out


def _too_young(
    facts: PlatformFacts, of_age: AtAge, question: Question, age: int
) -> TooYoung | None:
    """Return what holds for a child below the least age of accounts; None for others.

    Where accounts are for adults, each answer for minors says so.
    """
    least = facts.min_age
    if least is None or not age < least < ADULT:
        return None
    answer = verdict(of_age.facts, question)
    is_named = any(speaks_of_children(line.branch.who, age, least) for line in answer.lines)
    lines = verdict(facts, question).lines
    notes = dict.fromkeys(line.state.note for line in lines if line.state)
    told = [note for note in notes if speaks_of_children(note, age, least)]
    return TooYoung(least, answer if is_named else None, told)


def _differs_there(asked: _Asked, reader: Reader, told: Verdict) -> bool:
    """Return whether people in the place that is offered have another answer or another way out."""
    there = reader._replace(place=asked.offered).on(asked.day)
    other = _answer(asked, verdict(asked.facts, there)).verdict
    return any(
        (
            headline(other) != headline(told),
            other.since != told.since,
            [way.control.key for way in other.ways] != [way.control.key for way in told.ways],
            told.stance == Stance.DEPENDS and other.sentences != told.sentences,
        )
    )


def _since_of_lead(facts: PlatformFacts, answer: Verdict) -> Since | None:
    if answer.since or answer.stance != Stance.DEPENDS or answer.lead is None:
        return None
    if not short_name(answer.lead):  # "Your posts train its models" would claim that they do
        return None
    found = since_of_use(facts, answer.lead, answer.question)
    return found if found and found.on else None


def _buttons_of_others(
    facts: PlatformFacts, answer: Verdict, first_way: _FirstWay, reader: Reader
) -> list[WayButton]:
    """Return the way of the first other people who have one, with whom it is for."""
    if answer.way != WayOut.NONE:
        return []
    for other in other_answers(facts, answer, reader.on(answer.day)):
        if other.ways and (found := first_way(facts, other)):
            # Translators: "only for: creators (channel owners)", beside a way to refuse
            about = gettext("only for: %(uses)s") % {"uses": people_of(other)}
            return [replace(found[0], to_whom=about, is_of_another_use=True)]
    return []


def on_record_instead(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Name the uses that are no training and are on record where nothing is of what was asked."""
    if not answer.nothing_on_record:
        return []
    others = [use for use in facts.uses if use not in answer.uses]
    known = _of_uses(facts, others, answer.question, lambda each: not each.nothing_on_record)
    return known[:_MOST_INSTEAD]


def _of_uses(
    facts: PlatformFacts,
    uses: Iterable[UseFacts],
    question: Question,
    is_told: Callable[[Verdict], bool],
) -> list[FirstLine]:
    answers = ((use, answer_of_use(facts, use, question)) for use in uses)
    return [FirstLine(headline(each), use=use) for use, each in answers if is_told(each)]


def _told_of_minors(facts: PlatformFacts, answer: Verdict, age: int | None) -> list[FirstLine]:
    """Name the uses that are on for adults where nothing is on record of what minors give.

    Where an age is asked about: also those that are not offered to minors, where others are.
    """
    if answer.people != People.MINORS:
        return []
    lines, uses = [], training_uses(facts)
    if answer.nothing_on_record:
        adults = replace(answer.question, people=People.PERSONAL)
        on = [use for use in uses if answer_of_use(facts, use, adults).stance == Stance.YES]
        others = [use for use in on if use not in answer.uses]
        open_uses = _of_uses(facts, others, answer.question, lambda each: each.nothing_on_record)
        lines = open_uses[:_MOST_INSTEAD]
    if age is not None and not answer.is_not_offered:
        lines += _of_uses(facts, uses, answer.question, lambda each: each.is_not_offered)
    return lines


def _off_record(asked: _Asked, people: People | None) -> list[FirstLine]:
    """Say that the plan that was typed is not on record, or not for minors."""
    names, typed = names_of(asked.platform), asked.question.typed
    plan = plan_off_record(asked.facts, names, typed)
    if people == People.MINORS:
        named = asked_plans(asked.facts, names, typed, asked.others)
        answered = {*plans_of(asked.facts, people)}
        if asked.question.at_school:  # its plans are answered for beside those of minors
            answered.update(plans_of(asked.facts, People.ORGANISATION))
        plan = plan or ", ".join(each for each in named if each not in answered)
    said = gettext("We have no list of plans of %(name)s for this kind of account.")
    if plans_of(asked.facts):
        said = gettext(
            "We have no record of a plan “%(asked)s” of %(name)s for this kind of account."
        )
    return [FirstLine(said % {"asked": plan, "name": asked.facts.name})] if plan else []


def _not_yet(late: PlanFacts | None) -> list[FirstLine]:
    """Say that a plan began after the day that was asked about."""
    if late is None or late.since is None:
        return []
    began = format_date(late.since, late.since_precision)
    words_of_plan = gettext("%(plan)s was not offered before: it began %(date)s.")
    return [FirstLine(words_of_plan % {"plan": late.name, "date": began})]


def _earlier(asked: _Asked, reader: Reader, told: Verdict) -> Sequence[OtherDay]:
    """Return the answers of a past year or month before its last day, each with its day."""
    named = asked.question.day
    if not named or named.last != asked.day or named.first == named.last:
        return ()
    if asked.day == timezone.localdate():
        return ()
    changes: list[OtherDay] = []
    begun = [day for day in _starts(asked.facts) if named.first < day <= named.last]
    for day in (named.first, *begun):
        answer = _answer(asked, verdict(asked.facts, reader.on(day))).verdict
        if not changes or headline(answer) != headline(changes[-1].answer):
            words = gettext("From %(date)s") if changes else gettext("On %(date)s")
            changes.append(OtherDay(capfirst(words % {"date": format_date(day)}), answer))
    if headline(changes[-1].answer) == headline(told):  # it stands above
        changes.pop()
    return changes[-_MOST_IN_SPAN:]


def _starts(facts: PlatformFacts) -> list[dt.date]:
    """Return the days on which a state of a training use begins."""
    branches = [branch for use in training_uses(facts) for branch in use.branches]
    return sorted({state.since for each in branches for state in each.states if state.since})


def _buttons(facts: PlatformFacts, answer: Verdict, first_way: _FirstWay) -> list[WayButton]:
    """Return the way out as a button; each with its place, where ways differ and none was named.

    Of what cannot be refused or is off: the way round it, that of another use, or where it is set.
    """
    if are_for_some_places(facts, answer):
        answer = with_ways_of_adults(facts, answer)
        each_way = (replace(answer, ways=(way,)) for way in answer.ways[:_WAYS])
        found = [button for one in each_way for button in first_way(facts, one)]
        return sorted(told_apart(found), key=lambda button: button.is_hint)
    if (answer.stance == Stance.ONLY_IF_AGREED or _has_agreed(answer)) and not answer.ways:
        is_all = set(answer.uses) == set(training_uses(facts))
        others = [] if is_all else _ways_of_others(facts, answer, first_way)
        return _where_it_is_set(facts, answer, first_way) or others
    if _has_others(answer) and (others := _ways_of_others(facts, answer, first_way)):
        own = first_way(facts, answer) if answer.ways else []
        told = {each.address for each in others}
        return [*(each for each in own if each.address not in told), *others]
    return first_way(facts, answer)


def _has_agreed(answer: Verdict) -> bool:
    """Return whether nothing is on, and something may be if people agree."""
    values = {line.value for line in answer.lines}
    return not answer.is_warm and StateValue.ONLY_IF_AGREED in values


def _has_others(answer: Verdict) -> bool:
    """Return whether only another use may have a way out: this has none, or is not on record."""
    return answer.way == WayOut.NONE or answer.nothing_on_record


def _where_it_is_set(
    facts: PlatformFacts, answer: Verdict, first_way: _FirstWay
) -> list[WayButton]:
    """Return where people agree, and take that back; no button where that is for some only.

    Giving up the product is no such place: it keeps its own name.
    """
    on_record = {line.use.key: line.use for line in answer.lines}
    ways = ways_of_uses(facts, on_record.values(), answer.question)
    ways = tuple(way for way in ways if answer.plan or not is_of_api_alone(facts, way.control))
    if not ways:
        return []
    places = tuple(way for way in ways if way.control.refuse not in GIVING_UP)
    found = first_way(facts, replace(answer, ways=places or ways))
    if not places:
        missing = gettext("where permission is given is not on record")
        words = (str(SEMICOLON).join(filter(None, (each.to_whom, missing))) for each in found)
        return [replace(each, to_whom=told) for each, told in zip(found, words, strict=True)]
    return [
        each
        if each.is_hint
        else replace(each, act=gettext("Where it is set"), is_hint=bool(each.to_whom))
        for each in found
    ]


def _ways_of_others(facts: PlatformFacts, answer: Verdict, first_way: _FirstWay) -> list[WayButton]:
    """Return the way out of another use than those that cannot be refused, with its name."""
    fixed = {line.use.key for line in answer.lines if line.is_on}
    for use in facts.uses:
        ways = ways_of_uses(facts, (use,), answer.question) if use.key not in fixed else ()
        ways = tuple(way for way in ways if way.control.refuse not in GIVING_UP)
        of_use = replace(answer_of_use(facts, use, answer.question), ways=ways)
        if of_use.nothing_on_record:  # for these people
            continue
        if ways and (found := first_way(facts, of_use)):
            # Translators: "only for: Meta AI chats", beside a way to refuse
            about = gettext("only for: %(uses)s") % {"uses": name_of(use)}
            told = () if about in found[0].to_whom else (about,)
            to_whom = str(SEMICOLON).join(filter(None, (*told, found[0].to_whom)))
            act = found[0].act
            if of_use.stance == Stance.ONLY_IF_AGREED and not found[0].is_hint:
                act = gettext("Where it is set")
            return [replace(found[0], act=act, to_whom=to_whom, is_of_another_use=True)]
    return []
