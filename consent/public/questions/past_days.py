"""What is said of past days: which days are named, and what held then."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from consent.ledger.answers import Verdict
from consent.ledger.audiences import plan_named
from consent.ledger.headline_words import headline
from consent.ledger.platform_facts import PlanFacts, PlatformFacts
from consent.ledger.state_of_play import Reader
from consent.ledger.verdict import training_uses, verdict_over
from consent.ledger.verdict_words import all_notes_then, notes_then
from consent.public.questions.answer_line import MOST_NAMED, FirstLine, OtherDay
from consent.public.questions.answer_sources import changes_opening, states_of
from consent.public.questions.asked_question import AskedQuestion
from consent.public.questions.platform_question import PlatformQuestion, answer_on
from consent.search.asked_day import AskedDay
from consent.vocabulary import Precision
from consent.web.date_words import as_known, format_date
from consent.web.page_language import colon
from platforms.days import end_of_month

#: Answers within a year or month, the latest of them. Chosen.
_MOST_IN_SPAN = 5


def _dates_of_span(day: AskedDay) -> str:
    """Return "2023" or "May 2023" for a year or a month that is past; "" for other days."""
    if day.first.day != 1 or day.last != end_of_month(day.last):
        return ""
    months = (day.first.month, day.last.month)
    if day.first.year != day.last.year or (months[0] != months[1] and months != (1, 12)):
        return ""
    return format_date(day.first, Precision.MONTH if months[0] == months[1] else Precision.YEAR)


def day_words(asked: PlatformQuestion) -> str:
    """Return "On 31 May 2024"; "In 2023" or "In May 2023" if the day ends what is asked about."""
    on_day = gettext("On %(date)s") % {"date": format_date(asked.day)}
    named = asked.question.day
    dates = _dates_of_span(named) if named and named.last == asked.day else ""
    if not (named and dates):
        return on_day
    is_month = named.first.month == named.last.month
    words = pgettext("month", "In %(date)s") if is_month else pgettext("year", "In %(date)s")
    return words % {"date": dates}


def days_beside(asked: PlatformQuestion) -> list[dt.date]:
    """Return the days that are answered for beside a past one: a second that was named, today."""
    named, further = asked.question.day, asked.question.further_day
    is_named = named is not None and named.last == asked.day
    return [*([further] if further and is_named else []), timezone.localdate()]


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
    shown = _dates_of_span(asked.day) if asked.day and is_span else ""
    shown = shown or format_date(day)
    if asked.further_day and asked.day and day == asked.day.last:
        shown = ", ".join((shown, format_date(asked.further_day)))
    return DaysAsked("" if day == today else shown, others, is_ahead)


def answers_in_span(asked: PlatformQuestion, reader: Reader, told: Verdict) -> list[OtherDay]:
    """Return the answers of a past year or month in their order, each with the day it began.

    The last is the one that is told; of a single day it is the only one.
    """
    named, of_all = asked.question.day, [OtherDay(day_words(asked), told)]
    if not named or named.last != asked.day or named.first == named.last:
        return of_all
    on_day = gettext("On %(date)s")
    days = {named.first: on_day % {"date": format_date(named.first)}}
    days |= {day: words for day, words in _starts(asked.facts) if named.first < day <= named.last}
    changes: list[OtherDay] = []
    for day, words in days.items():
        answer = answer_on(asked, reader.on(day)).verdict
        if not changes or headline(answer) != headline(changes[-1].answer):
            changes.append(OtherDay(capfirst(words), answer))
    if headline(changes[-1].answer) != headline(told):
        changes.append(OtherDay(on_day % {"date": format_date(named.last)}, told))
    return changes[-_MOST_IN_SPAN:] if len(changes) > 1 else of_all


def plan_to_come(asked: PlatformQuestion, reader: Reader) -> PlanFacts | None:
    """Return the plan of the reader if it began after the day that was asked about."""
    plan = plan_named(asked.facts, reader.plan) if reader.plan else None
    return plan if plan and plan.since and plan.since > asked.day else None


def not_yet_offered(late: PlanFacts | None) -> list[FirstLine]:
    """Say that a plan began after the day that was asked about."""
    if late is None or late.since is None:
        return []
    began = format_date(late.since, late.since_precision)
    words_of_plan = gettext("%(plan)s was not offered before: it began %(date)s.")
    return [FirstLine(words_of_plan % {"plan": late.name, "date": began})]


def _starts(facts: PlatformFacts) -> list[tuple[dt.date, str]]:
    """Return the days on which a state of a training use begins, with words for each."""
    branches = [branch for use in training_uses(facts) for branch in use.branches]
    found = {}
    for state in (state for each in branches for state in each.states):
        if state.since:
            date = as_known(format_date(state.since, state.precision), state.since_is)
            found[state.since] = gettext("From %(date)s") % {"date": date}
    return sorted(found.items())


def changes_behind(answer: Verdict, facts: PlatformFacts) -> list[FirstLine]:
    """Link the changes that an answer of a past day rests on, each with its note and its source.

    Notes hold the words of terms of which only the place in a text is kept. Those of states follow
    where they are too long to be beside the answer, of all uses: the terms are asked about.
    """
    lines = []
    for entry in changes_opening(states_of(answer)):
        source = entry.sources.exclude(url="").first()
        address = source.url if source else ""
        lines.append(FirstLine("", [entry], rest=entry.note, source=address))
    beside = {note for _about, note in notes_then(answer)}
    of_all = verdict_over(facts, training_uses(facts), answer.question)
    further = [each for each in all_notes_then(of_all) if each[1] not in beside][:MOST_NAMED]
    return lines + [
        FirstLine(f"{capfirst(about)}{colon()}" if about else "", rest=note)
        for about, note in further
    ]
