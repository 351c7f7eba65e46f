"""Extracts Documents from bytes by today's rules and stores them (promise 5)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import zstandard
from django.db.models import Exists, OuterRef, QuerySet

from platforms.archive import Archive
from platforms.extraction import EXTRACTOR_VERSION
from platforms.extraction import Document as ExtractedDocument
from platforms.fetching import reader
from platforms.models import Document, Page, Snapshot, SnapshotQuerySet


def rules_digest(select: Sequence[Any], remove: Sequence[Any]) -> str:
    """Return a digest of a set of selectors: equal digests mean that equal rules were used."""
    return hashlib.sha256(json.dumps([select, remove], sort_keys=True).encode()).hexdigest()


def read_bytes(page: Page, body: bytes, *, url: str, content_type: str) -> ExtractedDocument:
    """Extract a page's watched part from bytes, using the selectors in use.

    Raises FetchError for bytes that take too much to read.
    """
    return reader.read(
        body, url=url, content_type=content_type, select=page.select_now, remove=page.remove
    )


def keep_document(
    page: Page, snapshot: Snapshot, extracted: ExtractedDocument, *, re_extraction: bool = False
) -> Document:
    """Store what was extracted from a snapshot. Storing the same again adds no row."""
    document, _ = Document.objects.get_or_create(
        snapshot=snapshot,
        extractor_version=EXTRACTOR_VERSION,
        rules=rules_digest(page.select_now, page.remove),
        defaults={
            "text": extracted.text,
            "digest": extracted.digest,
            "title": extracted.title[:500],
            "language": extracted.language[:20],
            "links": link_rows(extracted),
            "missed_selectors": list(extracted.missed_selectors),
            "re_extraction": re_extraction,
        },
    )
    return document


def link_rows(extracted: ExtractedDocument) -> list[Mapping[str, Any]]:
    """Return the links by which people act on their data as JSON. If one moves, it is a change."""
    return [{"text": link.text, "url": link.target} for link in extracted.actions]


def current_document(page: Page, snapshot: Snapshot, archive: Archive) -> Document:
    """Return the Document of a snapshot under today's extractor and selectors.

    If there is none, extracts it from the stored bytes: a re-extraction, which is kept and labelled
    but never announced. Imported texts without bytes keep their Document.
    """
    # Nearly every visit needs only digest and links. The text is loaded when a change needs it.
    known = todays_readings(page).filter(snapshot=snapshot).defer("text").first()
    if known is not None:
        return known
    if not snapshot.sha256:
        return snapshot.documents.latest("created_at")
    return keep_document(page, snapshot, read_stored(page, snapshot, archive), re_extraction=True)


def read_stored(page: Page, snapshot: Snapshot, archive: Archive) -> ExtractedDocument:
    """Extract from a snapshot's stored bytes, by today's extractor and selectors."""
    return read_bytes(
        page,
        body_of(snapshot, archive),
        url=snapshot.final_url,
        content_type=snapshot.content_type,
    )


def body_of(snapshot: Snapshot, archive: Archive) -> bytes:
    """Return a snapshot's bytes as received. Raises ArchiveError if they cannot be read."""
    if snapshot.refused_body is not None:
        return zstandard.decompress(snapshot.refused_body)
    return archive.get(snapshot.sha256)


def todays_readings(page: Page) -> QuerySet[Document]:
    """Documents made by today's extractor and the page's present selectors."""
    return Document.objects.filter(
        extractor_version=EXTRACTOR_VERSION, rules=rules_digest(page.select_now, page.remove)
    )


def lacking_todays_reading(page: Page) -> SnapshotQuerySet:
    """Snapshots of a page that have bytes, but no Document by today's extractor and selectors."""
    readings = todays_readings(page).filter(snapshot=OuterRef("pk"))
    return (
        page.snapshots.with_bytes()
        .filter(~Exists(readings))
        .select_related("page__platform")
        .order_by("first_seen_at")
    )
