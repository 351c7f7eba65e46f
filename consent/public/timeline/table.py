"""The changes of a view of the timeline as a table, for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from consent.ledger.dates import leading_date
from consent.ledger.place_words import people_words, place_words
from consent.models import Entry
from consent.models.entries import EntryQuerySet
from consent.vocabulary import DataKind, Effect
from consent.web.links import absolute_url

COLUMNS = (
    "id",
    "url",
    "title",
    "platforms",
    "date",
    "date_precision",
    "announced",
    "in_effect",
    "due",
    "decided",
    "kinds",
    "direction",
    "topic",
    "data",
    "people",
    "places",
    "confidence",
    "sources",
)


def with_columns(entries: EntryQuerySet) -> EntryQuerySet:
    """Load what the table shows of each entry."""
    return entries.select_related("outcome").prefetch_related("platforms", "sources")


def records(entries: Iterable[Entry]) -> Iterator[dict[str, str]]:
    """Return a record for each entry, with the keys of COLUMNS. Lists are joined by semicolons."""
    for entry in entries:
        yield {
            "id": entry.public_id,
            "url": absolute_url(f"/changes/{entry.public_id}"),
            "title": entry.title,
            "platforms": "; ".join(platform.name for platform in entry.platforms.all()),
            "date": _day(entry.timeline_on),
            "date_precision": _precision(entry),
            "announced": _day(entry.announced_on),
            "in_effect": _day(entry.effective_on),
            "due": _day(entry.due_on),
            "decided": _day(entry.decided_on),
            "kinds": "; ".join(str(Effect(effect).label) for effect in entry.effects),
            "direction": entry.get_direction_display(),
            "topic": entry.get_topic_display(),
            "data": "; ".join(str(DataKind(kind).label) for kind in entry.data_kinds),
            "people": people_words(entry.people, entry.plans, entry.who),
            "places": place_words(entry.where),
            "confidence": entry.get_confidence_display(),
            "sources": "; ".join(source.url for source in entry.sources.all()),
        }


def _precision(entry: Entry) -> str:
    date = leading_date(entry)
    return date.precision if date else ""


def _day(on: object) -> str:
    return str(on) if on else ""
