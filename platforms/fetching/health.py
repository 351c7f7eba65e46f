"""Tracks whether a page can be read. Reports once when it fails and once when it recovers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from platforms.outcomes import Outcome
from platforms.vocabulary import Health

OPENS_AFTER = 3  # failed visits in a row; chosen: a short outage is not reported


@dataclass(frozen=True, slots=True)
class PageHealth:
    """Whether a page can be read.

    since: the first good visit, or the first of the failed visits in a row (even while there are
    too few to count). gaps_in_a_row: failed visits in a row, 0 after a good one.
    """

    health: Health = Health.UNREAD
    since: datetime | None = None
    gaps_in_a_row: int = 0


@dataclass(frozen=True, slots=True)
class HealthEvent:
    """A change of health to report. gap_began_at: the first failed visit."""

    kind: Literal["failing", "recovered"]
    at: datetime
    gap_began_at: datetime
    gaps: int
    outcome: Outcome


def advance(
    state: PageHealth, outcome: Outcome, now: datetime, *, opens_after: int = OPENS_AFTER
) -> tuple[PageHealth, HealthEvent | None]:
    """Return the health after one more visit, and the event to report, if any.

    A page fails after `opens_after` failed visits in a row and recovers with one good visit.
    """
    if outcome.looked:
        return _after_good_read(state, outcome, now)
    gaps = state.gaps_in_a_row + 1
    began_at = state.since if state.gaps_in_a_row and state.since else now
    if state.health == Health.FAILING or gaps < opens_after:
        return PageHealth(state.health, began_at, gaps), None
    event = HealthEvent("failing", at=now, gap_began_at=began_at, gaps=gaps, outcome=outcome)
    return PageHealth(Health.FAILING, began_at, gaps), event


def _after_good_read(
    state: PageHealth, outcome: Outcome, now: datetime
) -> tuple[PageHealth, HealthEvent | None]:
    was_good = state.health == Health.OK and not state.gaps_in_a_row
    healthy = PageHealth(Health.OK, state.since if was_good else now, 0)
    if state.health != Health.FAILING:
        return healthy, None
    event = HealthEvent(
        "recovered",
        at=now,
        gap_began_at=state.since or now,
        gaps=state.gaps_in_a_row,
        outcome=outcome,
    )
    return healthy, event
