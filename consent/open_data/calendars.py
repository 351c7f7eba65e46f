"""Days on which something takes effect, is due or can last be refused, as a calendar (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from consent.ledger.catalog_words import translated
from consent.ledger.dates import is_settled
from consent.ledger.filters import TimelineFilters, address
from consent.models import Entry, FormerSlug
from consent.models.entries import EntryQuerySet
from consent.vocabulary import Precision, PublicationStatus
from consent.web.absolute_urls import absolute_url
from consent.web.date_words import format_date
from consent.web.program_files import (
    in_asked_language,
    program_file,
    refused,
    refused_filters,
)
from platforms.characters import cleaned
from platforms.models import Platform
from platforms.record_versions import shown_versions

#: Days before today that a calendar still shows. Chosen: what changes late is noticed for a year.
_DAYS_BACK = dt.timedelta(days=366)
_REFRESH = dt.timedelta(hours=12)
_PLAIN = "text/plain; charset=utf-8"


@program_file(reads={*TimelineFilters.base_fields, "lang"})
@in_asked_language
def calendar(request: HttpRequest) -> HttpResponse:
    """The days of a view of the timeline; `platform` may be given several times."""
    asked = request.GET.copy()
    asked.pop("lang", None)
    slugs = list(filter(None, asked.pop("platform", [])))
    platforms = []
    for slug in slugs:
        platform = Platform.objects.listed().filter(slug=slug).first()
        platform = platform or FormerSlug.objects.platform_once_called(slug)
        if platform is None or not platform.listed:
            return refused(request, "platform: " + _("We watch no platform of this name."))
        platforms.append(platform)
    filters = TimelineFilters(asked)
    if refusal := refused_filters(request, filters):
        return refusal
    entries = filters.shown_of(Entry.objects.on_record())
    if platforms:
        entries = entries.filter(platforms__in=platforms)
    made = _calendar(entries, platforms, filters.query())
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="default-on.ics"'
    return response


def _calendar(entries: EntryQuerySet, platforms: list[Platform], query: str) -> Calendar:
    names = ", ".join(platform.name for platform in platforms)
    title = f"Default On: {names}" if names else "Default On"
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//Default On//Open data//EN")
    made.add("method", "PUBLISH")
    made.add("name", title)
    made.add("x-wr-calname", title)
    words = _("Days since %(day)s, and all that are to come.") % {"day": format_date(_first_day())}
    made.add("description", words)
    made.add("x-wr-caldesc", words)
    made.add("url", address(absolute_url(reverse("timeline")), query))
    made.add("refresh-interval", _REFRESH)
    made.add("x-published-ttl", "PT12H")
    for event in _events(entries):
        made.add_component(event)
    return made


def _first_day() -> dt.date:
    return timezone.localdate() - _DAYS_BACK


def _events(entries: EntryQuerySet) -> Iterator[Event]:
    first = _first_day()
    dated = Q(effective_on__gte=first) | Q(due_on__gte=first) | Q(deadline_on__gte=first)
    keys = set(entries.filter(dated).order_by().values_list("pk", flat=True))
    called_off = set(Entry.objects.put_off().filter(pk__in=keys).values_list("pk", flat=True))
    shown = Entry.objects.filter(pk__in=keys).select_related("outcome")
    versions = shown_versions("entry", keys)
    for entry in shown.prefetch_related("platforms").order_by("key"):
        entry.version = versions.get(entry.pk)
        is_off = entry.status == PublicationStatus.RETRACTED or entry.pk in called_off
        if entry.effective_on:
            words, on = _("In effect: %(title)s"), (entry.effective_on, entry.effective_precision)
            yield _event(entry, "date", on, words, is_off)
        # What is settled has an event of its own, unless it was called off.
        elif entry.due_on and (is_off or not is_settled(entry)):
            words, on = _("Due: %(title)s"), (entry.due_on, entry.due_precision)
            yield _event(entry, "date", on, words, is_off)
        if entry.deadline_on:
            words = _("Last day to say no: %(title)s")
            on = entry.deadline_on, entry.deadline_precision
            yield _event(entry, "deadline", on, words, is_off)


def _event(entry: Entry, kind: str, day: tuple[dt.date, str], words: str, is_off: bool) -> Event:
    """kind: the effect and the day for which it is due share an event, which moves."""
    on, precision = day
    version = entry.version
    changed_at = version.at if version else entry.updated_at
    summary = words % {"title": translated(entry.title)}
    if precision != Precision.DAY:
        summary = f"{summary} ({format_date(on, precision)})"
    event = Event()
    event.add("uid", f"{entry.public_id}-{kind}@default-on")
    event.add("sequence", version.version - 1 if version else 0)
    event.add("dtstamp", changed_at.astimezone(dt.UTC))
    event.add("last-modified", changed_at.astimezone(dt.UTC))
    event.add("dtstart", on)
    event.add("dtend", on + dt.timedelta(days=1))
    event.add("summary", cleaned(summary))
    description = cleaned(entry.status_reason if is_off else "") or cleaned(entry.summary)
    event.add("description", translated(description))
    event.add("url", absolute_url(entry.get_absolute_url()))
    event.add("categories", [platform.name for platform in entry.platforms.all()])
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
