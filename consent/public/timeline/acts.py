"""What authorities did about platforms, by the rule of the timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from consent.ledger.filters import TimelineFilters
from consent.public.rows import DrawnRow, rows_of_events
from consent.vocabulary import Topic
from platforms.models import Platform


class Acts(NamedTuple):
    """rows: newest first. platforms: on whose timelines these acts are; empty for all.

    query: of the timeline that has all of them.
    """

    rows: list[DrawnRow]
    platforms: Sequence[Platform]
    query: str = ""


def acts_of_authorities(
    platforms: Sequence[Platform],
    most: int | None = None,
    narrowed: Mapping[str, str] = MappingProxyType({}),
) -> Acts:
    """Return what courts and regulators did about these platforms; about any, if there are none.

    narrowed: further filters of the timeline, such as a place.
    """
    filters = {"topic": Topic.ENFORCEMENT.value, **narrowed}
    found = TimelineFilters(filters).shown().newest_first()
    if platforms:
        found = found.filter(platforms__in=platforms).distinct()
    entries = list(found.for_rows().prefetch_related("platforms"))
    reached = {platform for entry in entries for platform in entry.platforms.all()}
    return Acts(
        rows_of_events(entries)[:most],
        [platform for platform in platforms if platform in reached],
        urlencode(filters),
    )
