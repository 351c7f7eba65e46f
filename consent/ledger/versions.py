"""Numbers public changes of entries, so that programs can ask for what is new (EntryVersion)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from consent.ledger.entry_records import NOT_VERSIONED, Record, entry_records
from consent.models import Entry
from consent.models.versions import EntryCounter, EntryVersion
from platforms.models import PublicChange
from platforms.vocabulary import PublicChangeKind

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
    if not _changed(entries):
        return 0
    with transaction.atomic():
        counter, _created = EntryCounter.objects.select_for_update().get_or_create(pk=1)
        # Compared again: another transaction may have numbered some of them before the lock.
        changed = _changed(entries)
        for public_id, (key, digest) in changed.items():
            counter.last += 1
            _write(public_id, key, digest, counter.last)
        counter.save(update_fields=["last"])
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
    now = {each["id"]: _digest(each) for each in entry_records(public)}
    changed: dict[str, tuple[int | None, str]] = {
        public_id: (keys[public_id], digest)
        for public_id, digest in now.items()
        if public_id in keys and digests.get(public_id) != digest
    }
    gone = [public_id for public_id, digest in digests.items() if digest and public_id not in now]
    for version in known.filter(public_id__in=gone):
        changed[version.public_id] = (version.entry_id, "")
    return changed


def _write(public_id: str, key: int | None, digest: str, number: int) -> None:
    version = EntryVersion.objects.filter(public_id=public_id).first()
    if version is None:
        version = EntryVersion(public_id=public_id, version=0)
    version.entry_id, version.digest, version.number = key, digest, number
    version.version += 1
    version.changed_at = timezone.now()
    version.save()


def _digest(record: Record) -> str:
    kept = {name: value for name, value in record.items() if name not in NOT_VERSIONED}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
