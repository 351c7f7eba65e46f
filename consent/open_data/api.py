"""The API, version 1: what it answers. How it is asked is in consent/open_data/requests.py.

It reads only. Every list comes from consent/open_data/lists, which files and dumps use too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import cast

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query

from consent.ledger.figures import figures_on
from consent.ledger.filters import TimelineFilters
from consent.ledger.matrix import MatrixFilters
from consent.ledger.published_figures import figures_as_published
from consent.ledger.record_fields import Record
from consent.models import Entry, Use
from consent.open_data.entries import is_cursor, of_view, records_of, since_cursor
from consent.open_data.envelopes import (
    AskedOf,
    EntryList,
    FigureList,
    Index,
    ListOf,
    MatrixList,
    OneOf,
    ProviderList,
    ResolvedList,
    StateList,
)
from consent.open_data.last_changes import LISTS, envelope
from consent.open_data.lists.changelog import CHANGELOG
from consent.open_data.lists.controls import CONTROLS
from consent.open_data.lists.declarations import DECLARATIONS
from consent.open_data.lists.enums import ENUMS
from consent.open_data.lists.guides import GUIDES
from consent.open_data.lists.matrix import matrix_of
from consent.open_data.lists.pages import PAGES, watched
from consent.open_data.lists.passages import PASSAGES
from consent.open_data.lists.platforms import (
    PLATFORMS,
    keys_with_answer,
    plans_on_record,
    verdict_on,
)
from consent.open_data.lists.public_list import Key
from consent.open_data.lists.resources import RESOURCES
from consent.open_data.lists.robots import ROBOTS
from consent.open_data.lists.states import STATES, holding_on
from consent.open_data.lists.uses import USES, keys_about
from consent.open_data.parameters import (
    MOST_AT_ONCE,
    ControlParams,
    DeclarationParams,
    EntryParams,
    FigureParams,
    MatrixParams,
    OfPlatform,
    Paged,
    PageParams,
    Params,
    PlatformParams,
    ProviderParams,
    ResolveParams,
    SinceParams,
    StateParams,
    UseParams,
    VerdictParams,
    VerdictsParams,
)
from consent.open_data.questions import (
    Refused,
    entry_before,
    filters_asked,
    known_place,
    known_platform,
    past,
    platform_with_plan,
    reader_asked,
    require_valid,
    resolved,
    unknown_after,
)
from consent.open_data.refusal_schemas import ControlOf, GuideOf
from consent.open_data.registration import PARAMETERS, address_with, get
from consent.open_data.schemas import (
    ChangelogOf,
    DeclarationOf,
    EntryOf,
    EnumOf,
    PageOf,
    PassageOnRecordOf,
    PlanOf,
    PlatformOf,
    RobotsOf,
    UseOf,
    VerdictOf,
)
from consent.open_data.whole_tables import figures_table, provider_table
from consent.vocabulary import TRAINING_PURPOSES, People, PublicationStatus
from consent.web.absolute_urls import absolute_url


@get("", "api-index", Params, Index, "About")
def index(request: HttpRequest, params: Query[Params]) -> Record:
    """The addresses of all lists."""
    names = sorted(name for name in PARAMETERS if name.count("-") == 1 and name != "api-index")
    resources = {name.removeprefix("api-"): absolute_url(reverse(name)) for name in names}
    return {**envelope(*LISTS), "resources": resources}


@get("/platforms", "api-platforms", PlatformParams, ListOf[PlatformOf])
def platforms(request: HttpRequest, params: Query[PlatformParams]) -> Record:
    """Every platform, with today's answer for anybody."""
    keys = PLATFORMS.keys(_where(category=params.category))
    if params.answer:
        keys = keys_with_answer(keys, params.answer)
    return _page(request, params, "platforms", keys)


@get("/platforms/{slug}", "api-platform-one", Params, OneOf[PlatformOf])
def platform(request: HttpRequest, slug: str, params: Query[Params]) -> Record:
    """One platform."""
    return _one("platforms", slug, slug=slug)


