"""Schema of the part of a catalog file that describes a platform and its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from platforms.days import is_within_bounds
from platforms.declarations.partial_dates import PartialDate
from platforms.places import WORLD, Where, code_error, errors
from platforms.vocabulary import Access, Category, FetchMode, PageKind, People, PlanKind


class Declaration(BaseModel):
    """A part of a catalog file. Unknown keys and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    #: Keys that are allowed here in a file, although the model has them in another place.
    also_written: ClassVar[Sequence[str]] = ()
    #: Keys that come first in a file, before inherited ones.
    written_first: ClassVar[Sequence[str]] = ()

    def in_full(self, *, without: Collection[str] = ()) -> dict[str, Any]:
        """Return plain data with all defaults, as versions of records store it."""
        return self.model_dump(mode="json", by_alias=True, exclude={*without})

    def as_data(self) -> dict[str, Any]:
        """Return plain data as in a file, without values that are the default."""
        data = self.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        return {key: data[key] for key in self.written_first if key in data} | data


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise ValueError(f"{text!r} is not a web address; begin it with https://")
    if any(character.isspace() for character in text):
        raise ValueError(f"{text!r} contains a space; write the address as a browser shows it")
    return text


def _known_place(code: str) -> str:
    if problem := code_error(code):
        raise ValueError(problem)
    return code


def _known_place_or_world(code: str) -> str:
    return code if code == WORLD else _known_place(code)


def _parse_moment(value: Any) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(
            f"{value!r} is not a time; write it as '2024-07-26' or '2024-07-26T14:30:00+00:00'"
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    moment = moment.astimezone(dt.UTC)
    if not is_within_bounds(moment):
        raise ValueError(f"{value!r} is not possible; give a time from 1970 to 2100")
    return moment


def _write_moment(moment: dt.datetime) -> str:
    midnight = moment.time() == dt.time()
    return moment.date().isoformat() if midnight else moment.isoformat()


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\n]+$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Url = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_web_address)]
PlaceCode = Annotated[str, AfterValidator(_known_place)]
PlaceOrWorld = Annotated[str, AfterValidator(_known_place_or_world)]
Moment = Annotated[
    dt.datetime,
    BeforeValidator(_parse_moment),
    PlainSerializer(_write_moment),
    WithJsonSchema({"type": "string", "description": "A day or a time with its zone; UTC."}),
]
#: Chosen: before each one a visit pauses, and the page stays claimed meanwhile.
MOST_FURTHER_URLS = 12
RangeEdge = Literal["startBefore", "startAfter", "endBefore", "endAfter"]
Selector = Text | dict[RangeEdge, Text]


class PauseDeclaration(Declaration):
    """Why a page is not visited, and since when."""

    since: Moment
    reason: Line = Field(max_length=200)


def why_not_one_text(url: str, further: Sequence[str]) -> str:
    """Return why these addresses cannot be read as one text, as a message; "" if they can.

    They must be on one host, because a visit takes its turn and checks its robots.txt only once.
    """
    if len(further) > MOST_FURTHER_URLS:
        return f"a page has at most {MOST_FURTHER_URLS} further addresses"
    if len({url, *further}) <= len(further):
        return "an address is there twice"
    host = urlsplit(url)[:2]
    for address in further:
        if urlsplit(address)[:2] != host:
            return f"{address!r} is not on {'://'.join(host)}; watch it as a page of its own"
    return ""


class WhereDeclaration(Declaration):
    """Places in codes: ISO 3166-1, ISO 3166-2 for parts of a country, EU, EEA. None: worldwide."""

    places: tuple[PlaceCode, ...] = ()
    except_places: tuple[PlaceCode, ...] = Field(
        default=(), alias="except", description="Excluded from places, or from the world."
    )
    some_of: tuple[PlaceOrWorld, ...] = Field(
        default=(), description="Certain places among these that the sources do not name."
    )

    @property
    def where(self) -> Where:
        """The places as platforms.places reads them."""
        return Where(self.places, self.except_places, self.some_of)

    @model_validator(mode="after")
    def _places_fit_together(self) -> Self:
        if problems := errors(self.where):
            raise ValueError("; ".join(problems))
        return self


