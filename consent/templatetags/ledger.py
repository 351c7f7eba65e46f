"""How dates, states and addresses are written on pages."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.standing.play import Standing
from consent.vocabulary import Direction, Precision, Route, StateValue
from platforms.models import Page
from platforms.outcomes import Outcome

register = template.Library()

_DAYS_PER_MONTH = 30.44
_DAYS_PER_YEAR = 365.25


@register.simple_tag
def date_stamp(on: dt.date, precision: str = Precision.DAY) -> SafeString:
    """Write a date as precisely as it is known: "16 July 2024", "July 2024" or "2024"."""
    machine, words = _written(on, precision)
    return format_html('<time datetime="{}">{}</time>', machine, words)


@register.simple_tag
def date_stamp_with_age(on: dt.date, precision: str = Precision.DAY) -> SafeString:
    """A date, absolute first and relative second."""
    return format_html(
        '{} <span class="age">{}</span>',
        date_stamp(on, precision),
        relative(on, precision, timezone.localdate()),
    )


@register.simple_tag
def moment(at: dt.datetime) -> SafeString:
    """Write a point in time to the minute, with its zone."""
    at = at.astimezone(dt.UTC)
    return format_html(
        '<time datetime="{}">{}</time>',
        at.strftime("%Y-%m-%dT%H:%MZ"),
        f"{date_format(at, _('j F Y'))}, {at:%H:%M} UTC",
    )


@register.simple_tag
def moment_with_age(at: dt.datetime) -> SafeString:
    return format_html('{} <span class="age">{}</span>', moment(at), _ago(at, timezone.now()))


def relative(on: dt.date, precision: str, today: dt.date) -> str:
    """Say how far a day is from today, no more precisely than it is known."""
    days = (on - today).days
    if precision == Precision.YEAR or abs(days) >= 2 * _DAYS_PER_YEAR:
        years = on.year - today.year if precision == Precision.YEAR else int(days / _DAYS_PER_YEAR)
        if years == 0:
            return _("this year")
        return _in_or_ago(years, ngettext("%d year", "%d years", abs(years)))
    months = (on.year - today.year) * 12 + on.month - today.month
    if precision == Precision.MONTH and months == 0:
        return _("this month")
    if precision == Precision.MONTH or abs(days) > 62:
        whole = months if precision == Precision.MONTH else round(days / _DAYS_PER_MONTH)
        return _in_or_ago(whole, ngettext("%d month", "%d months", abs(whole)))
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    return _in_or_ago(days, ngettext("%d day", "%d days", abs(days)))


def _in_or_ago(count: int, unit: str) -> str:
    amount = unit % abs(count)
    return _("in %s") % amount if count > 0 else _("%s ago") % amount


def _ago(at: dt.datetime, now: dt.datetime) -> str:
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _in_or_ago(-minutes, ngettext("%d minute", "%d minutes", minutes))
    if minutes < 48 * 60:
        hours = minutes // 60
        return _in_or_ago(-hours, ngettext("%d hour", "%d hours", hours))
    return relative(at.date(), Precision.DAY, now.date())


def _written(on: dt.date, precision: str) -> tuple[str, str]:
    if precision == Precision.YEAR:
        return f"{on:%Y}", f"{on:%Y}"
    if precision == Precision.MONTH:
        return f"{on:%Y-%m}", date_format(on, _("F Y"))
    return f"{on:%Y-%m-%d}", date_format(on, _("j F Y"))


@register.simple_tag
def glyph(value: str) -> SafeString:
    """Draw the mark of a state; its shape carries the state without colour."""
    return format_html(
        '<svg class="glyph glyph-{0}" width="14" height="14" aria-hidden="true" focusable="false">'
        '<use href="#g-{0}"/></svg>',
        value,
    )


@register.simple_tag
def chip(value: str) -> SafeString:
    """A state in words on its colour, with its mark."""
    return format_html(
        '<span class="chip chip-{}">{}{}</span>', value, glyph(value), StateValue(value).label
    )


@register.simple_tag
def matrix_cell(standing: Standing) -> SafeString:
    """One setting in a cell of the matrix. Written here since there are thousands of them."""
    setting, state = standing.setting, standing.state
    facts = []
    if state and state.starts_on:
        facts.append(_("since %s") % date_format(state.starts_on, "M Y"))
    if setting.route != Route.NONE:
        facts.append(str(Route(setting.route).label))
    if setting.region != "worldwide":
        facts.append(setting.region)
    return format_html(
        '<div class="cell"><a class="cell-state" href="{}#{}">{}{}</a>'
        '<span class="cell-facts">{}</span></div>',
        setting.platform.get_absolute_url(),
        setting.slug,
        glyph(standing.value),
        standing.value.label,
        " · ".join(facts),
    )


@register.simple_tag
def direction_mark(direction: str) -> SafeString:
    return format_html(
        '<span class="direction direction-{0}"><svg width="14" height="14" aria-hidden="true"'
        ' focusable="false"><use href="#d-{0}"/></svg>{1}</span>',
        direction,
        Direction(direction).label,
    )


@register.inclusion_tag("parts/_freshness.html")
def freshness_line() -> dict[str, Any]:
    return {"freshness": Page.objects.freshness()}


@register.simple_tag
def contact_email() -> str:
    return str(settings.CONTACT_EMAIL)


@register.simple_tag
def site_url() -> str:
    return str(settings.SITE_URL)


@register.filter
def host(url: str) -> str:
    """The part of an address that says whose it is."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def short_url(url: str) -> str:
    """An address to be read, not typed: without its scheme, cut where it gets long."""
    return Truncator(url.split("://", 1)[-1].removeprefix("www.").rstrip("/")).chars(70)


@register.filter
def path_parts(path: str) -> list[str]:
    """Cut a menu path ("Settings › Privacy") into its parts."""
    return [part.strip() for part in path.replace(">", "›").split("›") if part.strip()]


@register.filter
def outcome_label(outcome: str | None) -> str:
    """What a visit came to, in words."""
    return str(Outcome(outcome).label) if outcome else _("not recorded")
