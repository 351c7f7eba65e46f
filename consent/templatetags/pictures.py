"""Small pictures for changes and guides."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from consent.ledger.counts import EffortLine
from consent.ledger.dates import dates_with_announcement, notice_days
from consent.ledger.effort import frictions_of
from consent.ledger.facts import act_facts
from consent.ledger.figure_words import class_words
from consent.ledger.figures import Figures
from consent.ledger.guide_lines import GuideLine, acts_of
from consent.ledger.headline_words import since_words
from consent.ledger.platform_facts import ControlFacts
from consent.models import Control, Entry, Guide
from consent.public.pictures.effort import effort
from consent.public.pictures.ribbon import Occasion
from consent.public.pictures.ribbon import date_ribbon as ribbon_of
from consent.public.pictures.switch import drawn_switch
from consent.public.pictures.wall import Wall
from consent.public.pictures.wall_words import band_words, mark_words
from consent.vocabulary import Friction
from consent.web.page_language import once_per_language

register = template.Library()


@register.inclusion_tag("pictures/_ribbon.html")
def date_ribbon(entry: Entry) -> dict[str, Any]:
    """Draw the dates of a change on one line."""
    observed_from = entry.observed_from.date() if entry.observed_from else None
    occasions = [
        Occasion(
            kind=date.kind,
            label=date.label,
            on=date.on,
            precision=date.precision,
            since=observed_from if date.kind == "observed" else None,
        )
        for date in dates_with_announcement(entry)
    ]
    ribbon = ribbon_of(occasions, notice_days(entry), timezone.localdate())
    return {"ribbon": ribbon, "occasions": occasions, "entry": entry}


@register.inclusion_tag("pictures/_wall.html")
def draw_wall(wall: Wall, figures: Figures) -> dict[str, Any]:
    """Draw all platforms by month. figures: of the same day."""
    return {
        "wall": wall,
        "figures": figures,
        "of_today": wall.day == timezone.localdate(),
        "asof": f"?{urlencode({'asof': wall.day.isoformat()})}",
        "bands": [(band, band_words(band.group, len(band.rows))) for band in wall.bands],
        "key": mark_words(),
    }


@register.simple_tag
def month_x(wall: Wall, month: int) -> str:
    return wall.x(month)


@register.simple_tag
def wall_table(wall: Wall) -> SafeString:
    """Write a row for each platform of the wall, in its order."""
    return format_html_join(
        "\n",
        '<tr><th scope="row"><a href="{}">{}</a></th><td>{}</td><td>{}</td></tr>',
        (
            (
                reverse("platform", args=[row.slug]),
                row.name,
                class_words(row.now),
                since_words(row.since) if row.now.is_on_record and row.since else "",
            )
            for row in wall.rows
        ),
    )


@register.simple_tag
def frictions_of_guide(guide: Guide) -> list[Friction]:
    """Return what makes refusing harder than one switch."""
    return frictions_of(guide.frictions, acts_of(guide))


@register.simple_tag
def effort_dots(guide: Guide | GuideLine) -> SafeString:
    """Show the effort of a guide: minutes in words, steps in words and as dots."""
    return _effort_of(guide.minutes, guide.fewest_steps(), guide.most_steps())


@register.simple_tag
@once_per_language
def effort_row(line: EffortLine) -> SafeString:
    """Draw the row of a table that compares what guides ask."""
    return render_to_string("pictures/_effort_row.html", {"line": line})


@once_per_language
def _effort_of(minutes: int | None, fewest: int, most: int) -> SafeString:
    shown = {"minutes": minutes, "fewest": fewest, "effort": effort(most)}
    return render_to_string("pictures/_effort.html", shown)


@register.simple_tag
def switch_of(control: Control | ControlFacts) -> SafeString:
    """Draw a control as it shall be; "" for what is no switch."""
    drawn = drawn_switch(act_facts(control) if isinstance(control, Control) else control)
    return render_to_string("pictures/_switch.html", {"switch": drawn}) if drawn else SafeString()
