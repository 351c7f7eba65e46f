"""Thin Celery tasks: load and call."""

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from consent.alerts.fan_out import digests
from consent.alerts.sending import delivery, mail_health, sent_log
from consent.alerts.subscriptions import retention
from consent.backups import erasure
from consent.curation.sampling import draw_last_month
from consent.desk import gap_mail
from consent.desk.gap_mail import tell_curators
from consent.desk.work_mail import send_work_mails
from consent.detection.changes import give_up, suggest_once
from consent.detection.expected_dates import expect_news
from consent.ledger.published_figures import record_figures as record_figures_of
from consent.models import Change
from consent.noise.budget import mark_noisy_pages
from consent.open_data.dumps import dumps_folder, remove_old_dumps
from consent.open_data.releases import export
from consent.open_data.stamps import closed_days
from consent.public.feedback.retention import forget_readers
from consent.vocabulary import NoSuggestion
from platforms.models import Page


@shared_task(soft_time_limit=60, time_limit=90)
def suggest_change(change_id: int) -> None:
    """Suggest for a change that was just detected. Safe to run twice, or by two."""
    try:
        suggest_once(change_id)
    except SoftTimeLimitExceeded:
        give_up(change_id, NoSuggestion.TOO_SLOW)


@shared_task
def suggest_missing(limit: int = 50) -> int:
    """Queue the changes that still have no suggestion; returns how many.

    Each is a task of its own, so that one that fails is noticed and does not hold up the others.
    """
    missing = Change.objects.without_suggestion().order_by("suggestion_attempts", "detected_at")
    change_ids = list(missing.values_list("pk", flat=True)[:limit])
    for change_id in change_ids:
        suggest_change.delay(change_id)
    return len(change_ids)


@shared_task
def send_gap_mail() -> int:
    """Mail curators what a failed or held-back mail left untold; returns how many gaps."""
    return tell_curators()


@shared_task
def send_dark_list() -> int:
    """Mail curators the list of dark pages if it is due; returns how many pages it names."""
    return gap_mail.send_dark_list()


@shared_task
def check_disk() -> bool:
    """Tell the operator when the disk is nearly full; returns whether it did."""
    return mail_health.alarm_about_disk()


@shared_task
def send_work_mail() -> int:
    """Mail curators who want it what is new at the desk; returns the number of mails."""
    return send_work_mails()


@shared_task
def draw_samples() -> int:
    """Draw what of last month is to be read again, unless it was; returns how many samples."""
    return draw_last_month(timezone.localdate())


@shared_task
def update_expected_dates() -> int:
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
def check_outbox() -> bool:
    """Tell the operator when mail is stuck; returns whether it did."""
    return mail_health.raise_alarm()


@shared_task
def update_subscribers() -> None:
    """Once a day: remind, ask, end pauses, let go, forget."""
    retention.update_subscribers(timezone.now())
    sent_log.delete_old(timezone.now())


@shared_task
def delete_old_feedback() -> None:
    """Once a day, after `update_subscribers`: erase what readers told us long enough ago.

    Then wipe what was deleted today; while somebody reads, the next day does it.
    """
    forget_readers(timezone.now())
    erasure.delete_written_mails(timezone.now())
    erasure.wipe_deleted()


@shared_task(soft_time_limit=3000, time_limit=3100)
def close_day() -> bool:
    """Make yesterday's Merkle root; returns whether it was missing. Safe to run twice."""
    return closed_days.close_day() is not None


@shared_task
def stamp_days() -> int:
    """Ask for the time stamps that are missing; returns how many came. Safe to run twice."""
    return closed_days.stamp_days()


@shared_task
def record_figures() -> bool:
    """Once an hour: keep the figures as published, if they changed; returns whether they did."""
    return record_figures_of(timezone.now())


@shared_task(soft_time_limit=600, time_limit=660)
def export_data() -> None:
    """Once a night: dump everything public, and let go of what is older than a month."""
    export()
    remove_old_dumps(dumps_folder(), timezone.localdate())
