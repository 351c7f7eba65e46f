"""The page and the files of the table of providers."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consent.ledger.answers import Stance
from consent.ledger.headline_words import STANCE_LABELS
from consent.open_data.last_changes import mark_content
from consent.open_data.provider_schemas import ProviderOf
from consent.open_data.questions import Refused
from consent.open_data.tables import write_csv
from consent.open_data.whole_tables import provider_table
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
    records = provider_table("")["items"]
    presets = [
        (stance, label, sum(record["default"] == stance for record in records))
        for stance, label in STANCE_LABELS.items()
    ]
    shown = [record for record in records if not asked or record["default"] == asked]
    shown.sort(key=lambda record: (record["product"].casefold(), record["plan"].casefold()))
    context = {
        "products": [
            (plans[0], plans, dict.fromkeys((plan["default"], plan["in_words"]) for plan in plans))
            for _, group in groupby(shown, key=lambda record: record["platform"])
            if (plans := list(group))
        ],
        "count": len(shown),
        "presets": [preset for preset in presets if preset[2]],
        "chosen": asked,
        "fields": fields,
        "address": absolute_url("/data/providers.json"),
    }
    return render(request, "open_data/providers.html", context)
