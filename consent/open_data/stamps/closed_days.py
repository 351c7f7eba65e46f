"""Closes days with a Merkle root, and has the roots stamped (docs/decisions/0018)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from consent.models import Decision, Entry, Revision, StampedDay, StampedRecord, TimeStamp
from consent.open_data.stamps import authority, published_roots
from consent.open_data.stamps.chain import NO_PREVIOUS, Header, header_of
from consent.open_data.stamps.leaves import (
    CHUNK,
    Leaf,
    decision_leaf,
    entry_leaves,
    revision_leaf,
    snapshot_leaf,
    text_leaf,
)
from consent.open_data.stamps.merkle import root_of
from consent.vocabulary import StampedKind
from platforms.models import Document, Snapshot

log = logging.getLogger(__name__)

#: Stamps asked for in one run. Later runs ask for the rest.
MOST_AT_ONCE = 10


def close_day(day: dt.date | None = None) -> StampedDay | None:
    """Make the root over all that is in none yet; None if a root of this day or a later exists.

    day: yesterday by default. What was recorded on a day without a root is in the next root.
    Raises ForkedChain, and OSError if the root cannot be kept outside the database.
    """
    day = day or timezone.localdate() - dt.timedelta(days=1)
    if StampedDay.objects.filter(day__gte=day).exists():
        return None
    leaves = [(leaf.kind, leaf.row_id, leaf.hash) for leaf in _unstamped()]
    with transaction.atomic():
        published_roots.reconcile()
        last = StampedDay.objects.order_by("-number").first()
        if last and last.day >= day:  # closed meanwhile by somebody else, or came back
            return None
        header = Header(
            number=last.number + 1 if last else 1,
            day=day,
            size=len(leaves),
            root=root_of([leaf for _, _, leaf in leaves]).hex(),
            previous=header_of(last).sha256 if last else NO_PREVIOUS,
        )
        # Before the commit: no root is seen that a restored database could give away again.
        published_roots.keep_header(header)
        closed = StampedDay.objects.create(**asdict(header))
        StampedRecord.objects.bulk_create(
            [
                StampedRecord(
                    day=closed, position=position, kind=kind, record_id=row_id, sha256=leaf.hex()
                )
                for position, (kind, row_id, leaf) in enumerate(leaves)
            ],
            batch_size=1000,
        )
    return closed


def stamp_days() -> int:
    """Ask the authority for the stamps that are missing; return how many came.

    Does nothing while no authority is set. If it is away, the next run asks again.
    """
    if not settings.STAMP_AUTHORITY_URL:
        return 0
    roots = trusted_roots()
    stamped = 0
    for day in StampedDay.objects.unstamped()[:MOST_AT_ONCE]:
        message = header_of(day).to_bytes()
        try:
            response, stamp = authority.ask(settings.STAMP_AUTHORITY_URL, message, roots)
        except authority.AuthorityError as error:
            log.warning("No time stamp for %s yet: %s", day.day, error)
            break
        published_roots.keep_stamp(day.number, response)
        _, created = TimeStamp.objects.get_or_create(
            day=day,
            defaults={
                "response": response,
                "authority": stamp.authority[:300],
                "stamped_at": stamp.stamped_at,
            },
        )
        stamped += created
    return stamped


def trusted_roots() -> list[x509.Certificate]:
    """Return the root certificates that stamps are checked with; none if no file is set."""
    return authority.read_certificates(roots_pem()) if roots_pem() else []


def roots_pem() -> bytes:
    path = settings.STAMP_AUTHORITY_ROOTS
    return Path(path).read_bytes() if path else b""


def _unstamped() -> Iterator[Leaf]:
    snapshots = Snapshot.objects.exclude(_is_stamped(StampedKind.SNAPSHOT)).order_by("pk")
    for snapshot in snapshots.iterator(chunk_size=CHUNK):
        yield snapshot_leaf(snapshot)
    documents = Document.objects.exclude(_is_stamped(StampedKind.TEXT)).order_by("pk")
    for document in documents.select_related("snapshot").iterator(chunk_size=CHUNK):
        yield text_leaf(document)
    # An entry is stamped again whenever its record differs from the last one that was.
    last = dict(
        StampedRecord.objects.filter(kind=StampedKind.ENTRY)
        .order_by("day__number")
        .values_list("record_id", "sha256")
    )
    for leaf in entry_leaves(Entry.objects.on_record().order_by("pk")):
        if last.get(leaf.row_id) != leaf.hash.hex():
            yield leaf
    on_record = Revision.objects.filter(entry__in=Entry.objects.on_record())
    revisions = on_record.exclude(_is_stamped(StampedKind.REVISION)).order_by("pk")
    for revision in revisions.select_related("entry").iterator(chunk_size=CHUNK):
        yield revision_leaf(revision)
    decisions = Decision.objects.exclude(_is_stamped(StampedKind.DECISION)).order_by("pk")
    for decision in decisions.select_related("entry").iterator(chunk_size=CHUNK):
        yield decision_leaf(decision)


def _is_stamped(kind: StampedKind) -> Exists:
    return Exists(StampedRecord.objects.filter(kind=kind, record_id=OuterRef("pk")))
