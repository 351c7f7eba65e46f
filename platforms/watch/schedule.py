"""Sets the time of a page's next visit and updates its health after a visit."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from platforms.fetching.health import PageHealth, advance
from platforms.fetching.page import FetchedPage
from platforms.fetching.visit_intervals import next_visit_after_failure, next_visit_after_success
from platforms.models import Page, Snapshot
from platforms.outcomes import Outcome
from platforms.vocabulary import Health, PageKind
from platforms.watch.attempt import FetchResult
from platforms.watch.gaps import update_gap
from platforms.watch.known import judging_digest

log = logging.getLogger(__name__)

#: A changed page is visited again this soon, to tell a lasting change from a passing one. Chosen;
#: longer than the five minutes that detection asks for (SECOND_LOOK_AFTER).
SECOND_LOOK = dt.timedelta(minutes=10)

_CHANGED_BY_A_VISIT = (
    *("health", "health_since", "gaps_in_a_row"),
    *("last_visited_at", "last_looked_at", "next_visit_at"),
    *("claimed_until", "attempt_began_at", "attempt_visit"),
    *("validators", "read_whole_since"),
)


def reschedule(
    page: Page,
    result: FetchResult,
    snapshot: Snapshot | None,
    now: dt.datetime,
    jitter: Callable[[], float],
) -> None:
    """Save what a visit changes on the page: health, gap, validators, time of the next visit."""
    _update_health(page, result, now)
    page.last_visited_at = now
    page.claimed_until = page.attempt_began_at = page.attempt_visit = None
    if result.outcome.looked and snapshot is not None:
        page.last_looked_at = now
        page.next_visit_at = _after_success(page, snapshot, now, jitter)
    else:
        page.next_visit_at = next_visit_after_failure(
            now=now,
            failures=page.gaps_in_a_row,
            jitter=jitter(),
            transient=result.transient,
            retry_after=result.retry_after,
        )
    if result.outcome == Outcome.READ and result.page is not None:
        page.validators = _validators(page, result.page)
    # Only these fields: a curator may edit the page's rules during the visit.
    page.save(update_fields=_CHANGED_BY_A_VISIT)


def _update_health(page: Page, result: FetchResult, now: dt.datetime) -> None:
    """Update the page's health and its gap; health is saved by the caller."""
    health, event = advance(
        PageHealth(Health(page.health), page.health_since, page.gaps_in_a_row),
        result.outcome,
        now,
    )
    page.health, page.health_since = health.health, health.since
    page.gaps_in_a_row = health.gaps_in_a_row
    if event is not None:
        log.warning("%s: %s (%s gaps, %s)", page, event.kind, event.gaps, event.outcome)
    update_gap(page, event, outcome=result.outcome, detail=result.detail)


def _validators(page: Page, received: FetchedPage) -> dict[str, str]:
    """Return what the next visit sends to ask whether the page has changed (RFC 9110, 13.1).

    None of a rendered page: they describe only the shell that scripts filled.
    """
    if received.rendered:
        return {}
    return {
        "etag": received.etag,
        "last_modified": received.last_modified,
        "judged_by": judging_digest(page),
    }


def _after_success(
    page: Page, snapshot: Snapshot, now: dt.datetime, jitter: Callable[[], float]
) -> dt.datetime:
    # The first snapshot of a page is not a change.
    is_first = (
        not page.snapshots.readable().filter(first_seen_at__lt=snapshot.first_seen_at).exists()
    )
    if snapshot.first_seen_at == now and not is_first:
        return now + SECOND_LOOK
    return next_visit_after_success(
        PageKind(page.kind),
        now=now,
        jitter=jitter(),
        last_changed_at=None if is_first else snapshot.first_seen_at,
        effective_at=_noon_of(page.news_expected_on),
    )


def _noon_of(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(12), dt.UTC) if day else None
