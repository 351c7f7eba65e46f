"""Checks of what programs ask: a question that cannot be answered as it is asked is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from consent.ledger.facts import listed_platforms
from consent.ledger.filters import TimelineFilters
from consent.models import Entry, FormerSlug
from consent.web.filter_form import FilterForm
from platforms.days import is_within_bounds
from platforms.models import Platform


class Refused(Exception):
    """A request that cannot be answered: its status, the kind of error, and why."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail


def known_platform(slug: str) -> Platform:
    """Return a listed platform by its slug, or by one that it had."""
    known = {each.slug: each for each in listed_platforms()}
    if slug in known:
        return known[slug]
    renamed = FormerSlug.objects.platform_once_called(slug)
    if renamed is None or renamed.slug not in known:
        raise Refused(404, "Not found", f"We watch no platform “{slug}”.")
    return known[renamed.slug]


def past(day: dt.date) -> dt.date:
    """Return a day up to today."""
    if not is_within_bounds(day):
        raise Refused(400, "Invalid parameter", "asof: give a day from 1970 on.")
    if day > timezone.localdate():
        raise Refused(
            400,
            "Day to come",
            "asof: nobody knows yet what holds on a day to come. What is planned is in the entries,"
            " under the dates “due”, “effective” and “deadline”.",
        )
    return day


def filters_asked(request: HttpRequest, *, without: Sequence[str] = ()) -> QueryDict:
    """Return the parameters that are filters of a page."""
    asked = request.GET.copy()
    for name in ("lang", "limit", "after", *without):
        asked.pop(name, None)
    for name in [name for name, value in asked.items() if not value]:
        del asked[name]
    return asked


def require_valid(filters: FilterForm) -> None:
    """Refuse filters with a value that they do not take."""
    if problems := filters.problems():
        said = " ".join(f"{each.label}: {each.message}" for each in problems)
        raise Refused(400, "Invalid parameter", said)


def entry_before(public_id: str | None, filters: TimelineFilters) -> Entry | None:
    """Return the last entry of the page before in a view; None on its first page."""
    if not public_id:
        return None
    found = Entry.objects.on_record().filter(public_id=public_id).first()
    if found is None or getattr(found, filters.listed_by()) is None:
        raise Refused(400, "Invalid parameter", f"after: no entry “{public_id}” in this view.")
    return found
