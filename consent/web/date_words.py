"""Format dates in the language of the page, as precisely as they are known."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext

from consent.vocabulary import EffectPrecision, Precision, SinceIs
from consent.web.page_language import once_per_language

_DAYS_PER_YEAR = 365.25
_DAYS_PER_MONTH = 31
_AS_KNOWN = {
    SinceIs.EXACT: "%(date)s",
    SinceIs.AT_LATEST: gettext_lazy("%(date)s at the latest"),
    SinceIs.AT_EARLIEST: gettext_lazy("%(date)s at the earliest"),
}
_AHEAD = {
    "year": ngettext_lazy("in %d year", "in %d years"),
    "month": ngettext_lazy("in %d month", "in %d months"),
    "day": ngettext_lazy("in %d day", "in %d days"),
}
_BEHIND = {
    "over a year": ngettext_lazy("over %d year ago", "over %d years ago"),
    "year": ngettext_lazy("%d year ago", "%d years ago"),
    "month": ngettext_lazy("%d month ago", "%d months ago"),
    "day": ngettext_lazy("%d day ago", "%d days ago"),
    "hour": ngettext_lazy("%d hour ago", "%d hours ago"),
    "minute": ngettext_lazy("%d minute ago", "%d minutes ago"),
}


@once_per_language
def format_date(on: dt.date, precision: str = Precision.DAY) -> str:
    """ "16 July 2024", "July 2024", "2024" or "16 July 2024 at the latest"."""
    if precision == EffectPrecision.BY_DAY:
        return as_known(format_date(on), SinceIs.AT_LATEST)
    if precision == Precision.YEAR:
        return f"{on:%Y}"
    if precision == Precision.MONTH:
        return date_format(on, pgettext("date format", "F Y"))
    if on.day == 1:
        return date_format(on, pgettext("date format, first of a month", "j F Y"))
    return date_format(on, pgettext("date format", "j F Y"))


@once_per_language
def written_short(on: dt.date, precision: str = Precision.DAY) -> str:
    """Like format_date with an abbreviated month, for narrow places."""
    if precision == EffectPrecision.BY_DAY:
        return as_known(written_short(on), SinceIs.AT_LATEST)
    if precision == Precision.YEAR:
        return f"{on:%Y}"
    if precision == Precision.MONTH:
        return date_format(on, pgettext("date format", "M Y"))
    if on.day == 1:
        return date_format(on, pgettext("date format, first of a month", "j M Y"))
    return date_format(on, pgettext("date format", "j M Y"))


def as_known(day: str, since_is: str) -> str:
    """Add how a day is meant to its words: "16 July 2024 at the latest"."""
    return str(_AS_KNOWN[SinceIs(since_is)]) % {"date": day}


def relative(on: dt.date, precision: str, today: dt.date) -> str:
    """Return the distance of a day from today in words, as precisely as the day is known."""
    days = (on - today).days
    if precision == Precision.YEAR or abs(days) >= 2 * _DAYS_PER_YEAR:
        years = on.year - today.year if precision == Precision.YEAR else int(days / _DAYS_PER_YEAR)
        is_over = precision != Precision.YEAR and days <= years * _DAYS_PER_YEAR - _DAYS_PER_MONTH
        if is_over and years < 0:
            return _away(years, "over a year")
        return _away(years, "year") if years else _("this year")
    months = (on.year - today.year) * 12 + on.month - today.month
    if precision == Precision.MONTH and months == 0:
        return _("this month")
    if precision == Precision.MONTH or abs(days) > 62:
        if precision != Precision.MONTH:  # whole months alone: 13 and a half are not 14
            months += (months < 0 and on.day > today.day) - (months > 0 and on.day < today.day)
        return _away(months, "month")
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    return _away(days, "day")


def ago(at: dt.datetime, now: dt.datetime) -> str:
    """Return in words how long ago a time was."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _away(-minutes, "minute")
    if minutes < 48 * 60:
        return _away(-(minutes // 60), "hour")
    return relative(at.date(), Precision.DAY, now.date())


def _away(count: int, unit: str) -> str:
    phrase = _AHEAD[unit] if count > 0 else _BEHIND[unit]
    return phrase % abs(count)
