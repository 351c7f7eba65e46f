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
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone

from platforms.archive import Archive, open_archive
from platforms.fetching.browser import visit_in_browser
from platforms.fetching.errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.revisit import (
    host_pause,
)
from platforms.fetching.visit import visit
from platforms.fetching.walls import login_target
from platforms.models import Fetch, Host, Page, PageQuerySet, Snapshot
from platforms.outcomes import QUARANTINED, Outcome
from platforms.snapshots.recording import (
    Received,
    is_news,
    quarantine,
    record,
    record_unmodified,
    store,
    was_released,
)
from platforms.watch.attempt import FetchResult, KnownState, PageFetcher
from platforms.watch.hosts import host_of, release_host, robots_of, take_turn
from platforms.watch.known import (
    judging_digest,
    known_missing_selectors,
    known_text,
    known_validators,
)
from platforms.watch.lent_sessions import LendingError, cookies_for
from platforms.watch.schedule import reschedule

log = logging.getLogger(__name__)

#: A page of several addresses is not read where the pauses between them take longer together.
LONGEST_RESTS = dt.timedelta(minutes=10)
_LONGEST_NETLOC = 260
#: A page that may kill its worker must not do so again at once: whoever begins a visit first puts
#: the page off by this. What the visit comes to decides anew.
REST_OF_AN_ATTEMPT = dt.timedelta(hours=1)
DIED = "the worker died while it read this page"


