"""The cycle for one page: due? claim, turn, robots.txt, visit, judge, keep, tell.

What it needs from the world (policy, archive, clock, dice, the visit itself) is a parameter of
Watcher. A visit is named by the time it was due, and recorded once under that name, however often
it is handled.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from platforms.archive import Archive, open_archive
from platforms.extraction import Document as ExtractedDocument
from platforms.fetching.errors import FetchError, TransientFetchError
from platforms.fetching.health import PageHealth, advance
from platforms.fetching.judging import judge
from platforms.fetching.pacing import (
    host_pause,
    next_visit_after_failure,
    next_visit_after_success,
)
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit import visit
from platforms.gaps import follow
from platforms.hosts import host_of, leave, robots_of, take_turn
from platforms.keeping import Capture, is_news, keep, keep_unmodified, quarantine, store
from platforms.models import Fetch, Host, Page, Snapshot
from platforms.outcomes import QUARANTINED, Outcome
from platforms.reading import read_bytes
from platforms.vocabulary import Health, PageKind

log = logging.getLogger(__name__)

#: A change is looked at again this soon (noise: confirm by time).
SECOND_LOOK = dt.timedelta(minutes=10)
#: Our own bug must not hammer a page: after a crash it rests this long.
REST_AFTER_CRASH = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a visit came to, before anything of it is kept."""

    outcome: Outcome
    detail: str = ""
    page: FetchedPage | None = None
    extracted: ExtractedDocument | None = None
    status: int | None = None
    transient: bool = False
    retry_after: float | None = None


