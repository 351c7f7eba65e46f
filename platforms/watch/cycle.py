"""One visit to a page: claim it, wait for the host's turn, check robots.txt, fetch, judge, record.

Policy, archive, clock, randomness and the fetch itself are parameters of Watcher. A visit is
identified by the time it was due. It is recorded once under that time, even if handled twice.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone

from platforms.archive import Archive, open_archive
from platforms.fetching.browser import visit_in_browser
from platforms.fetching.gate import Gate
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit import visit
from platforms.fetching.visit_errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.fetching.visit_intervals import host_pause
from platforms.fetching.walls import login_target
from platforms.models import Fetch, Host, Outage, Page, PageQuerySet, Snapshot
from platforms.outcomes import NO_ANSWER, NOT_ASKED, QUARANTINED, Outcome
from platforms.snapshots.snapshot_record import (
    Received,
    needs_bytes,
    quarantine,
    record,
    record_unmodified,
    renew,
    store,
    was_released,
)
from platforms.watch import line
from platforms.watch.attempt import FetchResult, KnownState, PageFetcher, read_whole
from platforms.watch.earlier_states import judged_by_earlier_states
from platforms.watch.hosts import host_of, release_host, robots_of, take_turn
from platforms.watch.known import (
    baseline_has_selected_part,
    is_part,
    judging_digest,
    known_missing_selectors,
    known_text,
    known_validators,
    reading_selected,
    reading_whole,
    selected_before,
    still_has,
)
from platforms.watch.lent_sessions import LendingError, cookies_for
from platforms.watch.schedule import reschedule

log = logging.getLogger(__name__)

#: A page of several addresses is not read if the pauses between them add up to more than this.
#: Chosen: a visit should not occupy a worker for longer.
LONGEST_RESTS = dt.timedelta(minutes=10)
#: A host name has at most 253 characters (RFC 1035); the rest is for the port.
_LONGEST_NETLOC = 260
#: Starting a visit postpones the page by this much, so that a page that kills its worker is not
#: retried at once. The result of the visit then sets the real time of the next visit. Chosen.
REST_OF_AN_ATTEMPT = dt.timedelta(hours=1)
#: Outcomes that may be the fault of the page's selectors, whatever is wrong with the page.
SELECTORS_FAULT = (Outcome.SELECTOR_MISS, Outcome.COLLAPSED, Outcome.EMPTY)
#: The bytes of a baseline are replaced at most this often while its text stays. Chosen: markup may
#: come and go at each visit.
RENEWED_AFTER = dt.timedelta(days=1)
#: Seconds that a host may take to accept a connection when our own connection is tried. Chosen.
_PROBE_SECONDS = 3.0
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
    reaches: line.Reaches | None = None

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

        Returns None when there is nothing to do: another worker is doing or did this visit, or
        another visit has the host's turn (the page is then postponed until the host is free), or
        our own connection is down (the page stays due).
        """
        if Outage.objects.on().exists():
            Page.objects.filter(pk=page_id, next_visit_at=due_at).update(queued_visit=None)
            return None
        page = self._claim(page_id, due_at)
        if page is None:
            return None
        now = self.clock()
        host = host_of(page.url, now=now)
        if (free_at := take_turn(host, now=now, hold=self.lease)) is not None:
            pause = dt.timedelta(seconds=self.policy.host_pause * self.jitter())
            self._release(page, next_visit_at=free_at + pause)
            return None
        return self._visit_in_turn(page, host, due_at, may_end_outage=False)

    def check_now(self, page: Page) -> Fetch | None:
        """Visit a page whether due or not, waiting for the host's turn.

        Returns None when a worker has claimed the page, when the host must be left alone for longer
        than a claim lasts, or when our own connection is down.
        """
        due_at = self.clock()
        self.settle_abandoned(Page.objects.filter(pk=page.pk))
        due_before = Page.objects.values_list("next_visit_at", flat=True).get(pk=page.pk)
        claimed = self._claim(page.pk, due_at=None)
        if claimed is None:
            return None
        host = host_of(page.url, now=due_at)
        while (free_at := take_turn(host, now=self.clock(), hold=self.lease)) is not None:
            wait = free_at - self.clock()
            if wait > self.lease:
                self._release(claimed, next_visit_at=due_before)
                return None
            self.sleep(max(0.05, wait.total_seconds()))
        return self._visit_in_turn(claimed, host, due_at, may_end_outage=True)

    def settle_abandoned(self, pages: PageQuerySet | None = None) -> int:
        """Record the visits of workers that died as faults of our own. Returns how many.

        pages: only check these; all pages if None.
        """
        settled = 0
        candidates = pages if pages is not None else Page.objects.all()
        for page in candidates.abandoned(self.clock()).select_related("platform", "baseline"):
            began_at = page.attempt_began_at
            assert began_at is not None  # for the type checker: abandoned() selects by it
            log.error("Own fault: %s: %s", DIED, page.url)
            fault = FetchResult(Outcome.OWN_FAULT, DIED, transient=True)
            visit_at = page.attempt_visit or began_at
            settled += self._record(page, fault, due_at=visit_at, started_at=began_at) is not None
        return settled

    # --- claim -------------------------------------------------------------------------------

    def _claim(self, page_id: int, due_at: dt.datetime | None) -> Page | None:
        """Claim a page by one conditional update, so that only one worker can succeed.

        The update also records that a visit has begun and postpones the next one. If this worker
        dies, settle_abandoned records the visit as a fault and the page is not retried at once.
        """
        now = self.clock()
        free = Page.objects.unclaimed(now).filter(pk=page_id)
        if due_at is not None:
            free = free.watched().filter(next_visit_at=due_at)
        is_claimed = free.filter(attempt_began_at=None).update(
            claimed_until=now + self.lease,
            queued_visit=None,
            next_visit_at=now + REST_OF_AN_ATTEMPT,
            attempt_began_at=now,
            attempt_visit=due_at or now,
        )
        if not is_claimed:
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

    def _visit_in_turn(
        self, page: Page, host: Host, due_at: dt.datetime, *, may_end_outage: bool
    ) -> Fetch | None:
        """Visit a claimed page.

        may_end_outage: False if there was none just now. One that another worker notes meanwhile
        is ended by the next try of the connection (line.is_still_down).
        """
        pause = self.policy.host_pause
        started_at = self.clock()
        host_before = copy(host)
        try:
            robots = robots_of(host, page.url, policy=self.policy, now=started_at)
            pause = host_pause(pause, robots.crawl_delay(self.policy.user_agent))
            verdicts = [robots.verdict(url, self.policy.user_agent) for url in page.addresses]
            refused = next((verdict for verdict in verdicts if not verdict.allowed), None)
            if refused is None or page.robots_override_reason:
                result = self._fetch(page, host, started_at, pause)
            else:
                result = _robots_result(host, refused.reason)
            # A host that asks us to retry later is left alone for all its pages.
            pause = host_pause(pause, result.retry_after)
            if result.outcome in line.SUSPECT and self._line_is_down(page):
                line.forget_unreachable_robots(host, since=started_at, before=host_before)
                line.note_outage(self.clock())
                self._release(page, next_visit_at=due_at)
                return None
            if may_end_outage and result.outcome not in NO_ANSWER | NOT_ASKED:
                line.end_outage(self.clock())
            return self._record(page, result, due_at=due_at, started_at=started_at)
        except FetchError as error:
            # The stored bytes of an earlier visit take too much to read by today's rules.
            return self._record(
                page, FetchResult(error.outcome, error.detail), due_at=due_at, started_at=started_at
            )
        except Exception as error:
            log.exception("Own fault while checking %s", page.url)
            detail = f"a fault of our own ({type(error).__name__}); see the log"
            fault = FetchResult(Outcome.OWN_FAULT, detail, transient=True)
            return self._record(page, fault, due_at=due_at, started_at=started_at)
        except BaseException:
            # The process was told to stop. The page is visited again.
            self._release(page, next_visit_at=self.clock())
            raise
        finally:
            release_host(host, now=self.clock(), pause=dt.timedelta(seconds=pause))

    def can_reach(self, name: str, port: int) -> bool:
        """True if a host can be connected to. Sends it nothing."""
        if self.reaches is not None:
            return self.reaches(name, port)
        seconds = min(self.policy.connect_timeout, _PROBE_SECONDS)
        hurried = replace(self.policy, connect_timeout=seconds, total_timeout=2 * seconds)
        with Gate(hurried) as gate:
            return gate.reaches(name, port)

    def _line_is_down(self, page: Page) -> bool:
        return line.is_down(self.can_reach, but=page.url, now=self.clock())

    def _fetch(self, page: Page, host: Host, now: dt.datetime, pause: float) -> FetchResult:
        """Fetch and judge a page, with its lent session and what is known of it. Records nothing.

        pause: seconds between two requests to the host, for a page of several addresses.
        """
        if pause * len(page.further_urls) > LONGEST_RESTS.total_seconds():
            return FetchResult(
                Outcome.TIMEOUT,
                f"its host asks for {pause:g} seconds between requests, "
                f"too long to read {len(page.addresses)} addresses in one visit",
            )
        try:
            cookies = cookies_for(page, now=now)
        except LendingError as error:
            return FetchResult(Outcome.SESSION_EXPIRED, str(error))
        fetcher = PageFetcher(
            self.policy, self.visit, self.browse, lambda url: self._check_robots(page, url)
        )
        selected = reading_selected(page)
        known = replace(
            self._known_state(selected), validators=known_validators(page), cookies=cookies
        )
        result = fetcher.look(
            selected, known, rest=lambda: self._pause_between_addresses(page, host, pause)
        )
        if page.select and result.page is not None and result.extracted is not None:
            result = self._despite_lost_selectors(page, result, known, now)
        reading = reading_whole(page, now=now) if result.whole else selected
        reading.baseline = page.baseline
        result = judged_by_earlier_states(reading, result, self.archive, now)
        if (
            result.outcome in QUARANTINED
            and result.extracted is not None
            and was_released(reading, result.extracted, self.archive)
        ):
            return replace(result, outcome=Outcome.READ, detail=f"released before: {result.detail}")
        return result

    def _known_state(self, page: Page) -> KnownState:
        length, opening = known_text(page, self.archive)
        missed = known_missing_selectors(page, self.archive)
        return KnownState(length=length, missed=missed, opening=opening)

    def _despite_lost_selectors(
        self, page: Page, result: FetchResult, known: KnownState, now: dt.datetime
    ) -> FetchResult:
        """Read the whole page if its selectors miss, or if they missed at the last visit.

        result, known: of the reading by selectors. A selector misses too if it suddenly gives a
        fraction of the text, or a part of it while the page still has the rest. The whole page is
        compared with the baseline read whole, so that a change is seen. Once the selectors match
        in both, they are used again. So the baseline gets new bytes if its text is the same and
        only the selectors match no more, or again.
        """
        found = result.outcome == Outcome.READ
        if result.outcome not in (Outcome.READ, *SELECTORS_FAULT):
            return result
        assert result.extracted is not None  # the caller has checked it
        may_miss = found and is_part(len(result.extracted.text), known.length or 0)
        if found and page.read_whole_since is None and not may_miss:
            return result
        in_baseline = baseline_has_selected_part(page, self.archive)
        if found and in_baseline and not may_miss:
            return result
        whole = reading_whole(page, now=now)
        state = replace(self._known_state(whole), cookies=known.cookies)
        again = read_whole(whole, result, state)
        why = result.detail
        before = selected_before(page, self.archive) if may_miss else ""
        if before and again.extracted is not None and still_has(again.extracted.text, before):
            found, why = False, "its selectors give only a part of what they gave before"
        elif found and in_baseline:
            return result
        if again.outcome == Outcome.READ:
            why = "its selectors match again" if found else why
            again = replace(again, detail=f"the whole page was read: {why}")
        renews = found != in_baseline and again.outcome == Outcome.READ
        return replace(again, renews=renews and _may_renew(page, now))

    def _check_robots(self, page: Page, url: str) -> None:
        """Raise FetchError if robots.txt of a redirect's host does not allow the new address."""
        # No host name is that long. The name look-up will report it.
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
        refused = _robots_result(host, verdict.reason)
        kind = TransientFetchError if refused.transient else PermanentFetchError
        raise kind(refused.outcome, f"sent on to {url[:200]}: {refused.detail}")

    def _pause_between_addresses(self, page: Page, host: Host, pause: float) -> None:
        """Wait between two addresses of a page. Page and host stay claimed."""
        now, claim = self.clock(), dt.timedelta(seconds=pause) + self.lease
        Page.objects.filter(pk=page.pk).update(claimed_until=now + claim)
        release_host(host, now=now, pause=claim)
        self.sleep(pause)

    # --- record ------------------------------------------------------------------------------

    def _record(
        self, page: Page, result: FetchResult, *, due_at: dt.datetime, started_at: dt.datetime
    ) -> Fetch | None:
        """Record the result of a visit in one transaction. Bytes go to the archive before it.

        A result is dropped if a curator edited the page's rules meanwhile: it would be compared
        with a text read by the new rules (promise 5). The page is visited again instead.
        """
        now = self.clock()
        judged_by = judging_digest(page)
        capture = _capture(page, result, now)
        sha256 = ""
        reading = reading_whole(page, now=now) if result.whole else reading_selected(page)
        reading.baseline = page.baseline
        if (
            capture is not None
            and result.outcome not in QUARANTINED
            and (result.renews or needs_bytes(reading, capture, self.archive))
        ):
            sha256 = store(page, capture, self.archive)
        try:
            with transaction.atomic():
                locked = Page.objects.select_for_update(of=("self",))
                page = locked.select_related("platform", "baseline").get(pk=page.pk)
                if judging_digest(page) != judged_by:
                    self._release(page, next_visit_at=now)
                    return None
                if result.outcome == Outcome.READ:
                    page.read_whole_since = (page.read_whole_since or now) if result.whole else None
                snapshot = self._record_snapshot(page, result, capture, sha256, now)
                fetch = Fetch.objects.create(
                    page=page,
                    visit=due_at,
                    started_at=started_at,
                    finished_at=now,
                    outcome=result.outcome,
                    detail=result.detail[:500],
                    http_status=result.status,
                    final_url=result.page.final_url[:2000] if result.page else "",
                    size=len(result.page.body) if result.page else None,
                    snapshot=snapshot,
                )
                reschedule(page, result, snapshot, now, self.jitter)
        except IntegrityError:
            if Fetch.objects.filter(page=page, visit=due_at).exists():
                return None  # Already recorded, by a worker that was thought dead.
            raise
        _log_visit(page, fetch)
        return fetch

    def _record_snapshot(
        self,
        page: Page,
        result: FetchResult,
        capture: Received | None,
        sha256: str,
        now: dt.datetime,
    ) -> Snapshot | None:
        if result.outcome == Outcome.NOT_MODIFIED:
            return record_unmodified(page, now)
        if capture is None:
            return None
        if result.outcome in QUARANTINED:
            reading = reading_whole(page, now=now) if result.whole else reading_selected(page)
            return quarantine(reading, capture, outcome=result.outcome, detail=result.detail)
        if result.outcome != Outcome.READ:
            return None
        snapshot = record(page, capture, sha256=sha256, archive=self.archive)
        if result.renews and snapshot.first_seen_at != now:
            return renew(page, capture, sha256=sha256)
        return snapshot


