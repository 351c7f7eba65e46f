"""The range of valid days, and months. Every day that comes from outside is checked against it.

Days outside it are mistakes or attacks: arithmetic at the ends of the calendar raises
OverflowError, and nothing about online platforms is dated there.
"""

import datetime as dt
from calendar import monthrange

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

EARLIEST = dt.date(1970, 1, 1)
LATEST = dt.date(2100, 12, 31)

OUT_OF_BOUNDS = _("Give a day from 1970 to 2100.")


def is_within_bounds(day: dt.date) -> bool:
    """True for a day (or moment) from EARLIEST to LATEST."""
    on = day.date() if isinstance(day, dt.datetime) else day
    return EARLIEST <= on <= LATEST


def require_within_bounds(day: dt.date) -> None:
    """Validator for fields of models and forms. Raises ValidationError."""
    if not is_within_bounds(day):
        raise ValidationError(OUT_OF_BOUNDS, code="out_of_bounds")


def read_day(text: str) -> dt.date | None:
    """Read year-month-day; None for anything else, and for a day out of bounds."""
    if len(text) != len("2024-07-26"):  # fromisoformat also reads 20240726 and 2024-W30-5
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_within_bounds(day) else None


def month_after(day: dt.date, months: int = 1) -> dt.date:
    """Return the first day of the month so many months after that of a day; before it if < 0."""
    number = day.year * 12 + day.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def end_of_month(day: dt.date) -> dt.date:
    """Return the last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])
