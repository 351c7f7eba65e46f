"""The page and the files of the table of providers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from consent.ledger.answers import Stance
from consent.ledger.api_plans import plans_of_providers, product_in_full
from consent.ledger.headline_words import STANCE_LABELS
from consent.ledger.record_fields import Record
from consent.open_data.last_changes import mark_content
from consent.open_data.provider_schemas import ProviderOf
from consent.open_data.questions import Refused
from consent.open_data.tables import write_csv
from consent.open_data.whole_tables import provider_table
from consent.search.plain_words import words
from consent.web.absolute_urls import absolute_url
from consent.web.page_cache import public_page
from consent.web.program_files import program_file, refused, unknown_parameter
from consent.web.spreadsheets import csv_file


@program_file(reads=("place",))
def providers_json(request: HttpRequest) -> HttpResponse:
    """The table as JSON, the same as the API's."""
    table = _asked(request)
    return table if isinstance(table, HttpResponse) else mark_content(JsonResponse(table))


@program_file(reads=("place",))
def providers_csv(request: HttpRequest) -> HttpResponse:
    """The table as CSV."""
    table = _asked(request)
    if isinstance(table, HttpResponse):
        return table
    response = csv_file("providers")
    write_csv(response, "providers", table["items"])  # type: ignore[arg-type]  # it can be written to
    return response


def _asked(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    try:
        return provider_table(request.GET.get("place", ""))
    except Refused as error:
        return refused(request, error.detail, title=error.title, allowed=error.allowed)


@require_safe
@public_page(reads=("default",), names_unknown=True)
def providers_page(request: HttpRequest) -> HttpResponse:
    """Which provider trains on what programs send, for each plan, or for those with one answer."""
    asked = request.GET.get("default")
    if refusal := unknown_parameter(request, ("default",)):
        return refusal
    if asked and asked not in Stance.values:
        return refused(request, "default: there is no such answer.", allowed=Stance.values)
    fields = [(name, field.description) for name, field in ProviderOf.model_fields.items()]
    records: list[Record] = provider_table("")["items"]
    presets = [
        (stance, label, sum(record["default"] == stance for record in records))
        for stance, label in STANCE_LABELS.items()
    ]
    products = _products(records, asked or "")
    context = {
        "products": products,
        "count": plans_of_providers(
            sum(len(product.rows) for product in products),
            len({product.rows[0]["provider"] for product in products}),
        ),
        "presets": [preset for preset in presets if preset[2]],
        "chosen": asked,
        "fields": fields,
        "address": absolute_url("/data/providers.json"),
    }
    return render(request, "open_data/providers.html", context)


class Told(NamedTuple):
    """An answer, and the plans that have it, as they are called."""

    stance: str
    words: str
    plans: list[str]


@dataclass(frozen=True, slots=True)
class Product:
    """The plans of a product that are listed. others: answers of those that are not."""

    name: str
    rows: list[Record]
    told: list[Told]
    others: list[Told]


def _products(records: Iterable[Record], asked: str) -> list[Product]:
    """Return products by the names that are shown. asked: the only answer that is listed, or ""."""
    found = []
    for _platform, group in groupby(records, key=itemgetter("platform")):
        rows = sorted(group, key=lambda row: row["plan"].casefold())
        listed = [row for row in rows if asked in ("", row["default"])]
        if listed:
            others = [row for row in rows if row not in listed]
            name = product_in_full(rows[0]["provider"], rows[0]["product"])
            found.append(Product(name, listed, _told(listed, rows), _told(others, rows)))
    return sorted(found, key=lambda product: product.name.casefold())


def _told(rows: Iterable[Record], of_product: Sequence[Record]) -> list[Told]:
    found: dict[tuple[str, str], Told] = {}
    for row in rows:
        answer = " · ".join(filter(None, (row["in_words"], row["reason_in_words"])))
        told = found.setdefault((row["default"], answer), Told(row["default"], answer, []))
        told.plans.append(_plan_name(row, of_product))
    return list(found.values())


def _plan_name(row: Record, of_product: Sequence[Record]) -> str:
    """Return a plan, with what it costs where others of the product cost something else."""
    says_so = {"free", "paid", "unpaid"}.intersection(words(row["plan"]))
    if row["paid"] is None or says_so or {False, True} - {each["paid"] for each in of_product}:
        return str(row["plan"])
    # Translators: of a plan, in parentheses beside its name
    price = gettext("paid") if row["paid"] else gettext("free")
    return f"{row['plan']} ({price})"