def _may_renew(page: Page, now: dt.datetime) -> bool:
    return page.baseline is not None and now - page.baseline.first_seen_at >= RENEWED_AFTER


def _log_visit(page: Page, fetch: Fetch) -> None:
    is_new = fetch.snapshot is not None and fetch.snapshot.first_seen_at == fetch.finished_at
    fields = {
        "page": page.pk,
        "platform": page.platform.slug,
        "url": page.url,
        "outcome": str(fetch.outcome),
        "status": fetch.http_status,
        "seconds": round((fetch.finished_at - fetch.started_at).total_seconds(), 3),
        "bytes": fetch.size,
        "snapshot": fetch.snapshot_id,
        "new": "yes" if is_new else "no",
        "detail": fetch.detail,
    }
    log.info("visit", extra={"fields": fields})


def _robots_result(host: Host, reason: str) -> FetchResult:
    """Return the outcome of a refusal; if robots.txt is unreachable, the reason for that."""
    if host.robots_unreachable_since is not None and host.robots_outcome:
        return FetchResult(
            Outcome(host.robots_outcome), f"robots.txt: {host.robots_detail}", transient=True
        )
    return FetchResult(Outcome.ROBOTS_DENIED, reason)


def _capture(page: Page, result: FetchResult, now: dt.datetime) -> Received | None:
    if result.page is None or result.extracted is None:
        return None
    return Received(
        body=result.page.body,
        extracted=result.extracted,
        seen_at=now,
        final_url=result.page.final_url[:2000],
        content_type=result.page.content_type,
        http_status=result.page.status,
        headers=result.page.headers,
        rendered=result.page.rendered,
        address_count=len(page.addresses),
    )
