"""The API, version 1: what it answers. How it is asked is in consent/open_data/requests.py.

It reads only. Every list comes from consent/open_data/records.py, which files and dumps use too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, cast

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError as InvalidParameters

from consent.ledger.entry_records import Record, moment
from consent.ledger.facts import listed_platforms
from consent.ledger.filters import TimelineFilters
from consent.ledger.matrix import MatrixFilters
from consent.ledger.scope import present_place
from consent.ledger.state_of_play import Reader
from consent.models import Entry, FormerSlug
from consent.open_data import records as data
from consent.open_data.entries import of_view, records_of, since_number
from consent.open_data.parameters import (
    ControlParams,
    DeclarationParams,
    EntryParams,
    MatrixParams,
    OfPlatform,
    Paged,
    PageParams,
    Params,
    PlatformParams,
    SinceParams,
    StateParams,
    UseParams,
    VerdictParams,
)
from consent.open_data.schemas import (
    SCHEMA_VERSION,
    ControlOf,
    DeclarationOf,
    EntryList,
    EntryOf,
    EnumOf,
    GuideOf,
    Index,
    ListOf,
    MatrixList,
    OneOf,
    PageOf,
    PlatformOf,
    Problem,
    StateList,
    UseOf,
    VerdictOf,
)
from consent.web.filter_form import FilterForm
from consent.web.links import absolute_url
from consent.web.parts import shared_part
from consent.web.problems import problem
from platforms.days import is_within_bounds
from platforms.models import Platform, PublicChange

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PREFIX = "/api/v1"

api = NinjaAPI(
    title="Default On",
    version=SCHEMA_VERSION,
    description=(
        "Who trains AI on people's data, since when, whether it happens unless people refuse, and"
        " how to refuse. Read-only, without a key. Our words: CC BY 4.0."
    ),
    urls_namespace="api-v1",
    docs_url=None,
    openapi_url="/openapi.json",
)
#: The names of the parameters of each address, by the name of its route.
PARAMETERS: dict[str, frozenset[str]] = {}

_REFUSED = {400: Problem, 404: Problem, 429: Problem}


class Refused(Exception):
    """A request that cannot be answered: its status, the kind of error, and why."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail


