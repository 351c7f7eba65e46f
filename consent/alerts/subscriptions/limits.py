"""Limits on mails that anybody can request for an address."""

import datetime as dt

from consent.models import Letter
from consent.models.alerts import LetterQuerySet

_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
#: Chosen: enough to repeat a lost mail, too few to annoy somebody with our forms.
PER_HOUR = 1
PER_DAY = 3


def was_written_lately(letter: Letter) -> bool:
    """Return whether the limit for this requested mail's address is reached.

    Called right before sending. Counts requests made before this one, except skipped ones.
    """
    return _within(letter, _HOUR).count() >= PER_HOUR or _within(letter, _DAY).count() >= PER_DAY


def next_chance(letter: Letter) -> dt.datetime | None:
    """Return when a letter may be sent; None if the daily limit of its address is reached."""
    if _within(letter, _DAY).count() >= PER_DAY:
        return None
    last = _within(letter, _HOUR).order_by("-created_at").first()
    return last.created_at + _HOUR if last else letter.created_at


def _within(letter: Letter, time: dt.timedelta) -> LetterQuerySet:
    earlier = Letter.objects.requested_before(letter)
    return earlier.filter(created_at__gt=letter.created_at - time)
