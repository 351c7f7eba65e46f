"""What readers see of our visits: which pages could not be read, and whether that is our fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass

from django.utils import timezone

from platforms.models import Gap, Page
from platforms.outcomes import NO_ANSWER, Outcome
from platforms.watch.outages import (
    Outages,
    combined,
    outages_in_visits,
    outages_since,
    recorded_outages,
)

#: Older visits are not searched for outages of our connection.
_SEARCHED = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Gaps of one reason. outcome is None if the reason is probably our own connection."""

    outcome: Outcome | None
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class PageGroup:
    """Pages whose last visit failed for one reason. outcome is None as in GapGroup."""

    outcome: Outcome | None
    pages: tuple[Page, ...]


def outages_of(pages: Iterable[Page]) -> Outages:
    """Return the outages of our connection that may explain the last visits of these pages.

    pages: of PageQuerySet.with_last_fetch. Asks nothing if all of them answered.
    """
    starts = [failing_since(page) for page in pages if _last_outcome(page) in NO_ANSWER]
    return outages_since(max(min(starts), _searched_from())) if starts else Outages()


def outages_of_month(pages: Iterable[Page], gaps: Iterable[Gap]) -> Outages:
    """Return the outages of the last 30 days.

    Visits are only searched for them from when the first of these pages and gaps began to fail.
    """
    recorded = recorded_outages(_searched_from())
    starts = [failing_since(page) for page in pages if _last_outcome(page) in NO_ANSWER]
    starts += [gap.began_at for gap in gaps if gap.outcome in NO_ANSWER]
    if not starts:
        return recorded
    return combined(recorded, outages_in_visits(max(min(starts), _searched_from())))


def _searched_from() -> dt.datetime:
    return timezone.now() - _SEARCHED


def failing_since(page: Page) -> dt.datetime:
    """Return when the first of a page's failed visits in a row was."""
    since = page.health_since if page.gaps_in_a_row else None
    return since or page.last_visited_at or timezone.now()


def is_probably_ours(page: Page, outages: Outages) -> bool:
    """True if the last visit of a page probably failed because of our own connection."""
    began_at = failing_since(page)
    return outages.explain(_last_outcome(page), began_at, page.last_visited_at or began_at)


def group_gaps(gaps: Iterable[Gap], outages: Outages) -> list[GapGroup]:
    """Group gaps by reason: first those that are probably our fault, then the largest group."""
    groups: dict[Outcome | None, list[Gap]] = {}
    for gap in gaps:
        last_failed_at = gap.ended_at or gap.page.last_visited_at or gap.began_at
        ours = outages.explain(gap.outcome, gap.began_at, last_failed_at)
        groups.setdefault(None if ours else Outcome(gap.outcome), []).append(gap)
    return [GapGroup(outcome, tuple(groups[outcome])) for outcome in _in_order(groups)]


def group_pages(pages: Iterable[Page], outages: Outages) -> list[PageGroup]:
    """Group pages by the reason of their last failed visit, in the same order."""
    groups: dict[Outcome | None, list[Page]] = {}
    for page in pages:
        ours = is_probably_ours(page, outages)
        outcome = None if ours else Outcome(_last_outcome(page) or Outcome.OWN_FAULT)
        groups.setdefault(outcome, []).append(page)
    return [PageGroup(outcome, tuple(groups[outcome])) for outcome in _in_order(groups)]


def _in_order(groups: Mapping[Outcome | None, Sized]) -> list[Outcome | None]:
    return sorted(groups, key=lambda each: (each is not None, -len(groups[each]), each or ""))


def _last_outcome(page: Page) -> str:
    """Return the outcome of the last visit; "" if there was none."""
    outcome: str | None = page.last_outcome  # type: ignore[attr-defined]  # annotated
    return outcome or ""
