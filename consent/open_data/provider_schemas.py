"""The shape of the table of providers that programs send data to."""

from __future__ import annotations

import datetime as dt

from ninja import Schema
from pydantic import Field, create_model

from consent.open_data.schemas import (
    GIVES_UP,
    REPORTERS,
    SAID_BY,
    SCOPE,
    PartOf,
    SinceOf,
    SourceOf,
    of_list,
)

#: "in" is a word of Python, which no class can name a field by.
ParameterOf = create_model(
    "ParameterOf",
    __base__=Schema,
    **{
        "in": (str, Field(description="query, header, body or host.", examples=["header"])),
        "name": (
            str | None,
            Field(description="With dots within a body; null for a host.", examples=["X-Opt-Out"]),
        ),
        "value": (str, Field(description="What to send; the host to ask.", examples=["true"])),
    },
)  # type: ignore[call-overload]


class ProviderWayOf(Schema):
    """A way to refuse, once for each surface."""

    control: str = Field(description="The id of the control.")
    label: str | None = Field(description="Its words in the product, or ours if it has none.")
    in_words: str = Field(description="The act and the label together.")
    uses: list[str] = Field(description="The ids of the uses that it refuses here.")
    best: bool = Field(
        description="True: all of these together refuse what can be refused; they are the ways_out"
        " of the verdict. False: it can take the place of a best one for the uses of both."
    )
    refuse: str = of_list("refuse", "The act that refuses.")
    gives_up: bool = Field(description=GIVES_UP)
    is_parameter: bool = Field(description="Whether it is sent along with each request.")
    by: str = of_list("by", "Who can act.")
    binding: bool = Field(description="False if the provider decides case by case.")
    scope: str = of_list("scope", SCOPE)
    surface: str | None = Field(description="Where it is: api, web and so on.")
    path: str | None = Field(description="The parameter of a request, or the way through menus.")
    deep_link: str | None = Field(description="A page that leads to it.")
    guides: list[str] = Field(description="Addresses of guides with the steps.")


class ProviderOf(Schema):
    """What happens to data that a program sends to a provider on one plan."""

    id: str = Field(description="Platform and plan. It stays.", examples=["deepgram/growth"])
    platform: str = Field(description="The id of the platform.")
    provider: str = Field(description="The company.")
    product: str = Field(description="The name of the platform.")
    plan: str = Field(description="As the provider writes it.")
    plan_aliases: list[str] = Field(description="Other and former names of the plan.")
    paid: bool | None = Field(description="Null if it is not on record.")
    people: str = of_list(
        "people", "Whose answer this is; organisations where they can have the plan."
    )
    place: str | None = Field(description="The place asked for; null: the whole world.")
    default: str = of_list("stance", "What happens if nobody does anything.")
    in_words: str = Field(
        description="The answer in brief, with who reports it and whether it is disputed."
    )
    headline: str = Field(
        description="The answer with people, parts and who says so, as the platform's page has it."
    )
    reason: str | None = of_list("unknown_because", "Why nothing is known.")
    reason_in_words: str | None = Field(description="The same, as the headline says it.")
    parts: list[PartOf] = Field(description="The answers, if there is more than one.")
    way: str | None = of_list(
        "way", "Whether people can refuse. Null where nothing is known, and where it depends."
    )
    parameter: ParameterOf | None = Field(
        description="What a request sends along to refuse all of it, for itself; null if there is"
        " nothing, it is not known, or it refuses only a part."
    )
    ways_out: list[ProviderWayOf] = Field(
        description="All ways to refuse, the best first. Empty where nothing has to be refused."
    )
    retention: str | None = Field(description="How long data is kept, where a page states it.")
    retention_source: str | None = Field(description="The page that states it.")
    basis: str | None = of_list("word", "The weakest of the sources of what decides.")
    said_by: str | None = Field(description=SAID_BY)
    reporters: list[str] = Field(description=REPORTERS)
    disputed: bool = Field(description="Whether sources disagree about all that it rests on.")
    since: SinceOf | None = Field(description="Since when, as in a verdict; null if unknown.")
    last_checked: dt.datetime | None = Field(
        description="When we last read a page that this rests on, by a visit or by hand; null: not"
        " yet, or no page is on record."
    )
    watched: bool = Field(description="Whether workers visit such a page today.")
    recorded_at: dt.datetime | None = Field(
        description="When our record of it last changed. That is no reading of its pages."
    )
    notes: list[str] = Field(
        description="Doubts and limits: of the states that decide, and of uses by programs."
    )
    sources: list[SourceOf] = Field(
        description="What this rests on, with the words if they are short."
    )
    url: str = Field(description="The page of the platform.")
