"""When something that a page announced takes effect, so that workers read it often around then.

Two sources: relevant changes that no curator has ruled on yet, by the dates in their texts, and
published entries. platforms knows neither; it is told by a date on the Page.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from consent.models import Entry, Suggestion
from consent.models.changes import UNDECIDED
from consent.vocabulary import ChangeStatus, Precision
from platforms.days import read_day
from platforms.models import Page

#: A date stays of interest this long after it has passed: platforms are late, too.
_AFTERMATH = dt.timedelta(days=7)
_UNTOLD = (*UNDECIDED, ChangeStatus.PROPOSED)


def expect_news(pages: QuerySet[Page]) -> int:
    """Set news_expected_on of these pages to the next date of each; return how many moved."""
    since = timezone.localdate() - _AFTERMATH
    dates: dict[int, set[dt.date]] = defaultdict(set)
    for page_id, date in (*_suggested(pages), *_published(pages, since)):
        if date >= since:
            dates[page_id].add(date)
    moved = [
        page
        for page in pages.only("news_expected_on")
        if page.news_expected_on != min(dates[page.pk], default=None)
    ]
    for page in moved:
        page.news_expected_on = min(dates[page.pk], default=None)
    Page.objects.bulk_update(moved, ["news_expected_on"], batch_size=200)
    return len(moved)


def _suggested(pages: QuerySet[Page]) -> Iterator[tuple[int, dt.date]]:
    suggestions = Suggestion.objects.filter(
        relevant=True, change__page__in=pages, change__status__in=_UNTOLD
    )
    for page_id, found in suggestions.values_list("change__page", "dates"):
        for said in found:
            exact = said["kind"] == "effective" and said["precision"] == Precision.DAY
            if exact and (day := read_day(said["value"])):  # older releases kept 31 September
                yield page_id, day


def _published(pages: QuerySet[Page], since: dt.date) -> Iterator[tuple[int, dt.date]]:
    """Dates of entries born of a change of the page, or about a setting that rests on it."""
    coming = Entry.objects.published().filter(
        effective_on__gte=since, effective_precision=Precision.DAY
    )
    for path in ("changes__page", "settings__pages"):
        found = coming.filter(**{f"{path}__in": pages}).values_list(path, "effective_on")
        for page_id, date in found:
            if date is not None:
                yield page_id, date
