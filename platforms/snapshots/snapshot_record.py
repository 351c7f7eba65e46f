"""Records what a visit or an import received: snapshot, baseline, flap memory.

record() distinguishes four cases: first snapshot, unchanged, returned to a known state, changed.
It sends a signal for all but the first.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import zstandard

from platforms.archive import Archive
from platforms.extraction import Document as ExtractedDocument
from platforms.extraction.nearness import nearness
from platforms.models import Document, Page, Snapshot, SnapshotQuerySet
from platforms.signals import page_changed, page_reappeared, page_unchanged
from platforms.snapshots.documents import (
    body_of,
    current_document,
    keep_document,
    lacking_todays_reading,
    todays_readings,
)
from platforms.vocabulary import Access, CaptureSource

#: A return to an earlier state within this time is a flip; later it is a new change. Chosen.
FLAP_MEMORY = dt.timedelta(days=30)
#: A page is flapping after this many returns, each within FLAP_MEMORY of the one before. It is
#: steady again after FLAP_MEMORY without a return. Chosen: one return can be a corrected mistake.
FLAPPING_AFTER = 2
#: Of the texts that a page is refused for, one in this time is kept for each reason. Chosen: a wall
#: with a number of its own at each visit would fill the archive.
REFUSALS_APART = dt.timedelta(days=1)
_SAME_REFUSAL = 0.8  # share of the words in common
_REFUSED_LEVEL = 12  # of zstd; decision 4 measured more as slower and hardly smaller
#: If the same text has this many snapshots within FLAP_MEMORY, its links change at every visit and
#: are ignored. Chosen: a provider hardly moves a form twice a month.
CHANGING_LINKS = 3


@dataclass(frozen=True, slots=True)
class Received:
    """What was received of a page, and the text extracted from it.

    body: empty for imported texts without bytes; evidence_url is then the address of the text.
    seen_at: when the page had this content. rendered: read with a browser.
    address_count: number of the page's addresses that the body was received from.
    """

    body: bytes
    extracted: ExtractedDocument
    seen_at: dt.datetime
    final_url: str
    content_type: str = ""
    http_status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    source: CaptureSource = CaptureSource.VISIT
    rendered: bool = False
    address_count: int = 1
    evidence_url: str = ""


def store(page: Page, capture: Received, archive: Archive) -> str:
    """Store the received bytes in the archive and return their SHA-256; "" if there are none.

    Call this before the transaction that refers to them (promise 2).
    """
    if not capture.body:
        return ""
    base = page.baseline
    return archive.put(capture.body, similar_to=base.sha256 if base and base.sha256 else None)


def is_news(page: Page, extracted: ExtractedDocument, archive: Archive) -> bool:
    """True if the content differs from the baseline, both read by the same rules."""
    if page.baseline is None:
        return True
    before = current_document(page, page.baseline, archive)
    return not _is_unchanged(page.baseline, before, extracted)


def needs_bytes(page: Page, capture: Received, archive: Archive) -> bool:
    """True if record() will make a snapshot, so that the bytes have to be stored before it.

    The bytes of a known state may differ at each visit by numbers inside them. They would fill
    the archive, and no snapshot would name them.
    """
    return is_news(page, capture.extracted, archive) and (
        page.baseline is None or _find_known_state(page, capture, archive) is None
    )


def _is_same(first: Document, second: Document | ExtractedDocument) -> bool:
    return first.digest == second.digest and first.action_targets == second.action_targets


def _is_unchanged(baseline: Snapshot, before: Document, now: ExtractedDocument) -> bool:
    """True if text and links are the same, ignoring links that change at every visit.

    An opt-out form that moves is a change even if the text stays the same.
    """
    if before.digest != now.digest:
        return False
    return before.action_targets == now.action_targets or _links_change_every_visit(
        baseline.page, now.digest
    )


def _links_change_every_visit(page: Page, digest: str) -> bool:
    """True if the links of this text changed CHANGING_LINKS times within FLAP_MEMORY.

    Such a page puts a number of the visitor into its links, so only its text is compared. This
    never ends for the same text, because no further snapshots of it are then recorded.
    """
    same_text = page.snapshots.readable().filter(documents__digest=digest)
    first_seen = same_text.order_by("-first_seen_at").values_list("first_seen_at", flat=True)
    latest = list(first_seen.distinct()[:CHANGING_LINKS])
    return len(latest) == CHANGING_LINKS and latest[0] - latest[-1] <= FLAP_MEMORY


def record(page: Page, capture: Received, *, sha256: str, archive: Archive) -> Snapshot:
    """Record the content of a good visit and send the signal. Runs in the caller's transaction.

    page must be locked by the caller. sha256: what store() returned; "" if needs_bytes() said no.
    If that is no longer true, the bytes are stored now. Returns the snapshot of the page's
    present state.
    """
    baseline = page.baseline
    if baseline is None:
        snapshot, _ = _new_snapshot(page, capture, sha256 or store(page, capture, archive))
        _set_baseline(page, snapshot)
        return snapshot
    before_document = current_document(page, baseline, archive)
    if _is_unchanged(baseline, before_document, capture.extracted):
        _mark_unchanged(page, baseline, capture.seen_at)
        page_unchanged.send(Page, page=page, snapshot=baseline, seen_at=capture.seen_at)
        return baseline
    if page.read_whole_since is not None and not baseline.sha256:
        # An imported text, without bytes to read whole: there is nothing to compare with.
        return renew(page, capture, sha256=sha256 or store(page, capture, archive))
    if _method_of(baseline) != _method_of(capture):
        return _record_other_method(page, capture, sha256=sha256, archive=archive)
    known = _find_known_state(page, capture, archive)
    if known is not None:
        return _reappear(page, known, capture.seen_at)
    snapshot, after_document = _new_snapshot(page, capture, sha256 or store(page, capture, archive))
    _change_to(page, snapshot, before_document, after_document)
    return snapshot


def record_unmodified(page: Page, seen_at: dt.datetime) -> Snapshot:
    """Record that the host answered "not modified"."""
    baseline = page.baseline
    if baseline is None:
        raise ValueError(f"{page}: the host answered not modified, but the page has no baseline")
    _mark_unchanged(page, baseline, seen_at)
    page_unchanged.send(Page, page=page, snapshot=baseline, seen_at=seen_at)
    return baseline


def renew(page: Page, capture: Received, *, sha256: str) -> Snapshot:
    """Make these bytes of a text that is known already the baseline. Announces nothing."""
    snapshot = page.snapshots.readable().filter(sha256=sha256).exclude(sha256="").first()
    if snapshot is None:
        snapshot, _ = _new_snapshot(page, capture, sha256)
    keep_document(page, snapshot, capture.extracted)
    _update_last_seen(snapshot, capture.seen_at)
    _set_baseline(page, snapshot)
    return snapshot


def quarantine(page: Page, capture: Received, *, outcome: str, detail: str) -> Snapshot | None:
    """Record bytes that are not the page itself (a wall, an error page). Never a baseline.

    If about the same text is refused again for the same reason, only last_seen_at changes. Other
    texts are kept once in REFUSALS_APART. Returns None for the rest. The bytes are kept in the row
    and not in the archive: they are no evidence unless they are released (decision 24).
    """
    if known := _known_refusal(page, capture, outcome):
        _update_last_seen(known, capture.seen_at)
        return known
    since = capture.seen_at - REFUSALS_APART
    if _refused(page, outcome).filter(first_seen_at__gt=since).exists():
        return None
    snapshot, _ = _new_snapshot(
        page,
        capture,
        hashlib.sha256(capture.body).hexdigest(),
        quarantined_as=outcome,
        quarantine_detail=detail[:500],
        refused_body=zstandard.compress(capture.body, _REFUSED_LEVEL),
    )
    return snapshot


def _known_refusal(page: Page, capture: Received, outcome: str) -> Snapshot | None:
    """Return the latest refused snapshot if its text is about the same."""
    latest = _refused(page, outcome).order_by("-last_seen_at").first()
    if latest is None:
        return None
    reading = todays_readings(page).filter(snapshot=latest).first() or latest.documents.first()
    text = capture.extracted.text
    is_same = reading is not None and nearness(reading.text, text) >= _SAME_REFUSAL
    return latest if is_same else None


def _refused(page: Page, outcome: str) -> SnapshotQuerySet:
    return page.snapshots.filter(quarantined_as=outcome, released_at=None)


def release(page: Page, snapshot: Snapshot, *, archive: Archive, now: dt.datetime) -> None:
    """Release a snapshot from quarantine: a curator decided that it is the page after all.

    From now on visits with the same text are good (was_released); the next one is due at once. A
    snapshot from before the page's last good visit becomes part of the history and is no change.
    Runs in the caller's transaction with page locked. Its bytes enter the archive. Raises
    ValueError for a snapshot that is not in quarantine, or has no text or no bytes any more.
    """
    if not snapshot.quarantined_as or snapshot.released_at is not None:
        raise ValueError(f"{snapshot} is not in quarantine")
    after_document = current_document(page, snapshot, archive)
    if not after_document.text.strip():
        raise ValueError(f"{snapshot} has no text to compare the page with")
    if snapshot.sha256:
        if snapshot.refused_body is None:
            raise ValueError(f"{snapshot}: its bytes were kept for some time, and are gone")
        archive.put(body_of(snapshot, archive))
    snapshot.released_at, snapshot.refused_body = now, None
    snapshot.save(update_fields=["released_at", "refused_body"])
    # "Not modified" would refer to the state before this snapshot.
    page.validators = {}
    page.next_visit_at = now
    page.save(update_fields=["validators", "next_visit_at"])
    baseline = page.baseline
    if baseline is None:
        _set_baseline(page, snapshot)
        return
    if baseline.last_seen_at > snapshot.last_seen_at:
        return
    before_document = current_document(page, baseline, archive)
    if _is_same(before_document, after_document):
        return
    _change_to(page, snapshot, before_document, after_document)


def keep_refusing(snapshot: Snapshot, *, now: dt.datetime) -> None:
    """Record that a curator looked at a refused text: it is not the page, however long it stays.

    Raises ValueError for a snapshot that is not in quarantine, or was kept there before.
    """
    if not snapshot.quarantined_as or snapshot.released_at or snapshot.kept_refused_at:
        raise ValueError(f"{snapshot} does not wait for a ruling")
    snapshot.kept_refused_at = now
    snapshot.save(update_fields=["kept_refused_at"])


def was_released(page: Page, extracted: ExtractedDocument, archive: Archive) -> bool:
    """True if a curator released a snapshot with the same text."""
    released = page.snapshots.exclude(released_at=None)
    return any(
        current_document(page, snapshot, archive).digest == extracted.digest
        for snapshot in released
    )


def _new_snapshot(
    page: Page, capture: Received, sha256: str, **fields: Any
) -> tuple[Snapshot, Document]:
    snapshot = Snapshot.objects.create(
        page=page,
        sha256=sha256,
        size=len(capture.body),
        content_type=capture.content_type[:200],
        http_status=capture.http_status,
        final_url=capture.final_url,
        headers=dict(capture.headers),
        first_seen_at=capture.seen_at,
        last_seen_at=capture.seen_at,
        source=capture.source,
        rendered=capture.rendered,
        address_count=capture.address_count,
        behind_login=page.access == Access.ACCOUNT and capture.source == CaptureSource.VISIT,
        evidence_url=capture.evidence_url,
        **fields,
    )
    return snapshot, keep_document(page, snapshot, capture.extracted)


def _method_of(received: Snapshot | Received) -> tuple[bool, int]:
    return received.rendered, received.address_count


def _record_other_method(
    page: Page, capture: Received, *, sha256: str, archive: Archive
) -> Snapshot:
    """Compare a page with its last state read by the same method.

    With and without a browser, or at more addresses, the same page may have different texts. That
    difference is our own doing and not a change (promise 5).
    """
    same_method = page.snapshots.readable().filter(
        rendered=capture.rendered, address_count=capture.address_count
    )
    last = same_method.order_by("-last_seen_at").first()
    if last is None:
        last, _ = _new_snapshot(page, capture, sha256 or store(page, capture, archive))
        _set_baseline(page, last)
        return last
    _set_baseline(page, last)
    return record(page, capture, sha256=sha256, archive=archive)


def _change_to(
    page: Page, snapshot: Snapshot, before_document: Document, after_document: Document
) -> None:
    """Make a new state the baseline and announce it."""
    before = page.baseline
    assert before is not None
    _set_baseline(page, snapshot)
    page_changed.send(
        Page,
        page=page,
        before=before,
        after=snapshot,
        before_document=before_document,
        after_document=after_document,
        # A released snapshot may have been seen before the last good visit.
        observed_from=min(before.last_seen_at, snapshot.first_seen_at),
    )


def _set_baseline(page: Page, snapshot: Snapshot) -> None:
    page.baseline = snapshot
    page.save(update_fields=["baseline"])


def _update_last_seen(snapshot: Snapshot, at: dt.datetime) -> None:
    if at > snapshot.last_seen_at:
        snapshot.last_seen_at = at
        snapshot.save(update_fields=["last_seen_at"])


def _mark_unchanged(page: Page, baseline: Snapshot, at: dt.datetime) -> None:
    """Update last_seen_at. After FLAP_MEMORY without a return, the page is steady again."""
    _update_last_seen(baseline, at)
    if page.reappeared_at is not None and at - page.reappeared_at > FLAP_MEMORY:
        page.reappearances, page.reappeared_at, page.flapping_since = 0, None, None
        page.save(update_fields=["reappearances", "reappeared_at", "flapping_since"])


def _find_known_state(page: Page, capture: Received, archive: Archive) -> Snapshot | None:
    """Return the known state that the page returned to, if seen within FLAP_MEMORY."""
    since = capture.seen_at - FLAP_MEMORY
    # Older rules may extract another text. Compare texts extracted by the same rules.
    for state in lacking_todays_reading(page).readable().filter(last_seen_at__gte=since):
        current_document(page, state, archive)
    states = (
        page.snapshots.readable()
        .filter(documents__digest=capture.extracted.digest, last_seen_at__gte=since)
        .order_by("-last_seen_at")
        .distinct()
    )
    for state in states:
        if _is_same(current_document(page, state, archive), capture.extracted):
            return state
    return states.first() if _links_change_every_visit(page, capture.extracted.digest) else None


def _reappear(page: Page, known: Snapshot, seen_at: dt.datetime) -> Snapshot:
    previous = page.baseline
    _update_last_seen(known, seen_at)
    page.baseline = known
    is_repeated = page.reappeared_at is None or seen_at - page.reappeared_at <= FLAP_MEMORY
    page.reappearances = page.reappearances + 1 if is_repeated else 1
    page.reappeared_at = seen_at
    if page.reappearances >= FLAPPING_AFTER and page.flapping_since is None:
        page.flapping_since = seen_at
    page.save(update_fields=["baseline", "reappearances", "reappeared_at", "flapping_since"])
    page_reappeared.send(Page, page=page, before=previous, after=known, seen_at=seen_at)
    return known
