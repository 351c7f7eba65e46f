"""Keep what an archive recorded, by the steps of a live read, on a page row of its own.

A page of history is paused and never visited, and it shares nothing with the page that workers
read: neither baseline nor flap memory, nor the guides that rest on it. Why: decision 6.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum

from django.db.models import Min

from platforms.archive import Archive
from platforms.fetching.judging import Verdict
from platforms.models import Page, Snapshot
from platforms.outcomes import QUARANTINED, Outcome
from platforms.snapshots.documents import keep_document
from platforms.snapshots.recording import Received, is_news, quarantine, record
from platforms.vocabulary import HISTORY_ONLY, CaptureSource

#: Two records of one page within the same second keep their order by this.
_NEXT = dt.timedelta(microseconds=1)


class ToldElsewhere(Exception):
    """Two imports of one history met; nothing is told twice, one of them ends."""


class Told(Enum):
    """What one record of an archive came to, in the words of the closing summary."""

    FIRST = "first states of a page"
    CHANGED = "changes raised"
    REAPPEARED = "re-appearances of a known state"
    UNCHANGED = "without a difference that counts"
    RE_EXTRACTED = "re-extractions, kept and not announced"
    QUARANTINED = "walls and error pages, in quarantine"
    UNREADABLE = "that could not be read"


def begin(page: Page, *, archive_name: str, now: dt.datetime) -> None:
    """Make a new row a page of history. Saves it."""
    page.paused_at = now
    page.paused_reason = f"{HISTORY_ONLY}{archive_name}"
    page.save()


def lock(page_id: int, *, mark: str) -> Page:
    """Return a page of history for writing, within the caller's transaction.

    mark: how far the caller knows it to be told. Raises ToldElsewhere.
    """
    page = (
        Page.objects.select_for_update(of=("self",))
        .select_related("platform", "baseline")
        .get(pk=page_id)
    )
    if done_up_to(page) != mark:
        raise ToldElsewhere(f"{page} is being told by another import at the same time")
    return page


def own_reading_began_at(pages: list[Page]) -> dt.datetime | None:
    """Return when we first read one of these pages ourselves: there their histories end."""
    own = Snapshot.objects.readable().filter(page__in=pages, source=CaptureSource.VISIT)
    first: dt.datetime | None = own.aggregate(at=Min("first_seen_at"))["at"]
    return first


def next_moment(page: Page, recorded_at: dt.datetime) -> dt.datetime:
    """Return the time to keep for a record: later than that of the one told before it."""
    if page.last_looked_at is None:
        return recorded_at
    return max(recorded_at, page.last_looked_at + _NEXT)


def tell(
    page: Page,
    capture: Received,
    *,
    mark: str,
    verdict: Verdict,
    archive: Archive,
    sha256: str = "",
    re_extraction: bool = False,
) -> Told:
    """Keep one record and note that it is done. Runs inside the caller's transaction.

    page: locked by the caller. mark: what the archive calls the record; done_up_to() gives it
    back. sha256: what store() returned, "" for a text without bytes. re_extraction: the archive
    read again what it had, so the difference is its own doing (promise 5).
    """
    told = _told(page, capture, verdict, archive, sha256, re_extraction=re_extraction)
    page.last_looked_at = capture.seen_at
    page.validators = {"mark": mark}
    return told


def done_up_to(page: Page) -> str:
    """Return what the archive calls the last record told, "" before the first."""
    return str(page.validators.get("mark", ""))


def pass_over(page: Page, *, mark: str) -> Told:
    """Note that one record is done although nothing of it could be read."""
    page.validators = {"mark": mark}
    return Told.UNREADABLE


def note_progress(page: Page) -> None:
    """Save how far the telling came. Once a transaction, after its last record."""
    page.save(update_fields=["last_looked_at", "validators"])


def _told(
    page: Page,
    capture: Received,
    verdict: Verdict,
    archive: Archive,
    sha256: str,
    *,
    re_extraction: bool,
) -> Told:
    if verdict.outcome in QUARANTINED:
        _set_aside(page, capture, verdict, sha256)
        return Told.QUARANTINED
    if verdict.outcome != Outcome.READ:
        return Told.UNREADABLE
    before = page.baseline
    if re_extraction and before is not None and is_news(page, capture.extracted, archive):
        _read_again(page, capture)
        return Told.RE_EXTRACTED
    snapshot = record(page, capture, sha256=sha256, archive=archive)
    if before is None:
        return Told.FIRST
    if snapshot == before:
        return Told.UNCHANGED
    return Told.CHANGED if snapshot.evidence_url == capture.evidence_url else Told.REAPPEARED


def _read_again(page: Page, capture: Received) -> None:
    """Make a text the baseline without a Change: next to the one it is a new reading of."""
    snapshot = _text_snapshot(page, capture)
    keep_document(page, snapshot, capture.extracted, re_extraction=True)
    page.baseline = snapshot
    page.save(update_fields=["baseline"])


def _set_aside(page: Page, capture: Received, verdict: Verdict, sha256: str) -> None:
    if sha256:
        quarantine(page, capture, sha256=sha256, outcome=verdict.outcome, detail=verdict.reason)
        return
    # Texts have no bytes to be told apart by, and each must stay releasable: by their digest.
    again = page.snapshots.filter(
        quarantined_as=verdict.outcome,
        released_at=None,
        documents__digest=capture.extracted.digest,
    ).first()
    if again is not None:
        again.last_seen_at = capture.seen_at
        again.save(update_fields=["last_seen_at"])
        return
    snapshot = _text_snapshot(
        page, capture, quarantined_as=verdict.outcome, quarantine_detail=verdict.reason[:500]
    )
    keep_document(page, snapshot, capture.extracted)


def _text_snapshot(page: Page, capture: Received, **more: str) -> Snapshot:
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
        **more,
    )
