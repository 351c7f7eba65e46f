"""Thin Celery tasks: load and call."""

from celery import shared_task
from django.utils import timezone

from consent.alerts import delivery, digests, keeping, outbox
from consent.detection import suggest
from consent.expected_news import expect_news
from consent.gap_mail import tell_curators
from consent.models import Change
from consent.noise import mark_noisy_pages
from consent.readers.keeping import forget_readers
from platforms.models import Page


@shared_task
def suggest_missing(limit: int = 50) -> int:
    """Suggest for changes whose suggestion failed when they were detected. Safe to run twice.

    Returns how many were made. A classifier that still fails raises, so that it is noticed.
    """
    changes = Change.objects.without_suggestion().order_by("detected_at")[:limit]
    for change in changes:
        suggest(change)
    return len(changes)


@shared_task
def tell_about_gaps() -> int:
    """Mail curators what a failed or held-back mail left untold; returns how many gaps."""
    return tell_curators()


@shared_task
def expect_all_news() -> int:
    """Let pages know the next date that something on them takes effect; returns how many moved."""
    return expect_news(Page.objects.all())


@shared_task
def mark_noisy() -> int:
    """Mark the pages that need a rule against their noise; returns how many were (un)marked."""
    return mark_noisy_pages(now=timezone.now())


@shared_task
def send_mails() -> int:
    """Send the mails that are due; returns how many were accepted. Safe to run twice, or by two."""
    return delivery.send_due().sent


@shared_task
def make_digests() -> int:
    """Bundle what waits for a digest whose moment has come; returns how many digests."""
    return digests.make_digests()


@shared_task
def watch_outbox() -> bool:
    """Tell the operator when mail is stuck; returns whether it did."""
    return outbox.raise_alarm()


@shared_task
def keep_subscribers() -> None:
    """Once a day: remind, ask, end pauses, let go, forget."""
    keeping.keep_subscribers(timezone.now())


@shared_task
def keep_readers_words() -> None:
    """Once a day: erase what readers told us long enough ago."""
    forget_readers(timezone.now())
