"""The outcomes of visits by day, which the desk draws as a strip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.formats import date_format

from platforms.models import Fetch, Page
from platforms.outcomes import Outcome

DAYS = 30


@dataclass(frozen=True, slots=True)
class Day:
    """state: "read", "partly" (some visits failed), "gap" (all did), "paused" or "none"."""

    on: dt.date
    state: str
    outcomes: tuple[tuple[Outcome, int], ...]
    paused: bool = False

    @property
    def words(self) -> str:
        if not self.outcomes:
            return "paused" if self.paused else "no visit"
        return ", ".join(f"{outcome.label} {times}" for outcome, times in self.outcomes)


@dataclass(frozen=True, slots=True)
class Strip:
    """The last days of one page, oldest first."""

    days: tuple[Day, ...]

    @property
    def words(self) -> str:
        """The strip as a sentence, for screen readers."""
        counted = dict.fromkeys(("read", "partly", "gap", "paused", "none"), 0)
        for day in self.days:
            counted[day.state] += 1
        names = {
            "read": "read",
            "partly": "partly read",
            "gap": "not readable",
            "paused": "paused",
            "none": "without a visit",
        }
        counts = ", ".join(f"{names[state]} {n}" for state, n in counted.items() if n)
        first, last = (date_format(self.days[at].on, "j M") for at in (0, -1))
        return f"Days from {first} to {last}: {counts}"


def strips_of(pages: Iterable[Page], *, today: dt.date, days: int = DAYS) -> dict[int, Strip]:
    """Return the strips of pages by primary key, with one query for all of them."""
    pages = list(pages)
    first = today - dt.timedelta(days=days - 1)
    outcomes_by_day: dict[tuple[int, dt.date], list[tuple[Outcome, int]]] = {}
    visits = (
        Fetch.objects.filter(page__in=pages, started_at__date__gte=first)
        .order_by()
        .annotate(day=TruncDate("started_at"))
        .values_list("page", "day", "outcome")
        .annotate(times=Count("pk"))
        .order_by("outcome")
    )
    for page, day, outcome, times in visits:
        outcomes_by_day.setdefault((page, day), []).append((Outcome(outcome), times))
    dates = [first + dt.timedelta(days=number) for number in range(days)]
    return {
        page.pk: Strip(
            tuple(_day(page, day, outcomes_by_day.get((page.pk, day), [])) for day in dates)
        )
        for page in pages
    }


def _day(page: Page, on: dt.date, outcomes: list[tuple[Outcome, int]]) -> Day:
    was_read = [outcome.looked for outcome, _times in outcomes]
    paused = page.paused_at is not None and page.paused_at.date() <= on
    if not was_read:
        state = "paused" if paused else "none"
    elif all(was_read):
        state = "read"
    else:
        state = "partly" if any(was_read) else "gap"
    return Day(on, state, tuple(outcomes), paused)