class PageDeclaration(WhereDeclaration):
    """One watched URL, or several that together contain one text."""

    written_first = ("url", "further_urls", "kind", "title", "language")

    url: Url = Field(description="As a browser shows it. Once per platform.")
    further_urls: tuple[Url, ...] = Field(
        default=(),
        description="Addresses with the rest of the same text, on the same host, in order.",
    )
    kind: PageKind
    title: Line = Field(max_length=200)
    language: Line = Field(default="en", max_length=10)
    select: tuple[Selector, ...] = Field(
        default=(), description="CSS selectors, or ranges, of the watched part."
    )
    remove: tuple[Selector, ...] = Field(default=(), description="CSS selectors left out.")
    fetch_mode: FetchMode = FetchMode.HTTP
    access: Access = Access.PUBLIC
    note: str = ""
    robots_override_reason: str = Field(
        default="", description="Why this page is read although robots.txt asks us not to."
    )
    paused: PauseDeclaration | None = None

    @model_validator(mode="after")
    def _addresses_are_one_text(self) -> Self:
        if why := why_not_one_text(self.url, self.further_urls):
            raise ValueError(f"further_urls: {why}")
        return self


class ContactDeclaration(Declaration):
    """Where to send an objection."""

    email: Annotated[str, StringConstraints(max_length=200, pattern=r"^[^@\s]+@[^@\s]+$")] = ""
    form: Url | None = None
    post: Annotated[str, StringConstraints(max_length=500)] = ""
    source: Url | None = Field(
        default=None, description="The page that names it, or an archived version of that page."
    )


PlanName = Annotated[Line, Field(max_length=80)]


class PlanDeclaration(Declaration):
    """A plan that people or organisations have there, free or paid, or had."""

    name: PlanName = Field(description="As the platform writes it.")
    aliases: tuple[PlanName, ...] = Field(
        default=(), description="Other and former names that people may type."
    )
    includes: tuple[PlanName, ...] = Field(
        default=(), description="Plans of the list that this is a common name for."
    )
    people: tuple[People, ...] = Field(
        default=(), description="For whom it is. Left out: not on record."
    )
    paid: bool | None = Field(default=None, description="Left out: not on record.")
    former: bool = Field(default=False, description="No longer sold; since when is not on record.")
    since: PartialDate | None = Field(default=None, description="Its first day.")
    until: PartialDate | None = Field(default=None, description="The first day without it.")
    kind: PlanKind = PlanKind.PLAN
    retention: Annotated[Line, Field(max_length=200)] | None = Field(
        default=None, description="How long what is sent is kept, in our words, as a page states."
    )
    retention_source: Url | None = Field(default=None, description="The page that states it.")

    @model_validator(mode="after")
    def _retention_has_its_source(self) -> Self:
        if bool(self.retention) != bool(self.retention_source):
            raise ValueError("has half of retention; write both retention and retention_source")
        return self

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.since and self.until and self.until.on <= self.since.on:
            raise ValueError(f"ends {self.until}, not after it begins")
        return self


class PlansDeclaration(Declaration):
    """The closed list of plans. Branches, offers, entries and guides name plans of it."""

    complete: bool = Field(default=False, description="Whether all plans that are sold are in it.")
    of: tuple[PlanDeclaration, ...] = Field(alias="list", min_length=1)

    @model_validator(mode="after")
    def _names_lead_to_one_plan(self) -> Self:
        names = {plan.name for plan in self.of}
        taken: set[str] = set()
        for plan in self.of:
            for name in (plan.name, *plan.aliases):
                if name.casefold() in taken:
                    raise ValueError(f"the name {name!r} is there twice; each leads to one plan")
                taken.add(name.casefold())
            for included in plan.includes:
                if included not in names or included == plan.name:
                    raise ValueError(f"{plan.name} includes {included!r}; name another plan of it")
        return self


