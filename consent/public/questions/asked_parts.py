"""Answers each thing that a question asks besides yes or no: since when, who, how long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext

from consent.ledger.answers import Verdict
from consent.ledger.headline_words import operator_in_full, operator_with_history
from consent.ledger.place_words import SEMICOLON, accounts_from, listed
from consent.ledger.platform_facts import CompaniesBehind, PlatformFacts
from consent.ledger.verdict_words import trainers_named
from consent.ledger.way_buttons import WayButton
from consent.models import Entry
from consent.public.questions.answer_line import MOST_NAMED, AskedPart, FirstLine, linked
from consent.public.questions.answer_sources import contract_lines
from consent.public.questions.asked_handling import (
    deleted_lines,
    deletion_otherwise,
    given_lines,
    kept_lines,
    passed_on_lines,
)
from consent.public.questions.asked_starts import (
    best_of_since,
    disputed_lines,
    ended_lines,
    lines_on,
    since_lines,
)
from consent.public.questions.asked_telling import (
    best_of_telling,
    consent_lines,
    telling_lines,
    without_note,
)
from consent.public.questions.past_days import changes_behind
from consent.public.questions.platform_question import PlatformQuestion
from consent.search.asked_purposes import asked_purposes
from consent.search.pages import Asked, asked_at, asks_for, asks_how_told, without_asking
from consent.vocabulary import Purpose
from consent.web.page_language import colon
from platforms.models import Platform

#: What is asked about what becomes of data, as pages.Asked has it.
ASIDES: tuple[Asked, ...] = ("kept", "given", "deleted")

#: In titles of changes, which are in English.
PAYS = re.compile(r"\b(?:pays?|fund|compensat\w+|royalt\w+)\b", re.IGNORECASE)

#: In summaries of them, which are in English too.
_PRICE = re.compile(r"\bdollars a year\b|\bthe price\b", re.IGNORECASE)


def asked_parts(
    asked: PlatformQuestion,
    answer: Verdict,
    own_plans: Iterable[tuple[str, Verdict]],
    buttons: Iterable[WayButton],
) -> list[AskedPart]:
    """Return what words ask: who, since when, how people were told, what is deleted, from what age.

    own_plans: the answers on the plans of those who ask, if they have some, whose start is told.
    """
    is_past = answer.day < timezone.localdate()
    parts = [
        *_history(asked, answer, own_plans),
        *(_then(asked, answer) if is_past else _now(asked, answer, buttons)),
    ]
    return sorted(parts, key=lambda part: _place_of(part.what, asked.question.sought))


def _place_of(what: Asked, sought: Sequence[str]) -> int:
    """Return where in a question something is asked for."""
    if what == "told" or (what == "who" and asks_for("asked", sought)):
        # "Who switched it on": nobody was asked.
        return asked_at(sought, "told", "asked", "announced")
    return asked_at(sought, what)


def _history(
    asked: PlatformQuestion, answer: Verdict, own_plans: Iterable[tuple[str, Verdict]]
) -> Iterator[AskedPart]:
    """Yield since when it is on, how people were told, which may be long, and who trains."""
    sought = asked.question.sought
    since, is_past = [], answer.day < timezone.localdate()
    # "Today and in July 2024, since when" asks for the history up to today.
    if asks_for("since", sought) and not (is_past and asks_for("now", sought)):
        since = [
            line._replace(words=f"{plan}{colon()} {line.words}")
            for plan, each in own_plans
            for line in since_lines(each)
        ] or since_lines(answer)
        lines = [*since, *disputed_lines(answer, of_starts=True)]
        yield AskedPart("since", lines, best_of_since(since, answer))
    if asks_how_told(sought):
        told = telling_lines(answer)
        consented = consent_lines(answer) if asks_for("asked", sought) else []
        ended = ended_lines(lines_on(answer), answer) if consented and not since else []
        # "Was I asked": how people were told is more than that.
        is_of_consent = consented and not asks_how_told(without_asking("asked", sought))
        best = [] if is_of_consent else best_of_telling(told, is_brief=bool(since))
        main = [*map(without_note, consented), *best, *ended]
        lines, is_one = [*consented, *ended, *told], len(consented) == 1
        yield AskedPart("told", lines, main, begins_with_answer=is_one)
    if asks_for("who", sought):
        lines = _who_trains(asked.facts, answer)
        yield AskedPart("who", lines, _who_on_each_day(asked, answer) or lines[:1])


def _then(asked: PlatformQuestion, answer: Verdict) -> Iterator[AskedPart]:
    """Yield what else is on record of a past day: other things are as they are today."""
    asks_for_words = asks_for("contract", asked.question.sought)
    if worded := changes_behind(answer, asked.facts) if asks_for_words else []:
        yield AskedPart("contract", worded, worded)


def _now(
    asked: PlatformQuestion, answer: Verdict, buttons: Iterable[WayButton]
) -> Iterator[AskedPart]:
    """Yield what is on record of the other things that are asked."""
    facts, sought = asked.facts, asked.question.sought
    if Purpose.SHARING_FOR_TRAINING in asked_purposes(sought):
        yield from _part("passed-on", passed_on_lines(facts, answer))
    if asks_for("age", sought):
        yield from _part("age", _age(asked.platform, facts, answer.place))
    if asks_for("paid", sought):
        yield from _part("paid", _paid(facts))
    if asks_for("contract", sought):
        yield from _part("contract", contract_lines(facts, answer))
    linked_already = {each.address.partition("#")[0] for each in buttons}
    kept = kept_lines(facts, answer) if asks_for("kept", sought) else []
    given = given_lines(facts, answer, linked_already) if asks_for("given", sought) else []
    yield from _part("kept", kept)
    yield from _part("given", given)
    asks_to_delete = asks_for("deleted", sought)
    if asks_to_delete or kept or given:
        parts = [part for word in sought for part in word.split("-")]
        names = [word for word in parts if word in asked.own]
        deleted = deleted_lines(facts, names, asked.others)
        if not (deleted or kept or given):
            deleted = deletion_otherwise(facts, answer)
        yield from _part("deleted", deleted)


def _part(what: Asked, lines: Sequence[FirstLine]) -> list[AskedPart]:
    return [AskedPart(what, lines, lines[:1])] if lines else []


def _who_trains(facts: PlatformFacts, answer: Verdict) -> list[FirstLine]:
    """Name who trains, where that is on, and who runs the platform."""
    named = _named(facts, answer, lambda behind: behind)
    nobody = gettext("Who is behind it is not on record.")
    return [_with_details(f"{label}{colon()} {name}") for label, name in named] or [
        FirstLine(nobody)
    ]


def _who_on_each_day(asked: PlatformQuestion, answer: Verdict) -> list[FirstLine]:
    """Name who trains, or else who runs the platform, on each day that is asked about.

    Who owns these companies is more than that.
    """
    then = asked.then if answer.day == timezone.localdate() else ()
    days_of: dict[tuple[str, str], list[str]] = {}
    for day, each in (*then, (gettext("today"), answer)):
        for who in _named(asked.facts, each, CompaniesBehind.in_brief)[:1]:
            days_of.setdefault(who, []).append(day)
    names: dict[str, list[str]] = {}
    for (label, name), days in days_of.items():
        words = f"{listed(days)} {name}" if len(days_of) > 1 else name
        names.setdefault(label, []).append(words)
    return [
        _with_details(f"{label}{colon()} {str(SEMICOLON).join(of_label)}")
        for label, of_label in names.items()
    ]


def _named(
    facts: PlatformFacts, answer: Verdict, shown: Callable[[CompaniesBehind], CompaniesBehind]
) -> list[tuple[str, str]]:
    """Return who trains, where that is not the operator alone, and who runs the platform."""
    runs = gettext("Who runs %(platform)s") % {"platform": facts.name}
    operator = operator_with_history(answer.operator, shown(facts.behind))
    if answer.day < timezone.localdate():
        behind = facts.behind._replace(owners=facts.behind.owners_on(answer.day))
        operator = operator_in_full(answer.operator, shown(behind).owners)
    named = [trainers_named(answer, shown), (runs, operator)]
    return [(label, name) for label, name in named if name]


def _with_details(words: str) -> FirstLine:
    """Set what is in parentheses at the end apart: owners, and who it was before."""
    if not words.endswith(")"):
        return FirstLine(words)
    head, opening, details = words.rpartition(" (")
    return FirstLine(head, details=f"{opening.strip()}{details}")


def _age(platform: Platform, facts: PlatformFacts, place: str) -> list[FirstLine]:
    """Say from which age accounts are open, with its page."""
    if platform.min_age is None:
        return [FirstLine(gettext("From which age accounts are open is not on record."))]
    age = facts.min_age_in(place) or platform.min_age
    elsewhere = () if place else facts.min_age_elsewhere
    open_to = accounts_from(age, elsewhere, platform.says_of_school)
    return [FirstLine(open_to, source=platform.min_age_source)]


def _paid(facts: PlatformFacts) -> list[FirstLine]:
    """Link the changes that say that people are paid for what trains AI; or say that none is."""
    about = Entry.objects.published().filter(platforms__slug=facts.slug).newest_first()
    entries = [entry for entry in about if PAYS.search(entry.title)][:MOST_NAMED]
    priced = [entry for entry in about if _PRICE.search(entry.summary)][:MOST_NAMED]
    label, nothing = gettext("Pay for training"), gettext("nothing on record")
    prices = [FirstLine(f"{label}{colon()}", [each], rest=each.summary) for each in priced]
    return [*prices, *linked(label, entries)] or [FirstLine(f"{label}{colon()} {nothing}")]
