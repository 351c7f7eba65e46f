"""The schema of catalog files: settings, entries, guides, and references to laws and courts."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, unquote

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from consent.declarations.dates import PartialDate
from consent.vocabulary import (
    Basis,
    Confidence,
    DataKind,
    Direction,
    Effect,
    PublicationStatus,
    Reach,
    ReferenceKind,
    Route,
    StateValue,
    Surface,
)
from platforms.declarations import (
    Declaration,
    Line,
    Moment,
    PageDeclaration,
    PlatformDeclaration,
    Slug,
    Text,
    Url,
)

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
SettingName = Annotated[
    str, StringConstraints(pattern=r"^([a-z0-9-]+/)?[a-z0-9]+(-[a-z0-9]+)*$", max_length=141)
]
Commit = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
_Published = TypeVar("_Published", "GuideDeclaration", "EntryDeclaration")
_OTA = "Open Terms Archive"
_OTA_FILE = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/blob/([0-9a-f]{40})/(.+)")


class ReferenceDeclaration(Declaration):
    """A regulator, court, law or watchdog that entries name."""

    slug: Slug = Field(max_length=60)
    name: Line = Field(max_length=160)
    kind: ReferenceKind
    country: Line = Field(max_length=60)
    url: Url = Field(max_length=500)


class ReferencesFile(Declaration):
    """The file _references.yaml."""

    references: tuple[ReferenceDeclaration, ...]


class StateDeclaration(Declaration):
    """What a setting is from one day on, until the next state of the list begins."""

    value: StateValue
    since: PartialDate | None = Field(
        default=None,
        description="Its first day. Left out (first state only): since when is unknown.",
    )
    until: PartialDate | None = Field(
        default=None, description="The day it no longer holds, if no other state begins just then."
    )
    opened_by: Key | None = Field(default=None, description="Key of the entry that brought it.")
    closed_by: Key | None = Field(
        default=None, description="Key of the entry that ended it, if not the next one's."
    )
    disputed: bool = Field(default=False, description="Sources disagree; the note says how.")
    note: str = ""


class SettingDeclaration(Declaration):
    """A control or rule: data kinds × audience × region, and the route to say no."""

    slug: Slug
    former_slugs: tuple[Slug, ...] = Field(default=(), description="Slugs this setting had.")
    label: Line = Field(max_length=300, description="The exact words in the product.")
    covers: Text = Field(description="Which data it is about.")
    data_kinds: tuple[DataKind, ...] = ()
    audience: Line = Field(default="everyone", max_length=120)
    region: Line = Field(default="worldwide", max_length=120)
    path: Annotated[str, StringConstraints(max_length=500)] = Field(
        default="", description="Menu path, parts joined by ' › '."
    )
    route: Route
    reach: Reach = Reach.UNSTATED
    deep_link: Annotated[Url, Field(max_length=1000)] | None = None
    pages: tuple[Url, ...] = Field(default=(), description="URLs of the pages this rests on.")
    states: tuple[StateDeclaration, ...] = Field(description="Oldest first.")
    note: str = ""


class OpenTermsArchiveRecord(Declaration):
    """One version that Open Terms Archive recorded."""

    repo: Annotated[str, StringConstraints(pattern=r"^[\w.-]+/[\w.-]+$")]
    path: Line
    commit: Commit

    @property
    def commit_url(self) -> str:
        return f"https://github.com/{self.repo}/commit/{self.commit}"

    @property
    def file_url(self) -> str:
        return f"https://github.com/{self.repo}/blob/{self.commit}/{quote(self.path)}"

    @classmethod
    def from_file_url(cls, url: str) -> OpenTermsArchiveRecord | None:
        """Read back what file_url writes; None for any other address."""
        match = _OTA_FILE.fullmatch(url)
        if match is None:
            return None
        return cls(repo=match[1], path=unquote(match[3]), commit=match[2])


def _archive_stands_for_address(schema: dict[str, Any]) -> None:
    """Describe the validator below in the JSON schema: ota replaces url and publisher."""
    del schema["required"]
    schema["anyOf"] = [{"required": ["url", "publisher"]}, {"required": ["ota"]}]


class SourceDeclaration(Declaration):
    """What an entry or a guide rests on. A record of Open Terms Archive needs no url."""

    model_config = ConfigDict(json_schema_extra=_archive_stands_for_address)

    url: Url
    publisher: Line = Field(max_length=160)
    title: Annotated[str, StringConstraints(max_length=300)] = ""
    date: PartialDate | None = Field(default=None, description="When it was published.")
    archived_url: Url | None = Field(default=None, description="Where others keep a copy.")
    ota: OpenTermsArchiveRecord | None = None
    seen_via: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="Cited there; the page itself was not read."
    )
    quote: str = Field(default="", description="Its own words, as few as carry the claim.")
    snapshot: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="SHA-256 of our own capture of this address."
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_from_archive(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("ota"), dict):
            ota = given["ota"]
            if "archived_url" in given:
                raise ValueError("has ota and archived_url; the record itself is the archive")
            commit_url = f"https://github.com/{ota.get('repo')}/commit/{ota.get('commit')}"
            return {"url": commit_url, "publisher": _OTA, **given}
        return given

    @model_validator(mode="after")
    def _record_is_written_as_such(self) -> SourceDeclaration:
        if self.archived_url and OpenTermsArchiveRecord.from_file_url(self.archived_url):
            raise ValueError("archived_url is a record of Open Terms Archive; write it as ota")
        return self

    def as_written(self) -> dict[str, Any]:
        """Return plain data without what follows from the archive's record."""
        data = self.as_data()
        if self.ota is not None:
            if self.url == self.ota.commit_url:
                del data["url"]
            if self.publisher == _OTA:
                del data["publisher"]
        return data


