"""How many records each platform has, and which platforms have no guide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consent.declarations.catalog import Catalog
from consent.declarations.checking.finding import is_on, is_public, uses_of
from consent.declarations.schema import EntryDeclaration, GuideDeclaration


@dataclass(frozen=True, slots=True)
class Count:
    """Numbers of records of one platform; a shared entry counts for each of its platforms."""

    platform: str
    pages: int
    uses: int
    controls: int
    states: int
    entries: int
    drafts: int
    guides: int
    sources: int


def counts(catalog: Catalog) -> list[Count]:
    """Return the numbers of each platform, by slug."""
    return [_count(catalog, slug) for slug in sorted(catalog.platforms)]


def total(catalog: Catalog) -> Count:
    """Return the numbers of all platforms, each shared entry once."""
    entries, guides = catalog.entries.values(), catalog.guides.values()
    published = sum(is_public(entry) for entry in entries)
    return Count(
        platform=f"{len(catalog.platforms)} platforms",
        pages=len(catalog.pages),
        uses=len(catalog.uses),
        controls=len(catalog.controls),
        states=sum(len(branch.states) for use in catalog.uses.values() for branch in use.branches),
        entries=published,
        drafts=len(entries) - published,
        guides=len(guides),
        sources=_sources(entries, guides),
    )


def without_guide(catalog: Catalog) -> dict[str, str]:
    """Return the platforms that have no published guide, each with the reason."""
    guided = {slug for (slug, _), guide in catalog.guides.items() if is_public(guide)}
    return {
        slug: _reason_for_no_guide(catalog, slug)
        for slug in sorted(catalog.platforms)
        if slug not in guided
    }


def _count(catalog: Catalog, slug: str) -> Count:
    uses = uses_of(catalog, slug)
    entries = [entry for entry in catalog.entries.values() if slug in entry.platforms]
    guides = [guide for (platform, _), guide in catalog.guides.items() if platform == slug]
    published = sum(is_public(entry) for entry in entries)
    return Count(
        platform=slug,
        pages=sum(platform == slug for platform, _ in catalog.pages),
        uses=len(uses),
        controls=sum(name.startswith(f"{slug}/") for name in catalog.controls),
        states=sum(len(branch.states) for use in uses for branch in use.branches),
        entries=published,
        drafts=len(entries) - published,
        guides=len(guides),
        sources=_sources(entries, guides),
    )


def _sources(entries: Iterable[EntryDeclaration], guides: Iterable[GuideDeclaration]) -> int:
    of_entries = sum(len(entry.sources) for entry in entries)
    return of_entries + sum(len(guide.sources) for guide in guides)


def _reason_for_no_guide(catalog: Catalog, slug: str) -> str:
    drafts = [guide for (platform, _), guide in catalog.guides.items() if platform == slug]
    if drafts:
        return f"draft: {drafts[0].reason}"
    if not any(name.startswith(f"{slug}/") for name in catalog.controls):
        return "no way to refuse is offered"
    if not any(is_on(use) for use in uses_of(catalog, slug)):
        return "nothing is on unless people refuse"
    return "the steps are not documented well enough"