def _get(
    path: str, name: str, params: type[Params], answer: Any, tag: str = "Records"
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register an address of the API under the name of a route, with what it may be asked."""
    PARAMETERS[name] = frozenset(params.model_fields)

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        return api.get(
            path,
            response={200: answer, **_REFUSED},
            url_name=name,
            operation_id=name.removeprefix("api-").replace("-", "_"),
            summary=(function.__doc__ or "").partition("\n")[0].rstrip("."),
            tags=[tag],
        )(function)

    return register


@_get("", "api-index", Params, Index, "About")
def index(request: HttpRequest, params: Query[Params]) -> Record:
    """The addresses of all lists."""
    names = sorted(name for name in PARAMETERS if name.count("-") == 1 and name != "api-index")
    resources = {name.removeprefix("api-"): absolute_url(_path(name)) for name in names}
    return {**envelope(), "resources": resources}


@_get("/platforms", "api-platforms", PlatformParams, ListOf[PlatformOf])
def platforms(request: HttpRequest, params: Query[PlatformParams]) -> Record:
    """Every platform, with today's answer for anybody."""
    return _page(
        request,
        params,
        [
            each
            for each in data.records("platforms")
            if (params.category is None or each["category"] == params.category)
            and (not params.answer or each["verdict"]["answer"] == params.answer)
        ],
    )


@_get("/platforms/{slug}", "api-platform-one", Params, OneOf[PlatformOf])
def platform(request: HttpRequest, slug: str, params: Query[Params]) -> Record:
    """One platform."""
    return _one("platforms", slug)


@_get("/uses", "api-uses", UseParams, ListOf[UseOf])
def uses(request: HttpRequest, params: Query[UseParams]) -> Record:
    """What is done with people's data: purpose, data, people and places."""
    return _page(
        request,
        params,
        [
            each
            for each in _of_platform("uses", params.platform)
            if (params.purpose is None or each["purpose"] == params.purpose)
            and (params.training is None or each["is_training"] is params.training)
            and (not params.datakind or params.datakind in each["data_kinds"])
        ],
    )


@_get("/uses/{platform}/{slug}", "api-use-one", Params, OneOf[UseOf])
def use(request: HttpRequest, platform: str, slug: str, params: Query[Params]) -> Record:
    """One use."""
    return _one("uses", f"{platform}/{slug}")


@_get("/states", "api-states", StateParams, StateList)
def states(request: HttpRequest, params: Query[StateParams]) -> Record:
    """What each use was, is and is due to be, for whom and where; or what held on a day."""
    day = None if params.asof is None else _past(params.asof)
    slug = _known_platform(params.platform).slug if params.platform else None
    found = data.records("states") if day is None else data.states_on(day)
    shown = [
        each
        for each in found
        if (slug is None or each["platform"] == slug)
        and (not params.use or each["use"] == params.use)
        and (params.value is None or each["value"] == params.value)
        and (params.training is None or each["is_training"] is params.training)
    ]
    return {**_page(request, params, shown), "asof": day}


@_get("/controls", "api-controls", ControlParams, ListOf[ControlOf])
def controls(request: HttpRequest, params: Query[ControlParams]) -> Record:
    """Ways to refuse: the exact label, where it is found, and which act refuses."""
    found = _of_platform("controls", params.platform)
    shown = [each for each in found if not params.use or params.use in each["uses"]]
    return _page(request, params, shown)


@_get("/controls/{platform}/{slug}", "api-control-one", Params, OneOf[ControlOf])
def control(request: HttpRequest, platform: str, slug: str, params: Query[Params]) -> Record:
    """One way to refuse."""
    return _one("controls", f"{platform}/{slug}")


@_get("/guides", "api-guides", OfPlatform, ListOf[GuideOf])
def guides(request: HttpRequest, params: Query[OfPlatform]) -> Record:
    """Steps to opt out, and when they were last walked."""
    return _page(request, params, _of_platform("guides", params.platform))


@_get("/guides/{slug}", "api-guide-one", Params, OneOf[GuideOf])
def guide(request: HttpRequest, slug: str, params: Query[Params]) -> Record:
    """One guide."""
    return _one("guides", slug)


@_get("/entries", "api-entries", EntryParams, EntryList)
def entries(request: HttpRequest, params: Query[EntryParams]) -> Record:  # type: ignore[valid-type]
    """Changes: the view of the timeline that the filters ask for, or what is new since a number.

    As on the timeline, changes of wording only and other topics are left out unless asked for
    (wording=on, topic=all).
    """
    given = cast(SinceParams, params)
    since = given.since or ""
    asked = _filters_asked(request, without=("since",) if since.isdigit() else ())
    filters = TimelineFilters(asked)
    _require_valid(filters)
    limit = given.limit
    if since.isdigit():
        if given.after:
            raise Refused(400, "Invalid parameter", "A walk by number takes no “after”.")
        page = since_number(filters, number=int(since), limit=limit)
        following = _next(request, since=str(page.cursor)) if page.more else None
    else:
        page = of_view(filters, after=_entry_before(given.after, filters), limit=limit)
        following = _next(request, after=page.items[-1]["id"]) if page.more else None
    return {
        **envelope(),
        "total": page.total,
        "next": following,
        "cursor": page.cursor,
        "gone": [
            {"id": public_id, "number": number, "version": version}
            for public_id, number, version in page.gone
        ],
        "items": page.items,
    }


@_get("/entries/{public_id}", "api-entry-one", Params, OneOf[EntryOf])
def entry(request: HttpRequest, public_id: str, params: Query[Params]) -> Record:
    """One change. One that was retracted says so, and why."""
    found = list(records_of(Entry.objects.on_record().filter(public_id=public_id)))
    if not found:
        raise Http404
    return {**envelope(), "item": found[0]}


@_get("/matrix", "api-matrix", MatrixParams, MatrixList)
def matrix(request: HttpRequest, params: Query[MatrixParams]) -> Record:  # type: ignore[valid-type]
    """The matrix: the answer for each platform, kind of data and use. It comes in one piece."""
    filters = MatrixFilters(_filters_asked(request))
    _require_valid(filters)
    day = _past(filters.day(timezone.localdate()))
    items = data.matrix_of(filters)
    return {**envelope(), "asof": day, "total": len(items), "next": None, "items": items}


@_get("/pages", "api-pages", PageParams, ListOf[PageOf])
def pages(request: HttpRequest, params: Query[PageParams]) -> Record:
    """The pages that we watch: when each was last read, and when it could not be."""
    shown = [
        each
        for each in _of_platform("pages", params.platform)
        if (params.kind is None or each["kind"] == params.kind)
        and (params.watched is None or each["watched"] is params.watched)
    ]
    return _page(request, params, shown)


@_get("/declarations", "api-declarations", DeclarationParams, ListOf[DeclarationOf])
def declarations(request: HttpRequest, params: Query[DeclarationParams]) -> Record:
    """What providers declare under a law about what they trained on."""
    slug = _known_platform(params.platform).slug if params.platform else None
    shown = [
        each
        for each in data.records("declarations")
        if (slug is None or slug in each["platforms"])
        and (not params.law or each["law"] == params.law)
    ]
    return _page(request, params, shown)


@_get("/enums", "api-enums", Paged, ListOf[EnumOf], "About")
def enums(request: HttpRequest, params: Query[Paged]) -> Record:
    """The closed lists: every value that a field can have, and what our pages call it."""
    return _page(request, params, data.records("enums"))


@_get("/verdict", "api-verdict", VerdictParams, OneOf[VerdictOf], "Answers")
def verdict(request: HttpRequest, params: Query[VerdictParams]) -> Record:
    """Does a platform train AI on the data of these people, in this place, on this day?"""
    asked = _known_platform(params.platform)
    place = present_place(params.place or "")
    if params.place and not place:
        raise Refused(400, "Invalid parameter", f"place: we know no place “{params.place}”.")
    day = _past(params.asof or timezone.localdate())
    reader = Reader(place, params.people, params.plan or "")
    return {**envelope(), "item": data.verdict_on(asked, day, reader)}


@api.exception_handler(Refused)
def explain_refusal(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(request, error.status, error.title, error.detail)


@api.exception_handler(Http404)
def explain_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, 404, "Not found", "There is no record at this address.")


@api.exception_handler(InvalidParameters)
def explain_invalid(request: HttpRequest, error: InvalidParameters) -> HttpResponse:
    said = [f"{each['loc'][-1]}: {each['msg']}." for each in error.errors]
    return problem(request, 400, "Invalid parameter", " ".join(said))


def envelope() -> Record:
    """Return what every answer says of itself."""
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": moment(timezone.now()),
        "last_modified": moment(last_modified()),
        "licence": LICENCE,
    }


