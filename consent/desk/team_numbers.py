"""The team's numbers by week: changes detected, confirmed and decided, speed, precision."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from django.db.models import Count, Q

from consent.models import Change, Decision
from consent.vocabulary import DismissReason, Effect, Ruling
from platforms.vocabulary import CaptureSource

#: Ruling, reason, time of the decision, time of detection, whether the suggestion was relevant,
#: time of the visit that saw the change, where the capture is from.
_Row = tuple[str, str, dt.datetime, dt.datetime, bool | None, dt.datetime, str]
_SAYS_NOTHING = (DismissReason.DUPLICATE, DismissReason.EXTRACTION_FAULT)
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
    #: From the visit that saw a page changed to the publication; not of imported captures.
    hours_to_publish: list[float] = field(default_factory=list)
    relevant_right: int = 0
    relevant_wrong: int = 0

    @property
    def median_hours(self) -> float | None:
        return median(self.hours) if self.hours else None

    @property
    def median_to_publish(self) -> float | None:
        return median(self.hours_to_publish) if self.hours_to_publish else None

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


@dataclass(slots=True)
class EffectTally:
    """What became of suggestions of one effect.

    as_it_stood: published with the same effects and direction. edited: published with this effect,
    and something else changed. wrong: published without it, or dismissed as no news.
    """

    label: str
    as_it_stood: int = 0
    edited: int = 0
    wrong: int = 0

    @property
    def decided(self) -> int:
        return self.as_it_stood + self.edited + self.wrong


def tallies_by_effect(since: dt.datetime) -> list[EffectTally]:
    """Return what became of relevant suggestions decided on since, the commonest effect first.

    A merge and a dismissal as duplicate or as our own fault say nothing about the suggestion.
    """
    labels = dict(Effect.choices)
    tallies: dict[str, EffectTally] = {}
    decided = Decision.objects.last_words().filter(
        Q(ruling=Ruling.PUBLISH) | Q(ruling=Ruling.DISMISS) & ~Q(reason__in=_SAYS_NOTHING),
        decided_at__gte=since,
        change__suggestion__relevant=True,
    )
    suggested = (f"change__suggestion__{name}" for name in ("effects", "direction"))
    published = ("entry__effects", "entry__direction")
    rows = decided.order_by().values_list("ruling", *suggested, *published)
    for ruling, effects, direction, became, became_direction in rows:
        is_published = ruling == Ruling.PUBLISH
        same = is_published and set(effects) == set(became) and direction == became_direction
        for effect in effects:
            tally = tallies.setdefault(effect, EffectTally(str(labels.get(effect, effect))))
            if same:
                tally.as_it_stood += 1
            elif is_published and effect in became:
                tally.edited += 1
            else:
                tally.wrong += 1
    return sorted(tallies.values(), key=lambda tally: (-tally.decided, tally.label))


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


def _decisions(since: dt.datetime) -> Iterable[_Row]:
    return (
        Decision.objects.last_words()
        .filter(decided_at__gte=since)
        .order_by()
        .values_list(
            *("ruling", "reason", "decided_at", "change__detected_at"),
            *("change__suggestion__relevant", "change__observed_to", "change__after__source"),
        )
    )


def _count_decisions(
    by_monday: dict[dt.date, Week],
    rulings: Iterable[_Row],
) -> None:
    for ruling, reason, decided_at, detected_at, relevant, seen_at, source in rulings:
        if ruling not in (Ruling.PUBLISH, Ruling.MERGE, Ruling.DISMISS):
            continue
        week = by_monday[_monday(decided_at)]
        week.hours.append((decided_at - detected_at).total_seconds() / 3600)
        week.published += ruling == Ruling.PUBLISH
        if ruling == Ruling.PUBLISH and source == CaptureSource.VISIT:
            week.hours_to_publish.append((decided_at - seen_at).total_seconds() / 3600)
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
