"""What has changed at a service, in the days that a question names, or lately."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from consent.ledger.dates import leading_date
from consent.ledger.filters import without_wording
from consent.ledger.place_words import SEMICOLON
from consent.ledger.reader_place import reaches
from consent.models import Entry
from consent.public.questions.answer_line import AskedPart, FirstLine
from consent.public.questions.platform_question import PlatformQuestion
from consent.search.asked_day import AskedDay
from consent.search.pages import asks_for, without_asking
from consent.search.questions import read_subject
from consent.web.date_words import format_date
from consent.web.page_language import colon

#: Changes that are linked, the latest first. Chosen.
_MOST = 6


def asked_changes(question: PlatformQuestion, place: str) -> list[AskedPart]:
    """List what has changed at a platform where words ask for that; else return nothing.

    place: of the reader; changes elsewhere are left out. If nothing changed on the day that is
    named, the latest change is linked.
    """
    own, day = question.own, question.question.day
    asked = [word for word in question.question.sought if word not in own]
    for other in ("who-sets", "changing", "given"):
        asked = without_asking(other, asked)
    asks = asks_for("changes", asked) or read_subject(asked).asks_for_changes
    if not asks and (day is None or day.without_year is None):
        return []
    every = without_wording(Entry.objects.published()).filter(platforms__slug=question.facts.slug)
    changes = [entry for entry in every.newest_first() if reaches(entry.where, place)]
    if not asks:  # "from 27 May": whichever year something changed then
        then = [entry for entry in changes if day and _is_of_any_year(entry, day)]
        lines = [_line(entry) for entry in then[:_MOST]]
        return [AskedPart("changes", lines, lines)] if lines else []
    named = changes
    if day:
        named = [each for each in changes if _is_within(each, day)]
    total = len(named)
    words = ngettext("%(number)s change on record", "%(number)s changes on record", total)
    words = words % {"number": total} if total else gettext("No change on record")
    if day:
        words = gettext("%(what)s (%(first)s to %(last)s)") % {
            "what": words,
            "first": format_date(day.first),
            "last": format_date(day.last),
        }
    if not total and changes:
        of_day = [entry for entry in changes if day and _is_of_any_year(entry, day)]
        named = of_day or changes[:1]
    if len(named) not in (total, 0) or total > _MOST:
        latest = gettext("the latest")
        words = f"{words}{SEMICOLON}{latest}"
    head = FirstLine(f"{words}{colon()}" if named else f"{words}.")
    lines = [head, *map(_line, named[:_MOST])]
    return [AskedPart("changes", lines, [head])]


def _is_of_any_year(entry: Entry, day: AskedDay) -> bool:
    on = entry.timeline_on
    return on is not None and (on.month, on.day) == day.without_year


def _is_within(entry: Entry, day: AskedDay) -> bool:
    return entry.timeline_on is not None and day.first <= entry.timeline_on <= day.last


def _line(entry: Entry) -> FirstLine:
    date = leading_date(entry)
    words = f"{capfirst(format_date(date.on, date.precision))}{colon()}" if date else ""
    return FirstLine(words, [entry])
