"""The team's numbers by week: changes detected, confirmed and decided, speed, precision."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from django.db.models import Count

from consent.models import Change, Decision
from consent.vocabulary import DismissReason, Ruling

#: Ruling, reason, time of the decision, time of detection, whether the suggestion was relevant.
_Row = tuple[str, str, dt.datetime, dt.datetime, bool | None]
WEEKS = 8


@dataclass(slots=True)
class Week:
    """One week from its Monday. hours: from detection to the decision in force."""

    monday: dt.date
    detected: int = 0
    confirmed: int = 0
    published: int = 0
    merged: int = 0
    dismissed: Counter[str] = field(default_factory=Counter)
    hours: list[float] = field(default_factory=list)
    relevant_right: int = 0
    relevant_wrong: int = 0

    @property
    def median_hours(self) -> float | None:
        return median(self.hours) if self.hours else None

    @property
    def precision(self) -> float | None:
        """The share of decided changes with a relevant suggestion that became an entry."""
        called = self.relevant_right + self.relevant_wrong
        return self.relevant_right / called if called else None

    @property
    def dismissed_words(self) -> list[tuple[str, int]]:
        return [(str(DismissReason(reason).label), n) for reason, n in self.dismissed.most_common()]


def weeks(today: dt.date) -> list[Week]:
    """Return the last weeks, the present one first."""
    this_monday = today - dt.timedelta(days=today.weekday())
    by_monday = {
        monday: Week(monday)
        for monday in (this_monday - dt.timedelta(weeks=number) for number in range(WEEKS))
    }
    since = dt.datetime.combine(min(by_monday), dt.time(), tzinfo=dt.UTC)
    for detected, confirmed in Change.objects.filter(detected_at__gte=since).values_list(
        "detected_at", "confirmed_at"
    ):
        week = by_monday[_monday(detected)]
        week.detected += 1
        week.confirmed += confirmed is not None
    _count_decisions(by_monday, _decisions(since))
    return list(by_monday.values())


def noisiest_pages(since: dt.datetime, most: int = 10) -> list[tuple[int, str, int]]:
    """Return the pages with the most dismissed changes since: key, name, count."""
    rows = (
        Decision.objects.last_words()
        .filter(ruling=Ruling.DISMISS, decided_at__gte=since)
        .order_by()
        .values_list("change__page", "change__page__platform__name", "change__page__title")
        .annotate(times=Count("pk"))
        .order_by("-times", "change__page")[:most]
    )
    return [(page, f"{platform}: {title}", times) for page, platform, title, times in rows]


def _decisions(
    since: dt.datetime,
) -> Iterable[tuple[str, str, dt.datetime, dt.datetime, bool | None]]:
    return (
        Decision.objects.last_words()
        .filter(decided_at__gte=since)
        .order_by()
        .values_list(
            "ruling", "reason", "decided_at", "change__detected_at", "change__suggestion__relevant"
        )
    )


def _count_decisions(
    by_monday: dict[dt.date, Week],
    rulings: Iterable[_Row],
) -> None:
    for ruling, reason, decided_at, detected_at, relevant in rulings:
        if ruling not in (Ruling.PUBLISH, Ruling.MERGE, Ruling.DISMISS):
            continue
        week = by_monday[_monday(decided_at)]
        week.hours.append((decided_at - detected_at).total_seconds() / 3600)
        week.published += ruling == Ruling.PUBLISH
        week.merged += ruling == Ruling.MERGE
        if ruling == Ruling.DISMISS:
            week.dismissed[reason] += 1
        # Calling a duplicate relevant was right. A fault of extraction says nothing about it.
        right = ruling != Ruling.DISMISS or reason == DismissReason.DUPLICATE
        if relevant and reason != DismissReason.EXTRACTION_FAULT:
            week.relevant_right += right
            week.relevant_wrong += not right


def _monday(at: dt.datetime) -> dt.date:
    day = at.date()
    return day - dt.timedelta(days=day.weekday())
