"""Numbers public changes of entries, so that programs can ask for what is new (EntryVersion)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from consent.ledger.public_entries import NOT_VERSIONED, public_entries
from consent.ledger.record_fields import Record
from consent.models import Entry
from consent.models.entry_versions import EntryCounter, EntryVersion
from platforms.models import PublicChange
from platforms.vocabulary import PublicChangeKind

#: Rows written at once.
_CHUNK = 200
#: For each kind of record that an entry's public record names: the entries that name it.
_ENTRIES_NAMING = {
    "consent.entry": ("pk", "follows", "outcome"),
    "consent.use": ("uses", "opened_states__branch__use"),
    "consent.control": ("controls",),
    "consent.reference": ("references",),
    "platforms.platform": ("platforms", "uses__platform", "controls__platform"),
}


def number_entries(entries: Collection[int] | None = None) -> int:
    """Give a new number to each of these entries whose public record changed; return how many.

    entries: keys; all entries by default. Call it in the transaction that changes them. Safe to
    repeat.
    """
    before = _last_number()
    changed = _changed(entries)
    if not changed:
        return 0
    with transaction.atomic():
        counter, _created = EntryCounter.objects.select_for_update().get_or_create(pk=1)
        if counter.last != before:
            # Another transaction numbered entries before the lock, perhaps some of these.
            changed = _changed(entries)
        _write(changed, counter)
    return len(changed)


def number_after(sender: Any = None, *, logged: PublicChange, **_: Any) -> None:
    """Receiver of public_change_made: number the entries that a public change concerns.

    A load of the catalog numbers them itself, once.
    """
    if logged.kind == PublicChangeKind.CATALOG:
        return
    if logged.kind == PublicChangeKind.ADDITION:
        number_entries()
        return
    keys: set[int] = set()
    for path in _ENTRIES_NAMING.get(logged.record, ()):
        naming = Entry.objects.filter(**{path: logged.record_id}).order_by()
        keys.update(naming.values_list("pk", flat=True))
    if keys:
        number_entries(keys)


def number_all(**_: Any) -> None:
    """Receiver of catalog_loaded."""
    number_entries()


def _changed(entries: Collection[int] | None) -> dict[str, tuple[int | None, str]]:
    """Return the key and the digest of each entry whose record is new, by its public id."""
    public = Entry.objects.on_record().order_by("published_at", "key")
    known = EntryVersion.objects.all()
    if entries is not None:
        public, known = public.filter(pk__in=entries), known.filter(entry__in=entries)
    digests = dict(known.values_list("public_id", "digest"))
    keys = dict(public.values_list("public_id", "pk"))
    now = {each["id"]: _digest(each) for each in public_entries(public)}
    changed: dict[str, tuple[int | None, str]] = {
        public_id: (keys[public_id], digest)
        for public_id, digest in now.items()
        if public_id in keys and digests.get(public_id) != digest
    }
    gone = [public_id for public_id, digest in digests.items() if digest and public_id not in now]
    for start in range(0, len(gone), _CHUNK):
        these = known.filter(public_id__in=gone[start : start + _CHUNK])
        changed |= {
            public_id: (key, "") for public_id, key in these.values_list("public_id", "entry")
        }
    return changed


def _last_number() -> int:
    last: int = EntryCounter.objects.filter(pk=1).values_list("last", flat=True).first() or 0
    return last


def _write(changed: Mapping[str, tuple[int | None, str]], counter: EntryCounter) -> None:
    """Draw the next numbers. The caller holds the lock of the counter."""
    ids, now = list(changed), timezone.now()
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        known = EntryVersion.objects.filter(public_id__in=chunk).in_bulk(field_name="public_id")
        new = {each: EntryVersion(public_id=each, version=0) for each in chunk if each not in known}
        for public_id in chunk:
            version = known.get(public_id) or new[public_id]
            version.entry_id, version.digest = changed[public_id]
            counter.last += 1
            version.number = counter.last
            version.version += 1
            version.changed_at = now
        EntryVersion.objects.bulk_create(new.values())
        EntryVersion.objects.bulk_update(
            known.values(), ["entry", "digest", "number", "version", "changed_at"]
        )
    counter.save(update_fields=["last"])


def _digest(record: Record) -> str:
    kept = {name: value for name, value in record.items() if name not in NOT_VERSIONED}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
