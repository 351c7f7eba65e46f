"""The shape of controls and guides: ways to refuse, and the steps there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Schema
from pydantic import Field

from consent.open_data.schemas import DateOf, PeopleAndPlaces, SourceOf, SurfaceOf


class LocalLabelOf(Schema):
    language: str = Field(description="ISO 639-1 code.")
    label: str
    path: str | None
    source: str = Field(description="Address of a page that shows the label.")


class OfferOf(PeopleAndPlaces):
    starts: DateOf | None
    ends: DateOf | None


class ControlOf(Schema):
    id: str
    platform: str
    label: str | None = Field(description="The exact words in the product.")
    name: str | None = Field(description="Our words, if the product has none.")
    refuse: str = Field(description="The act that refuses.")
    by: str
    binding: bool
    scope: str
    reach: str
    to: str | None
    labels: list[LocalLabelOf] = Field(description="The exact words in other languages.")
    former_labels: list[Any]
    uses: list[str]
    surfaces: list[SurfaceOf]
    offers: list[OfferOf]
    guides: list[str]
    note: str | None
    url: str


class StepOf(Schema):
    act: str
    expect: str | None


class GuideSurfaceOf(Schema):
    surface: str
    verified: DateOf | None
    reported_broken: bool
    steps: list[StepOf]


class GuideOf(Schema):
    id: str
    platform: str
    title: str
    controls: list[str]
    minutes: int | None
    who: str | None
    plans: list[str]
    before_you_start: list[str]
    frictions: list[str]
    how_to_check: str | None
    caveats: list[str] = Field(description="What this does not do.")
    trust: str
    verified: DateOf | None
    surfaces: list[GuideSurfaceOf]
    sources: list[SourceOf]
    updated_at: dt.datetime
    url: str
