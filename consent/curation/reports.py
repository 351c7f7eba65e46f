"""What a curator makes of a report; the only door out of the queue."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from consent.curation.decisions import AlreadyDecidedError
from consent.models import ReaderReport, ReportRuling
from consent.vocabulary import ReportStatus


@transaction.atomic
def rule_on_report(
    report: ReaderReport, after: ReportStatus, *, seen: str, curator: User, note: str = ""
) -> ReportRuling:
    """Settle a report, or open it again, and write it into the log.

    seen: how it stood when the curator looked. Raises AlreadyDecidedError when it stands otherwise
    by now, or as it is asked to stand.
    """
    held = ReaderReport.objects.select_for_update().get(pk=report.pk)
    if held.status != seen or held.status == after:
        raise AlreadyDecidedError(f"This report is by now: {held.get_status_display()}.")
    ruling = ReportRuling.objects.create(
        report=held, before=held.status, after=after, note=note, curator=curator
    )
    held.status = after
    held.settled_at = None if after == ReportStatus.OPEN else timezone.now()
    held.save(update_fields=["status", "settled_at"])
    return ruling
