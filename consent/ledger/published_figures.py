"""The figures as they were published: recorded when they change, and never computed again.

A figure that somebody quoted stays at the address of its day, whatever is corrected later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone

from consent.ledger.counts import SpanCounts, span_counts
from consent.ledger.facts import facts_of_all
from consent.ledger.figures import DEFINITION_VERSION, Among, Figures, TrainingClass, figures_on
from consent.models import PublishedFigures
from consent.web.editions import as_one_page

#: Days that the numbers of changes are of. Chosen: a year, so that no season counts twice.
_SPAN = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Published:
    """The figures of a day that is over, as last recorded for it, and those before on that day.

    recorded_at: of the last change up to the end of the day; after the day, if the site began to
    record on the next one. names: of platforms, by slug.
    """

    figures: Figures
    changes: SpanCounts
    names: Mapping[str, str]
    recorded_at: dt.datetime
    earlier: tuple[tuple[dt.datetime, Figures], ...]

    @property
    def is_of_day_before(self) -> bool:
        """Whether the figures were recorded when the day was over."""
        return timezone.localdate(self.recorded_at) > self.figures.day


class Correction(NamedTuple):
    """How many of the platforms listed then trained by default, as it is on record now.

    without, added: the names of those that are not in the published list any more, or are now.
    """

    number: int
    without: Sequence[str]
    added: Sequence[str]


def correction_of(figures: Figures) -> Correction | None:
    """Return how published figures differ from the record of now; None if they do not.

    Platforms that were listed later, or are no longer, correct nothing.
    """
    if not figures.is_published:
        return None
    listed_then = {slug for key in TrainingClass for slug in figures.platforms[key]}
    names = {each.slug: each.name for each in facts_of_all().values() if each.slug in listed_then}
    published = figures.platforms[Among.TRAINS]
    now = figures_on(figures.day).platforms[Among.TRAINS]
    without = [names[slug] for slug in published if slug in names and slug not in now]
    added = [names[slug] for slug in now if slug in names and slug not in published]
    if not without and not added:
        return None
    return Correction(len(published) - len(without) + len(added), without, added)


def changes_in_year_before(day: dt.date) -> tuple[dt.date, SpanCounts]:
    """Return the first of the days, and how many changes were from it to the last one."""
    first = day - _SPAN + dt.timedelta(days=1)
    return first, span_counts(first, day)


@transaction.atomic
@as_one_page()
def record_figures(now: dt.datetime) -> bool:
    """Record the figures of this moment if they differ from those recorded last.

    The first time those of the day before are recorded too, as they are on record at this moment:
    a new site has figures that stay, and says when they were recorded.
    """
    today = timezone.localdate(now)
    said = _figures_to_record(today)
    last = PublishedFigures.objects.first()
    if last and said == {name: getattr(last, name) for name in said}:
        return False
    if last is None:
        yesterday = today - dt.timedelta(days=1)
        before = _figures_to_record(yesterday)
        PublishedFigures.objects.create(day=yesterday, recorded_at=now, **before)
    PublishedFigures.objects.create(day=today, recorded_at=now, **said)
    return True


def _figures_to_record(day: dt.date) -> dict[str, Any]:
    figures = figures_on(day)
    return {
        "definition": DEFINITION_VERSION,
        "figures": {
            "total": figures.total,
            "operator": figures.operator,
            "names": {each.slug: each.name for each in facts_of_all().values()},
            "platforms": {str(key): list(slugs) for key, slugs in figures.platforms.items()},
        },
        "changes": asdict(changes_in_year_before(day)[1]),
    }


def published_on(day: dt.date) -> Published | None:
    """Return the figures that were published on a day; None if it is not over, or none were."""
    if day >= timezone.localdate():
        return None
    until = PublishedFigures.objects.filter(day__lte=day)
    rows = list(PublishedFigures.objects.filter(day=Subquery(until.values("day")[:1])))
    if not rows:
        return None
    last, *earlier = rows
    if last.day < day:  # nothing changed since
        earlier = []
    return Published(
        _figures_of(last, day),
        SpanCounts(**last.changes),
        last.figures["names"],
        last.recorded_at,
        tuple((each.recorded_at, _figures_of(each, day)) for each in earlier),
    )


def figures_as_published(day: dt.date) -> Figures:
    """Return what was published on a day; where nothing was, what is on record now about it."""
    published = published_on(day)
    return published.figures if published else figures_on(day)


def _figures_of(row: PublishedFigures, day: dt.date) -> Figures:
    said: Mapping[str, Any] = row.figures
    return Figures(
        day,
        said["total"],
        {key: tuple(slugs) for key, slugs in said["platforms"].items()},
        said["operator"],
        row.definition,
        is_published=True,
    )
