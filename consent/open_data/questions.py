"""Checks of what programs ask: a question that cannot be answered as it is asked is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from consent.ledger.facts import facts_of, listed_platforms
from consent.ledger.filters import TimelineFilters
from consent.ledger.question import RefusedQuestionError, checked
from consent.ledger.reader_place import codes_of, place_code
from consent.ledger.state_of_play import Reader
from consent.models import Entry, FormerSlug
from consent.vocabulary import People
from consent.web.filter_form import FilterForm
from platforms.days import is_within_bounds
from platforms.models import Platform
from platforms.places import GROUPS, countries


class Refused(Exception):
    """A request that cannot be answered: its status, the kind of error, and why.

    allowed: the values that can be asked for, where they are a closed list.
    """

    def __init__(
        self, status: int, title: str, detail: str, allowed: Sequence[str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail
        self.allowed = allowed


def known_platform(slug: str) -> Platform:
    """Return a listed platform by its slug, one that it had, a name, an alias, or its domain."""
    known = {each.slug: each for each in listed_platforms()}
    if slug in known:
        return known[slug]
    renamed = FormerSlug.objects.platform_once_called(slug)
    if renamed is not None and renamed.slug in known:
        return known[renamed.slug]
    meant = _platforms_called(slug, known.values())
    if len(meant) > 1:
        slugs = sorted(each.slug for each in meant)
        detail = f"platform: “{slug}” is several: {', '.join(slugs)}."
        raise Refused(400, "Invalid parameter", detail, slugs)
    if not meant:
        raise Refused(404, "Not found", f"We watch no platform “{slug}”.")
    return meant[0]


def _platforms_called(asked: str, platforms: Iterable[Platform]) -> list[Platform]:
    """Return the platforms with a name, an alias or a domain; a name counts before the others."""
    wanted = asked.strip().casefold()
    listed = list(platforms)
    domain = wanted.partition("://")[2] or wanted
    domain = domain.partition("/")[0].removeprefix("www.")
    return (
        [each for each in listed if each.name.casefold() == wanted]
        or [each for each in listed if wanted in map(str.casefold, each.aliases)]
        or [each for each in listed if host_of(each.homepage) == domain]
    )


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def reader_asked(
    platform: Platform, place: str, people: People | None, plan: str, day: dt.date
) -> Reader:
    """Return whom an answer is for. Raises Refused for a place or a plan that is not known."""
    code = place_code(place)
    if place and not code:
        raise _refused_place(place)
    reader = Reader(code, people, plan)
    try:
        known = checked(facts_of([platform])[platform.pk], reader.on(day))
    except RefusedQuestionError as error:
        raise Refused(400, "Invalid parameter", _in_words(error), error.allowed) from error
    return reader._replace(plan=known.plan)


def _refused_place(place: str) -> Refused:
    if meant := codes_of(place):
        detail = f"place: “{place}” is several places: {', '.join(meant)}."
        return Refused(400, "Invalid parameter", detail, meant)
    detail = f"place: we know no place “{place}”. Give a code of ISO 3166 or a name."
    return Refused(400, "Invalid parameter", detail, (*GROUPS, *countries()))


def _in_words(error: RefusedQuestionError) -> str:
    if error.axis == "people":
        return f"people: this plan is for several: say which. {', '.join(error.allowed)}."
    if not error.allowed:
        return (
            f"plan: we have no list of plans of {error.platform} for these people; ask without one."
        )
    listed = ", ".join(error.allowed)
    if error.since:
        return f"plan: {error.platform} has “{error.asked}” since {error.since} only."
    return (
        f"plan: “{error.asked}” is not on record for {error.platform} and these people."
        f" You can ask for: {listed}."
    )


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
