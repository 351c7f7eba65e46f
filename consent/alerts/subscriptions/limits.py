"""How often one address may be written to."""

import datetime as dt

from consent.models import Letter
from consent.models.alerts import LetterQuerySet

_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
PER_HOUR = 1
PER_DAY = 3


def was_written_lately(letter: Letter) -> bool:
    """Tell whether a mail that somebody asked for with a form is one too many for its address.

    Asked when it is about to be sent; what was promised before it and not dropped counts.
    """
    return _within(letter, _HOUR).count() >= PER_HOUR or _within(letter, _DAY).count() >= PER_DAY


def next_chance(letter: Letter) -> dt.datetime | None:
    """When a letter that comes too early may go; None if its address had its share of the day."""
    if _within(letter, _DAY).count() >= PER_DAY:
        return None
    last = _within(letter, _HOUR).order_by("-created_at").first()
    return last.created_at + _HOUR if last else letter.created_at


def _within(letter: Letter, time: dt.timedelta) -> LetterQuerySet:
    earlier = Letter.objects.requested_before(letter)
    return earlier.filter(created_at__gt=letter.created_at - time)
