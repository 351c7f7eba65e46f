"""Entries for programs: a view of the timeline, or what changed in it since a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from consent.ledger.filters import TimelineFilters
from consent.ledger.public_entries import public_entries
from consent.ledger.record_fields import Record
from consent.models import Entry
from consent.models.entries import entry_address, public_id_of
from consent.open_data.questions import Refused
from consent.web.absolute_urls import absolute_url
from platforms.models import RecordVersion
from platforms.record_versions import last_drawn


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """Some entries of a view, and whether there are more.

    total: of the view.
    cursor: to go on with. gone: entries that are no part of the view, or not
    public, any more, as (public id, number, version).
    """

    items: list[Record]
    total: int
    more: bool
    cursor: str
    gone: list[tuple[str, int, int]] = field(default_factory=list)


def all_records() -> Iterator[Record]:
    """Yield every entry on record, those that were retracted too, in the order of their ids."""
    return records_of(Entry.objects.on_record().order_by("public_id").pks())


def records_of(entries: Iterable[int]) -> Iterator[Record]:
    """Yield the records of entries by key, with their addresses in the language in use."""
    for record in public_entries(entries):
        yield record | {"url": absolute_url(entry_address(record["id"], record["title"]))}


def of_view(filters: TimelineFilters, *, after: Entry | None, limit: int) -> EntriesPage:
    """Return entries in the order of the timeline; after: the last one of the page before."""
    cursor = _cursor(*last_drawn())  # before reading: a change meanwhile comes after it
    by = filters.listed_by()
    shown = filters.shown()
    rest = shown.older_than(after, by) if after is not None else shown
    items = list(records_of(rest.newest_first(by).pks()[: limit + 1]))
    return EntriesPage(items[:limit], shown.count(), len(items) > limit, cursor)


def _cursor(epoch: str, number: int) -> str:
    """Return what goes on after a number. Before the first version there is no epoch to name."""
    return f"{epoch}.{number}" if epoch else "0"


def is_cursor(since: str) -> bool:
    """Return whether a walk by number was asked for, and not entries since a day."""
    return since == "0" or "." in since


def since_cursor(filters: TimelineFilters, cursor: str, limit: int) -> EntriesPage:
    """Return entries of the view in the order of their numbers, from the first after a cursor.

    Each entry comes in its last version. One that left the view after it may have been given is
    named as gone. Retracted entries are in the view, so that nobody keeps one as it was.

    cursor: epoch and number, or 0. Refuses one that this database has not given: numbers that
    another one drew, or this one before it was restored, may mean other changes now.
    """
    (now, newest), number = last_drawn(), 0
    if cursor != "0":
        then, _, digits = cursor.partition(".")
        number = int(digits)
        if then != now:
            raise _gone("is of another database, or of ours before it was restored")
        if number > newest:
            raise _gone("is beyond our last change")
    view = filters.shown_of(Entry.objects.on_record()).order_by()
    versions = RecordVersion.objects.filter(kind="entry", number__gt=number)
    later = versions.filter(record_id=OuterRef("record_id"), number__gt=OuterRef("number"))
    news = versions.filter(~Exists(later.order_by())).filter(
        Q(record_id__in=view.values("pk")) | Q(version__gt=1)
    )
    news = news.only("record_id", "key", "number", "version")
    page = list(news.order_by("number")[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    keys = [version.record_id for version in page]
    in_view = filters.shown_of(Entry.objects.on_record()).filter(pk__in=keys).order_by().pks()
    found = {each["id"]: each for each in records_of(in_view)}
    # A newer number belongs to a later page: it was drawn while this page was read.
    last = page[-1].number if page else number
    named = [(public_id_of(version.key), version) for version in page]
    items = [
        found[public_id]
        for public_id, version in named
        if public_id in found and found[public_id]["number"] == version.number
    ]
    gone = [
        (public_id, version.number, version.version)
        for public_id, version in named
        if public_id not in found
    ]
    return EntriesPage(items, view.count(), more, _cursor(now, last), gone)


def _gone(why: str) -> Refused:
    detail = (
        f"since: this cursor {why}. Begin again with since=0, and drop what you have and do not get"
        " again by the last page."
    )
    return Refused(410, "Cursor gone", detail)
