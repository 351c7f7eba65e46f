"""What time does to what readers told us: it is erased."""

from __future__ import annotations

import datetime as dt

from consent.models import Answer

ANSWERS_KEPT = dt.timedelta(days=90)


def forget_readers(now: dt.datetime) -> None:
    """The daily round. It may run twice."""
    Answer.objects.filter(answered_at__lt=now - ANSWERS_KEPT).delete()
