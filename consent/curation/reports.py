"""Decisions on reports by readers."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from consent.curation.decisions import AlreadyDecidedError
from consent.models import ReaderReport, ReportRuling
from consent.vocabulary import ReportStatus


@transaction.atomic
def decide_report(
    report: ReaderReport, after: ReportStatus, *, seen: str, curator: User, note: str = ""
) -> ReportRuling:
    """Settle a report, or open it again, and log the decision.

    seen: the status that the curator saw. Raises AlreadyDecidedError when the report has another
    status by now, or has the new status already.
    """
    locked = ReaderReport.objects.select_for_update().get(pk=report.pk)
    if locked.status != seen or locked.status == after:
        raise AlreadyDecidedError(f"This report is by now: {locked.get_status_display()}.")
    ruling = ReportRuling.objects.create(
        report=locked, before=locked.status, after=after, note=note, curator=curator
    )
    locked.status = after
    locked.settled_at = None if after == ReportStatus.OPEN else timezone.now()
    locked.save(update_fields=["status", "settled_at"])
    return ruling
