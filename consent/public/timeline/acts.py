"""What authorities did about platforms, by the rule of the timeline."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from consent.ledger.filters import TimelineFilters
from consent.ledger.place_words import listed
from consent.ledger.reader_place import reaches
from consent.models import Entry, Reference
from consent.public.rows import DrawnRow, rows_of_events
from consent.search.plain_words import words
from consent.vocabulary import ReferenceKind, Topic
from platforms.models import Platform

#: The short name of an authority, as in "Federal Trade Commission (FTC)".
_IN_PARENTHESES = re.compile(r"\((\w+)\)")


class Act(NamedTuple):
    """row: when, whom and what. by: the names of who acted, as far as the entry names them."""

    row: DrawnRow
    by: str


class Acts(NamedTuple):
    """rows: newest first. platforms: on whose timelines these acts are; empty for all.

    query: of the timeline that has all of them. instead_of: platforms about which there are none,
    where these acts are about others of the same company.
    """

    rows: list[Act]
    platforms: Sequence[Platform]
    query: str = ""
    instead_of: Sequence[Platform] = ()


def acts_of_authorities(
    platforms: Sequence[Platform],
    most: int | None = None,
    narrowed: Mapping[str, str] = MappingProxyType({}),
    within: Sequence[str] = (),
    by: Collection[str] = (),
) -> Acts:
    """Return what courts and regulators did about these platforms; about any, if there are none.

    narrowed: further filters of the timeline, such as a place. within: several places, any of which
    the acts must reach; by: who must have acted (slugs). The timeline has no filters for these.
    """
    filters = {"topic": Topic.ENFORCEMENT.value, **narrowed}
    found = TimelineFilters(filters).shown().newest_first()
    if platforms:
        found = found.filter(platforms__in=platforms).distinct()
    entries = list(found.for_rows().prefetch_related("platforms", "references"))
    if by:
        entries = [each for each in entries if any(who.slug in by for who in _actors(each))]
    if within:
        entries = [each for each in entries if any(reaches(each.where, code) for code in within)]
    names = {each.public_id: listed([who.name for who in _actors(each)]) for each in entries}
    reached = {platform for entry in entries for platform in entry.platforms.all()}
    return Acts(
        [Act(row, names[row.public_id]) for row in rows_of_events(entries)[:most]],
        [platform for platform in platforms if platform in reached],
        urlencode(filters),
    )


def authorities_named(query: Sequence[str]) -> set[str]:
    """Return the slugs of those who act whose slug or short name is among plain words: "CNIL"."""
    actors = Reference.objects.exclude(kind=ReferenceKind.LAW)
    short = {each.slug: words(" ".join(_IN_PARENTHESES.findall(each.name))) for each in actors}
    return {slug for slug, names in short.items() if not {slug, *names}.isdisjoint(query)}


def _actors(entry: Entry) -> list[Reference]:
    """Return the courts, regulators and organisations of an entry, without laws beside them."""
    return [each for each in entry.references.all() if each.kind != ReferenceKind.LAW]
