"""What is announced for a platform: what is still to come, or was due and is not confirmed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext

from consent.ledger.answers import Verdict
from consent.ledger.counts import events
from consent.ledger.dates import dates_of
from consent.ledger.reader_place import concerns, reaches
from consent.models import Entry
from consent.public.questions.answer_line import FirstLine
from consent.public.questions.platform_question import PlatformQuestion
from consent.search.pages import asks_for, asks_how_told, leads_to, without_asking
from consent.vocabulary import Topic
from consent.web.date_words import format_date
from consent.web.page_language import colon
from platforms.models import Platform

_DUE_ONCE = Q(effective_on=None, due_on__isnull=False)


def announced_of(platforms: Iterable[Platform], today: dt.date) -> Mapping[int, Sequence[Entry]]:
    """Return what is announced by the key of its platform, the nearest to come last."""
    of_platforms = Entry.objects.filter(platforms__in=list(platforms))
    # Few platforms have any: the queries below are large, and cost most in being written.
    if not of_platforms.filter(Q(effective_on__gt=today) | _DUE_ONCE).exists():
        return {}
    ahead, over = events().upcoming(today).order_by(), events().overdue(today).order_by()
    entries = (
        of_platforms.filter(Q(pk__in=ahead.values("pk")) | Q(pk__in=over.values("pk")))
        .exclude(topic=Topic.OTHER)
        .annotate(platform_pk=F("platforms"))
        .select_related("outcome")
        .order_by("due_on", "key")
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.platform_pk].append(entry)
    return found


def announced_lines(asked: PlatformQuestion, answer: Verdict) -> list[FirstLine]:
    """Say what is announced for those whom an answer is for, each with its day and its link."""
    return [
        FirstLine(f"{words}{colon()}", [entry])
        for entry in asked.announced
        if reaches(entry.where, answer.place) and concerns(entry.people, answer.people)
        if not (entry.plans and answer.plan) or answer.plan in entry.plans
        if (words := _when(entry, timezone.localdate()))
    ]


def announced_first(asked: PlatformQuestion, answer: Verdict) -> list[FirstLine]:
    """Return what is announced where words ask for that, or since when it is on.

    What is still to come is asked for by itself, which is not how people were told.
    """
    sought = asked.question.sought
    asks_how = asks_how_told(sought)
    asks_what = leads_to("next", _without_other_times(sought)) and not asks_how
    if not (asks_what or asks_how or asks_for("since", sought)):
        return []
    nothing = gettext("Nothing is announced that is still to come or not confirmed.")
    return announced_lines(asked, answer) or [FirstLine(nothing)] * asks_what


def _when(entry: Entry, today: dt.date) -> str:
    by_kind = {date.kind: date for date in dates_of(entry)}
    effect, due = by_kind.get("effective"), by_kind.get("due")
    if effect:
        day = format_date(effect.on, effect.precision)
        return gettext("Takes effect %(date)s") % {"date": day}
    if due is None:
        return ""
    said = {"date": format_date(due.on, due.precision)}
    if due.on > today:
        return gettext("Announced for %(date)s") % said
    return gettext("Announced for %(date)s, not confirmed") % said


def asks_until_when(sought: Sequence[str]) -> bool:
    """Return whether words ask for a deadline, which is none for what is kept or deleted."""
    return asks_for("deadline", _without_other_times(sought))


def _without_other_times(sought: Sequence[str]) -> Sequence[str]:
    """Leave out how long data is kept, and "too late" where it asks what becomes of that."""
    of_data = without_asking("given", sought) if asks_for("deleted", sought) else sought
    return without_asking("kept", of_data)
