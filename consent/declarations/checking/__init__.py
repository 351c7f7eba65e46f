"""Checks of a catalog that can be loaded: contradictions, gaps, weak evidence (docs/catalog.md).

Errors are contradictions and broken rules; warnings are work left to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from consent.declarations.catalog import Catalog
from consent.declarations.checking import claims, entries, files, scope, uses, ways
from consent.declarations.checking.finding import Finding
from consent.declarations.checking.record_counts import Count, counts, total, without_guide

__all__ = [
    "Count",
    "Finding",
    "check",
    "counts",
    "total",
    "without_guide",
]

_STEPS: tuple[Callable[[Catalog, dt.date], Iterator[Finding]], ...] = (
    files.placeholders,
    files.trial_hosts,
    uses.titles,
    uses.branches,
    uses.states,
    uses.sources,
    uses.state_openers,
    uses.unconfirmed_starts,
    ways.ways_out,
    ways.controls,
    entries.evidence,
    entries.topics,
    entries.dates,
    entries.effects,
    entries.copies,
    entries.duplicate_events,
    entries.events_in_several_files,
    files.guides,
    files.idle_pages,
    files.located,
    files.platforms,
    files.words,
    scope.reasons,
    scope.leads,
    scope.phrases,
    scope.plans,
    scope.paying_plans,
    scope.offered_plans,
    claims.permissions,
    claims.regions,
    claims.days_of_records,
    claims.lacking_texts,
    claims.starts_elsewhere,
    claims.wording,
)


#: What files must say, and the desk need not: there a state may wait for its source, and readers
#: see that none is on record.
_OF_FILES = (uses.sources,)


def check(catalog: Catalog, *, today: dt.date, at_desk: bool = False) -> list[Finding]:
    """Return all findings, errors first, each group in the order of the catalog."""
    steps = [step for step in _STEPS if not (at_desk and step in _OF_FILES)]
    findings = [finding for step in steps for finding in step(catalog, today)]
    return sorted(findings, key=lambda finding: not finding.error)
