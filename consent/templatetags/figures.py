"""The figures of a day: sentences in which each number opens its list, and how to cite them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.ledger.answers import Axis, ShortAnswer, Stance, WayOut
from consent.ledger.counts import SpanCounts
from consent.ledger.figure_words import (
    Writer,
    class_words,
    correction_words,
    further_sentences,
    is_partly_on_record,
    main_sentence,
    plain_number,
    scope_words,
    silence,
    sum_of_days,
    whole_sentence,
)
from consent.ledger.figures import DEFINITIONS, Among, Figures, TrainingClass
from consent.ledger.flips import Began
from consent.ledger.headline_words import colour_of, glyph_of
from consent.ledger.published_figures import Published, published_on
from consent.public.pictures.shares import shares_of
from consent.templatetags.ledger import glyph
from consent.web.absolute_urls import absolute_url

register = template.Library()

_Named = tuple[str, str]  # slug, name

#: The answer whose marks and colours a class has.
_ANSWERS = {
    TrainingClass.EVERYWHERE: ShortAnswer(Stance.YES, WayOut.REFUSABLE, (), True),
    TrainingClass.IN_PART: ShortAnswer(Stance.DEPENDS, WayOut.NOT_NEEDED, (), True),
    TrainingClass.OTHER_USE: ShortAnswer(Stance.DEPENDS, WayOut.NOT_NEEDED, (Axis.USE,), False),
    TrainingClass.ONLY_IF_AGREED: ShortAnswer(Stance.ONLY_IF_AGREED, WayOut.NOT_NEEDED, (), False),
    TrainingClass.NO: ShortAnswer(Stance.NO, WayOut.NOT_NEEDED, (), False),
    TrainingClass.NOT_OFFERED: ShortAnswer(Stance.NOT_OFFERED, WayOut.NOT_NEEDED, (), False),
    TrainingClass.UNKNOWN: ShortAnswer(Stance.UNKNOWN, WayOut.NOT_NEEDED, (), False),
}


@register.inclusion_tag("standing/_figures.html")
def figures_in_words(
    figures: Figures, *, without_main: bool = False, to_cite: bool = False
) -> dict[str, Any]:
    """Write the figures of a day with their definition, their files, and how to cite them.

    without_main: the page has main_figure elsewhere. to_cite: people come to the page for these.
    """
    escaped = replace(figures, operator=escape(figures.operator))
    further = further_sentences(escaped, _linked(figures))
    if without_main:
        further.append(silence(figures, _linked(figures)))
    return {
        **_to_cite(figures),
        "to_cite": to_cite,
        "main": "" if without_main else SafeString(whole_sentence(figures, _linked(figures))),
        "further": SafeString(" ".join(further)),
    }


@register.inclusion_tag("standing/_to_cite.html")
def figures_to_cite(figures: Figures) -> dict[str, Any]:
    """Write what the figures of a day count, and how to cite them."""
    return {**_to_cite(figures), "to_cite": True}


def _to_cite(figures: Figures) -> dict[str, Any]:
    asof = urlencode(_query_of(figures))
    return {
        "figures": figures,
        "definition": DEFINITIONS[figures.definition],
        "today": timezone.localdate(),
        "csv": f"{reverse('figures-csv')}?{asof}",
        "json": f"{reverse('api-figures')}?{asof}",
        "address": absolute_url(reverse("numbers-of-day", args=[figures.day])),
    }


@register.inclusion_tag("numbers/_final.html")
def final_figures(figures: Figures) -> dict[str, Any]:
    """Cite the figures of the day before, which are kept for good, beside those of today."""
    today = timezone.localdate()
    day_before = today - dt.timedelta(days=1)
    final = published_on(day_before) if figures.day == today else None
    address = absolute_url(reverse("numbers-of-day", args=[day_before]))
    return {"final": final, "address": address, "today": today}


@register.simple_tag
def main_figure(figures: Figures) -> SafeString:
    """Write how many platforms train by default; each number opens its list."""
    return SafeString(main_sentence(figures, _linked(figures)))


@register.simple_tag
def whole_figure(figures: Figures) -> SafeString:
    """Write main_figure with how many platforms nothing is on record of."""
    return SafeString(whole_sentence(figures, _linked(figures)))


@register.simple_tag(name="sum_of_days")
def linked_sum(began: Began) -> SafeString:
    """Write how two days add up; each number of those that turned opens its list."""
    address = f"{reverse('then-and-now')}?{began.query}"

    def write(turn: str, number: int) -> str:
        return format_html(
            '<a href="{}#{}" data-count="{}">{}</a>',
            address,
            turn,
            number,
            plain_number(turn, number),
        )

    return SafeString(sum_of_days(began, write))


@register.inclusion_tag("pictures/_shares.html")
def draw_shares(figures: Figures) -> dict[str, Any]:
    """Draw all platforms as one bar; the words of each part lead to its list."""
    return {"parts": shares_of(figures), "figures": figures}


def _linked(figures: Figures) -> Writer:
    def write(key: str, number: int) -> str:
        return format_html(
            '<a href="{}" data-count="{}">{}</a>',
            figures_address(figures, key),
            number,
            plain_number(key, number),
        )

    return write


@register.simple_tag
def figures_address(figures: Figures, key: str) -> str:
    """Return the address of the list behind a number; of all platforms for the key ""."""
    if figures.is_published:
        return f"{reverse('numbers-of-day', args=[figures.day])}#list-{key or 'all'}"
    reader = figures.reader
    asked = {
        "figure": key,
        "place": reader.place,
        "people": reader.people,
        "category": figures.category,
    }
    query = {name: str(value) for name, value in asked.items() if value}
    if figures.day != timezone.localdate():
        query["asof"] = figures.day.isoformat()
    path = reverse("platforms")
    return f"{path}?{urlencode(query)}" if query else path


def _query_of(figures: Figures) -> dict[str, str]:
    query = {"asof": figures.day.isoformat()}
    is_told = figures.is_published or figures.day == timezone.localdate()
    return query if is_told else {**query, "as_published": "false"}


@register.simple_tag
def class_counts(figures: Figures) -> list[tuple[TrainingClass, int]]:
    """Return each class that has platforms, with how many."""
    return [(each, number) for each in TrainingClass if (number := figures.number(each))]


@register.simple_tag
def every_figure(figures: Figures) -> list[tuple[TrainingClass | Among, int, str]]:
    """Return each class and each list across the classes, with its number and its share.

    The share is of the platforms of which something is on record; "" for the others. Where the
    number has others among them, the share says how many it is of.
    """
    silent = figures.number(Among.NOTHING_ON_RECORD)
    lines = []
    for key in figures.keys:
        number = figures.number(key)
        of_record = number - silent if key == TrainingClass.UNKNOWN else number
        has_share = figures.on_record and key != Among.NOTHING_ON_RECORD
        share = percent_of(of_record, figures.on_record) if has_share else ""
        if share and of_record != number:
            share = _("%(share)s (%(number)s of %(total)s)") % {
                "share": share,
                "number": plain_number("", of_record),
                "total": plain_number("", figures.on_record),
            }
        lines.append((key, number, share))
    return lines


@register.filter
def is_class(key: str) -> bool:
    """Whether it is a class, not a list across the classes."""
    return isinstance(key, TrainingClass)


@register.simple_tag
def published_lists(published: Published) -> list[tuple[TrainingClass | Among, list[_Named]]]:
    """Return each list that was published, with the slugs and the names of then."""
    platforms, names = published.figures.platforms, published.names
    return [
        (key, [(slug, names.get(slug, slug)) for slug in platforms[key]])
        for key in published.figures.keys
    ]


@register.inclusion_tag("timeline/_change_counts.html")
def change_counts(counts: SpanCounts, span: str, are_linked: bool = True) -> dict[str, Any]:
    """Write how many changes some days had. are_linked: to the timeline, which lists as many."""
    changes = ngettext("change", "changes", counts.changes)
    lines = (
        (counts.changes, changes, ""),
        (counts.turned_on, _("turned training on"), "turned=on&"),
        (counts.turned_off, _("turned training off"), "turned=off&"),
        (counts.less_control, _("less control"), "direction=less-control&"),
        (counts.more_control, _("more control"), "direction=more-control&"),
    )
    since, until = dict(parse_qsl(span)).values()
    now = min(until, timezone.localdate().isoformat())
    two_days = urlencode({"then": since, "now": now}) if since < now else ""
    return {"lines": lines, "span": span, "are_linked": are_linked, "two_days": two_days}


@register.filter
def main_words(figures: Figures) -> str:
    """Write the figures in one sentence without links."""
    return whole_sentence(figures)


@register.filter
def cited_numbers(figures: Figures) -> str:
    """Write the figure as it is cited: "49 of 260 listed".

    Of a past day without figures of its own: "50 of the 137 on record for that day", as many that
    are listed today are not on record for it.
    """
    words = _("%(trains)s of %(total)s listed")
    if is_partly_on_record(figures) and not figures.is_published:
        words = _("%(trains)s of the %(known)s on record for that day")
    correction = correction_words(figures)
    if correction:
        # Translators: "109 of 265 listed; since corrected to 108 (without Medium), …"
        words = _("%(cited)s; %(correction)s") % {"cited": words, "correction": correction}
    return words % {
        "trains": plain_number("", figures.number(Among.TRAINS)),
        "total": plain_number("", figures.total),
        "known": plain_number("", figures.on_record),
    }


@register.filter
def cited_as_published(figures: Figures) -> str:
    """Write what was published for the day as it is cited, where it was corrected since."""
    published = published_on(figures.day)
    corrected = published and correction_words(published.figures)
    return cited_numbers(published.figures) if published and corrected else ""


@register.filter
def number_of(figures: Figures, key: str) -> int:
    return figures.number(key)


@register.filter
def share_on_record(figures: Figures, key: str) -> str:
    """Write the number of a list as a share of those on record: "36 % (50 of 137)"."""
    return share_of(figures.number(key), figures.on_record)


register.filter(class_words)
register.filter(correction_words)
register.filter(is_partly_on_record)
register.filter(scope_words)


@register.simple_tag
def class_glyph(training_class: str) -> SafeString:
    """Draw the icon of a class."""
    return glyph(glyph_of(_ANSWERS[TrainingClass(training_class)]))


@register.filter
def look_of_class(training_class: str) -> str:
    """Return the name of the colours of a class."""
    return colour_of(_ANSWERS[TrainingClass(training_class)])


@register.filter
def percentage(percent: int) -> str:
    return _("%(percent)s%%") % {"percent": percent}


@register.filter
def percent_of(number: int, total: int) -> str:
    """Write a share in percent, rounded."""
    return percentage(round(100 * number / total))


@register.filter
def share_of(number: int, total: int) -> str:
    """Write a share in percent with both numbers."""
    words = _("%(percent)s (%(number)s of %(total)s)")
    return words % {
        "percent": percent_of(number, total),
        "number": plain_number("", number),
        "total": plain_number("", total),
    }
