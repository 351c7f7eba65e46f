"""Records as CSV: the same columns as the fields of the API, with nested ones after a dot.

A list is JSON, whatever is in it; null is an empty cell.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, NamedTuple, get_args

from django.db.models import Q
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.urls import reverse
from django.views.decorators.http import require_safe
from pydantic import BaseModel

from consent.ledger.filters import TimelineFilters
from consent.ledger.record_fields import Record
from consent.open_data import provider_schemas, refusal_schemas, schemas
from consent.open_data.entries import all_records, records_of
from consent.open_data.lists.resources import RESOURCES
from consent.open_data.questions import Refused, known_platform
from consent.web.page_cache import public_page
from consent.web.program_files import (
    not_here,
    program_file,
    refused,
    refused_filters,
    unknown_parameter,
)
from consent.web.spreadsheets import cell, csv_file

#: The shape of the records of each table.
SHAPES: Mapping[str, type[BaseModel]] = {
    "platforms": schemas.PlatformOf,
    "uses": schemas.UseOf,
    "states": schemas.StateOf,
    "controls": refusal_schemas.ControlOf,
    "guides": refusal_schemas.GuideOf,
    "entries": schemas.EntryOf,
    "pages": schemas.PageOf,
    "declarations": schemas.DeclarationOf,
    "enums": schemas.EnumOf,
    "passages": schemas.PassageOnRecordOf,
    "robots": schemas.RobotsOf,
    "changelog": schemas.ChangelogOf,
    "matrix": schemas.MatrixCellOf,
    "figures": schemas.FigureOf,
    "providers": provider_schemas.ProviderOf,
}
_TYPES = {bool: "boolean", int: "integer", dt.datetime: "datetime", dt.date: "date"}


@program_file(reads=TimelineFilters.base_fields)
def timeline_csv(request: HttpRequest) -> HttpResponse:
    """A view of the timeline, in its order."""
    filters = TimelineFilters(request.GET)
    if refusal := refused_filters(request, filters):
        return refusal
    entries = filters.shown()
    ordered = entries.model.objects.filter(pk__in=entries.order_by().values("pk"))
    return _file("timeline", "entries", records_of(ordered.newest_first(filters.listed_by()).pks()))


#: The path from the rows of a list to the slug of a platform.
_PLATFORM = {
    "platforms": "slug",
    "states": "branch__use__platform__slug",
    "declarations": "platforms__slug",
    **dict.fromkeys(("uses", "controls", "guides", "pages", "robots"), "platform__slug"),
}
#: Tables with addresses of their own; that of entries shows none that was retracted.
_ELSEWHERE = {"entries": "timeline-csv", "matrix": "matrix-csv", "figures": "figures-csv"}


@require_safe
@public_page(reads=("platform",), names_unknown=True, is_file=True)
def resource_csv(request: HttpRequest, resource: str) -> HttpResponse:
    """A list of the API: the whole, or what it has of a platform."""
    query = request.META.get("QUERY_STRING", "")
    if resource == "entries" and not query:
        return _file(resource, resource, all_records())
    if resource in _ELSEWHERE:
        address = reverse(_ELSEWHERE[resource])
        return HttpResponsePermanentRedirect(f"{address}?{query}".rstrip("?"))
    if resource not in RESOURCES:
        return not_here(request)
    public_list, slug = RESOURCES[resource], request.GET.get("platform")
    allowed = {"platform"} if resource in _PLATFORM else set()
    if refusal := unknown_parameter(request, allowed):
        return refusal
    if not slug:
        return _file(resource, resource, public_list.all())
    try:
        where = Q(**{_PLATFORM[resource]: known_platform(slug).slug})
    except Refused as error:
        return refused(request, error.detail, allowed=error.allowed)
    records = public_list.records(public_list.keys(where))
    return _file(f"{slug}-{resource}", resource, records)


def _file(name: str, resource: str, rows: Iterable[Record]) -> HttpResponse:
    response = csv_file(name)
    write_csv(response, resource, rows)  # type: ignore[arg-type]  # a response can be written to
    return response


def write_csv(file: IO[str], resource: str, rows: Iterable[Record]) -> int:
    """Write records as a table; return how many."""
    names = [column.name for column in columns(SHAPES[resource])]
    writer = csv.writer(file)
    writer.writerow(names)
    count = 0
    for record in rows:
        writer.writerow([cell(_value(record, name.split("."))) for name in names])
        count += 1
    return count


class Column(NamedTuple):
    """A column of a table. type: as Frictionless table schemas call it."""

    name: str
    type: str
    description: str


def columns(shape: type[BaseModel], before: str = "", words_before: str = "") -> Iterator[Column]:
    """Yield the columns for records of a shape, in the order of its fields.

    before, words_before: the name and the description of the field that has such a record.
    """
    for name, field in shape.model_fields.items():
        words = f"{words_before} {field.description or ''}".strip()
        nested = [
            kind
            for kind in (field.annotation, *get_args(field.annotation))
            if isinstance(kind, type) and issubclass(kind, BaseModel)
        ]
        is_list = str(field.annotation).startswith(("list", "collections.abc.Sequence"))
        if nested and not is_list:
            yield from columns(nested[0], f"{before}{name}.", words)
        else:
            kinds = {field.annotation, *get_args(field.annotation)}
            known = (each for kind, each in _TYPES.items() if kind in kinds)
            kind = "array" if is_list else next(known, "string")
            yield Column(f"{before}{name}", kind, words)


def about(resource: str) -> str:
    """Return what a record of a table is, in a sentence."""
    return (SHAPES[resource].__doc__ or "").partition("\n")[0]


def _value(record: Any, path: Sequence[str]) -> Any:
    for name in path:
        if record is None:
            return None
        record = record[name]
    return record
