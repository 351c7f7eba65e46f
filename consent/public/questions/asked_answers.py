"""Answers a question for each platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from consent.ledger.ages import AtAge, are_of_some_minors, at_age, speaks_of_children
from consent.ledger.answers import ADULT, Since, Stance, Verdict
from consent.ledger.audiences import plan_named
from consent.ledger.facts import Facts
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.headline_words import headline, short_name
from consent.ledger.place_words import SEMICOLON
from consent.ledger.platform_facts import PlatformFacts, UseFacts
from consent.ledger.question import Question
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import answer_of_adults, elsewhere, other_answers, since_of_use, verdict
from consent.ledger.verdict_words import name_of, note_beside
from consent.ledger.way_buttons import WayButton, are_for_some_places, best_guides, way_buttons
from consent.ledger.who_sets import Setting, admin_first, decides_itself, settings_of, with_notes
from consent.public.questions.announced import (
    announced_lines,
    announced_of,
    asks_what_is_announced,
    nothing_announced,
)
from consent.public.questions.answer_buttons import answer_buttons, buttons_of_others
from consent.public.questions.answer_line import AnswerLine, TooYoung
from consent.public.questions.asked_changes import asked_changes
from consent.public.questions.asked_lines import FirstLine
from consent.public.questions.asked_parts import ASIDES, asked_parts
from consent.public.questions.asked_question import AskedQuestion
from consent.public.questions.asked_readers import by_place, readers_asked
from consent.public.questions.asked_starts import doubts_of
from consent.public.questions.beside_headline import (
    messages_of_minors,
    not_yet_offered,
    of_private_accounts,
    on_record_instead,
    plan_not_on_record,
    reported,
    uses_of_adults,
)
from consent.public.questions.evidence import evidence_of
from consent.public.questions.past_days import earlier_answers, span_words
from consent.public.questions.platform_question import PlatformQuestion, answer_about
from consent.public.roles.roles import on_own_plans, roles_with_plans
from consent.search.names import names_of
from consent.search.pages import asks_for, asks_how_told, without_asking
from consent.search.questions import read_subject
from consent.vocabulary import People, Purpose
from consent.web.date_words import format_date
from consent.web.page_language import colon
from platforms.models import Platform

#: Lines that fit above a headline and its button on a phone. Tried at 360 × 740.
_BEFORE_HEADLINE = 3

#: Lines there that say whether people were asked, before those that say how they were told. Chosen.
_ANSWERS_FIRST = 2


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
        way_buttons, guides=guides, phone_first=asks_for("phone", asked.sought), first_alone=True
    )
    lines: dict[Platform, list[AnswerLine]] = {}
    names = {platform: names_of(platform) for platform in platforms}
    announced = announced_of(names, timezone.localdate()) if names else {}
    for platform in names:
        others = [name for each in names if each != platform for name in names[each]]
        of_platform = PlatformQuestion(
            *(platform, facts[platform.pk], asked, day, others, offered, first_way, guides),
            announced=announced.get(platform.pk, ()),
        )
        each = [by_place(of_platform, kinds) for kinds in readers_asked(of_platform, reader)]
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


def _line_with_days(
    asked: PlatformQuestion, readers: Sequence[Reader], for_whom: str, tells_all: bool
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


def _line(
    asked: PlatformQuestion, readers: Sequence[Reader], for_whom: str, tells_all: bool
) -> AnswerLine:
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
    answer = answer_about(asked, whole)
    told = answer.verdict
    of_all = answer_about(asked, verdict(facts, replace(question, place=""))).verdict
    first = [
        *(FirstLine(f"{capfirst(name_of(use))}{colon()}", rest=who) for use, who in left_out),
        *plan_not_on_record(asked, reader.people),
        *not_yet_offered(late),
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
    also += uses_of_adults(facts, told, asked.question.age)
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
    earlier = earlier_answers(asked, reader, told)
    named = asked.question.day
    dates = span_words(named) if named and named.last == asked.day else ""
    span = gettext("In %(date)s") % {"date": dates} if dates else ""
    settings: Sequence[Setting] = ()
    buttons: list[WayButton] = []
    if is_today:
        settings = with_notes(settings_of(facts, told, asked.guides))
        buttons = answer_buttons(facts, told, asked.first_way)
        buttons = buttons or buttons_of_others(facts, told, asked.first_way, reader)
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


def _differs_there(asked: PlatformQuestion, reader: Reader, told: Verdict) -> bool:
    """Return whether people in the place that is offered have another answer or another way out."""
    there = reader._replace(place=asked.offered).on(asked.day)
    other = answer_about(asked, verdict(asked.facts, there)).verdict
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
