"""What authorities did about platforms, by the rule of the timeline."""

from __future__ import annotations

import re
from collections import Counter
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
from consent.vocabulary import TRAINING_PURPOSES, ReferenceKind, Topic
from platforms.models import Platform

#: The short name of an authority, as in "Federal Trade Commission (FTC)".
_IN_PARENTHESES = re.compile(r"\((\w+)\)")


class Act(NamedTuple):
    """row: when, whom and what. by: the names of who acted, as far as the entry names them."""

    row: DrawnRow
    by: str


class Acts(NamedTuple):
    """rows: newest first. platforms: on whose timelines these acts are; empty for all.

    query: of the timeline that has all of them. more: how many that has besides. instead_of:
    platforms about which there are none, where these acts are about others of the same company.
    """

    rows: list[Act]
    platforms: Sequence[Platform]
    query: str = ""
    instead_of: Sequence[Platform] = ()
    more: int = 0


def acts_of_authorities(
    platforms: Sequence[Platform],
    most: int | None = None,
    narrowed: Mapping[str, str] = MappingProxyType({}),
    within: Sequence[str] = (),
    by: Collection[str] = (),
) -> Acts:
    """Return what courts and regulators did about these platforms; about any, if there are none.

    most: that many, those about training first, and some of each company. narrowed: further
    filters of the timeline, such as a place. within: several places, any of which the acts must
    reach; by: who must have acted (slugs). The timeline has no filters for these.
    """
    filters = {"topic": Topic.ENFORCEMENT.value, **narrowed}
    found = TimelineFilters(filters).shown().newest_first()
    if platforms:
        found = found.filter(platforms__in=platforms).distinct()
    entries = list(found.for_rows().prefetch_related("platforms", "references", "uses"))
    if by:
        entries = [each for each in entries if any(who.slug in by for who in _actors(each))]
    if within:
        entries = [each for each in entries if any(reaches(each.where, code) for code in within)]
    names = {each.public_id: listed([who.name for who in _actors(each)]) for each in entries}
    reached = {platform for entry in entries for platform in entry.platforms.all()}
    rows = rows_of_events(entries)
    shown = rows if most is None else _chosen(rows, entries, platforms, most)
    return Acts(
        [Act(row, names[row.public_id]) for row in shown],
        [platform for platform in platforms if platform in reached],
        urlencode(filters),
        more=len(rows) - len(shown),
    )


def _chosen(
    rows: Sequence[DrawnRow], entries: Sequence[Entry], platforms: Sequence[Platform], most: int
) -> list[DrawnRow]:
    """Return the acts about training first, as many of each company in turn; then other acts."""
    entry_of = {entry.public_id: entry for entry in entries}
    ranked = sorted(rows, key=lambda row: _rank(entry_of[row.public_id]))
    companies = {platform.pk: platform.operator for platform in platforms}
    taken: Counter[str] = Counter()
    turns: dict[str, int] = {}
    for row in ranked:
        acted_on = entry_of[row.public_id].platforms.all()
        of_row = {companies[each.pk] for each in acted_on if each.pk in companies} or {""}
        turns[row.public_id] = min(taken[each] for each in of_row)
        taken.update(of_row)
    first = sorted(ranked, key=lambda row: turns[row.public_id])[:most]
    return [row for row in ranked if row in first]


def _rank(entry: Entry) -> int:
    """Put what is about training before other acts, and other AI matters last."""
    if entry.topic == Topic.OTHER:
        return 2
    purposes = {use.purpose for use in entry.uses.all()}
    is_about_training = entry.topic == Topic.TRAINING or not purposes.isdisjoint(TRAINING_PURPOSES)
    return 0 if is_about_training else 1


def authorities_named(query: Sequence[str]) -> set[str]:
    """Return the slugs of those who act whose slug or short name is among plain words: "CNIL"."""
    actors = Reference.objects.exclude(kind=ReferenceKind.LAW)
    short = {each.slug: words(" ".join(_IN_PARENTHESES.findall(each.name))) for each in actors}
    return {slug for slug, names in short.items() if not {slug, *names}.isdisjoint(query)}


def _actors(entry: Entry) -> list[Reference]:
    """Return the courts, regulators and organisations of an entry, without laws beside them."""
    return [each for each in entry.references.all() if each.kind != ReferenceKind.LAW]
