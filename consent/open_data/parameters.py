"""The parameters of the API. Those of the filters of pages are made from their forms."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from django import forms
from django.conf import settings
from django.utils.translation import override
from ninja import Schema
from pydantic import BeforeValidator, Field, create_model

from consent.ledger.answers import Answer
from consent.ledger.filters import TimelineFilters
from consent.ledger.matrix import MatrixFilters
from consent.ledger.reader_place import PlaceField
from consent.vocabulary import DataKind, People, Purpose, StatementLaw, StateValue
from consent.web.day_input import DayField
from consent.web.filter_form import FilterForm
from platforms.vocabulary import Category, PageKind

MOST = 500
USUAL = 50

_PLACE = (
    "A country or a part of one, by code (ISO 3166: CH, US-CA) or name, EU or EEA; empty: anywhere."
)
_PLATFORM = "A platform: its id, name, another name, or a domain of it."

if TYPE_CHECKING:
    _Language = str
else:
    _Language = Literal[tuple(dict(settings.LANGUAGES))]


def _written_as_a_day(value: object) -> object:
    """Refuse numbers, which would count as seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("give a day as 2026-03-31")
    return value


Day = Annotated[dt.date, BeforeValidator(_written_as_a_day)]


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


def _with_empty(schema: dict[str, Any]) -> None:
    schema["anyOf"].append({"type": "string", "maxLength": 0})


Value = TypeVar("Value")
#: As forms send what is not filled in.
OrEmpty = Annotated[
    Value | None, BeforeValidator(_none_if_empty), Field(json_schema_extra=_with_empty)
]


class Params(Schema):
    lang: _Language = Field(settings.LANGUAGE_CODE, description="The language of words.")


class Paged(Params):
    limit: int = Field(
        USUAL, ge=1, le=MOST, description=f"Most records in one answer: {USUAL}, or up to {MOST}."
    )
    after: str | None = Field(
        None,
        max_length=400,
        description="The id of the last record before, as in “next”. The list goes on after it.",
    )


class OfPlatform(Paged):
    platform: str | None = Field(None, max_length=60, description=_PLATFORM)


class PlatformParams(Paged):
    category: Category | None = Field(None, description="Only platforms of this kind.")
    answer: Answer | None = Field(
        None, description="Only platforms with this answer of today for anybody."
    )


class UseParams(OfPlatform):
    purpose: Purpose | None = Field(None, description="Only uses for this purpose.")
    training: bool | None = Field(None, description="Only uses that count as training, or others.")
    datakind: DataKind | None = Field(None, description="Only uses of this kind of data.")


class StateParams(OfPlatform):
    use: str | None = Field(None, max_length=160, description="The id of a use.")
    value: StateValue | None = Field(None, description="Only states with this value.")
    training: bool | None = Field(None, description="Only states of uses for training, or others.")
    asof: Day | None = Field(
        None, description="Only the state of each branch that holds on this day, up to today."
    )


class ControlParams(OfPlatform):
    use: str | None = Field(None, max_length=160, description="The id of a use.")


class PageParams(OfPlatform):
    kind: PageKind | None = Field(None, description="Only pages of this kind.")
    watched: bool | None = Field(None, description="Only pages that are visited today, or others.")


class DeclarationParams(OfPlatform):
    law: StatementLaw | None = Field(None, description="Only under this law.")


class FigureParams(Params):
    asof: OrEmpty[Day] = Field(None, description="A day up to today; without it today.")
    as_published: bool = Field(
        True,
        description=(
            "The figures of a day that is over as they were published on it, whatever was"
            " corrected since: those of /numbers/ and the day. Of the day before the site began, as"
            " recorded on the next. Where none were recorded, and with false: from what is on"
            " record now."
        ),
    )


class ProviderParams(Params):
    place: str | None = Field(None, max_length=60, description=_PLACE, examples=["DE"])


