"""The matrix as a page, as CSV and as JSON: three renderings of one view."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.figures import figures_on
from consent.ledger.matrix import (
    Matrix,
    MatrixFilters,
    build_matrix,
)
from consent.ledger.matrix_records import MATRIX_COLUMNS, matrix_records
from consent.public.json_ld import matrix_dataset
from consent.public.questions.question_refusal import (
    FOR_WHOM,
    takes_no_plan,
    takes_no_plan_as_text,
    up_to_today,
)
from consent.web.page_cache import public_page
from consent.web.program_files import program_file, refused_filters
from consent.web.spreadsheets import csv_response


@require_safe
@public_page(reads=MatrixFilters.params())
@takes_no_plan
def matrix(request: HttpRequest) -> HttpResponse:
    filters = MatrixFilters(request.GET)
    day, view = _matrix(filters)
    as_list = request.GET.get("view") == "list"
    query = request.GET.copy()
    query.pop("view", None)
    return render(
        request,
        "standing/matrix.html",
        {
            "section": "matrix",
            "filters": filters,
            "structured": matrix_dataset(day),
            "matrix": view,
            "as_list": as_list,
            "day": day,
            "asof": day if day != timezone.localdate() else None,
            "figures": figures_on(day),
            "use_count": view.use_count,
            "query": query.urlencode(),
            "for_whom": urlencode(
                {name: query[name] for name in (*FOR_WHOM, "asof") if query.get(name)}
            ),
        },
    )


@program_file(reads=MatrixFilters.params())
@takes_no_plan_as_text
def matrix_csv(request: HttpRequest) -> HttpResponse:
    filters = MatrixFilters(request.GET)
    if refusal := refused_filters(request, filters):
        return refusal
    _, view = _matrix(filters)
    return csv_response("matrix", MATRIX_COLUMNS, matrix_records(view))


@program_file(reads=MatrixFilters.params())
@takes_no_plan_as_text
def matrix_json(request: HttpRequest) -> HttpResponse:
    filters = MatrixFilters(request.GET)
    if refusal := refused_filters(request, filters):
        return refusal
    day, view = _matrix(filters)
    records = list(matrix_records(view))
    return JsonResponse({"as_of": day, "total": len(records), "uses": records})


def _matrix(filters: MatrixFilters) -> tuple[dt.date, Matrix]:
    day = up_to_today(filters.day(timezone.localdate()))
    return day, build_matrix(listed_platforms(), facts_of_all(), filters, day)
