"""The next date on which something announced on a page takes effect: it is visited more often then.

The dates come from relevant changes that no curator has decided on yet, and from published entries.
platforms knows neither; it reads Page.news_expected_on.
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

#: A date counts for this long after it has passed, because platforms can be late. Chosen: a week.
_AFTERMATH = dt.timedelta(days=7)
_UNPUBLISHED = (*UNDECIDED, ChangeStatus.PROPOSED)


def expect_news(pages: QuerySet[Page]) -> int:
    """Set news_expected_on of these pages to the next date of each; return how many moved."""
    since = timezone.localdate() - _AFTERMATH
    dates: dict[int, set[dt.date]] = defaultdict(set)
    for page_id, date in (*_suggested(pages), *_published(pages, since)):
        if date >= since:
            dates[page_id].add(date)
    outdated = [
        page
        for page in pages.only("news_expected_on")
        if page.news_expected_on != min(dates[page.pk], default=None)
    ]
    for page in outdated:
        page.news_expected_on = min(dates[page.pk], default=None)
    Page.objects.bulk_update(outdated, ["news_expected_on"], batch_size=200)
    return len(outdated)


def _suggested(pages: QuerySet[Page]) -> Iterator[tuple[int, dt.date]]:
    suggestions = Suggestion.objects.filter(
        relevant=True, change__page__in=pages, change__status__in=_UNPUBLISHED
    )
    for page_id, dates in suggestions.values_list("change__page", "dates"):
        for date in dates:
            exact = date["kind"] == "effective" and date["precision"] == Precision.DAY
            if exact and (day := read_day(date["value"])):  # older releases kept 31 September
                yield page_id, day


def _published(pages: QuerySet[Page], since: dt.date) -> Iterator[tuple[int, dt.date]]:
    """Yield dates of entries from a change of the page, or about a use or control based on it.

    What was announced for a day counts until it was seen.
    """
    for name in ("effective", "due"):
        coming = Entry.objects.published().filter(
            **{f"{name}_on__gte": since, f"{name}_precision": Precision.DAY}
        )
        for path in ("changes__page", "uses__pages", "controls__pages"):
            rows = coming.filter(**{f"{path}__in": pages}).values_list(path, f"{name}_on")
            for page_id, date in rows:
                if date is not None:
                    yield page_id, date
