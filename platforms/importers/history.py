"""Stores the records of an archive with the steps of a visit, on a page of their own.

A page of history is paused and never visited. It shares nothing with the page that workers
read: no baseline, no flap memory, no guides. Decision 6 has the reasons.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum

from django.db.models import Min

from platforms.archive import Archive
from platforms.fetching.judgement import Verdict
from platforms.models import Page, Snapshot
from platforms.outcomes import QUARANTINED, Outcome
from platforms.snapshots.documents import keep_document
from platforms.snapshots.snapshot_record import Received, is_news, quarantine, record
from platforms.vocabulary import HISTORY_ONLY, CaptureSource

#: Added to the times of records within the same second, to keep their order.
_STEP = dt.timedelta(microseconds=1)


class ConcurrentImport(Exception):
    """Another import of the same history is running. This one ends, so nothing is stored twice."""


class ImportResult(Enum):
    """The outcome of one record, in the words of the command's summary."""

    FIRST = "first states of a page"
    CHANGED = "changes raised"
    REAPPEARED = "re-appearances of a known state"
    UNCHANGED = "without a difference that counts"
    RE_EXTRACTED = "re-extractions, kept and not announced"
    QUARANTINED = "walls and error pages, in quarantine"
    UNREADABLE = "that could not be read"


def start_history(page: Page, *, archive_name: str, now: dt.datetime) -> None:
    """Turn an unsaved page into a page of history, and save it."""
    page.paused_at = now
    page.paused_reason = f"{HISTORY_ONLY}{archive_name}"
    page.save()


def lock_history(page_id: int, *, mark: str) -> Page:
    """Lock a page of history within the caller's transaction, and return it.

    mark: that of the last record, as the caller knows it. Raises ConcurrentImport.
    """
    page = (
        Page.objects.select_for_update(of=("self",))
        .select_related("platform", "baseline")
        .get(pk=page_id)
    )
    if last_mark(page) != mark:
        raise ConcurrentImport(f"{page} is being imported by another process at the same time")
    return page


def first_own_visit_at(pages: list[Page]) -> dt.datetime | None:
    """Return the time of our own first snapshot of these pages: their histories end there."""
    own = Snapshot.objects.readable().filter(page__in=pages, source=CaptureSource.VISIT)
    first: dt.datetime | None = own.aggregate(at=Min("first_seen_at"))["at"]
    return first


def next_time(page: Page, recorded_at: dt.datetime) -> dt.datetime:
    """Return the time to store for a record: later than that of the record before it."""
    if page.last_looked_at is None:
        return recorded_at
    return max(recorded_at, page.last_looked_at + _STEP)


def import_record(
    page: Page,
    capture: Received,
    *,
    mark: str,
    verdict: Verdict,
    archive: Archive,
    sha256: str = "",
    re_extraction: bool = False,
) -> ImportResult:
    """Store one record, and remember its mark on the page. Runs in the caller's transaction.

    page: locked by the caller. mark: the archive's name of the record; last_mark() returns it.
    sha256: what store() returned, "" for a text without bytes. re_extraction: the archive
    extracted the text again, so the difference is not the platform's doing (promise 5).
    """
    result = _store(page, capture, verdict, archive, sha256, re_extraction=re_extraction)
    page.last_looked_at = capture.seen_at
    page.validators = {"mark": mark}
    return result


def last_mark(page: Page) -> str:
    """Return the archive's name of the last imported record, "" before the first."""
    return str(page.validators.get("mark", ""))


def skip_record(page: Page, *, mark: str) -> ImportResult:
    """Remember the mark of a record that could not be read, so that it is not tried again."""
    page.validators = {"mark": mark}
    return ImportResult.UNREADABLE


def save_progress(page: Page) -> None:
    """Save the mark and time of the last record. Once in a transaction, at its end."""
    page.save(update_fields=["last_looked_at", "validators"])


def _store(
    page: Page,
    capture: Received,
    verdict: Verdict,
    archive: Archive,
    sha256: str,
    *,
    re_extraction: bool,
) -> ImportResult:
    if verdict.outcome in QUARANTINED:
        _quarantine(page, capture, verdict)
        return ImportResult.QUARANTINED
    if verdict.outcome != Outcome.READ:
        return ImportResult.UNREADABLE
    before = page.baseline
    if re_extraction and before is not None and is_news(page, capture.extracted, archive):
        _replace_baseline(page, capture)
        return ImportResult.RE_EXTRACTED
    snapshot = record(page, capture, sha256=sha256, archive=archive)
    if before is None:
        return ImportResult.FIRST
    if snapshot == before:
        return ImportResult.UNCHANGED
    return (
        ImportResult.CHANGED
        if snapshot.evidence_url == capture.evidence_url
        else ImportResult.REAPPEARED
    )


def _replace_baseline(page: Page, capture: Received) -> None:
    """Make a re-extracted text the baseline without a Change."""
    snapshot = _text_snapshot(page, capture)
    keep_document(page, snapshot, capture.extracted, re_extraction=True)
    page.baseline = snapshot
    page.save(update_fields=["baseline"])


def _quarantine(page: Page, capture: Received, verdict: Verdict) -> None:
    if capture.body:
        quarantine(page, capture, outcome=verdict.outcome, detail=verdict.reason)
        return
    # Without bytes, the digest of the text shows whether it is already in quarantine.
    known = page.snapshots.filter(
        quarantined_as=verdict.outcome,
        released_at=None,
        documents__digest=capture.extracted.digest,
    ).first()
    if known is not None:
        known.last_seen_at = capture.seen_at
        known.save(update_fields=["last_seen_at"])
        return
    snapshot = _text_snapshot(
        page, capture, quarantined_as=verdict.outcome, quarantine_detail=verdict.reason[:500]
    )
    keep_document(page, snapshot, capture.extracted)


def _text_snapshot(page: Page, capture: Received, **fields: str) -> Snapshot:
    return Snapshot.objects.create(
        page=page,
        sha256="",
        size=0,
        content_type=capture.content_type,
        final_url=capture.final_url,
        headers=dict(capture.headers),
        first_seen_at=capture.seen_at,
        last_seen_at=capture.seen_at,
        source=capture.source,
        evidence_url=capture.evidence_url,
        **fields,
    )
