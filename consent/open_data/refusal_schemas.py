"""The shape of controls and guides: ways to refuse, and the steps there."""

from __future__ import annotations

import datetime as dt

from ninja import Schema
from pydantic import Field

from consent.open_data.schemas import (
    SCOPE,
    DateOf,
    PeopleAndPlaces,
    SourceOf,
    SurfaceOf,
    of_list,
)


class LocalLabelOf(Schema):
    language: str = Field(description="ISO 639-1 code.")
    label: str = Field(description="The words in that language.")
    path: str | None = Field(description="The way through menus in that language.")
    source: str = Field(description="Address of a page that shows the label.")


class OfferOf(PeopleAndPlaces):
    starts: DateOf | None = Field(description="Since when.")
    ends: DateOf | None = Field(description="The first day without it.")


class ControlOf(Schema):
    """A way to refuse: its words in the product, where it is, and whom it is offered to."""

    id: str = Field(description="Platform and slug. It may be renamed; old ids lead on.")
    platform: str = Field(description="The id of the platform.")
    label: str | None = Field(description="The exact words in the product.")
    name: str | None = Field(description="Our words, if the product has none.")
    refuse: str = of_list("refuse", "The act that refuses.")
    by: str = of_list("by", "Who can act.")
    binding: bool = Field(description="False if the platform decides case by case.")
    scope: str = of_list("scope", SCOPE)
    reach: str = of_list("reach", "Whether it reaches what was given before.")
    to: str | None = Field(description="The recipient of a letter.")
    labels: list[LocalLabelOf] = Field(description="The exact words in other languages.")
    former_labels: list[str] = Field(description="Words that the product used before.")
    uses: list[str] = Field(description="The ids of the uses that it refuses.")
    surfaces: list[SurfaceOf] = Field(description="Where it is.")
    offers: list[OfferOf] = Field(
        description="To whom it is offered; empty: wherever one of its uses can be refused."
    )
    guides: list[str] = Field(description="The ids of guides that lead through it.")
    note: str | None = Field(description="Doubts and limits.")
    url: str = Field(description="Where our page has it.")


class StepOf(Schema):
    act: str = Field(description="What to do.")
    expect: str | None = Field(description="What should be seen after it.")


class GuideSurfaceOf(Schema):
    surface: str = of_list("surface", "Where the steps are taken.")
    verified: DateOf | None = Field(description="When somebody last walked them.")
    reported_broken: bool = Field(description="Whether readers say that they do not work.")
    steps: list[StepOf] = Field(description="One act each.")


class GuideOf(Schema):
    """The steps to refuse, on each surface."""

    id: str = Field(
        description="Its slug: the end of its address. It may be renamed; old ids lead on."
    )
    platform: str = Field(description="The id of the platform.")
    title: str = Field(description="What it does.")
    controls: list[str] = Field(description="The ids of the controls.")
    minutes: int | None = Field(description="How long it takes; null if it is not known.")
    who: str | None = Field(description="For whom the steps are, if not for all.")
    plans: list[str] = Field(description="For these plans, if steps differ by plan.")
    before_you_start: list[str] = Field(description="What is needed first.")
    frictions: list[str] = Field(
        description="What makes it harder than one switch: values of friction."
    )
    how_to_check: str | None = Field(description="How to see that it worked.")
    caveats: list[str] = Field(description="What this does not do.")
    trust: str = of_list("trust", "How far the steps can be trusted today.")
    verified: DateOf | None = Field(description="When somebody last walked all of it.")
    surfaces: list[GuideSurfaceOf] = Field(description="The steps on each surface.")
    sources: list[SourceOf] = Field(description="What it rests on.")
    updated_at: dt.datetime = Field(
        description="When its words last changed on our record; at first when they came onto it."
    )
    url: str = Field(description="Its page.")
