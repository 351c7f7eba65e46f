"""The page and the files of the table of providers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consent.open_data.last_changes import mark_content
from consent.open_data.provider_schemas import ProviderOf
from consent.open_data.questions import Refused
from consent.open_data.tables import write_csv
from consent.open_data.whole_tables import provider_table
from consent.web.absolute_urls import absolute_url
from consent.web.page_cache import public_page
from consent.web.spreadsheets import csv_file

_PLAIN = "text/plain; charset=utf-8"


@require_safe
@public_page(reads=("place",), names_unknown=True, is_file=True)
def providers_json(request: HttpRequest) -> HttpResponse:
    """The table as JSON, the same as the API's."""
    table = _asked(request)
    return table if isinstance(table, HttpResponse) else mark_content(JsonResponse(table))


@require_safe
@public_page(reads=("place",), names_unknown=True, is_file=True)
def providers_csv(request: HttpRequest) -> HttpResponse:
    """The table as CSV."""
    table = _asked(request)
    if isinstance(table, HttpResponse):
        return table
    response = csv_file("providers")
    write_csv(response, "providers", table["items"])  # type: ignore[arg-type]  # it can be written to
    return response


def _asked(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    if unknown := sorted(set(request.GET) - {"place"}):
        said = f"There is no parameter “{unknown[0]}”.\n"
        return HttpResponseBadRequest(said, content_type=_PLAIN)
    try:
        return provider_table(request.GET.get("place", ""))
    except Refused as error:
        return HttpResponseBadRequest(f"{error}\n", content_type=_PLAIN)


@require_safe
@public_page()
def providers_page(request: HttpRequest) -> HttpResponse:
    """Which provider trains on what programs send, for each plan."""
    fields = [(name, field.description) for name, field in ProviderOf.model_fields.items()]
    context = {
        "records": provider_table("")["items"],
        "fields": fields,
        "address": absolute_url("/data/providers.json"),
    }
    return render(request, "open_data/providers.html", context)
