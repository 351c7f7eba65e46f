"""Computes the time of the next visit. Pure: clock and randomness are parameters.

jitter is always a number from 0 to 1 (random.random()). It spreads visits that would otherwise fall
into the same minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from platforms.vocabulary import PageKind

# All chosen, not measured.
_FIRST_RETRY = timedelta(minutes=10)
_STEADY_RETRY = timedelta(hours=12)
LONGEST_RETRY_AFTER = timedelta(days=7)
LONGEST_PAUSE = 3600.0  # seconds; a host that asks for more counts as asking for one hour
_RECENT = timedelta(days=7)
_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Interval:
    """How often pages of a kind are visited: near a change, usually, and without changes."""

    shortest: timedelta
    usual: timedelta
    longest: timedelta


#: Chosen, not measured.
INTERVALS: Mapping[PageKind, Interval] = {
    PageKind.PRIVACY_POLICY: Interval(timedelta(hours=3), timedelta(hours=12), timedelta(days=2)),
    PageKind.TERMS: Interval(timedelta(hours=3), timedelta(hours=12), timedelta(days=2)),
    PageKind.HELP: Interval(timedelta(hours=4), timedelta(days=1), timedelta(days=4)),
    PageKind.SETTINGS: Interval(timedelta(hours=4), timedelta(days=1), timedelta(days=4)),
    PageKind.ROBOTS: Interval(timedelta(hours=6), timedelta(days=1), timedelta(days=7)),
    PageKind.ANNOUNCEMENT: Interval(timedelta(hours=12), timedelta(days=2), timedelta(days=30)),
    PageKind.TRAINING_SUMMARY: Interval(timedelta(hours=6), timedelta(days=1), timedelta(days=7)),
}


def interval(
    kind: PageKind,
    *,
    now: datetime,
    last_changed_at: datetime | None = None,
    effective_at: datetime | None = None,
) -> timedelta:
    """Return the pause between two visits to a page that can be read.

    last_changed_at: when its text last changed. effective_at: when something it announces takes
    effect, if known. From a week before that date to a week after it, the shortest interval
    applies. For a week after a change the page is visited twice as often as usual. Without
    changes the interval grows and reaches the longest after half a year.
    """
    bounds = INTERVALS[kind]
    if effective_at is not None and abs(effective_at - now) <= _RECENT:
        return bounds.shortest
    if last_changed_at is None:
        return bounds.usual
    unchanged_for = now - last_changed_at
    if unchanged_for <= _RECENT:
        return max(bounds.shortest, bounds.usual / 2)
    share = min(1.0, unchanged_for / timedelta(days=182))
    return bounds.usual + (bounds.longest - bounds.usual) * share


def next_visit_after_success(
    kind: PageKind,
    *,
    now: datetime,
    jitter: float,
    last_changed_at: datetime | None = None,
    effective_at: datetime | None = None,
) -> datetime:
    """Return the time of the next visit, up to a tenth of the interval earlier or later."""
    pause = interval(kind, now=now, last_changed_at=last_changed_at, effective_at=effective_at)
    return now + pause * (1 - _JITTER + 2 * _JITTER * jitter)


def next_visit_after_failure(
    *,
    now: datetime,
    failures: int,
    jitter: float,
    transient: bool = True,
    retry_after: float | None = None,
) -> datetime:
    """Return when to try again after `failures` gaps in a row (this one included, so from 1).

    The pause is half a day, so that a page that comes and goes is seen while it is there. A
    transient failure begins with ten minutes, which double up to that. The jitter shortens the
    pause by up to a tenth.
    retry_after: seconds the site asked for; always respected, up to a week.
    """
    # Seven doublings of the first pause exceed half a day. Very many would overflow.
    doublings = min(max(failures, 1) - 1, 7)
    pause = min(_STEADY_RETRY, _FIRST_RETRY * (1 << doublings)) if transient else _STEADY_RETRY
    pause *= 1 - _JITTER * (1 - jitter)
    if retry_after is not None:
        requested = min(LONGEST_RETRY_AFTER, timedelta(seconds=max(0.0, min(retry_after, 1e9))))
        pause = max(pause, requested * (1 + _JITTER * jitter))
    return now + pause


def host_pause(default: float, crawl_delay: float | None) -> float:
    """Return the seconds between two visits to a host: the longer of our pause and its own."""
    return max(default, min(crawl_delay or 0.0, LONGEST_PAUSE))


def read_retry_after(value: str, *, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for (RFC 9110 10.2.3); None if unreadable."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
