"""What a share image says: of a change, a platform, a guide, or the site. Plain data, no drawing.

A card speaks the language of the moment, and its path leads to a picture in that language.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consent.ledger.answers import Verdict
from consent.ledger.catalog_words import translated
from consent.ledger.counts import event_count, year_counts, years_of_events
from consent.ledger.dates import leading_date
from consent.ledger.facts import facts_of
from consent.ledger.figure_words import how_many, no_way_out, where
from consent.ledger.figures import Figures, figures_on
from consent.ledger.guide_lines import acts_of
from consent.ledger.headline_words import colour_of, headline, since_told
from consent.ledger.state_of_play import ANYBODY, ORDER
from consent.ledger.turns import Turn, Values, distinct_values, turns_of
from consent.ledger.verdict import verdict
from consent.models import Entry, Guide
from consent.public.pictures.switch import DrawnSwitch, drawn_switch
from consent.public.state_of_play.figures import wall_on
from consent.vocabulary import Direction, StateValue
from consent.web.date_words import format_date
from consent.web.page_language import colon, once_per_language
from platforms.models import Platform

#: Part of every fingerprint: raise it when images are to look different.
DESIGN = 7
_MOST_TURNS = 2


@dataclass(frozen=True, slots=True)
class Chip:
    """A state in words on its colour; without a state, plain words in a frame."""

    value: StateValue | None
    words: str


@dataclass(frozen=True, slots=True)
class ShareCard:
    """One image. turns: rows of chips that follow from each other; chips: those that do not.

    picture: a name for what is drawn below the words, if anything is. below: plain words under
    the title. edge: the state that colours the left edge.
    """

    kind: str
    key: str
    kicker: str
    title: str
    foot: str = ""
    direction: str = ""
    turns: tuple[tuple[Chip, ...], ...] = ()
    chips: tuple[Chip, ...] = field(default=())
    #: The switch of a guide as it shall be.
    switch: DrawnSwitch | None = None
    picture: str = ""
    below: str = ""
    edge: StateValue | None = None

    @property
    def fingerprint(self) -> str:
        """A name for this content: another address when anything on the image changes."""
        content = f"{DESIGN} {get_language()} {self!r}"
        return hashlib.blake2s(content.encode(), digest_size=6).hexdigest()

    @property
    def path(self) -> str:
        return reverse("share-image", args=[self.kind, self.key, self.fingerprint])

    @property
    def alt(self) -> str:
        """All that the image says, in one line."""
        said = [": ".join(filter(None, (self.kicker, self.title))), self.below]
        said += [_(" changed to ").join(chip.words for chip in row) for row in self.turns]
        if self.chips:
            said.append(", ".join(chip.words for chip in self.chips))
        if self.switch:
            said.append(self.switch.words)
        return " · ".join(filter(None, [*said, self.foot]))


@once_per_language
def site_card() -> ShareCard:
    return ShareCard(
        kind="site",
        key="default-on",
        kicker="",
        title=_("Who trains AI on your data, unless you say no?"),
        foot=_("For whom, since when, how we know, and how to switch it off"),
        chips=tuple(Chip(value, str(value.label)) for value in ORDER[:4]),
    )


def figures_card(figures: Figures) -> ShareCard:
    """The card of the home page: how many platforms train by default, over all of them by month."""
    wall = wall_on(figures.day)
    return ShareCard(
        kind="figures",
        key="today",
        kicker="",
        title=how_many(figures),
        chips=tuple(Chip(None, words) for words in (where(figures), no_way_out(figures)) if words),
        foot=format_date(figures.day),
        picture=wall.fingerprint if wall else "",
    )


def timeline_card() -> ShareCard:
    """The card of the timeline: how many changes it has."""
    count = event_count()
    words = ngettext("%(number)s change", "%(number)s changes", count)
    return ShareCard(
        kind="timeline",
        key="all",
        kicker=_("Timeline"),
        title=_("What changed in AI training defaults, day by day"),
        chips=(Chip(None, words % {"number": number_format(count, force_grouping=True)}),),
        foot=_("For whom, since when, how we know, and how to switch it off"),
    )


def year_card(year: int) -> ShareCard:
    """The card of a year: how many changes it had, and which way they went."""
    counts = year_counts(year)
    of = {"year": str(year)}
    number = {
        ngettext("%(number)s change", "%(number)s changes", counts.changes): counts.changes,
        _("%(number)s turned training on"): counts.turned_on,
        _("%(number)s turned training off"): counts.turned_off,
    }
    return ShareCard(
        kind="year",
        key=str(year),
        kicker="",
        title=_("%(year)s: what changed in AI training defaults") % of,
        chips=tuple(
            Chip(None, words % {"number": number_format(count, force_grouping=True)})
            for words, count in number.items()
            if count
        ),
        foot=_("For whom, since when, how we know, and how to switch it off"),
    )


def change_card(entry: Entry, turns: Iterable[Turn] | None = None) -> ShareCard:
    """Reads the platforms of an entry, and its turns if the caller has not."""
    values = distinct_values(turns_of([entry])[entry.pk] if turns is None else turns)
    date = leading_date(entry)
    return ShareCard(
        kind="change",
        key=entry.public_id,
        kicker=", ".join(platform.name for platform in entry.platforms.all()),
        title=translated(entry.title),
        foot=f"{date.label}{colon()} {format_date(date.on, date.precision)}" if date else "",
        direction=str(Direction(entry.direction)),
        turns=tuple(_turn(each) for each in values[:_MOST_TURNS]),
    )


def platform_card(platform: Platform, verdict: Verdict) -> ShareCard:
    """verdict: for anybody, today."""
    colour = colour_of(verdict)
    return ShareCard(
        kind="platform",
        key=platform.slug,
        kicker=_("%s: does it train AI on your data?") % platform.name,
        title=headline(verdict),
        below=since_told(verdict),
        edge=StateValue(colour) if colour in StateValue.values else None,
    )


def guide_card(guide: Guide) -> ShareCard:
    """Reads the platform, the surfaces and the controls of a guide."""
    switches = (drawn_switch(act) for act in acts_of(guide))
    facts = [surface.get_surface_display() for surface in guide.surfaces.all()]
    if guide.minutes:
        facts.insert(0, ngettext("%d minute", "%d minutes", guide.minutes) % guide.minutes)
    return ShareCard(
        kind="guide",
        key=guide.slug,
        kicker=_("How to say no: %s") % guide.platform.name,
        title=translated(guide.title),
        foot=" · ".join(facts),
        switch=next(filter(None, switches), None),
    )


def card_of(kind: str, key: str) -> ShareCard | None:
    """Find the card of a page that is public; None where there is no such page."""
    if kind == "site":
        return site_card()
    if kind == "timeline":
        return timeline_card()
    if kind == "year":
        return year_card(int(key)) if key in map(str, years_of_events()) else None
    if kind == "figures":
        return figures_card(figures_on(timezone.localdate()))
    found: Any
    if kind == "change":
        shown = Entry.objects.published().prefetch_related("platforms")
        found = shown.filter(public_id=key).first()
        return change_card(found) if found else None
    if kind == "platform":
        found = Platform.objects.listed().filter(slug=key).first()
        if found is None:
            return None
        facts = facts_of([found])[found.pk]
        return platform_card(found, verdict(facts, ANYBODY.on(timezone.localdate())))
    guides = (
        Guide.objects.published()
        .select_related("platform")
        .prefetch_related("surfaces", "controls")
    )
    found = guides.filter(slug=key).first()
    return guide_card(found) if found else None


def _turn(values: Values) -> tuple[Chip, ...]:
    before = [Chip(values.before, str(values.before.label))] if values.before else []
    return (*before, Chip(values.after, str(values.after.label)))
