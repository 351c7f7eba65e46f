"""What is stamped of a snapshot, a text, an entry and a revision, as canonical JSON.

These bytes are the leaves of the Merkle trees and files in evidence bundles. They have a format of
their own: another field would give every record another hash, so the API grows without them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from consent.models import Entry, Passage, Revision, Source
from consent.models.entries import EntryQuerySet
from consent.open_data.stamps.chain import canonical_json
from consent.open_data.stamps.merkle import leaf_hash
from consent.vocabulary import StampedKind
from platforms.models import Document, Snapshot

FORMAT = 1
#: Rows read at once. Texts of documents have up to a megabyte each.
CHUNK = 100


@dataclass(frozen=True, slots=True)
class Record:
    """The bytes that are hashed for a row."""

    kind: StampedKind
    row_id: int
    data: bytes

    @property
    def leaf(self) -> bytes:
        return leaf_hash(self.data)


def snapshot_record(snapshot: Snapshot) -> Record:
    """The SHA-256 is empty if only a text was imported; its text has a record of its own."""
    return _record(
        StampedKind.SNAPSHOT,
        snapshot.pk,
        url=snapshot.final_url,
        sha256=snapshot.sha256,
        bytes=snapshot.size,
        http_status=snapshot.http_status,
        content_type=snapshot.content_type,
        first_seen_at=_moment(snapshot.first_seen_at),
        source=snapshot.source,
        evidence_url=snapshot.evidence_url,
    )


def text_record(document: Document) -> Record:
    """Reads document.snapshot."""
    snapshot = document.snapshot
    return _record(
        StampedKind.TEXT,
        document.pk,
        url=snapshot.final_url,
        snapshot_sha256=snapshot.sha256,
        first_seen_at=_moment(snapshot.first_seen_at),
        extractor_version=document.extractor_version,
        rules=document.rules,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
    )


def revision_record(revision: Revision) -> Record:
    """Reads revision.entry."""
    return _record(
        StampedKind.REVISION,
        revision.pk,
        entry=revision.entry.public_id,
        revision=revision.kind,
        reason=revision.reason,
        changed=revision.changed,
        revised_at=_moment(revision.revised_at),
    )


def entry_records(entries: EntryQuerySet) -> Iterator[Record]:
    """Yield the records of these entries, in their order."""
    sources = Source.objects.select_related("snapshot", "snapshot_before").prefetch_related(
        Prefetch("passages", Passage.objects.defer("words"))
    )
    complete = entries.prefetch_related(
        "platforms", "uses__platform", "controls__platform", Prefetch("sources", sources)
    )
    for entry in complete.iterator(chunk_size=CHUNK):
        yield _entry_record(entry)


def _entry_record(entry: Entry) -> Record:
    return _record(
        StampedKind.ENTRY,
        entry.pk,
        id=entry.public_id,
        key=entry.key,
        status=entry.status,
        status_reason=entry.status_reason,
        title=entry.title,
        summary=entry.summary,
        note=entry.note,
        platforms=sorted(platform.slug for platform in entry.platforms.all()),
        uses=sorted(f"{use.platform.slug}/{use.slug}" for use in entry.uses.all()),
        controls=sorted(f"{each.platform.slug}/{each.slug}" for each in entry.controls.all()),
        topic=entry.topic,
        effects=entry.effects,
        direction=entry.direction,
        data_kinds=entry.data_kinds,
        told=entry.told,
        confidence=entry.confidence,
        basis=entry.basis,
        places=entry.places,
        except_places=entry.except_places,
        some_of=entry.some_of,
        people=entry.people,
        plans=entry.plans,
        who=entry.who,
        dates={
            name: {"on": on.isoformat(), "precision": getattr(entry, f"{name}_precision")}
            for name in ("announced", "decided", "due", "effective", "deadline")
            if (on := getattr(entry, f"{name}_on"))
        },
        observed_from=_moment(entry.observed_from),
        observed_to=_moment(entry.observed_to),
        published_at=_moment(entry.published_at),
        sources=[
            {
                "url": source.url,
                "publisher": source.publisher,
                "title": source.title,
                "published_on": source.published_on.isoformat() if source.published_on else None,
                "archived_url": source.archived_url,
                "seen_via": source.seen_via,
                "snapshot_sha256": source.snapshot.sha256 if source.snapshot else None,
                "before_sha256": source.snapshot_before.sha256 if source.snapshot_before else None,
                "passages": [
                    {
                        "side": passage.side,
                        "starts_at": passage.starts_at,
                        "ends_at": passage.ends_at,
                        "sha256": passage.sha256,
                    }
                    for passage in source.passages.all()
                ],
            }
            for source in entry.sources.all()
        ],
    )


def _record(kind: StampedKind, row_id: int, **fields: Any) -> Record:
    return Record(kind, row_id, canonical_json({"format": FORMAT, "kind": kind.value, **fields}))


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds") if moment else None
