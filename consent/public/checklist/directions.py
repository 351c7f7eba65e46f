"""Where the ways out are found: menu paths and links on each surface, and the shortest guide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from consent.ledger.guide_lines import GuideLink
from consent.models import Control, ControlSurface, Guide
from platforms.models import Platform


@dataclass(frozen=True, slots=True)
class Place:
    """A menu path, the devices on which it is, and addresses that lead there."""

    surfaces: str
    path: str
    links: list[str]


@dataclass(slots=True)
class Directions:
    """The surfaces of a control in the order of the file, and the guides for it, shortest first."""

    surfaces: list[ControlSurface] = field(default_factory=list)
    guides: list[GuideLink] = field(default_factory=list)

    @property
    def control(self) -> Control | None:
        """The control that is found there, if a surface of it is known."""
        return self.surfaces[0].control if self.surfaces else None

    @property
    def guide(self) -> GuideLink | None:
        return self.guides[0] if self.guides else None

    @property
    def links(self) -> list[str]:
        """The addresses that lead there, each once."""
        return list(dict.fromkeys(each.deep_link for each in self.surfaces if each.deep_link))

    @property
    def places(self) -> list[Place]:
        """The menu paths, each once with the devices that share it."""
        found: dict[str, list[ControlSurface]] = {}
        for each in self.surfaces:
            if each.path or each.deep_link:
                found.setdefault(each.path, []).append(each)
        return [
            Place(
                ", ".join(each.get_surface_display() for each in same),
                path,
                [each.deep_link for each in same if each.deep_link],
            )
            for path, same in found.items()
        ]

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.surfaces if each.path]


def directions_of(platforms: Iterable[Platform], keys: Iterable[str]) -> dict[str, Directions]:
    """Return directions by the key of a control ("platform/slug"). Two queries.

    keys: of controls that may belong to other platforms than these, but reach uses of them.
    """
    slugs = {platform.slug for platform in platforms} | {key.partition("/")[0] for key in keys}
    found: dict[str, Directions] = defaultdict(Directions)
    surfaces = ControlSurface.objects.filter(control__platform__slug__in=slugs)
    for surface in surfaces.select_related("control__platform").order_by("control", "pk"):
        key = f"{surface.control.platform.slug}/{surface.control.slug}"
        found[key].surfaces.append(surface)
    guides = Guide.objects.published().filter(controls__platform__slug__in=slugs)
    for platform, control, slug, title, minutes in guides.values_list(
        "controls__platform__slug", "controls__slug", "slug", "title", "minutes"
    ):
        found[f"{platform}/{control}"].guides.append(GuideLink(slug, title, minutes))
    for directions in found.values():
        directions.guides.sort(key=lambda guide: (guide.minutes or 10**6, guide.title))
    return dict(found)
