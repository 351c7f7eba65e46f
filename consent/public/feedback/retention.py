"""Delete old feedback."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from consent.models import Answer, FormCount, ReaderReport
from consent.vocabulary import ReportStatus

ANSWERS_KEPT = dt.timedelta(days=90)
#: An address is kept so long after a decision, in case the conversation continues.
ADDRESS_KEPT_AFTER_RULING = dt.timedelta(days=30)
ADDRESS_KEPT = dt.timedelta(days=180)
SPAM_KEPT = dt.timedelta(days=30)
WORDS_KEPT = dt.timedelta(days=365)


def forget_readers(now: dt.datetime) -> None:
    """Run daily. May run twice."""
    FormCount.objects.forget(now)
    Answer.objects.filter(answered_at__lt=now - ANSWERS_KEPT).delete()
    reports = ReaderReport.objects.all()
    reports.exclude(address="").filter(
        Q(settled_at__lt=now - ADDRESS_KEPT_AFTER_RULING) | Q(sent_at__lt=now - ADDRESS_KEPT)
    ).update(address="")
    reports.filter(
        Q(sent_at__lt=now - WORDS_KEPT)
        | Q(status=ReportStatus.SPAM, settled_at__lt=now - SPAM_KEPT)
    ).update(text="", url="", name="")