class StepDeclaration(Declaration):
    """One act, and what should be seen after it."""

    act: Text
    expect: str = ""


class SurfaceDeclaration(Declaration):
    """The steps on one surface. Only a real walk through them sets `verified`."""

    surface: Surface
    verified: dt.date | None = None
    verified_by: Annotated[str, StringConstraints(max_length=20)] = Field(
        default="", description="Initials."
    )
    steps: tuple[StepDeclaration, ...] = Field(min_length=1)


class GuideDeclaration(Declaration):
    """How to say no."""

    slug: Key
    former_slugs: tuple[Key, ...] = Field(
        default=(), description="Slugs this guide had; addresses with them lead on."
    )
    title: Line = Field(max_length=120)
    settings: tuple[SettingName, ...] = ()
    pages: tuple[Url, ...] = Field(default=(), description="URLs of the pages these steps rest on.")
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    applies_to: Line = Field(default="everyone", max_length=200)
    deep_link: Url | None = None
    before_you_start: tuple[Text, ...] = ()
    surfaces: tuple[SurfaceDeclaration, ...]
    how_to_check: str = ""
    caveats: tuple[Text, ...] = Field(default=(), description="What this does not do.")
    sources: tuple[SourceDeclaration, ...] = ()
    note: str = ""
    status: PublicationStatus = PublicationStatus.PUBLISHED
    reason: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="Why draft or retracted."
    )

    @model_validator(mode="after")
    def _unpublished_has_reason(self) -> GuideDeclaration:
        return _with_reason(self)


class EntryDeclaration(Declaration):
    """One event of the real world, on however many platforms it happened."""

    key: Key = Field(description="Stable; never changed, for it makes the public address.")
    title: Line = Field(max_length=90, description="One sentence, present tense, neutral.")
    summary: Text
    platforms: tuple[Slug, ...] = Field(
        default=(),
        description="Left out: the platform of this file. Several: in alphabetical order.",
    )
    settings: tuple[SettingName, ...] = Field(
        default=(), description="slug, or platform/slug for a setting of another platform."
    )
    references: tuple[Slug, ...] = Field(default=(), description="Slugs from _references.yaml.")
    effects: tuple[Effect, ...] = Field(min_length=1)
    direction: Direction
    data_kinds: tuple[DataKind, ...] = ()
    regions: tuple[Text, ...] = Field(min_length=1)
    audience: Line = Field(default="everyone", max_length=120)
    announced: PartialDate | None = None
    effective: PartialDate | None = None
    deadline: PartialDate | None = None
    observed_from: Moment | None = Field(
        default=None, description="Our last visit that found the page unchanged."
    )
    observed_to: Moment | None = Field(
        default=None, description="Our first visit that found it changed."
    )
    confidence: Confidence
    basis: Basis
    note: str = Field(default="", description="Doubts and disagreements of sources; public.")
    sources: tuple[SourceDeclaration, ...] = ()
    status: PublicationStatus = PublicationStatus.PUBLISHED
    reason: Annotated[str, StringConstraints(max_length=300)] = Field(
        default="", description="Why draft or retracted."
    )
    published: Moment | None = Field(
        default=None, description="Left out: the day of its newest source or announcement."
    )
    updated: Moment | None = Field(default=None, description="Left out: when it was published.")

    @model_validator(mode="after")
    def _unpublished_has_reason(self) -> EntryDeclaration:
        dates = (self.announced, self.effective, self.observed_to, self.published)
        if self.status == PublicationStatus.PUBLISHED and not any(dates):
            raise ValueError("has no date; add announced, effective or observed_to")
        return _with_reason(self)


class CatalogFile(PlatformDeclaration):
    """One platform, whole. The name of the file is the platform's slug."""

    pages: tuple[PageDeclaration, ...] = ()
    settings: tuple[SettingDeclaration, ...] = ()
    entries: tuple[EntryDeclaration, ...] = ()
    guides: tuple[GuideDeclaration, ...] = ()

    def platform(self) -> PlatformDeclaration:
        """Return the declaration of the platform itself."""
        return PlatformDeclaration.model_construct(
            **{name: getattr(self, name) for name in PlatformDeclaration.model_fields}
        )


def _with_reason(declaration: _Published) -> _Published:
    if declaration.status != PublicationStatus.PUBLISHED and not declaration.reason:
        raise ValueError(f"is {declaration.status.value} without a reason; add reason")
    return declaration
