"""Thin Celery tasks: load and call."""

from celery import shared_task

from consent.detection import suggest
from consent.models import Change


@shared_task
def suggest_missing(limit: int = 50) -> int:
    """Suggest for changes whose suggestion failed when they were detected. Safe to run twice.

    Returns how many were made. A classifier that still fails raises, so that it is noticed.
    """
    changes = Change.objects.without_suggestion().order_by("detected_at")[:limit]
    for change in changes:
        suggest(change)
    return len(changes)