@get("/platforms/{slug}/plans", "api-platform-plans", Params, ListOf[PlanOf])
def plans(request: HttpRequest, slug: str, params: Query[Params]) -> Record:
    """The plans of a platform that a question may name."""
    items = plans_on_record(known_platform(slug))
    return {**envelope("platforms"), "total": len(items), "next": None, "items": items}


@get("/uses", "api-uses", UseParams, ListOf[UseOf])
def uses(request: HttpRequest, params: Query[UseParams]) -> Record:
    """What is done with people's data: purpose, data, people and places."""
    where = _where(platform__slug=_platform(params), purpose=params.purpose)
    keys = USES.keys(where & _training(params.training, "purpose"))
    if params.datakind:
        keys = keys_about(keys, params.datakind)
    return _page(request, params, "uses", keys)


@get("/uses/{platform}/{slug}", "api-use-one", Params, OneOf[UseOf])
def use(request: HttpRequest, platform: str, slug: str, params: Query[Params]) -> Record:
    """One use."""
    return _one("uses", f"{platform}/{slug}", platform__slug=platform, slug=slug)


@get("/states", "api-states", StateParams, StateList)
def states(request: HttpRequest, params: Query[StateParams]) -> Record:
    """What each use was, is and is due to be, for whom and where; or what held on a day."""
    day = None if params.asof is None else past(params.asof)
    where = _where(branch__use__platform__slug=_platform(params), value=params.value)
    where &= _of_use(params.use, "branch__use__")
    keys = STATES.keys(where & _training(params.training, "branch__use__purpose"))
    if day is not None:
        holding = holding_on(day)
        keys = [key for key in keys if key[1] in holding]
    return {**_page(request, params, "states", keys), "asof": day}


@get("/controls", "api-controls", ControlParams, ListOf[ControlOf])
def controls(request: HttpRequest, params: Query[ControlParams]) -> Record:
    """Ways to refuse: the exact label, where it is found, and which act refuses."""
    where = _where(platform__slug=_platform(params)) & _of_use(params.use, "uses__")
    return _page(request, params, "controls", CONTROLS.keys(where))


@get("/controls/{platform}/{slug}", "api-control-one", Params, OneOf[ControlOf])
def control(request: HttpRequest, platform: str, slug: str, params: Query[Params]) -> Record:
    """One way to refuse."""
    return _one("controls", f"{platform}/{slug}", platform__slug=platform, slug=slug)


@get("/guides", "api-guides", OfPlatform, ListOf[GuideOf])
def guides(request: HttpRequest, params: Query[OfPlatform]) -> Record:
    """Steps to opt out, and when they were last walked."""
    keys = GUIDES.keys(_where(platform__slug=_platform(params)))
    return _page(request, params, "guides", keys)


@get("/guides/{slug}", "api-guide-one", Params, OneOf[GuideOf])
def guide(request: HttpRequest, slug: str, params: Query[Params]) -> Record:
    """One guide."""
    return _one("guides", slug, slug=slug)


@get("/entries", "api-entries", EntryParams, EntryList, refuses=(410,))
def entries(request: HttpRequest, params: Query[EntryParams]) -> Record:  # type: ignore[valid-type]
    """Changes: the view of the timeline that the filters ask for, or what is new since a cursor.

    As on the timeline, changes of wording only and other topics are left out unless asked for
    (wording=on, topic=all).
    """
    given = cast(SinceParams, params)
    since = given.since or ""
    asked = filters_asked(request, without=("since",) if is_cursor(since) else ())
    filters = TimelineFilters(asked)
    require_valid(filters)
    limit = given.limit
    if is_cursor(since):
        if given.after:
            raise Refused(400, "Invalid parameter", "A walk by cursor takes no “after”.")
        page = since_cursor(filters, since, limit)
        following = address_with(request, since=str(page.cursor)) if page.more else None
    else:
        page = of_view(filters, after=entry_before(given.after, filters), limit=limit)
        following = address_with(request, after=page.items[-1]["id"]) if page.more else None
    return {
        **envelope("entries"),
        "total": page.total,
        "next": following,
        "cursor": page.cursor,
        "gone": [
            {"id": public_id, "number": number, "version": version}
            for public_id, number, version in page.gone
        ],
        "items": page.items,
    }


