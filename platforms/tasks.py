"""Thin Celery tasks: load and call. A lost message costs nothing, for beat asks again."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from platforms.models import Page
from platforms.watch import Watcher

#: At most this many pages are handed out a minute, so that one queue never grows without end.
BATCH = 200


@shared_task
def check_due_pages() -> int:
    """Hand out one task for each page that is due; returns how many."""
    due = Page.objects.due(timezone.now()).values_list("pk", "next_visit_at")[:BATCH]
    for page_id, due_at in due:
        check_page.delay(page_id, due_at.isoformat())
    return len(due)


@shared_task(expires=3600)
def check_page(page_id: int, due_at: str) -> None:
    """Visit the page that became due at due_at (ISO 8601). Safe to run twice."""
    Watcher.from_settings().check_due(page_id, dt.datetime.fromisoformat(due_at))
