"""Keep what a visit (or an importer) brought: the baseline, the flap memory, the announcement.

One function, keep(), decides between four cases and tells each by a signal:
first sight, unchanged, returned to a known state, changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from platforms.archive import Archive
from platforms.extraction import Document as ExtractedDocument
from platforms.models import Document, Page, Snapshot
from platforms.signals import page_changed, page_reappeared, page_unchanged
from platforms.snapshots.documents import current_document, keep_document, lacking_todays_reading
from platforms.vocabulary import CaptureSource

#: How long a state is remembered: a return within this time is a flip, after it a roll-back.
FLAP_MEMORY = dt.timedelta(days=30)
#: Returns, none longer than the memory after the one before, that make a page a flapping one.
#: It is steady again when it has made none for as long.
FLAPPING_AFTER = 2
#: So many new states of the same words within that time: the links of the page move by themselves.
RESTLESS_LINKS = 3


@dataclass(frozen=True, slots=True)
class Received:
    """What was received of a page, and what was read in it.

    body is empty for imported texts whose bytes nobody kept; evidence_url then says where the
    text is kept. seen_at is when the page said this. rendered: read with a browser.
    address_count: from how many addresses of the page the body was received.
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
    """Put a capture's bytes in the archive, for good, and return their name.

    Called before the transaction that names them (promise 2). "" for a text without bytes.
    """
    if not capture.body:
        return ""
    base = page.baseline
    return archive.put(capture.body, similar_to=base.sha256 if base and base.sha256 else None)


def is_news(page: Page, extracted: ExtractedDocument, archive: Archive) -> bool:
    """True when the page says something else than its baseline, read by the same rules."""
    if page.baseline is None:
        return True
    before = current_document(page, page.baseline, archive)
    return not _says_as_before(page.baseline, before, extracted)


class Reading(Protocol):
    """What tells one state of a page from another: its words, and where it sends people to act."""

    @property
    def digest(self) -> str: ...
    @property
    def action_targets(self) -> tuple[str, ...]: ...


def _same(one: Reading, other: Reading) -> bool:
    return one.digest == other.digest and one.action_targets == other.action_targets


def _says_as_before(baseline: Snapshot, before: Reading, now: Reading) -> bool:
    """True if nothing changed but, perhaps, links that lead elsewhere at every visit.

    An opt-out form that moves is news, though no word changes.
    """
    if before.digest != now.digest:
        return False
    return before.action_targets == now.action_targets or _links_change_every_visit(
        baseline.page, now.digest
    )


def _links_change_every_visit(page: Page, digest: str) -> bool:
    """True if the forms beside these words moved again and again within the span of the memory.

    Such a page numbers its visitors, and its words alone count. It stays restless for these words:
    no state is kept any more that could tell otherwise.
    """
    of_these_words = page.snapshots.readable().filter(documents__digest=digest)
    first_seen = of_these_words.order_by("-first_seen_at").values_list("first_seen_at", flat=True)
    latest = list(first_seen.distinct()[:RESTLESS_LINKS])
    return len(latest) == RESTLESS_LINKS and latest[0] - latest[-1] <= FLAP_MEMORY


def record(page: Page, capture: Received, *, sha256: str, archive: Archive) -> Snapshot:
    """Record a good capture and announce what it means. Runs inside the caller's transaction.

    page must be locked by the caller. sha256 is what store() returned; unused when the page is
    unchanged. Returns the snapshot that the page is now in.
    """
    baseline = page.baseline
    if baseline is None:
        snapshot, _ = _new_snapshot(page, capture, sha256)
        _set_baseline(page, snapshot)
        return snapshot
    before_document = current_document(page, baseline, archive)
    if _says_as_before(baseline, before_document, capture.extracted):
        _seen_again(page, baseline, capture.seen_at)
        page_unchanged.send(Page, page=page, snapshot=baseline, seen_at=capture.seen_at)
        return baseline
    if _method_of(baseline) != _method_of(capture):
        return _read_in_another_way(page, capture, sha256=sha256, archive=archive)
    known = _remembered(page, capture, archive)
    if known is not None:
        return _reappear(page, known, capture.seen_at)
    snapshot, after_document = _new_snapshot(page, capture, sha256)
    _change_to(page, snapshot, before_document, after_document)
    return snapshot


def record_unmodified(page: Page, seen_at: dt.datetime) -> Snapshot:
    """Record that the host said "not modified" since the baseline was received."""
    baseline = page.baseline
    if baseline is None:
        raise ValueError(f"{page} was called not modified, but nothing of it is kept yet")
    _seen_again(page, baseline, seen_at)
    page_unchanged.send(Page, page=page, snapshot=baseline, seen_at=seen_at)
    return baseline


