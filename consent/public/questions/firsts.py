"""Who was first: what is on record of first starts, for all platforms or for those named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext

from consent.ledger.answers import Since
from consent.ledger.facts import facts_of_all, listed_of, listed_platforms
from consent.ledger.first_starts import FirstStart, FirstStarts, first_starts
from consent.ledger.flips import Began, Turn, began_between, main_use
from consent.ledger.headline_words import since_words
from consent.ledger.place_words import in_a_row, people_words, place_words
from consent.ledger.platform_facts import PlatformFacts
from consent.ledger.verdict_words import title_language, titles_of
from consent.public.questions.asked_question import AskedQuestion
from consent.public.questions.asked_starts import turn_words
from consent.search.pages import asks_for
from consent.search.questions import read_subject
from consent.vocabulary import Purpose
from platforms.models import Platform
from platforms.places import WORLDWIDE

#: First starts in each list. Chosen.
_MOST = 8


class FirstRow(NamedTuple):
    """The first start of a platform.

    title: of its use, in this language, "" for English.
    """

    platform: Platform
    use: str = ""
    since: str = ""
    title: str = ""
    language: str = ""
    details: str = ""


class Firsts(NamedTuple):
    """sentence: what is known. lists: the earliest first, each with its heading."""

    sentence: str
    lists: Sequence[tuple[str, Sequence[FirstRow]]]


def firsts_asked(
    asked: AskedQuestion, named: Collection[Platform], place: str, today: dt.date
) -> Firsts | None:
    """Return who was first, where words ask for that; else None.

    Among the platforms that are named, if they are several; of none, among all of the kind that is
    asked about. Of a day that is named the timeline tells.
    """
    if asked.day or not asks_for("started-first", asked.sought):
        return None
    platforms = named or listed_of(read_subject(asked.sought).category)
    chosen = {each.slug: each for each in platforms}
    if len(chosen) < 2:
        return None
    facts = facts_of_all()
    starts = first_starts([facts[each.pk] for each in chosen.values()], today, place)
    lists = (
        (gettext("Since when exactly is not known; the earliest:"), starts.not_known),
        (gettext("On since a day that is known; the earliest:"), starts.known),
    )
    return Firsts(
        _sentence(starts),
        [
            (heading, [_row(each, chosen[each.facts.slug]) for each in found[:_MOST]])
            for heading, found in lists
            if found
        ],
    )


class TurnedOn(NamedTuple):
    """What began in some days. began: as the page of two days counts; None where it does not.

    undated: what may have begun then, on a day that is not known.
    """

    began: Began | None
    undated: Sequence[FirstRow]


def turned_on_in(
    first: dt.date | None, last: dt.date, place: str, dated: Collection[str]
) -> TurnedOn:
    """Return who began in a span of days, which may have no first day.

    dated: slugs of platforms that are left out, as changes of theirs with their day are listed.
    """
    facts = facts_of_all()
    listed = {each.slug: each for each in listed_platforms()}
    if first is None or place:
        left = [each for each in listed.values() if each.slug not in dated]
        starts = first_starts([facts[each.pk] for each in left], last, place).not_known
        found = [each for each in starts if first is None or first <= each.on]
        return TurnedOn(None, [_row(each, listed[each.facts.slug]) for each in found])
    began = began_between(first, last)
    slugs = [each.slug for each in began.turns[Turn.ENTERED]]
    entered = [facts[listed[slug].pk] for slug in slugs]
    dated_starts = first_starts(entered, last, from_day=first)
    start_of = {each.facts.slug: each for each in (*dated_starts.known, *dated_starts.not_known)}
    rows = [
        _row(start_of[slug], listed[slug])
        if slug in start_of
        else _row_without_start(facts[listed[slug].pk], listed[slug], last)
        for slug in slugs
    ]
    return TurnedOn(began, rows)


def _sentence(starts: FirstStarts) -> str:
    first = starts.first
    if first is None:
        return gettext("No start of training is on record.")
    told = gettext("The earliest on record: %(name)s, %(since)s.") % {
        "name": first.facts.name,
        "since": since_words(first.since),
    }
    if not starts.not_known:
        return told
    unknown = gettext(
        "Who was first is not known: of some, only a day is on record by which it was on at the"
        " latest."
    )
    return f"{unknown} {told}"


def _row_without_start(facts: PlatformFacts, platform: Platform, day: dt.date) -> FirstRow:
    """Say of the use by which a platform trains on a day that its start is not known."""
    use = main_use(facts, day)
    if use is None:
        return FirstRow(platform)
    since = capfirst(since_words(Since()))
    return FirstRow(platform, use.slug, since, titles_of(use).title, title_language(use))


def _row(start: FirstStart, platform: Platform) -> FirstRow:
    use, branch = start.use, start.branch
    details = [str(use.purpose.label)] if use.purpose == Purpose.SHARING_FOR_TRAINING else []
    if branch.where != WORLDWIDE:
        details.append(place_words(branch.where))
    if branch.plans or branch.who:
        details.append(people_words(branch.people, branch.plans, branch.who))
    if start.ended:
        details.append(turn_words(start.ended))
    return FirstRow(
        platform,
        use.slug,
        capfirst(since_words(start.since)),
        titles_of(use).title,
        title_language(use),
        in_a_row(details),
    )