_Age = Annotated[int, Field(ge=1, le=21)]


class AgeInPlacesDeclaration(Declaration):
    """How old people must be to have an account in some places."""

    age: _Age
    places: tuple[PlaceCode, ...] = Field(min_length=1)


class AgeAtSchoolDeclaration(Declaration):
    """Who says that accounts of a school are for younger children too."""

    source: Url
    said_by: str = Field(
        default="", max_length=160, description="Who says so, where that is not the platform."
    )


class MinAgeDeclaration(Declaration):
    """How old people must be to have an account, with the page that says so."""

    age: _Age
    source: Url
    elsewhere: tuple[AgeInPlacesDeclaration, ...] = Field(
        default=(), description="Another age in places that the page names."
    )
    at_school: AgeAtSchoolDeclaration | None = Field(
        default=None, description="Children below these ages have accounts through a school."
    )


class SameAsDeclaration(Declaration):
    """The same service in the lists of others. Only what a stored source proves."""

    wikidata: Annotated[str, StringConstraints(pattern=r"^Q[1-9]\d{0,11}$")] | None = None
    tosdr: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Number of a service of Terms of Service; Didn't Read."
    )
    ota: tuple[Annotated[Line, Field(max_length=120)], ...] = Field(
        default=(), description="Collection and service of Open Terms Archive: pga/Reddit."
    )
    justdeleteme: Annotated[Line, Field(max_length=80)] | None = Field(
        default=None, description="Name in the list of JustDeleteMe."
    )
    datenanfragen: Slug | None = Field(
        default=None, description="Company record of Datenanfragen.de whose website it is."
    )


class OperatorBeforeDeclaration(Declaration):
    """A company that answered for the service before another one did."""

    name: Line = Field(max_length=160)
    until: PartialDate = Field(description="The first day or month of the next company.")
    by: Line = Field(default="", max_length=80, description="What dates it so: its business terms.")
    announced: PartialDate | None = Field(
        default=None, description="When it was said in public that the next company would follow."
    )
    source: Url | None = Field(default=None, description="The page that says until when.")


class OwnerDeclaration(Declaration):
    """A company that owns the one that answers for the service, or owned it before."""

    name: Line = Field(max_length=80)
    since: PartialDate | None = Field(default=None, description="Left out: not known.")
    source: Url | None = Field(default=None, description="The page that says since when.")

    @model_validator(mode="after")
    def _has_a_source_for_its_day(self) -> Self:
        if self.since and not self.source:
            raise ValueError(f"says that {self.name} owns it since {self.since}; add the source")
        return self


class PlatformDeclaration(Declaration):
    """A service people use. Its slug is the name of its file."""

    name: Line = Field(max_length=80)
    operator: Line = Field(max_length=160)
    operators_before: tuple[OperatorBeforeDeclaration, ...] = Field(
        default=(), description="Companies that answered for it before, the latest first."
    )
    owners: tuple[OwnerDeclaration, ...] = Field(
        default=(), description="Who owns the operator, and who did before, the latest first."
    )
    category: Category
    homepage: Url
    aliases: tuple[Text, ...] = Field(default=(), description="Names and domains people type.")
    former_slugs: tuple[Slug, ...] = Field(
        default=(),
        description="Former names of this file; their addresses redirect to the present one.",
    )
    summary: str = Field(
        default="", description="What happens to people's data here, in two or three lines."
    )
    note: str = ""
    listed: bool = Field(default=True, description="Whether readers see it.")
    second_review: bool = Field(
        default=False,
        description="Whether a second editor confirms what is published about it at the desk.",
    )
    contact: ContactDeclaration | None = None
    plans: PlansDeclaration | None = Field(
        default=None, description="Left out: no list is on record, and no record names a plan."
    )
    parts: tuple[Annotated[Line, Field(max_length=80)], ...] = Field(
        default=(), description="Parts of the product to which uses may be limited."
    )
    min_age: MinAgeDeclaration | None = None
    same_as: SameAsDeclaration | None = Field(
        default=None, description="Ids in the lists of others."
    )