@dataclass(frozen=True)
class Watcher:
    """Checks pages. One instance may serve many pages; it keeps no state between them."""

    policy: FetchPolicy
    archive: Archive
    lease: dt.timedelta
    visit: Callable[..., FetchedPage] = visit
    browse: Callable[..., FetchedPage] = visit_in_browser
    clock: Callable[[], dt.datetime] = timezone.now
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = field(default=random.random)

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
            pause = dt.timedelta(seconds=self.policy.host_pause * self.jitter())
            self._release(page, next_visit_at=free_at + pause)
            return None
        return self._visit_in_turn(page, host, due_at)

    def check_now(self, page: Page) -> Fetch | None:
        """Visit a page whether due or not, waiting for the host's turn.

        Returns None when a worker holds the page just now, or when its host asks for a rest
        longer than a page may be held.
        """
        due_at = self.clock()
        self.settle_abandoned(Page.objects.filter(pk=page.pk))
        due_before = Page.objects.values_list("next_visit_at", flat=True).get(pk=page.pk)
        claimed = self._claim(page.pk, due_at=None)
        if claimed is None:
            return None
        host = host_of(page.url, now=due_at)
        while (free_at := take_turn(host, now=self.clock(), hold=self.lease)) is not None:
            rest = free_at - self.clock()
            if rest > self.lease:
                self._release(claimed, next_visit_at=due_before)
                return None
            self.sleep(max(0.05, rest.total_seconds()))
        return self._visit_in_turn(claimed, host, due_at)

    def settle_abandoned(self, pages: PageQuerySet | None = None) -> int:
        """Record the visits of workers that died, as faults of our own; returns how many.

        pages: to look only at these.
        """
        settled = 0
        every = pages if pages is not None else Page.objects.all()
        for page in every.abandoned(self.clock()).select_related("platform", "baseline"):
            began_at = page.attempt_began_at
            assert began_at is not None  # for the type checker: abandoned() says so
            log.error("Own fault: %s: %s", DIED, page.url)
            fault = FetchResult(Outcome.OWN_FAULT, DIED, transient=True)
            visit_at = page.attempt_visit or began_at
            settled += self._record(page, fault, due_at=visit_at, started_at=began_at) is not None
        return settled

    # --- claim -------------------------------------------------------------------------------

    def _claim(self, page_id: int, due_at: dt.datetime | None) -> Page | None:
        """Take hold of a page by one conditional update, so that two workers never both do.

        The update also says that a visit has begun, and puts the next one off: should this worker
        die, the visit is recorded as such (settle_abandoned) and the page rests.
        """
        now = self.clock()
        free = Page.objects.unclaimed(now).filter(pk=page_id)
        if due_at is not None:
            free = free.watched().filter(next_visit_at=due_at)
        begun = free.filter(attempt_began_at=None).update(
            claimed_until=now + self.lease,
            queued_visit=None,
            next_visit_at=now + REST_OF_AN_ATTEMPT,
            attempt_began_at=now,
            attempt_visit=due_at or now,
        )
        if not begun:
            return None
        return Page.objects.select_related("platform", "baseline").get(pk=page_id)

    def _release(self, page: Page, *, next_visit_at: dt.datetime) -> None:
        """End a claim without a visit."""
        Page.objects.filter(pk=page.pk).update(
            claimed_until=None,
            next_visit_at=next_visit_at,
            attempt_began_at=None,
            attempt_visit=None,
        )

    # --- visit -------------------------------------------------------------------------------

    def _visit_in_turn(self, page: Page, host: Host, due_at: dt.datetime) -> Fetch | None:
        pause = self.policy.host_pause
        started_at = self.clock()
        try:
            robots = robots_of(host, page.url, policy=self.policy, now=started_at)
            pause = host_pause(pause, robots.crawl_delay(self.policy.user_agent))
            verdicts = [robots.verdict(url, self.policy.user_agent) for url in page.addresses]
            refused = next((verdict for verdict in verdicts if not verdict.allowed), None)
            if refused is None or page.robots_override_reason:
                seen = self._look(page, host, started_at, pause)
            else:
                seen = _refused_by_robots(host, refused.reason)
            # A busy host is busy for all its pages.
            pause = host_pause(pause, seen.retry_after)
            return self._record(page, seen, due_at=due_at, started_at=started_at)
        except FetchError as error:
            # Of stored bytes that take too much to read, by rules that are newer than they.
            return self._record(
                page, FetchResult(error.outcome, error.detail), due_at=due_at, started_at=started_at
            )
        except Exception as error:
            log.exception("Own fault while checking %s", page.url)
            detail = f"a fault of our own ({type(error).__name__}); see the log"
            fault = FetchResult(Outcome.OWN_FAULT, detail, transient=True)
            return self._record(page, fault, due_at=due_at, started_at=started_at)
        except BaseException:
            # Somebody stopped us: the page is not to blame.
            self._release(page, next_visit_at=self.clock())
            raise
        finally:
            release_host(host, free_at=self.clock() + dt.timedelta(seconds=pause))

    def _look(self, page: Page, host: Host, now: dt.datetime, pause: float) -> FetchResult:
        """Look with what is known of the page, a lent session among it. Nothing is kept here.

        pause: seconds between two requests to the host, for a page of several addresses.
        """
        if pause * len(page.further_urls) > LONGEST_RESTS.total_seconds():
            return FetchResult(
                Outcome.TIMEOUT,
                f"its host asks for {pause:g} seconds between requests, "
                f"too many to read {len(page.addresses)} addresses in one visit",
            )
        try:
            cookies = cookies_for(page, now=now)
        except LendingError as error:
            return FetchResult(Outcome.SESSION_EXPIRED, str(error))
        fetcher = PageFetcher(
            self.policy, self.visit, self.browse, lambda url: self._heed_robots(page, url)
        )
        length, words = known_text(page, self.archive)
        known = KnownState(
            known_validators(page),
            length,
            known_missing_selectors(page, self.archive),
            words,
            cookies,
        )
        seen = fetcher.look(page, known, rest=lambda: self._rest(page, host, pause))
        if (
            seen.outcome in QUARANTINED
            and seen.extracted is not None
            and was_released(page, seen.extracted, self.archive)
        ):
            return replace(seen, outcome=Outcome.READ, detail=f"released before: {seen.detail}")
        return seen

    def _heed_robots(self, page: Page, url: str) -> None:
        """Raise FetchError if the host that a redirect leads to does not want us there."""
        # Longer than any name: the look-up will say so.
        if page.robots_override_reason or len(urlsplit(url).netloc) > _LONGEST_NETLOC:
            return
        now = self.clock()
        host = host_of(url, now=now)
        robots = robots_of(host, url, policy=self.policy, now=now)
        verdict = robots.verdict(url, self.policy.user_agent)
        if verdict.allowed:
            return
        if wall := login_target(page.url, url):
            raise PermanentFetchError(wall.outcome, wall.reason)
        refused = _refused_by_robots(host, verdict.reason)
        kind = TransientFetchError if refused.transient else PermanentFetchError
        raise kind(refused.outcome, f"sent on to {url[:200]}: {refused.detail}")

    def _rest(self, page: Page, host: Host, pause: float) -> None:
        """Leave the host in peace between two addresses of a page, and go on holding both."""
        held_until = self.clock() + dt.timedelta(seconds=pause) + self.lease
        Page.objects.filter(pk=page.pk).update(claimed_until=held_until)
        release_host(host, free_at=held_until)
        self.sleep(pause)

    # --- keep --------------------------------------------------------------------------------

    def _record(
        self, page: Page, seen: FetchResult, *, due_at: dt.datetime, started_at: dt.datetime
    ) -> Fetch | None:
        """Keep what was seen, in one transaction; bytes go to the archive before it.

        What was seen by rules that a curator has edited meanwhile is not kept: it would be compared
        with what today's rules read (promise 5). The page is looked at again instead.
        """
        now = self.clock()
        judged_by = judging_digest(page)
        capture = _capture(page, seen, now)
        sha256 = ""
        if capture is not None and (
            seen.outcome in QUARANTINED or is_news(page, capture.extracted, self.archive)
        ):
            sha256 = store(page, capture, self.archive)
        try:
            with transaction.atomic():
                locked = Page.objects.select_for_update(of=("self",))
                page = locked.select_related("platform", "baseline").get(pk=page.pk)
                if judging_digest(page) != judged_by:
                    self._release(page, next_visit_at=now)
                    return None
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
                reschedule(page, seen, snapshot, now, self.jitter)
        except IntegrityError:
            if Fetch.objects.filter(page=page, visit=due_at).exists():
                return None  # This visit was recorded already, by a worker thought dead.
            raise
        return fetch

    def _keep(
        self, page: Page, seen: FetchResult, capture: Received | None, sha256: str, now: dt.datetime
    ) -> Snapshot | None:
        if seen.outcome == Outcome.NOT_MODIFIED:
            return record_unmodified(page, now)
        if capture is None:
            return None
        if seen.outcome in QUARANTINED:
            return quarantine(
                page, capture, sha256=sha256, outcome=seen.outcome, detail=seen.detail
            )
        if seen.outcome != Outcome.READ:
            return None
        return record(page, capture, sha256=sha256, archive=self.archive)


def _refused_by_robots(host: Host, reason: str) -> FetchResult:
    """An unreachable robots.txt is a gap of its own kind, not the host's wish."""
    if host.robots_unreachable_since is not None and host.robots_outcome:
        return FetchResult(
            Outcome(host.robots_outcome), f"robots.txt: {host.robots_detail}", transient=True
        )
    return FetchResult(Outcome.ROBOTS_DENIED, reason)


def _capture(page: Page, seen: FetchResult, now: dt.datetime) -> Received | None:
    if seen.page is None or seen.extracted is None:
        return None
    return Received(
        body=seen.page.body,
        extracted=seen.extracted,
        seen_at=now,
        final_url=seen.page.final_url[:2000],
        content_type=seen.page.content_type,
        http_status=seen.page.status,
        headers=seen.page.headers,
        rendered=seen.page.rendered,
        address_count=len(page.addresses),
    )