@get("/entries/{public_id}", "api-entry-one", Params, OneOf[EntryOf])
def entry(request: HttpRequest, public_id: str, params: Query[Params]) -> Record:
    """One change. One that was retracted says so, and why."""
    found = list(records_of(Entry.objects.on_record().filter(public_id=public_id).pks()))
    if not found:
        raise Http404
    return {**envelope("entries"), "item": found[0]}


@get("/matrix", "api-matrix", MatrixParams, MatrixList)
def matrix(request: HttpRequest, params: Query[MatrixParams]) -> Record:  # type: ignore[valid-type]
    """The matrix: the answer for each platform, kind of data and use. It comes in one piece."""
    filters = MatrixFilters(filters_asked(request))
    require_valid(filters)
    day = past(filters.day(timezone.localdate()))
    items = list(matrix_of(filters))
    return {
        **envelope("platforms", "uses", "states", "controls"),
        "asof": day,
        "total": len(items),
        "next": None,
        "items": items,
    }


@get("/pages", "api-pages", PageParams, ListOf[PageOf])
def pages(request: HttpRequest, params: Query[PageParams]) -> Record:
    """The pages that we watch: when each was last read, and when it could not be."""
    keys = PAGES.keys(_where(platform__slug=_platform(params), kind=params.kind))
    if params.watched is not None:
        visited = watched()
        keys = [key for key in keys if (key[1] in visited) is params.watched]
    return _page(request, params, "pages", keys)


@get("/declarations", "api-declarations", DeclarationParams, ListOf[DeclarationOf])
def declarations(request: HttpRequest, params: Query[DeclarationParams]) -> Record:
    """What providers declare under a law about what they trained on."""
    keys = DECLARATIONS.keys(_where(platforms__slug=_platform(params), law=params.law))
    return _page(request, params, "declarations", keys)


@get("/robots", "api-robots", OfPlatform, ListOf[RobotsOf])
def robots(request: HttpRequest, params: Query[OfPlatform]) -> Record:
    """What the robots.txt files of platforms say to the crawlers of AI companies."""
    keys = ROBOTS.keys(_where(platform__slug=_platform(params)))
    return _page(request, params, "robots", keys)


@get("/passages", "api-passages", Paged, ListOf[PassageOnRecordOf])
def passages(request: HttpRequest, params: Query[Paged]) -> Record:
    """The passages that entries rest on: where they are, and the hashes of their words."""
    return _page(request, params, "passages", PASSAGES.keys())


@get("/changelog", "api-changelog", Paged, ListOf[ChangelogOf])
def changelog(request: HttpRequest, params: Query[Paged]) -> Record:
    """Every version of every public record, the oldest first; go on with “after”."""
    return _page(request, params, "changelog", CHANGELOG.keys())


@get("/enums", "api-enums", Paged, ListOf[EnumOf], "About")
def enums(request: HttpRequest, params: Query[Paged]) -> Record:
    """The closed lists: every value that a field can have, and what our pages call it."""
    return _page(request, params, "enums", ENUMS.keys())


@get("/figures", "api-figures", FigureParams, FigureList, "Answers")
def figures(request: HttpRequest, params: Query[FigureParams]) -> Record:
    """How many platforms train by default on a day, or let others, and which.

    Each listed platform is in one of the classes; the other lists go across them.
    """
    day = past(params.asof or timezone.localdate())
    found = figures_as_published(day) if params.as_published else figures_on(day)
    return figures_table(found)


@get("/providers", "api-providers", ProviderParams, ProviderList, "Answers")
def providers(request: HttpRequest, params: Query[ProviderParams]) -> Record:
    """The table of providers: what each plan for programs does with what they send."""
    return provider_table(params.place or "")


@get("/verdict", "api-verdict", VerdictParams, OneOf[VerdictOf], "Answers")
def verdict(request: HttpRequest, params: Query[VerdictParams]) -> Record:
    """Does a platform train AI on the data of these people, in this place, on this day?"""
    asked, plan = platform_with_plan(params.platform)
    day = past(params.asof or timezone.localdate())
    reader = reader_asked(asked, params.place or "", params.people, params.plan or plan, day)
    return {
        **envelope("platforms", "uses", "states", "controls"),
        "item": verdict_on(asked, day, reader),
    }