def quarantine(
    page: Page, capture: Received, *, sha256: str, outcome: str, detail: str
) -> Snapshot:
    """Keep a capture that is not the page itself (a wall, an error page): never a baseline.

    The same bytes received again only move the time they were last seen.
    """
    known = page.snapshots.filter(sha256=sha256, quarantined_as=outcome, released_at=None).first()
    if known is not None:
        _seen(known, capture.seen_at)
        return known
    snapshot, _ = _new_snapshot(
        page, capture, sha256, quarantined_as=outcome, quarantine_detail=detail[:500]
    )
    return snapshot


def release(page: Page, snapshot: Snapshot, *, archive: Archive, now: dt.datetime) -> None:
    """Let a curator overrule the judge: the capture is the page after all, seen when it was.

    Visits that bring the same words are good ones from now on (was_released), and the next comes
    at once. A capture from before the page's last good visit joins its history and is no news.
    Runs inside the caller's transaction with page locked. Raises ValueError for a capture that
    is not in quarantine or has no words.
    """
    if not snapshot.quarantined_as or snapshot.released_at is not None:
        raise ValueError(f"{snapshot} is not in quarantine")
    after_document = current_document(page, snapshot, archive)
    if not after_document.text.strip():
        raise ValueError(f"{snapshot} has no words that the page could be compared with")
    snapshot.released_at = now
    snapshot.save(update_fields=["released_at"])
    # What the host calls "not modified" is the page before this capture.
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
    if _same(before_document, after_document):
        return
    _change_to(page, snapshot, before_document, after_document)


def was_released(page: Page, extracted: ExtractedDocument, archive: Archive) -> bool:
    """True if a curator has said of these very words that they are the page."""
    released = page.snapshots.exclude(released_at=None)
    return any(
        current_document(page, snapshot, archive).digest == extracted.digest
        for snapshot in released
    )


def _new_snapshot(
    page: Page, capture: Received, sha256: str, **more: Any
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
        evidence_url=capture.evidence_url,
        **more,
    )
    return snapshot, keep_document(page, snapshot, capture.extracted)


def _method_of(received: Snapshot | Received) -> tuple[bool, int]:
    return received.rendered, received.address_count


def _read_in_another_way(
    page: Page, capture: Received, *, sha256: str, archive: Archive
) -> Snapshot:
    """Compare a page with what it said when it was last read like this.

    With and without a browser, or at more addresses, a page may say different things at the same
    moment. That difference is our doing, and no change (promise 5).
    """
    alike = page.snapshots.readable().filter(
        rendered=capture.rendered, address_count=capture.address_count
    )
    last = alike.order_by("-last_seen_at").first()
    if last is None:
        last, _ = _new_snapshot(page, capture, sha256)
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
        # A capture that a curator releases may have been seen before the last good visit.
        observed_from=min(before.last_seen_at, snapshot.first_seen_at),
    )


def _set_baseline(page: Page, snapshot: Snapshot) -> None:
    page.baseline = snapshot
    page.save(update_fields=["baseline"])


def _seen(snapshot: Snapshot, at: dt.datetime) -> None:
    if at > snapshot.last_seen_at:
        snapshot.last_seen_at = at
        snapshot.save(update_fields=["last_seen_at"])


def _seen_again(page: Page, baseline: Snapshot, at: dt.datetime) -> None:
    """Note that a page still says the same, and that it is steady if it has for long enough."""
    _seen(baseline, at)
    if page.reappeared_at is not None and at - page.reappeared_at > FLAP_MEMORY:
        page.reappearances, page.reappeared_at, page.flapping_since = 0, None, None
        page.save(update_fields=["reappearances", "reappeared_at", "flapping_since"])


def _remembered(page: Page, capture: Received, archive: Archive) -> Snapshot | None:
    """The state that the page returned to, if it said the same within the flap memory."""
    since = capture.seen_at - FLAP_MEMORY
    # What an older rule read in a state may differ from what today's reads: compare like with like.
    for state in lacking_todays_reading(page).readable().filter(last_seen_at__gte=since):
        current_document(page, state, archive)
    states = (
        page.snapshots.readable()
        .filter(documents__digest=capture.extracted.digest, last_seen_at__gte=since)
        .order_by("-last_seen_at")
        .distinct()
    )
    for state in states:
        if _same(current_document(page, state, archive), capture.extracted):
            return state
    return states.first() if _links_change_every_visit(page, capture.extracted.digest) else None


def _reappear(page: Page, known: Snapshot, seen_at: dt.datetime) -> Snapshot:
    left = page.baseline
    _seen(known, seen_at)
    page.baseline = known
    is_next = page.reappeared_at is None or seen_at - page.reappeared_at <= FLAP_MEMORY
    page.reappearances = page.reappearances + 1 if is_next else 1
    page.reappeared_at = seen_at
    if page.reappearances >= FLAPPING_AFTER and page.flapping_since is None:
        page.flapping_since = seen_at
    page.save(update_fields=["baseline", "reappearances", "reappeared_at", "flapping_since"])
    page_reappeared.send(Page, page=page, before=left, after=known, seen_at=seen_at)
    return known
