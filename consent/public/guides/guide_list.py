"""The list of guides: by purpose, training first; narrowed by name, category and friction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.db.models import F
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.ledger.catalog_words import translated
from consent.ledger.counts import EffortToRefuse, effort_to_refuse
from consent.ledger.guide_lines import GuideLine, PlatformOfGuide, all_guide_lines
from consent.models import Guide
from consent.vocabulary import TRAINING_PURPOSES, Friction, PublicationStatus, Purpose
from consent.web.filter_form import FilterForm, OneLineField
from platforms.vocabulary import Category

#: Guides against one purpose that are listed openly. Chosen: about five screens of a phone.
MOST_IN_ONE_LIST = 20


class GuideFilters(FilterForm):
    """The filters of the list of guides."""

    ALWAYS_SHOWN = ("q", "category", "friction")

    q = OneLineField(
        label=gettext_lazy("Platform, switch or words"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        required=False,
        choices=[("", gettext_lazy("any")), *Category.choices],
    )
    friction = forms.ChoiceField(
        label=gettext_lazy("What makes it hard"),
        required=False,
        choices=[("", gettext_lazy("any")), *Friction.choices],
    )

    def narrow(self, guides: Iterable[GuideLine]) -> list[GuideLine]:
        """Return those of the guides that the filters let through."""
        chosen = self.chosen()
        words = str(chosen.get("q", "")).casefold().split()
        category, friction = chosen.get("category"), chosen.get("friction")
        return [
            guide
            for guide in guides
            if (not category or guide.platform.category == category)
            and (not friction or friction in guide.frictions)
            and _contains(guide, words)
        ]


def _contains(guide: GuideLine, words: Sequence[str]) -> bool:
    """Return whether each word is in a name of the platform, the title, or a label."""
    if not words:
        return True
    platform = guide.platform
    names = [platform.name, platform.operator, *platform.aliases]
    labels = [act.words for act in guide.acts]
    text = "\n".join([*names, guide.title, translated(guide.title), *labels]).casefold()
    return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class PlatformGuides:
    platform: PlatformOfGuide
    guides: list[GuideLine]


@dataclass(frozen=True, slots=True)
class CategoryGroup:
    """The guides of a purpose for platforms of one category."""

    category: Category
    platforms: list[PlatformGuides]

    @property
    def count(self) -> int:
        return _count(self.platforms)


@dataclass(frozen=True, slots=True)
class PurposeGroup:
    """Guides against one purpose, by platform. name: in addresses and ids."""

    name: str
    heading: str
    platforms: list[PlatformGuides]

    @property
    def count(self) -> int:
        return _count(self.platforms)

    @property
    def categories(self) -> list[CategoryGroup]:
        """The same by category, if they are too many for a list that is read through."""
        if self.count <= MOST_IN_ONE_LIST:
            return []
        found: dict[str, list[PlatformGuides]] = defaultdict(list)
        for each in self.platforms:
            found[each.platform.category].append(each)
        return [CategoryGroup(each, found[each]) for each in Category if each in found]


def _count(platforms: Iterable[PlatformGuides]) -> int:
    return sum(len(each.guides) for each in platforms)


@dataclass(frozen=True, slots=True)
class Listed:
    """The guides that the filters let through, and figures of all.

    walked: how many of all were verified. asking: what all of them ask of people.
    """

    groups: list[PurposeGroup]
    count: int
    total: int
    walked: int
    asking: EffortToRefuse


def list_guides(filters: GuideFilters) -> Listed:
    every = all_guide_lines()
    narrowed = filters.narrow(every)
    return Listed(
        groups=by_purpose(narrowed),
        count=len(narrowed),
        total=len(every),
        walked=sum(guide.verified_on() is not None for guide in every),
        asking=effort_to_refuse(every),
    )


#: The group of guides whose controls refuse no published use.
_NO_PURPOSE = "other"


def by_purpose(guides: Iterable[GuideLine]) -> list[PurposeGroup]:
    """Group guides by what their controls refuse, training first. One query.

    A guide that refuses several purposes is in the first of their groups. guides: the widest
    first; that order stays within a platform.
    """
    purposes = _purposes()
    groups: dict[str, list[GuideLine]] = defaultdict(list)
    for guide in guides:
        groups[purposes.get(guide.pk, _NO_PURPOSE)].append(guide)
    return [
        PurposeGroup(name, heading, _by_platform(groups[name]))
        for name, heading in _headings()
        if groups[name]
    ]


def _headings() -> list[tuple[str, str]]:
    others = [purpose for purpose in Purpose if purpose not in TRAINING_PURPOSES]
    return [
        (Purpose.TRAINING.value, _("AI training")),
        *((purpose.value, str(capfirst(purpose.label))) for purpose in others),
        (_NO_PURPOSE, _("Other")),
    ]


def _purposes() -> Mapping[int, str]:
    """Return the group of each published guide that refuses a published use."""
    published = Guide.objects.published().filter(
        controls__status=PublicationStatus.PUBLISHED,
        controls__uses__status=PublicationStatus.PUBLISHED,
    )
    order = {purpose.value: place for place, purpose in enumerate(Purpose)}
    found: dict[int, str] = {}
    for pk, purpose in published.order_by().values_list("pk", F("controls__uses__purpose")):
        group = Purpose.TRAINING.value if purpose in TRAINING_PURPOSES else purpose
        if pk not in found or order[group] < order[found[pk]]:
            found[pk] = group
    return found


def _by_platform(guides: list[GuideLine]) -> list[PlatformGuides]:
    ordered = sorted(
        guides, key=lambda guide: (guide.platform.name.casefold(), guide.platform.slug)
    )
    groups = groupby(ordered, key=lambda guide: guide.platform)
    return [PlatformGuides(platform, list(group)) for platform, group in groups]
