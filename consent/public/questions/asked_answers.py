"""Answers a question for each platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import NamedTuple

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from consent.ledger.ages import (
    AtAge,
    are_of_some_minors,
    at_age,
    is_too_young,
    speaks_of_children,
)
from consent.ledger.answers import Sentence, Since, Stance, Verdict
from consent.ledger.facts import Facts
from consent.ledger.guide_lines import all_guide_lines
from consent.ledger.headline_words import headline, short_name
from consent.ledger.place_words import SEMICOLON
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.question import Question
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import (
    answer_beside,
    elsewhere,
    other_answers,
    since_of_use,
    verdict,
)
from consent.ledger.verdict_words import name_of, note_beside, notes_without_way
from consent.ledger.way_buttons import WayButton, are_for_some_places, best_guides, on_phones
from consent.ledger.who_sets import Setting, admin_first, decides_itself, settings_of, with_notes
from consent.public.questions.announced import announced_first, announced_lines, announced_of
from consent.public.questions.answer_buttons import answer_buttons
from consent.public.questions.answer_line import (
    AnswerAbout,
    AnswerLine,
    AskedPart,
    FirstLine,
    TooYoung,
)
from consent.public.questions.answer_sources import evidence_of
from consent.public.questions.asked_changes import asked_changes
from consent.public.questions.asked_handling import forms_beside
from consent.public.questions.asked_kinds import data_named, kinds_asked
from consent.public.questions.asked_parts import ASIDES, asked_parts
from consent.public.questions.asked_question import AskedQuestion
from consent.public.questions.asked_readers import by_place, readers_asked, shown_of
from consent.public.questions.asked_starts import disputed_lines
from consent.public.questions.beside_headline import (
    messages_of_minors,
    of_private_accounts,
    on_record_instead,
    plan_not_on_record,
    reported,
    uses_of_adults,
)
from consent.public.questions.past_days import (
    answers_in_span,
    day_words,
    days_beside,
    not_yet_offered,
    plan_to_come,
)
from consent.public.questions.platform_question import (
    PlatformQuestion,
    answer_about,
    answer_on,
)
from consent.public.roles.roles import Role, on_own_plans, roles_named, roles_with_plans
from consent.search.names import names_of
from consent.search.pages import asks_for, without_asking
from consent.search.questions import read_subject
from consent.vocabulary import People, Purpose
from consent.web.page_language import colon
from platforms.models import Platform

#: Lines that fit beside a headline and its button on a phone. Tried at 360 × 740.
_BEFORE_HEADLINE = 3


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
    names = {platform: names_of(platform) for platform in platforms}
    announced = announced_of(names, timezone.localdate()) if names else {}
    roles = roles_named(asked.sought)
    lines: dict[Platform, list[AnswerLine]] = {}
    for platform in names:
        others = [name for each in names if each != platform for name in names[each]]
        of_platform = PlatformQuestion(
            *(platform, facts[platform.pk], asked, day, others, offered, guides),
            announced=announced.get(platform.pk, ()),
        )
        lines[platform] = [
            _line_with_days(of_platform, readers, label, roles)
            for kinds in readers_asked(of_platform, reader)
            for label, readers in by_place(of_platform, kinds)
        ]
    return _said_once(_with_services_alike(_with_places_apart(lines)))


def _with_places_apart(
    answers: Mapping[Platform, list[AnswerLine]],
) -> dict[Platform, list[AnswerLine]]:
    """Set what happens in one of several places apart from what happens in all of them."""

    def apart(line: AnswerLine, others: Sequence[AnswerLine]) -> AnswerLine:
        if not line.is_of_one_place:
            return line
        everywhere = [{_what_is_said(said) for said in each.verdict.sentences} for each in others]
        only_here = [
            said
            for said in line.sentences
            if not all(_what_is_said(said) in there for there in everywhere)
        ]
        return replace(line, only_here=only_here)

    return {platform: [apart(line, lines) for line in lines] for platform, lines in answers.items()}


def _what_is_said(said: Sentence) -> tuple[object, ...]:
    """Return what a sentence says but for its places."""
    return said.use.title, said.value, said.way, said.disputed, said.plans, said.who


def _with_services_alike(
    answers: Mapping[Platform, list[AnswerLine]],
) -> dict[Platform, list[AnswerLine]]:
    """Name beside an answer the service above it of which the same is told, or of its data."""
    told: dict[tuple[object, ...], Platform] = {}
    alike = {}
    for platform, lines in answers.items():
        alike[platform] = [
            *lines[:1],
            *(_with_data_once(line, above) for above, line in pairwise(lines)),
        ]
        if len(lines) == 1 and lines[0].is_of_today and lines[0].sentences:
            first = told.setdefault(lines[0].what_happens, platform)
            alike[platform] = [replace(lines[0], as_for=first if first != platform else None)]
    return alike


def _with_data_once(line: AnswerLine, above: AnswerLine) -> AnswerLine:
    """Say whether the answer of today is about the data of the one above it."""
    today = replace(line.now, has_data_above=line.now.data == above.now.data)
    return replace(line, days=[*line.days[:-1], today]) if line.days else today


def _said_once(answers: Mapping[Platform, list[AnswerLine]]) -> dict[Platform, list[AnswerLine]]:
    """Leave out what an answer above says of what is asked, where much is asked.

    Of another day it is left out, of another service its words stay without what follows them.
    What guides say is folded for a service for which the same is told as for another; if they say
    the same, that one is named.
    """
    shown: list[FirstLine] = []

    def once(line: AnswerLine, above: Sequence[FirstLine] = ()) -> AnswerLine:
        if not line.folds_rest:
            return line
        parts = [
            _as_above(each) if (each.records or each.rest) and each in shown else each
            for each in line.parts
            if each not in above and (each.words or each not in shown)
        ]
        if line.is_of_one_place:
            parts = [_details_above(each) if each in shown else each for each in parts]
        shown.extend(line.parts)
        notes = [each for each in parts if line.as_for and not each.words]
        parts = [each for each in parts if each not in notes]
        if line.as_for and any(not each.words and each in shown for each in line.parts):
            same = gettext("On what was given before: as for %(name)s.")
            parts.append(FirstLine(same % {"name": line.as_for.name}))
        further = [each for each in (*notes, *line.further) if each not in above]
        days = [once(each, [*line.parts, *line.further]) for each in line.days]
        return replace(line, parts=parts, further=further, days=days)

    return {platform: list(map(once, lines)) for platform, lines in answers.items()}


def _as_above(line: FirstLine) -> FirstLine:
    above = gettext("as above")
    words = f"{line.words.rstrip('.').removesuffix(colon())}{SEMICOLON}{above}."
    return line._replace(words=words, records=(), rest="", source="")


def _details_above(line: FirstLine) -> FirstLine:
    return line._replace(details=gettext("as above")) if line.words.endswith(colon()) else line


def _line_with_days(
    asked: PlatformQuestion, readers: Sequence[Reader], for_whom: str, roles: Sequence[Role]
) -> AnswerLine:
    """Return the answer of the day that was asked about; if it is past, with what is beside it."""
    line = _line(asked, readers, for_whom, roles)
    if line.is_of_today:
        return line
    days, then = [line], [(_inside(day_words(asked)), line.verdict)]
    for day in days_beside(asked):
        on_day = asked._replace(day=day, then=tuple(then))
        days.append(_line(on_day, readers, for_whom, roles))
        then.append((_inside(day_words(on_day)), days[-1].verdict))
    if asks_for("now", asked.question.sought):
        days = _told_together(days)
    return replace(days[0], days=days[1:])


def _inside(words: str) -> str:
    """Return words as within a sentence: "in July 2024"."""
    return words[:1].lower() + words[1:]


def _told_together(days: list[AnswerLine]) -> list[AnswerLine]:
    """Fold what was on past days beside what is asked, where much is asked of today as well."""
    *before, now = days
    if not now.folds_rest or any(each.too_young for each in days):
        return days
    said = [*now.first, *now.parts, *now.further]

    def folded(line: AnswerLine) -> AnswerLine:
        return replace(
            line,
            below=[each for each in line.below if each not in said],
            parts=(),
            further=[each for each in (*line.parts, *line.further) if each not in said],
            folds_rest=True,
            tells_since=now.tells_since,
        )

    *first, last = map(folded, before)
    now = replace(
        now,
        day=gettext("Today"),
        language=str(get_language()),
        first=(),
        below=[*now.first, *now.below],
    )
    if (headline(last.verdict), last.about) == (headline(now.verdict), now.about):
        day = gettext("%(day)s and today") % {"day": last.day}
        now = replace(now, day=day, earlier=last.earlier, below=[*last.below, *now.below])
        last = replace(last, is_as_now=True, earlier=(), below=())
    return [*first, last, now]


def _line(
    asked: PlatformQuestion, readers: Sequence[Reader], for_whom: str, roles: Sequence[Role]
) -> AnswerLine:
    """Answer for the first of the readers; for the others there is a headline beside it.

    roles: those that the question names.
    """
    reader, *others = readers
    asked, too_young, left_out = _at_age(asked, reader)
    late = plan_to_come(asked, reader)
    if late:
        asked = asked._replace(day=timezone.localdate())
    facts, sought, question = asked.facts, asked.question.sought, reader.on(asked.day)
    whole, answer, of_others = _answered(asked, reader, others)
    told = answer.verdict
    of_all = answer_on(asked, replace(question, place="")).verdict
    is_today = asked.day == timezone.localdate()
    own_roles = roles_with_plans(reader.people, roles)
    own_plans = on_own_plans(asked.platform, facts, own_roles, told)
    changes = [] if asked.then else asked_changes(asked, reader.place)
    settings = with_notes(settings_of(facts, told, asked.guides)) if is_today else ()
    buttons = _buttons_of(asked, told, reader, settings) if is_today else []
    parts = [*asked_parts(asked, told, own_plans, buttons), *changes]
    is_of_one_place = is_today and reader.place in asked.question.places
    is_long = is_of_one_place or len(parts) > 1 or _is_aside(parts, sought)
    folds_rest = not changes and is_long
    first_buttons = [each for each in buttons if not (folds_rest and each.is_hint)] or buttons
    first = [*left_out, *plan_not_on_record(asked, reader.people), *not_yet_offered(late)]
    placed = _placed(asked, answer, parts, [*first, *answer.first], has_changes=bool(changes))
    instead = on_record_instead(facts, told)
    if instead and not answer.label:
        answer = answer._replace(label=str(Purpose.TRAINING.label), language=str(get_language()))
    data = _data_asked(asked, whole, told) if is_today and folds_rest else []
    of_span = [] if is_today else answers_in_span(asked, reader, told)
    return AnswerLine(
        asked.platform,
        told,
        first_buttons,
        reader,
        others=of_others or other_answers(facts, whole, question),
        first=placed.first,
        below=[*placed.below, *forms_beside(asked, first_buttons)],
        about=", ".join(filter(None, (for_whom, answer.label))) if not late else gettext("Today"),
        day=of_span[-1].words if of_span else "",
        language=answer.language if is_today and not for_whom else str(get_language()),
        whole=None if told is whole else whole,
        earlier=of_span[:-1],
        differs_by_place=is_today and are_for_some_places(facts, told),
        also=[*_beside(asked, told, placed), *instead],
        differs_there=bool(asked.offered) and _differs_there(asked, reader, told),
        elsewhere=None if is_of_one_place or told.uses != of_all.uses else elsewhere(told, of_all),
        parts=[*data, *placed.main],
        further=placed.further,
        folds_rest=folds_rest,
        further_buttons=[each for each in buttons if each not in first_buttons],
        tells_since=any(part.what == "since" for part in parts),
        tells_age=asks_for("age", sought)
        or (asked.question.age is not None and are_of_some_minors(facts)),
        lead_since=_since_of_lead(facts, told),
        settings=settings,
        decides_itself=is_today and decides_itself(facts, told),
        tells_settings=asks_for("who-sets", sought),
        too_young=too_young,
        on_own_plans=own_plans,
        adults=answer_beside(facts, told),
        age=None if too_young else asked.question.age,
        is_of_one_place=is_of_one_place,
        folds_beside=asked.question.age is not None and bool(asked.others) and not told.is_mixed,
    )


def _answered(
    asked: PlatformQuestion, reader: Reader, others: Sequence[Reader]
) -> tuple[Verdict, AnswerAbout, list[Verdict]]:
    """Return the whole answer, that about what is asked, and the answers for other readers.

    On a plan on which the same is so for all readers, there is one answer, which names none.
    """
    whole = verdict(asked.facts, reader.on(asked.day))
    answer = answer_about(asked, whole)
    of_others = [verdict(asked.facts, other.on(asked.day)) for other in others]
    if not of_others or not all(_are_alike(whole, each) for each in of_others):
        return whole, answer, of_others
    for_all = replace(whole, plan_names_people=True)
    is_whole = answer.verdict is whole
    about = for_all if is_whole else replace(answer.verdict, plan_names_people=True)
    return for_all, answer._replace(verdict=about), []


def _buttons_of(
    asked: PlatformQuestion, told: Verdict, reader: Reader, settings: Sequence[Setting]
) -> list[WayButton]:
    """Return the ways out as buttons, that of admins first; to the app where that is all.

    Who asks who sets what has all settings below, and needs no hint at one of them.
    """
    buttons = admin_first(answer_buttons(asked, told, reader), settings)
    if settings and asks_for("who-sets", asked.question.sought):
        buttons = [each for each in buttons if not each.is_hint]
    has_phone = asks_for("phone", asked.question.sought)
    return on_phones(buttons, asked.guides) if has_phone else buttons


def _data_asked(asked: PlatformQuestion, whole: Verdict, told: Verdict) -> list[FirstLine]:
    """Say of the data that a question names what the record does, unless it is to be deleted."""
    sought = asked.question.sought
    if asks_for("deleted", sought):
        return []
    kinds = kinds_asked(asked.facts, whole, sought, asked.own)
    return data_named(told, kinds) if kinds else []


def _are_alike(answer: Verdict, other: Verdict) -> bool:
    """Return whether the same is so for two kinds of people on a plan."""
    one, another = (replace(each, plan_names_people=True) for each in (answer, other))
    return bool(answer.plan) and shown_of(one) == shown_of(another)


def _at_age(
    asked: PlatformQuestion, reader: Reader
) -> tuple[PlatformQuestion, TooYoung | None, list[FirstLine]]:
    """Return what is asked for the age of a minor, and whom the uses are for that it leaves out.

    Of a child who is too young for an account, what holds for it, beside all minors.
    """
    age = asked.question.age
    if reader.people != People.MINORS or age is None:
        return asked, None, []
    of_age = at_age(asked.facts, age)
    if too_young := _too_young(asked.facts, of_age, reader.on(asked.day), age):
        return asked, too_young, []
    not_for_age = frozenset(use.key for use, _who in of_age.left_out)
    lines = [
        FirstLine(f"{capfirst(name_of(use))}{colon()}", rest=who) for use, who in of_age.left_out
    ]
    asked = asked._replace(facts=of_age.facts, of_children=of_age.named, not_for_age=not_for_age)
    return asked, None, lines


def _too_young(
    facts: PlatformFacts, of_age: AtAge, question: Question, age: int
) -> TooYoung | None:
    """Return what holds for a child below the least age of accounts; None for others.

    Where accounts are for adults, each answer for minors says so.
    """
    least = facts.min_age_in(question.place)
    if least is None or not is_too_young(facts, age, question.place):
        return None
    answer = verdict(of_age.facts, question)
    is_named = any(speaks_of_children(line.branch.who, age, least) for line in answer.lines)
    lines = verdict(facts, question).lines
    notes = dict.fromkeys(line.state.note for line in lines if line.state)
    told = [note for note in notes if speaks_of_children(note, age, least)]
    return TooYoung(least, answer if is_named else None, told)


class _Placed(NamedTuple):
    """Lines above the headline, right below it, below its buttons, and folded there."""

    first: Sequence[FirstLine]
    below: Sequence[FirstLine]
    main: Sequence[FirstLine]
    further: Sequence[FirstLine]


def _placed(
    asked: PlatformQuestion,
    answer: AnswerAbout,
    parts: Sequence[AskedPart],
    first: list[FirstLine],
    *,
    has_changes: bool,
) -> _Placed:
    """Place what is said of the parts of a question, after what comes first in any case."""
    sought, today = asked.question.sought, timezone.localdate()
    is_today = asked.day == today
    if is_today and asks_for("private-account", sought):
        first = [*first, *of_private_accounts(answer.verdict, asked.platform.category)]
    below: list[FirstLine] = []
    main = [line for part in parts for line in part.main]
    further = [line for part in parts for line in part.further]
    if len(parts) < 2 or has_changes:
        main, further = [line for part in parts for line in part.lines], []
    if not is_today:  # the headline names the day
        worded = [line for part in parts if part.what == "contract" for line in part.lines]
        below, first = [*first, *worded], []
        main = [line for line in main if line not in worded]
    elif _is_aside(parts, sought):
        pass
    elif parts and parts[0].what == "told" and (len(parts) == 1 or has_changes):
        told, *others = parts
        if others or len(main) > _BEFORE_HEADLINE:
            main, further = list(told.main), told.further
        if told.begins_with_answer:
            first, main = [*first, main[0]], main[1:]
        main += [line for part in others for line in part.lines]
        if len(main) <= _BEFORE_HEADLINE:
            below, main = main, []
    elif len(parts) < 2 and len(main) <= _BEFORE_HEADLINE:
        if parts and parts[0].what == "since":
            below, main = main, []
        else:
            first, main = [*first, *main], []
    if asks_for("proof", sought):
        main = [*main, *evidence_of(answer.verdict)]
    if is_today:
        first = [*announced_first(asked, answer.verdict), *first]
    return _Placed(first, below, [*answer.after, *main], further)


def _beside(asked: PlatformQuestion, answer: Verdict, placed: _Placed) -> list[FirstLine]:
    """Return what nobody asked for and no line says yet."""
    is_today = asked.day == timezone.localdate()
    also = announced_lines(asked, answer) if is_today else []
    also += [
        FirstLine(f"{capfirst(where)}{colon()}", rest=note)
        for where, note in notes_without_way(answer)
    ]
    also += [*reported(answer), *messages_of_minors(asked.platform, asked.facts, answer)]
    also += uses_of_adults(asked.facts, answer, asked.question.age)
    if is_today:  # of a past day, notes are beside the answer
        notes = {note_beside(answer), *(line.rest for line in chain(*placed))}
        also += [line for line in disputed_lines(answer) if line.rest not in notes]
    return [line for line in also if line not in (*placed.first, *placed.below, *placed.main)]


def _is_aside(parts: Sequence[AskedPart], sought: Sequence[str]) -> bool:
    """Return whether words ask about training beside what becomes of data: "keep", "delete"."""
    if len(parts) != 1 or parts[0].what not in ASIDES:
        return False
    for aside in ASIDES:
        sought = without_asking(aside, sought)
    subject = read_subject(sought)
    return subject.is_about_training or subject.wants_way_out


def _differs_there(asked: PlatformQuestion, reader: Reader, told: Verdict) -> bool:
    """Return whether people in the place that is offered have another answer or another way out."""
    other = answer_on(asked, reader._replace(place=asked.offered).on(asked.day)).verdict
    is_in_parts = told.stance == Stance.DEPENDS and other.sentences != told.sentences
    return is_in_parts or shown_of(other) != shown_of(told)


def _since_of_lead(facts: PlatformFacts, answer: Verdict) -> Since | None:
    if answer.since or answer.stance != Stance.DEPENDS or answer.lead is None:
        return None
    if not short_name(answer.lead):  # "Your posts train its models" would claim that they do
        return None
    found = since_of_use(facts, answer.lead, answer.question)
    return found if found and found.on else None
