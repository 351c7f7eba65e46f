"""Tags and filters for dates, states and addresses."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.db.models import TextChoices
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from consent.vocabulary import DataKind, Direction, Precision, Route, StateValue
from consent.web.dates import ago, format_date, relative, written_short
from consent.web.languages import once_per_language
from consent.web.parts import part
from platforms.models import Page
from platforms.outcomes import Outcome

if TYPE_CHECKING:
    from consent.ledger.state_of_play import Standing
    from consent.public.state_of_play.matrix import Line

register = template.Library()


@register.simple_tag
@once_per_language
def date_stamp(on: dt.date, precision: str = Precision.DAY) -> SafeString:
    """Write a date as precisely as it is known: "16 July 2024", "July 2024" or "2024"."""
    return format_html(
        '<time datetime="{}">{}</time>', _machine(on, precision), format_date(on, precision)
    )


@register.simple_tag
def date_stamp_with_age(on: dt.date, precision: str = Precision.DAY) -> SafeString:
    """Write a date followed by its distance from today."""
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
        f"{format_date(at.date())}, {at:%H:%M} UTC",
    )


@register.simple_tag
def moment_with_age(at: dt.datetime) -> SafeString:
    return format_html('{} <span class="age">{}</span>', moment(at), ago(at, timezone.now()))


def _machine(on: dt.date, precision: str) -> str:
    """Return the value of a datetime attribute, as precise as the date (HTML, section time)."""
    if precision == Precision.YEAR:
        return f"{on:%Y}"
    return f"{on:%Y-%m}" if precision == Precision.MONTH else f"{on:%Y-%m-%d}"


@register.simple_tag
@once_per_language
def glyph(value: str) -> SafeString:
    """Draw the icon of a state; its shape identifies the state without colour."""
    return format_html(
        '<svg class="glyph glyph-{0}" width="14" height="14" aria-hidden="true" focusable="false">'
        '<use href="#g-{0}"/></svg>',
        value,
    )


@register.simple_tag
@once_per_language
def chip(value: str) -> SafeString:
    """Draw a state in words on its colour, with its icon."""
    return format_html(
        '<span class="chip chip-{}">{}{}</span>', value, glyph(value), StateValue(value).label
    )


@once_per_language
def _word(choices: type[TextChoices], value: str) -> SafeString:
    """Return the escaped label of a choice."""
    return SafeString(escape(choices(value).label))


@register.simple_tag
def matrix_cells(line: Line) -> SafeString:
    """Draw the cells of one platform. Not a template, since the matrix has thousands."""
    address = line.platform.get_absolute_url()
    # A setting may be in several cells, one for each of its kinds of data.
    drawn = {standing.setting.pk: _draw_cell(standing, address) for standing in line.standings}
    return format_html_join(
        "",
        "<td{}>{}</td>",
        (
            ("", SafeString("".join(drawn[standing.setting.pk] for standing in cell)))
            if cell
            else (SafeString(' class="none"'), "–")
            for cell in line.cells
        ),
    )


def _draw_cell(standing: Standing, address: str) -> SafeString:
    setting, state = standing.setting, standing.state
    facts = []
    if state and state.starts_on:
        year_only = state.starts_precision == Precision.YEAR
        precision = Precision.YEAR if year_only else Precision.MONTH
        facts.append(_("since %s") % written_short(state.starts_on, precision))
    if setting.route != Route.NONE:
        facts.append(_word(Route, setting.route))
    return format_html(
        '<div class="cell"><a class="cell-state" href="{}#{}">{}{}</a>'
        '<span class="cell-facts">{}</span></div>',
        address,
        setting.slug,
        glyph(standing.value),
        _word(StateValue, standing.value),
        SafeString(" · ".join(map(conditional_escape, facts))),
    )


@register.simple_tag
def standing_facts(standing: Standing) -> SafeString:
    """List the facts of a setting: data, start of its state, opt-out, audience and region."""
    setting, state = standing.setting, standing.state
    facts = [SafeString(", ".join(_word(DataKind, kind) for kind in setting.data_kinds))]
    if state and state.starts_on:
        since = date_stamp(state.starts_on, state.starts_precision)
        facts.append(format_html("{} {}", _("since"), since))
    if setting.route != Route.NONE:
        facts.append(_word(Route, setting.route))
    return SafeString(" · ".join(facts))


@register.simple_tag
@once_per_language
def state_dot(value: str) -> SafeString:
    """Draw the icon of a state alone, for narrow places."""
    label = StateValue(value).label
    return format_html(
        '<span class="state-dot state-{}" title="{}">{}<span class="visually-hidden">{}</span>'
        "</span>",
        value,
        label,
        glyph(value),
        label,
    )


@register.simple_tag
@once_per_language
def trust_mark(trust: str) -> SafeString:
    """Draw how reliable a guide is."""
    return render_to_string("parts/_trust.html", {"trust": trust})


@register.simple_tag
@once_per_language
def direction_mark(direction: str) -> SafeString:
    return format_html(
        '<span class="direction direction-{0}"><svg width="14" height="14" aria-hidden="true"'
        ' focusable="false"><use href="#d-{0}"/></svg>{1}</span>',
        direction,
        Direction(direction).label,
    )


@register.inclusion_tag("parts/_freshness.html")
def freshness_line() -> dict[str, Any]:
    return {"freshness": part("freshness", "", Page.objects.freshness)}


@register.simple_tag
def contact_email() -> str:
    return str(settings.CONTACT_EMAIL)


@register.simple_tag
def site_url() -> str:
    return str(settings.SITE_URL)


@register.filter
def host(url: str) -> str:
    """Return the host of an address, without "www."."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def version_date(archived_url: str) -> dt.date | None:
    """Return the day of an archived copy from its address: ".../20240726101500/...".

    For the attributes of robust links (robustlinks.mementoweb.org).
    """
    match = re.search(r"/(\d{4})(\d{2})(\d{2})\d{0,6}(?:[a-z]{2}_)?/", archived_url)
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


@register.filter
def short_url(url: str) -> str:
    """Shorten an address for display: no scheme, at most 70 characters."""
    return Truncator(url.split("://", 1)[-1].removeprefix("www.").rstrip("/")).chars(70)


@register.filter
def grouped(number: int) -> str:
    """Format a number with separators: "12,345", in German "12.345"."""
    return number_format(number, force_grouping=True)


@register.filter
def path_parts(path: str) -> list[str]:
    """Split a menu path ("Settings › Privacy") into its parts."""
    return [part.strip() for part in path.replace(">", "›").split("›") if part.strip()]


@register.filter
def outcome_label(outcome: str | None) -> str:
    """Return the outcome of a visit in words."""
    return str(Outcome(outcome).label) if outcome else _("not recorded")
