"""One rule for all mail about records: a look with the number of people, ten minutes, undo.

What is older than 90 days is published quietly unless the editor decides otherwise.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from consent.models import Entry

#: News that is older surprises readers of a mail. Chosen: a quarter of a year.
QUIET_AFTER = dt.timedelta(days=90)


def is_old(day: dt.date | None) -> bool:
    """Return whether something of this day is mailed about only if the editor wants it."""
    return day is not None and day < timezone.localdate() - QUIET_AFTER


def day_of_news(entry: Entry) -> dt.date | None:
    """Return the day from which an entry counts as old: the latest that it names or was seen on.

    The observation of an imported change is as old as the capture, not as the import.
    """
    named = [entry.effective_on, entry.due_on, entry.decided_on, entry.announced_on]
    days = [day for day in (*named, entry.deadline_on) if day is not None]
    if not days and entry.observed_to is not None:
        days = [entry.observed_to.date()]
    return max(days, default=None)
