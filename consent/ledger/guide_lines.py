"""Guides as lists show them: plain data, so that a line is drawn again only if it has changed.

Rows are read instead of models: the lists of guides and of platforms need all guides there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from consent.ledger.effort import frictions_of
from consent.ledger.facts import act_facts, act_fields, act_from_row
from consent.ledger.platform_facts import ControlFacts
from consent.models import Entry, Guide, GuideStep, GuideSurface
from consent.models.entries import EntryQuerySet
from consent.models.guides import GuideQuerySet
from consent.models.walks import Walk, trust_in, verified_on
from consent.vocabulary import Friction, PublicationStatus, Surface, Trust
from consent.web.editions import per_edition
from platforms.models import Platform


@dataclass(frozen=True, slots=True)
class GuideLink:
    """What a link to a guide says. who: the group that it is for, in words of the record."""

    slug: str
    title: str
    minutes: int | None
    who: str = ""

    def get_absolute_url(self) -> str:
        return reverse("guide", args=[self.slug])


@dataclass(frozen=True, slots=True)
class PlatformOfGuide:
    """What a list of guides says of a platform."""

    slug: str
    name: str
    operator: str
    category: str
    aliases: tuple[str, ...]

    def get_absolute_url(self) -> str:
        return reverse("platform", args=[self.slug])


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A published guide in a list.

    acts: its published controls. step_counts: of the surfaces that have steps.
    """

    pk: int
    slug: str
    title: str
    platform: PlatformOfGuide
    minutes: int | None
    who: str
    plans: tuple[str, ...]
    frictions: tuple[Friction, ...]
    acts: tuple[ControlFacts, ...]
    walks: tuple[Walk, ...]
    step_counts: tuple[int, ...]
    source_changed: bool

    def get_absolute_url(self) -> str:
        return reverse("guide", args=[self.slug])

    @property
    def surfaces(self) -> tuple[Surface, ...]:
        return tuple(walk.surface for walk in self.walks)

    def verified_on(self) -> dt.date | None:
        return verified_on(self.walks)

    def trust(self) -> Trust:
        """Return how reliable the steps are today."""
        today = timezone.localdate()
        return trust_in(self.walks, source_changed=self.source_changed, today=today)

    def fewest_steps(self) -> int:
        """Return the number of steps on the surface with the fewest; 0 if there are no steps."""
        return min(self.step_counts, default=0)

    def most_steps(self) -> int:
        return max(self.step_counts, default=0)


def all_guide_lines() -> Sequence[GuideLine]:
    """Return all published guides, the widest first. Shared: do not modify the result."""
    return per_edition("guide-lines", lambda: tuple(guide_lines(Guide.objects.published())))


def guide_lines(guides: GuideQuerySet) -> list[GuideLine]:
    """Return these guides, published ones, as lines: the widest first. One query.

    The widest are those for most controls, then those for most surfaces, as with
    GuideQuerySet.widest_first.
    """
    steps = GuideStep.objects.filter(surface=OuterRef("surfaces")).order_by().values("surface")
    rows = (
        Guide.objects.filter(pk__in=guides.order_by().values("pk"))
        .annotate(step_count=Subquery(steps.annotate(count=Count("pk")).values("count")))
        .order_by(
            *("pk", "surfaces__pk"),
            *("controls__platform", "controls__position", "controls__slug"),
        )
        .values_list(*_GUIDE, *_SURFACE, "step_count", *_CONTROL, *_ACT)
    )
    found = [_line(list(of_guide)) for _pk, of_guide in groupby(rows, key=itemgetter(0))]
    return [line for _order, line in sorted(found, key=itemgetter(0))]


_GUIDE = (
    *("pk", "slug", "title", "minutes", "who", "plans", "frictions", "source_changed_at"),
    *(f"platform__{name}" for name in ("slug", "name", "operator", "category", "aliases")),
)
_SURFACE = tuple(
    f"surfaces__{name}" for name in ("pk", "surface", "verified_on", "reported_broken_at")
)
_CONTROL = ("controls__pk", "controls__status")
_ACT = act_fields("controls__")


