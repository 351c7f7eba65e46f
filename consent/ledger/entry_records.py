"""Entries as plain records: what files and the API say of a change, without words of a language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch

from consent.models import Control, Entry, Passage, Revision, Source, State, Use
from consent.models.entries import EntryQuerySet
from consent.models.people import ForPeople
from platforms.characters import cleaned

Record = dict[str, Any]

#: The fields of a record that are no part of a version: the number of the version itself, and what
#: is written in the same transaction after it was drawn.
NOT_VERSIONED = frozenset({"number", "version", "updated_at", "revisions"})
_CHUNK = 500


def entry_records(entries: EntryQuerySet) -> Iterator[Record]:
    """Yield the public records of these entries, in their order."""
    for entry in _with_all(entries).iterator(chunk_size=_CHUNK):
        yield cleaned(_record(entry))


def dated(on: dt.date | None, precision: str) -> Record | None:
    """Return a date with how precisely it is known; None for one that is not known."""
    return {"value": on.isoformat(), "precision": precision} if on else None


def moment(at: dt.datetime | None) -> str | None:
    """Return a time in UTC, to the second."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def people_and_places(record: ForPeople) -> Record:
    """Return where and for whom something holds; empty lists mean everywhere and everyone."""
    return {
        "places": record.places,
        "except_places": record.except_places,
        "some_of": record.some_of,
        "people": record.people,
        "plans": record.plans,
        "who": record.who,
    }


def source_records(sources: Iterable[Source], *, passages: bool = True) -> list[Record]:
    """Return what proves a claim, without the words of others: those are on our pages."""
    return [
        {
            "url": source.url,
            "publisher": source.publisher,
            "title": source.title,
            "published": dated(source.published_on, source.published_precision),
            "archived_url": source.archived_url or None,
            "seen_via": source.seen_via or None,
            "snapshot_sha256": source.snapshot.sha256 if source.snapshot else None,
            "passages": [
                {"side": each.side, "sha256": each.sha256} for each in source.passages.all()
            ]
            if passages
            else [],
        }
        for source in sources
    ]


def _with_all(entries: EntryQuerySet) -> EntryQuerySet:
    passages = Passage.objects.defer("words")
    sources = Source.objects.select_related("snapshot").only(
        *("entry", "position", "url", "publisher", "title", "published_on"),
        *("published_precision", "archived_url", "seen_via", "snapshot__sha256"),
    )
    states = State.objects.select_related("branch__use__platform").order_by("branch", "starts_on")
    return entries.select_related("follows", "outcome", "public_version").prefetch_related(
        "platforms",
        Prefetch("uses", Use.objects.published().select_related("platform")),
        Prefetch("controls", Control.objects.published().select_related("platform")),
        "references",
        Prefetch("sources", sources.prefetch_related(Prefetch("passages", passages))),
        Prefetch("opened_states", states),
        Prefetch("revisions", Revision.objects.order_by("revised_at", "pk")),
    )


def _record(entry: Entry) -> Record:
    version = getattr(entry, "public_version", None)
    return {
        "id": entry.public_id,
        "key": entry.key,
        "number": version.number if version else None,
        "version": version.version if version else None,
        "status": entry.status,
        "status_reason": entry.status_reason or None,
        "title": entry.title,
        "summary": entry.summary,
        "platforms": sorted(each.slug for each in entry.platforms.all()),
        "topic": entry.topic,
        "effects": entry.effects,
        "direction": entry.direction,
        "data_kinds": entry.data_kinds,
        "told": entry.told,
        "confidence": entry.confidence,
        "basis": entry.basis,
        "note": entry.note or None,
        **people_and_places(entry),
        "announced": dated(entry.announced_on, entry.announced_precision),
        "decided": dated(entry.decided_on, entry.decided_precision),
        "due": dated(entry.due_on, entry.due_precision),
        "effective": dated(entry.effective_on, entry.effective_precision),
        "deadline": dated(entry.deadline_on, entry.deadline_precision),
        "observed_from": moment(entry.observed_from),
        "observed_to": moment(entry.observed_to),
        "listed_under": entry.timeline_on.isoformat() if entry.timeline_on else None,
        "published_at": moment(entry.published_at),
        "updated_at": moment(version.changed_at if version else entry.updated_at),
        "origin": entry.origin,
        "reviewed_twice": entry.second_reviewer_id is not None,
        "follows": _public_id(entry.follows),
        "outcome": _public_id(entry.outcome),
        "uses": sorted(f"{each.platform.slug}/{each.slug}" for each in entry.uses.all()),
        "controls": sorted(f"{each.platform.slug}/{each.slug}" for each in entry.controls.all()),
        "references": [
            {"name": each.name, "kind": each.kind, "place": each.place, "url": each.url}
            for each in entry.references.all()
        ],
        "states_opened": [_state(state) for state in entry.opened_states.all()],
        "sources": source_records(entry.sources.all()),
        "revisions": [
            {"kind": each.kind, "reason": each.reason, "at": moment(each.revised_at)}
            for each in entry.revisions.all()
        ],
    }


def _public_id(entry: Entry | None) -> str | None:
    is_public = entry is not None and entry.published_at is not None and entry.status != "draft"
    return entry.public_id if entry is not None and is_public else None


def _state(state: State) -> Record:
    use = state.branch.use
    return {
        "use": f"{use.platform.slug}/{use.slug}",
        "value": state.value,
        "starts": dated(state.starts_on, state.starts_precision),
        "since_is": state.since_is,
    }