@dataclass(frozen=True)
class Watcher:
    """Checks pages. One instance may serve many pages; it keeps no state between them."""

    policy: FetchPolicy
    archive: Archive
    lease: dt.timedelta
    visit: Callable[..., FetchedPage] = visit
    clock: Callable[[], dt.datetime] = timezone.now
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[], float] = field(default=random.random)

    @classmethod
    def from_settings(cls, **overrides: Any) -> Watcher:
        """Return a watcher for this installation."""
        from django.conf import settings

        values: dict[str, Any] = {
            "policy": FetchPolicy.from_settings(),
            "archive": open_archive(),
            "lease": dt.timedelta(seconds=settings.FETCH_LEASE),
        }
        return cls(**(values | overrides))

    def check_due(self, page_id: int, due_at: dt.datetime) -> Fetch | None:
        """Visit a page that became due at due_at. Safe to run twice.

        Returns None when there was nothing to do: another worker holds or did this visit, or
        the host's turn is another's, in which case the page is put off until it is free.
        """
        page = self._claim(page_id, due_at)
        if page is None:
            return None
        now = self.clock()
        host = host_of(page.url, now=now)
        if (free_at := take_turn(host, now=now, hold=self.lease)) is not None:
            pause = dt.timedelta(seconds=self.policy.host_pause * self.draw())
            self._let_go(page, next_visit_at=free_at + pause)
            return None
        return self._visit_in_turn(page, host, due_at)

    def check_now(self, page: Page) -> Fetch | None:
        """Visit a page whether due or not, waiting for the host's turn.

        Returns None when a worker holds the page just now.
        """
        due_at = self.clock()
        claimed = self._claim(page.pk, due_at=None)
        if claimed is None:
            return None
        host = host_of(page.url, now=due_at)
        while (free_at := take_turn(host, now=self.clock(), hold=self.lease)) is not None:
            self.sleep(max(0.05, (free_at - self.clock()).total_seconds()))
        return self._visit_in_turn(claimed, host, due_at)

    # --- claim -------------------------------------------------------------------------------

    def _claim(self, page_id: int, due_at: dt.datetime | None) -> Page | None:
        """Take hold of a page by one conditional update, so that two workers never both do."""
        now = self.clock()
        free = Page.objects.unclaimed(now).filter(pk=page_id)
        if due_at is not None:
            free = free.watched().filter(next_visit_at=due_at)
        if not free.update(claimed_until=now + self.lease):
            return None
        return Page.objects.select_related("platform", "baseline").get(pk=page_id)

    def _let_go(self, page: Page, *, next_visit_at: dt.datetime) -> None:
        Page.objects.filter(pk=page.pk).update(claimed_until=None, next_visit_at=next_visit_at)

    # --- visit -------------------------------------------------------------------------------

    def _visit_in_turn(self, page: Page, host: Host, due_at: dt.datetime) -> Fetch | None:
        pause = self.policy.host_pause
        started_at = self.clock()
        try:
            robots = robots_of(host, page.url, policy=self.policy, now=started_at)
            pause = host_pause(pause, robots.crawl_delay(self.policy.user_agent))
            verdict = robots.verdict(page.url, self.policy.user_agent)
            if verdict.allowed or page.robots_override_reason:
                seen = self._look(page)
            else:
                seen = _refused_by_robots(host, verdict.reason)
            return self._record(page, seen, due_at=due_at, started_at=started_at)
        except Exception:
            log.exception("Own fault while checking %s", page.url)
            self._let_go(page, next_visit_at=self.clock() + REST_AFTER_CRASH)
            raise
        finally:
            leave(host, free_at=self.clock() + dt.timedelta(seconds=pause))

    def _look(self, page: Page) -> _Seen:
        """Visit and judge. Nothing is written here."""
        try:
            fetched = self.visit(
                page.url,
                policy=self.policy,
                etag=page.validators.get("etag", ""),
                last_modified=page.validators.get("last_modified", ""),
            )
        except FetchError as error:
            return self._look_at_error(page, error)
        if fetched.not_modified:
            return _Seen(Outcome.NOT_MODIFIED, page=fetched, status=fetched.status)
        extracted = self._extract(page, fetched)
        verdict = judge(
            fetched,
            extracted,
            expected_language=page.language,
            previous_length=_length_of(page.baseline),
        )
        return _Seen(
            verdict.outcome, verdict.reason, fetched, extracted, fetched.status, transient=True
        )

    def _look_at_error(self, page: Page, error: FetchError) -> _Seen:
        """An error that brought bytes worth keeping (a wall) is read for the quarantine."""
        received = error.page if error.outcome in QUARANTINED else None
        return _Seen(
            error.outcome,
            error.detail,
            received,
            self._extract(page, received) if received else None,
            error.status,
            transient=isinstance(error, TransientFetchError),
            retry_after=error.retry_after,
        )

    def _extract(self, page: Page, fetched: FetchedPage) -> ExtractedDocument:
        return read_bytes(
            page, fetched.body, url=fetched.final_url, content_type=fetched.content_type
        )

    # --- keep --------------------------------------------------------------------------------

    def _record(
        self, page: Page, seen: _Seen, *, due_at: dt.datetime, started_at: dt.datetime
    ) -> Fetch | None:
        """Keep what was seen, in one transaction; bytes go to the archive before it."""
        now = self.clock()
        capture = _capture(seen, now)
        sha256 = ""
        if capture is not None and (
            seen.outcome in QUARANTINED or is_news(page, capture.extracted, self.archive)
        ):
            sha256 = store(page, capture, self.archive)
        try:
            with transaction.atomic():
                page = Page.objects.select_for_update(of=("self",)).get(pk=page.pk)
                snapshot = self._keep(page, seen, capture, sha256, now)
                fetch = Fetch.objects.create(
                    page=page,
                    visit=due_at,
                    started_at=started_at,
                    finished_at=now,
                    outcome=seen.outcome,
                    detail=seen.detail[:500],
                    http_status=seen.status,
                    final_url=seen.page.final_url[:2000] if seen.page else "",
                    size=len(seen.page.body) if seen.page else None,
                    snapshot=snapshot,
                )
                self._schedule(page, seen, snapshot, now)
        except IntegrityError:
            if Fetch.objects.filter(page=page, visit=due_at).exists():
                return None  # This visit was recorded already, by a worker thought dead.
            raise
        return fetch

    def _keep(
        self, page: Page, seen: _Seen, capture: Capture | None, sha256: str, now: dt.datetime
    ) -> Snapshot | None:
        if seen.outcome == Outcome.NOT_MODIFIED:
            return keep_unmodified(page, now)
        if capture is None:
            return None
        if seen.outcome in QUARANTINED:
            return quarantine(
                page, capture, sha256=sha256, outcome=seen.outcome, detail=seen.detail
            )
        if seen.outcome != Outcome.READ:
            return None
        return keep(page, capture, sha256=sha256, archive=self.archive)

    def _schedule(
        self, page: Page, seen: _Seen, snapshot: Snapshot | None, now: dt.datetime
    ) -> None:
        """Move the page on: its health, its validators, and when to come back."""
        health, event = advance(
            PageHealth(Health(page.health), page.health_since, page.gaps_in_a_row),
            seen.outcome,
            now,
        )
        page.health, page.health_since = health.health, health.since
        page.gaps_in_a_row = health.gaps_in_a_row
        if event is not None:
            log.warning("%s: %s (%s gaps, %s)", page, event.kind, event.gaps, event.outcome)
        follow(page, event, outcome=seen.outcome, detail=seen.detail)
        page.last_visited_at = now
        page.claimed_until = None
        if seen.outcome.looked and snapshot is not None:
            page.last_looked_at = now
            page.next_visit_at = self._after_success(page, snapshot, now)
        else:
            page.next_visit_at = next_visit_after_failure(
                PageKind(page.kind),
                now=now,
                failures=page.gaps_in_a_row,
                draw=self.draw(),
                transient=seen.transient,
                retry_after=seen.retry_after,
            )
        if seen.outcome == Outcome.READ and seen.page is not None:
            page.validators = {
                "etag": seen.page.etag,
                "last_modified": seen.page.last_modified,
            }
        # Only what is ours to write: a curator may edit the page's rules while it is visited.
        page.save(
            update_fields=[
                "health",
                "health_since",
                "gaps_in_a_row",
                "last_visited_at",
                "last_looked_at",
                "next_visit_at",
                "claimed_until",
                "validators",
            ]
        )

    def _after_success(self, page: Page, snapshot: Snapshot, now: dt.datetime) -> dt.datetime:
        appeared_now = snapshot.first_seen_at == now
        if appeared_now and page.snapshots.readable().count() > 1:
            return now + SECOND_LOOK
        first = page.snapshots.readable().earliest("first_seen_at")
        return next_visit_after_success(
            PageKind(page.kind),
            now=now,
            draw=self.draw(),
            # The first sight of a page is not a change of it.
            last_changed_at=None if first == snapshot else snapshot.first_seen_at,
            effective_at=_noon_of(page.news_expected_on),
        )


def _refused_by_robots(host: Host, reason: str) -> _Seen:
    """An unreachable robots.txt is a gap of its own kind, not the host's wish."""
    if host.robots_unreachable_since is not None and host.robots_outcome:
        return _Seen(
            Outcome(host.robots_outcome), f"robots.txt: {host.robots_detail}", transient=True
        )
    return _Seen(Outcome.ROBOTS_DENIED, reason)


def _noon_of(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(12), dt.UTC) if day else None


def _capture(seen: _Seen, now: dt.datetime) -> Capture | None:
    if seen.page is None or seen.extracted is None:
        return None
    return Capture(
        body=seen.page.body,
        extracted=seen.extracted,
        seen_at=now,
        final_url=seen.page.final_url[:2000],
        content_type=seen.page.content_type,
        http_status=seen.page.status,
        headers=seen.page.headers,
    )


def _length_of(baseline: Snapshot | None) -> int | None:
    """Characters of the text that the page is compared with."""
    if baseline is None:
        return None
    return len(baseline.documents.latest("created_at").text)