def _line(rows: Sequence[tuple[Any, ...]]) -> tuple[tuple[Any, ...], GuideLine]:
    """Return the line of a guide that has a row for each surface with each control, and its order.

    A guide may have no surface, and no control.
    """
    at_surface, at_control = len(_GUIDE), len(_GUIDE) + len(_SURFACE) + 1
    surfaces = {row[at_surface]: row[at_surface + 1 : at_control] for row in rows}
    controls = {row[at_control]: row[at_control + 1 :] for row in rows}
    surfaces.pop(None, None)
    controls.pop(None, None)
    acts = tuple(
        act_from_row(*act)
        for status, *act in controls.values()
        if status == PublicationStatus.PUBLISHED
    )
    pk, slug, title, minutes, who, plans, frictions, changed_at, *of_platform = rows[0][:at_surface]
    platform, name, operator, category, aliases = of_platform
    line = GuideLine(
        pk=pk,
        slug=slug,
        title=title,
        platform=PlatformOfGuide(platform, name, operator, category, tuple(aliases)),
        minutes=minutes,
        who=who,
        plans=tuple(plans),
        frictions=tuple(frictions_of(frictions, acts)),
        acts=acts,
        walks=tuple(
            Walk(Surface(surface), verified, reported)
            for surface, verified, reported, _steps in surfaces.values()
        ),
        step_counts=tuple(steps for *_, steps in surfaces.values() if steps),
        source_changed=changed_at is not None,
    )
    return (-len(controls), -len(surfaces), title, pk), line


def guides_of_entries(entries: Iterable[Entry]) -> Mapping[int, list[GuideLink]]:
    """Return the guides of entries by the key of the entry, the widest first. One query.

    They are those of GuideQuerySet.of_entry, what is for a group alone after what is for all.
    SQLite would look up each entry for each guide, so this asks from the entries on.
    """
    asked = Entry.objects.filter(pk__in=[entry.pk for entry in entries]).order_by()
    named, reaching = (_guides_by(asked, path) for path in ("controls", "uses__controls"))
    found: dict[int, list[GuideLink]] = defaultdict(list)
    rows = sorted(named.union(reaching), key=lambda row: (row[4] != "", -row[5], -row[6], row[2]))
    for entry, slug, title, minutes, who, _controls, _surfaces in rows:
        found[entry].append(GuideLink(slug, title, minutes, who))
    return found


def _guides_by(entries: EntryQuerySet, controls: str) -> QuerySet[Entry, Any]:
    """Return rows of the published guides for the controls that this path leads to."""
    guide = f"{controls}__guides"
    of_guide = {"guide": OuterRef(f"{guide}__pk")}
    return (
        entries.filter(**{f"{guide}__status": PublicationStatus.PUBLISHED})
        .annotate(
            control_count=_number_of(Guide.controls.through.objects.filter(**of_guide)),
            surface_count=_number_of(GuideSurface.objects.filter(**of_guide)),
        )
        .values_list(
            *("pk", f"{guide}__slug", f"{guide}__title", f"{guide}__minutes", f"{guide}__who"),
            *("control_count", "surface_count"),
        )
    )


def _number_of(records: QuerySet[Any]) -> Coalesce:
    """Return how many records of one guide there are, as an expression."""
    counted = records.order_by().values("guide").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def line_of(guide: Guide) -> GuideLine:
    """Return the line of a loaded guide. Reads its platform, controls and steps."""
    acts = acts_of(guide)
    return GuideLine(
        pk=guide.pk,
        slug=guide.slug,
        title=guide.title,
        platform=_platform(guide.platform),
        minutes=guide.minutes,
        who=guide.who,
        plans=tuple(guide.plans),
        frictions=tuple(frictions_of(guide.frictions, acts)),
        acts=acts,
        walks=tuple(guide.walks()),
        step_counts=tuple(
            filter(None, (len(surface.steps.all()) for surface in guide.surfaces.all()))
        ),
        source_changed=guide.source_changed_at is not None,
    )


def _platform(platform: Platform) -> PlatformOfGuide:
    return PlatformOfGuide(
        slug=platform.slug,
        name=platform.name,
        operator=platform.operator,
        category=platform.category,
        aliases=tuple(platform.aliases),
    )


def acts_of(guide: Guide) -> tuple[ControlFacts, ...]:
    """Return the acts of a guide's published controls. Reads these."""
    return tuple(
        act_facts(control)
        for control in guide.controls.all()
        if control.status == PublicationStatus.PUBLISHED
    )
