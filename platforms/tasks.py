"""Celery tasks of the watch. A lost message does no harm: beat queues the page again."""

import datetime as dt
import logging

from celery import shared_task
from django.db.models import F
from django.utils import timezone

from platforms.fetching.policy import has_contact
from platforms.models import QUEUED_FOR, Page
from platforms.record_versions import check_versions
from platforms.watch import pruning
from platforms.watch.cycle import Watcher
from platforms.watch.line import is_still_down
from platforms.watch.slow_hosts import in_fair_order

log = logging.getLogger(__name__)

#: Pages queued per run of check_due_pages, which beat starts every minute. Chosen: more than a few
#: workers can read in that time.
BATCH = 5_000


@shared_task
def check_due_pages() -> int:
    """Queue one task for each page that is due and not queued yet, except pages of slow hosts
    that wait for their turn (platforms/watch/slow_hosts.py). Returns how many.

    First records the visits of workers that died. Does nothing without CONTACT_EMAIL, and queues
    nothing while our own connection is down.
    """
    if not has_contact():
        return 0
    watcher = Watcher.from_settings()
    watcher.settle_abandoned()
    if is_still_down(watcher.can_reach, now=timezone.now()):
        return 0
    now = timezone.now()
    due = Page.objects.due(now).not_queued(now)
    pages = in_fair_order(list(due.only("url", "next_visit_at", "last_visited_at")[:BATCH]), now)
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(
        queued_visit=F("next_visit_at"), queued_until=now + QUEUED_FOR
    )
    for page in pages:
        visit = (page.pk, page.next_visit_at.isoformat())
        check_page.apply_async(visit, expires=QUEUED_FOR.total_seconds())
    return len(pages)


@shared_task
def check_page(page_id: int, due_at: str) -> None:
    """Visit the page that became due at due_at (ISO 8601). Safe to run twice."""
    Watcher.from_settings().check_due(page_id, dt.datetime.fromisoformat(due_at))


@shared_task
def show_work() -> None:
    """Nothing: that it is done shows that its queue is worked on (config/heartbeats.py)."""


@shared_task
def fold_visits() -> int:
    """Once a day: fold good visits of more than 90 days ago into days. Safe to run twice.

    Also drops the bytes of refused states that old.
    """
    pruning.forget_refused_bodies(now=timezone.now())
    return pruning.fold_visits(now=timezone.now())


@shared_task
def check_public_records() -> int:
    """Once a night: log public records that differ from their versions; returns how many."""
    differing = check_versions()
    for words in differing:
        log.error("Not as its newest version says: %s", words)
    return len(differing)