@get("/verdicts", "api-verdicts", VerdictsParams, ListOf[AskedOf], "Answers")
def verdicts(request: HttpRequest, params: Query[VerdictsParams]) -> Record:
    """The answers of up to twenty platforms at once, in the order asked."""
    asked = _platforms_asked(params)
    day = past(params.asof or timezone.localdate())
    place = known_place(params.place or "")
    items = [_answered(each, day, place, params.people) for each in asked]
    return {
        **envelope("platforms", "uses", "states", "controls"),
        "total": len(items),
        "next": None,
        "items": items,
    }


def _platforms_asked(params: VerdictsParams) -> list[str]:
    """Return the names in their order. An empty one would shift the answers of those after it."""
    listed = params.platforms.split(",") if params.platforms else []
    if listed and params.name:
        raise Refused(400, "Invalid parameter", "name: give either `platforms` or `name`.")
    asked = [name.strip() for name in listed or params.name]
    if not 0 < len(asked) <= MOST_AT_ONCE or not all(asked):
        detail = f"platforms: give one to {MOST_AT_ONCE}, with commas between, and none empty."
        raise Refused(400, "Invalid parameter", detail)
    return asked


def _answered(asked: str, day: dt.date, place: str, people: People | None) -> Record:
    try:
        platform, plan = platform_with_plan(asked)
        item = verdict_on(platform, day, reader_asked(platform, place, people, plan, day))
    except Refused as error:
        refused = {
            "status": error.status,
            "title": error.title,
            "detail": error.detail,
            "allowed": None if error.allowed is None else list(error.allowed),
        }
        return {"asked": asked, "item": None, "refused": refused}
    return {"asked": asked, "item": item, "refused": None}


@get("/resolve", "api-resolve", ResolveParams, ResolvedList, "Answers")
def resolve(request: HttpRequest, params: Query[ResolveParams]) -> Record:
    """Which platforms a text means: an id, name, product, company, address or words."""
    items, unwatched = resolved(params.q)
    return {
        **envelope("platforms"),
        "q": params.q,
        "not_watched": unwatched or None,
        "total": len(items),
        "next": None,
        "items": items,
    }


def _page(request: HttpRequest, params: Paged, name: str, keys: Sequence[Key]) -> Record:
    """Return a page of the records with these keys."""
    if params.after and params.after not in dict(keys):
        raise unknown_after(f"there is no record “{params.after}” in this list")
    page = RESOURCES[name].page(keys, after=params.after, limit=params.limit)
    return {
        **envelope(name),
        "total": page.total,
        "next": address_with(request, after=page.items[-1]["id"]) if page.more else None,
        "items": page.items,
    }


def _one(name: str, wanted: str, **where: str) -> Record:
    found = RESOURCES[name].one(wanted, Q(**where))
    if found is None:
        raise Http404
    return {**envelope(name), "item": found}


def _where(**values: str | None) -> Q:
    """Return the condition that fields have values; those that were not asked for do not count."""
    return Q(**{name: value for name, value in values.items() if value})


def _platform(params: OfPlatform | DeclarationParams) -> str | None:
    return known_platform(params.platform).slug if params.platform else None


def _training(asked: bool | None, field: str) -> Q:
    of_training = Q(**{f"{field}__in": TRAINING_PURPOSES})
    return Q() if asked is None else of_training if asked else ~of_training


def _of_use(asked: str | None, path: str) -> Q:
    """Return the condition that a record is of the use with an id. path: from it to the use."""
    if not asked:
        return Q()
    platform, _slash, slug = asked.partition("/")
    if not Use.objects.published().filter(platform__slug=platform, slug=slug).exists():
        raise Refused(404, "Not found", f"use: there is no use “{asked}”.")
    public = {f"{path}status": PublicationStatus.PUBLISHED}
    return Q(**{f"{path}platform__slug": platform, f"{path}slug": slug}, **public)
