"""Small pictures for changes and guides."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from consent.ledger.counts import EffortLine
from consent.ledger.dates import dates_with_announcement, notice_days
from consent.ledger.effort import frictions_of
from consent.ledger.facts import act_facts
from consent.ledger.guide_lines import GuideLine, acts_of
from consent.ledger.platform_facts import ControlFacts
from consent.models import Control, Entry, Guide
from consent.public.pictures.effort import effort
from consent.public.pictures.ribbon import Occasion
from consent.public.pictures.ribbon import date_ribbon as ribbon_of
from consent.public.pictures.switch import drawn_switch
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
