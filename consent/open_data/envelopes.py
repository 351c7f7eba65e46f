"""The shape of every answer of the API: what it says of itself, around records."""

from __future__ import annotations

import datetime as dt
from typing import Generic, TypeVar

from ninja import Schema
from pydantic import Field

from consent.open_data.provider_schemas import ProviderOf
from consent.open_data.schemas import (
    EntryOf,
    FigureOf,
    MatrixCellOf,
    ResolvedOf,
    StateOf,
    VerdictOf,
    shows,
)

SCHEMA_VERSION = "1.3"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
#: What that licence does not cover.
RIGHTS = (
    "Titles of sources, labels of switches, names of platforms and quoted words belong to those who"
    " wrote them. They are short citations, given as evidence; CC BY 4.0 does not cover them."
)
Item = TypeVar("Item")


class Envelope(Schema):
    """What every answer says of itself."""

    schema_version: str = Field(
        description="The version of these shapes.", examples=[SCHEMA_VERSION]
    )
    generated_at: dt.datetime = Field(description="When this answer was made.")
    last_modified: dt.datetime | None = Field(description="The last change of what the list has.")
    licence: str = Field(description="The licence of our words and facts.", examples=[LICENCE])


class ListOf(Envelope, Generic[Item]):
    """A page of a list."""

    total: int = Field(description="How many records the whole list has.")
    next: str | None = Field(description="The address of the next page; null on the last one.")
    items: list[Item] = Field(
        description="The records, in the order of ids if nothing else is said."
    )


class StateList(ListOf[StateOf]):
    asof: dt.date | None = Field(description="The day asked for; null: all states.")


class GoneOf(Schema):
    """An entry that a program may have and that is no longer part of what it asks for."""

    id: str = Field(description="The id of the entry.")
    number: int = Field(description="Of the change by which it went.")
    version: int = Field(description="The version that is gone.")


class EntryList(ListOf[EntryOf]):
    """Changes, and from where to go on next time."""

    cursor: str = Field(
        description="What to send as `since` next time. In a walk by cursor keep that of the last"
        " page; in a view of the timeline that of the first page."
    )
    gone: list[GoneOf] = Field(
        description="Entries that are no part of what was asked for any more."
    )


class MatrixList(ListOf[MatrixCellOf]):
    asof: dt.date = Field(description="The day of the answers.")


class FigureList(ListOf[FigureOf]):
    """The figures of a day. It comes in one piece."""

    asof: dt.date = Field(description="The day of the figures.")
    as_published: bool = Field(
        description=(
            "They were recorded for good on that day, or when the site began on the next; else"
            " they are what is on record now about it."
        )
    )
    definition: str = Field(description="What is counted.")
    definition_version: int = Field(description="Another text has another version.")
    in_words: str = Field(description="The figures as our pages write them.")
    operator: str | None = Field(
        description="Of the list of-one-operator. Null if several have as many: it is left out."
    )


class ProviderList(ListOf[ProviderOf]):
    """The table of providers. It comes in one piece."""

    place: str | None = Field(description="The place asked for, as a code.")


class ResolvedList(ListOf[ResolvedOf]):
    """The platforms that a text may mean, the surest first."""

    q: str = Field(description="The text.")
    not_watched: str | None = Field(
        description="A well-known service that the text names and that we do not watch."
    )


class RefusalOf(Schema):
    """Why there is no answer."""

    status: int = Field(description="The status that the question alone would have.")
    title: str = Field(description="The kind of error.")
    detail: str = Field(description="What is wrong.")
    allowed: list[str] | None = Field(
        description=(
            "What can be asked instead, if that is a list; of days, the first and the last."
        )
    )


class AskedOf(Schema):
    """One of several questions, with its answer or the reason why there is none."""

    asked: str = Field(description="The platform as it was asked for.")
    item: VerdictOf | None = Field(description="The answer; null if there is none.")
    refused: RefusalOf | None = Field(description="Why there is none; null if there is one.")


class OneOf(Envelope, Generic[Item]):
    item: Item = Field(description="The record.")


class Problem(Schema):
    """Why a request was refused (RFC 9457)."""

    model_config = shows(
        type="https://default-on.example/api#unknown-parameter",
        title="Unknown parameter",
        status=400,
        detail="There is no parameter “platfrom”. There are: after, lang, limit, platform.",
        instance="/api/v1/uses",
        parameters=["after", "lang", "limit", "platform"],
    )
    type: str = Field(description="An address that explains this kind of error.")
    title: str = Field(description="The kind of error.")
    status: int = Field(description="The status of the answer.")
    detail: str = Field(description="What is wrong.")
    instance: str = Field(description="The path that was asked for.")
    parameters: list[str] | None = Field(None, description="The parameters that there are.")
    allowed: list[str] | None = Field(
        None, description="The values that can be asked for; of days, the first and last one."
    )
    begin_again: str | None = Field(
        None, description="The address to begin again with, if a cursor is gone or is none."
    )


class Index(Envelope):
    resources: dict[str, str] = Field(description="Addresses by the names of lists and questions.")