def last_modified() -> dt.datetime | None:
    """Return when something that readers see last changed."""

    def ask() -> dt.datetime | None:
        latest: dt.datetime | None = PublicChange.objects.aggregate(at=Max("made_at"))["at"]
        return latest

    return shared_part("last-public-change", "", ask)


def _page(request: HttpRequest, params: Paged, found: Sequence[Record]) -> Record:
    """Return a page of records, which are in the order of their ids."""
    rest = [each for each in found if each["id"] > params.after] if params.after else found
    items = rest[: params.limit]
    more = len(rest) > params.limit
    return {
        **envelope(),
        "total": len(found),
        "next": _next(request, after=items[-1]["id"]) if more else None,
        "items": items,
    }


def _one(resource: str, wanted: str) -> Record:
    found = next((each for each in data.records(resource) if each["id"] == wanted), None)
    if found is None:
        raise Http404
    return {**envelope(), "item": found}


def _of_platform(resource: str, asked: str | None) -> Sequence[Record]:
    if not asked:
        return data.records(resource)
    slug = _known_platform(asked).slug
    return [each for each in data.records(resource) if each["platform"] == slug]


def _known_platform(slug: str) -> Platform:
    """Return a listed platform by its slug, or by one that it had."""
    known = {each.slug: each for each in listed_platforms()}
    if slug in known:
        return known[slug]
    renamed = FormerSlug.objects.platform_once_called(slug)
    if renamed is None or renamed.slug not in known:
        raise Refused(404, "Not found", f"We watch no platform “{slug}”.")
    return known[renamed.slug]


def _past(day: dt.date) -> dt.date:
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


def _filters_asked(request: HttpRequest, *, without: Sequence[str] = ()) -> QueryDict:
    """Return the parameters that are filters of a page."""
    asked = request.GET.copy()
    for name in ("lang", "limit", "after", *without):
        asked.pop(name, None)
    for name in [name for name, value in asked.items() if not value]:
        del asked[name]
    return asked


def _require_valid(filters: FilterForm) -> None:
    if problems := filters.problems():
        said = " ".join(f"{each.label}: {each.message}" for each in problems)
        raise Refused(400, "Invalid parameter", said)


def _entry_before(public_id: str | None, filters: TimelineFilters) -> Entry | None:
    if not public_id:
        return None
    found = Entry.objects.on_record().filter(public_id=public_id).first()
    if found is None or getattr(found, filters.listed_by()) is None:
        raise Refused(400, "Invalid parameter", f"after: no entry “{public_id}” in this view.")
    return found


def _next(request: HttpRequest, **instead: str) -> str:
    query = request.GET.copy()
    for name, value in instead.items():
        query[name] = value
    return absolute_url(f"{request.path}?{query.urlencode()}")


def _path(name: str) -> str:
    return reverse(name)
