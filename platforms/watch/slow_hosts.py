"""Which due pages may be queued while some hosts take nearly all the time that a visit may take.

A host that answers a byte now and then occupies a worker for a minute. With many of them all
workers would be occupied, and every other page would wait. So one page of slow hosts at a time is
queued, after all others. No worker count is needed: of two workers that is half.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings

from platforms.models import Page
from platforms.watch.hosts import host_name

#: A host is slow if the last visit to one of its pages took more than this share of the time
#: limit, whatever the outcome: one that drips for 55 seconds is read and occupies a worker. Chosen.
_SLOW_SHARE = 0.5
#: Pages that wait for the turn of slow hosts are due again after this, as those are that wait for
#: the turn of their own host. Beat asks each minute.
_WAIT = dt.timedelta(minutes=1)


def in_fair_order(due: Sequence[Page], now: dt.datetime) -> list[Page]:
    """Return the pages to queue: all of quick hosts, then at most one of slow hosts.

    Postpones the other pages of slow hosts. The one that was visited longest ago comes first.
    """
    slow_hosts = _slow_hosts()
    slow = [page for page in due if host_name(page.url) in slow_hosts]
    if not slow:
        return list(due)
    slow.sort(key=lambda page: page.last_visited_at or dt.datetime.min.replace(tzinfo=dt.UTC))
    chosen = [] if _occupied(now) & slow_hosts else slow[:1]
    waiting = [page.pk for page in slow if page not in chosen]
    Page.objects.unclaimed(now).filter(pk__in=waiting).update(next_visit_at=now + _WAIT)
    return [page for page in due if page not in slow] + chosen


def _slow_hosts() -> set[str]:
    longest = dt.timedelta(seconds=settings.FETCH_TOTAL_TIMEOUT * _SLOW_SHARE)
    pages = Page.objects.watched().whose_last_visit_took(longest)
    return {host_name(url) for url in pages.values_list("url", flat=True)}


def _occupied(now: dt.datetime) -> set[str]:
    """Hosts of which a page is queued or being visited."""
    at_rest = Page.objects.unclaimed(now).not_queued(now)
    in_hand = Page.objects.exclude(pk__in=at_rest.values("pk"))
    return {host_name(url) for url in in_hand.values_list("url", flat=True)}
