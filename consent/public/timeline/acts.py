"""What authorities did about platforms, by the rule of the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from consent.ledger.filters import TimelineFilters
from consent.public.rows import DrawnRow, rows_of_events
from consent.vocabulary import Topic
from platforms.models import Platform


class Acts(NamedTuple):
    """rows: newest first. platforms: on whose timelines these acts are; empty for all."""

    rows: list[DrawnRow]
    platforms: Sequence[Platform]


def acts_of_authorities(platforms: Sequence[Platform], most: int | None = None) -> Acts:
    """Return what courts and regulators did about these platforms; about any, if there are none."""
    found = TimelineFilters({"topic": Topic.ENFORCEMENT.value}).shown().newest_first()
    if platforms:
        found = found.filter(platforms__in=platforms).distinct()
    entries = list(found.for_rows().prefetch_related("platforms"))
    reached = {platform for entry in entries for platform in entry.platforms.all()}
    return Acts(
        rows_of_events(entries)[:most], [platform for platform in platforms if platform in reached]
    )