class ResolveParams(Params):
    q: str = Field(
        ...,
        min_length=1,
        max_length=200,
        description="An id, a name, a product, a company, an address or words.",
        examples=["linkedin.com"],
    )


#: Platforms in one request for verdicts.
MOST_AT_ONCE = 20


class VerdictsParams(Params):
    platforms: str = Field(
        "",
        max_length=2600,
        description=(
            f"Up to {MOST_AT_ONCE} platforms with commas between: ids, names or domains. A plan"
            " follows after a colon."
        ),
        examples=["linkedin,chatgpt.com:Team,Slack"],
    )
    name: list[str] = Field(
        [],
        description="Instead of `platforms`: one of them, also with a comma in it; several times.",
    )
    place: str | None = Field(None, max_length=60, description=_PLACE, examples=["Germany"])
    people: OrEmpty[People] = Field(
        None, description="Without it: whom each platform's uses are for."
    )
    asof: OrEmpty[Day] = Field(None, description="A day up to today; without it today.")


class VerdictParams(Params):
    platform: str = Field(..., max_length=60, description=_PLATFORM)
    place: str | None = Field(None, max_length=60, description=_PLACE, examples=["CH"])
    people: OrEmpty[People] = Field(
        None, description="Without it: whom the platform's uses are for."
    )
    plan: str | None = Field(
        None,
        max_length=80,
        description="A plan on record for the platform; any other is refused with those that are.",
    )
    asof: OrEmpty[Day] = Field(None, description="A day up to today; without it today.")


#: A cursor with the epoch of the database, 0 for the beginning, or a day.
SINCE = r"^(0|[0-9a-f]{8}\.[0-9]{1,18}|[0-9]{4}-[0-9]{2}-[0-9]{2})$"


class SinceParams(Paged):
    since: str | None = Field(
        None,
        description=(
            "What changed after a cursor, in the order of changes: begin with 0 and go on with"
            " “cursor”. Or a day: entries from this day on, as on the timeline; go on with the"
            " “cursor” of the first page."
        ),
        pattern=SINCE,
        examples=["0", "2024-07-26"],
    )


def _of_form(name: str, form: type[FilterForm], base: type[Params]) -> type[Params]:
    """Return parameters that are the fields of a form, by the names that the pages use."""
    fields: dict[str, Any] = {}
    with override("en"):
        for field_name, field in form.base_fields.items():
            if field_name not in base.model_fields:
                # A checkbox of a page takes anything for a yes; here only what is described.
                is_box = isinstance(field, forms.BooleanField)
                kind: Any = Literal["", "on"] | None if is_box else str | None
                fields[field_name] = (kind, _described(field))
    return create_model(name, __base__=base, **fields)


#: As forms send it: empty if it is not filled in.
_A_DAY: list[Any] = [
    {"type": "string", "format": "date"},
    {"type": "string", "maxLength": 0},
    {"type": "null"},
]


def _described(field: forms.Field) -> Any:
    label = str(field.label)
    if isinstance(field, PlaceField):
        return Field(None, description=_PLACE, json_schema_extra={"examples": ["DE"]})
    if isinstance(field, forms.ModelChoiceField):
        return Field(None, description=_PLATFORM)
    if isinstance(field, forms.ChoiceField):
        values = [value for value, _label in field.choices]  # type: ignore[misc,union-attr]
        return Field(
            None, description=label, json_schema_extra={"enum": ["", *filter(None, values)]}
        )
    if isinstance(field, DayField):
        return Field(None, description=f"{label}: a day.", json_schema_extra={"anyOf": _A_DAY})
    if isinstance(field, forms.BooleanField):
        return Field(None, description=label)
    return Field(None, description=label, json_schema_extra={"maxLength": 100})


EntryParams = _of_form("EntryParams", TimelineFilters, SinceParams)
MatrixParams = _of_form("MatrixParams", MatrixFilters, Params)
