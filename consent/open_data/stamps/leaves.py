"""What is stamped of a snapshot, a text, an entry, a revision and a decision: canonical JSON.

These bytes are the leaves of the Merkle trees and files in evidence bundles. They have a format of
their own: another field would give every record another hash, so the API grows without them.

A record names others by their leaf hashes. An entry names all that it rests on, so nobody can put
anything else beside it, or leave something out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import translation

from consent.models import Change, Decision, Entry, Passage, Revision, Source
from consent.models.changes import DecisionQuerySet
from consent.models.entries import EntryQuerySet
from consent.open_data.stamps.chain import canonical_json
from consent.open_data.stamps.merkle import leaf_hash
from consent.vocabulary import StampedKind
from consent.web.absolute_urls import absolute_url
from platforms.models import Document, Snapshot

FORMAT = 1
#: Rows read at once. Texts of documents have up to a megabyte each.
CHUNK = 100
_ENTRY_FIELDS = (
    *("key", "status", "status_reason", "title", "summary", "result", "note", "topic"),
    "effects",
    *("direction", "data_kinds", "told", "confidence", "basis", "places", "except_places"),
    *("some_of", "people", "plans", "who"),
)
#: What a decision may be about. An entry comes before the change that it was made from.
_DECIDED_ON = ("entry", "change", "use", "control", "guide")


@dataclass(frozen=True, slots=True)
class Leaf:
    """The bytes that are hashed for a row."""

    kind: StampedKind
    row_id: int
    data: bytes

    @property
    def hash(self) -> bytes:
        return leaf_hash(self.data)


def snapshot_leaf(snapshot: Snapshot) -> Leaf:
    """The SHA-256 is empty if only a text was imported; its text has a record of its own."""
    return _leaf(
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


def text_leaf(document: Document) -> Leaf:
    """Reads document.snapshot."""
    return _leaf(
        StampedKind.TEXT,
        document.pk,
        snapshot=_name(snapshot_leaf(document.snapshot)),
        extractor_version=document.extractor_version,
        rules=document.rules,
        sha256=hashlib.sha256(document.text.encode()).hexdigest(),
    )


def revision_leaf(revision: Revision) -> Leaf:
    """Reads revision.entry."""
    return _leaf(
        StampedKind.REVISION,
        revision.pk,
        entry=revision.entry.public_id,
        revision=revision.kind,
        reason=revision.reason,
        changed=revision.changed,
        revised_at=_moment(revision.revised_at),
    )


def decision_leaf(decision: Decision) -> Leaf:
    """Reads decision.entry. Notes and names of curators are not public, so they are left out."""
    subject = next(name for name in _DECIDED_ON if getattr(decision, f"{name}_id") is not None)
    return _leaf(
        StampedKind.DECISION,
        decision.pk,
        entry=decision.entry.public_id if decision.entry else None,
        about=subject,
        about_id=getattr(decision, f"{subject}_id"),
        ruling=decision.ruling,
        decided_at=_moment(decision.decided_at),
        undoes=decision.undoes_id,
    )


def entry_leaves(entries: EntryQuerySet) -> Iterator[Leaf]:
    """Yield the leaves of these entries, in their order."""
    sources = Source.objects.select_related("snapshot", "snapshot_before").prefetch_related(
        Prefetch("passages", Passage.objects.defer("words"))
    )
    documents = ("before_document", "after_document")
    changes = (
        Change.objects.select_related("before", "after", *documents)
        .defer(*(f"{document}__text" for document in documents))
        .order_by("observed_to", "pk")
    )
    complete = entries.prefetch_related(
        *("platforms", "uses__platform", "controls__platform"),
        Prefetch("sources", sources),
        Prefetch("changes", changes),
        Prefetch("decisions", standing_decisions()),
        Prefetch("revisions", Revision.objects.order_by("revised_at", "pk")),
    )
    for entry in complete.iterator(chunk_size=CHUNK):
        fields = {name: getattr(entry, name) for name in _ENTRY_FIELDS}
        yield _leaf(StampedKind.ENTRY, entry.pk, **fields, **_derived(entry))


def standing_decisions() -> DecisionQuerySet:
    return Decision.objects.standing().order_by("decided_at", "pk")


def _derived(entry: Entry) -> dict[str, Any]:
    """Return what a leaf contains of an entry besides its plain fields."""
    return {
        "id": entry.public_id,
        "address": _address(entry),
        "platforms": sorted(platform.slug for platform in entry.platforms.all()),
        "uses": sorted(f"{use.platform.slug}/{use.slug}" for use in entry.uses.all()),
        "controls": sorted(f"{each.platform.slug}/{each.slug}" for each in entry.controls.all()),
        "dates": {
            name: {"on": on.isoformat(), "precision": getattr(entry, f"{name}_precision")}
            for name in ("announced", "decided", "due", "effective", "deadline")
            if (on := getattr(entry, f"{name}_on"))
        },
        "observed_from": _moment(entry.observed_from),
        "observed_to": _moment(entry.observed_to),
        "published_at": _moment(entry.published_at),
        "sources": [_source(source) for source in entry.sources.all()],
        "changes": [_change(change) for change in entry.changes.all()],
        "decisions": [_name(decision_leaf(each)) for each in entry.decisions.all()],
        "revisions": [_name(revision_leaf(each)) for each in entry.revisions.all()],
    }


def _address(entry: Entry) -> str:
    with translation.override("en"):
        return absolute_url(reverse("change-by-id", args=[entry.public_id]))


def _change(change: Change) -> dict[str, Any]:
    """The two texts that are compared. A snapshot has one text for each version and rules."""
    sides = {
        "before": (change.before, change.before_document),
        "after": (change.after, change.after_document),
    }
    return {
        "observed_from": _moment(change.observed_from),
        "observed_to": _moment(change.observed_to),
        **{
            side: {
                "snapshot": _name(snapshot_leaf(snapshot)),
                "extractor_version": document.extractor_version,
                "rules": document.rules,
            }
            for side, (snapshot, document) in sides.items()
        },
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "url": source.url,
        "publisher": source.publisher,
        "title": source.title,
        "published_on": source.published_on.isoformat() if source.published_on else None,
        "archived_url": source.archived_url,
        "seen_via": source.seen_via,
        "snapshot": _name(snapshot_leaf(source.snapshot)) if source.snapshot else None,
        "before": _name(snapshot_leaf(source.snapshot_before)) if source.snapshot_before else None,
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


def _name(leaf: Leaf) -> str:
    """Return what other records call this one."""
    return leaf.hash.hex()


def _leaf(kind: StampedKind, row_id: int, **fields: Any) -> Leaf:
    return Leaf(kind, row_id, canonical_json({"format": FORMAT, "kind": kind.value, **fields}))


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds") if moment else None
