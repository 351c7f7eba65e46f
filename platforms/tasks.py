"""Thin Celery tasks: load and call. A lost message costs nothing, for beat asks again."""

import datetime as dt

from celery import shared_task
from django.db.models import F
from django.utils import timezone

from platforms.fetching.policy import has_contact
from platforms.models import Page
from platforms.watch.cycle import Watcher

#: At most this many pages are handed out a minute; more than a worker or two can read.
BATCH = 5_000
#: A page waits this long in the queue at most; its message then expires, and it is asked for again.
QUEUED_FOR = dt.timedelta(minutes=10)


@shared_task
def check_due_pages() -> int:
    """Hand out one task for each page that is due and not in the queue yet; returns how many.

    Visits that their workers did not survive are recorded first.
    """
    Watcher.from_settings().settle_abandoned()
    if not has_contact():
        return 0
    now = timezone.now()
    due = Page.objects.due(now).not_queued(now).values_list("pk", "next_visit_at")[:BATCH]
    handed_out = list(due)
    Page.objects.filter(pk__in=[page_id for page_id, _ in handed_out]).update(
        queued_visit=F("next_visit_at"), queued_until=now + QUEUED_FOR
    )
    for page_id, due_at in handed_out:
        check_page.apply_async((page_id, due_at.isoformat()), expires=QUEUED_FOR.total_seconds())
    return len(handed_out)


@shared_task
def check_page(page_id: int, due_at: str) -> None:
    """Visit the page that became due at due_at (ISO 8601). Safe to run twice."""
    Watcher.from_settings().check_due(page_id, dt.datetime.fromisoformat(due_at))
