"""The matrix as a page, as CSV and as JSON: three renderings of one view."""

import csv
import datetime as dt
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.state_of_play import Standing, standings_of_today, states_on
from consent.public.json_ld import matrix_dataset
from consent.public.state_of_play.matrix import Matrix, MatrixFilters, build_matrix
from consent.web.caching import public_page
from consent.web.links import absolute_url
from platforms.characters import cleaned

MATRIX_COLUMNS = (
    "platform",
    "category",
    "data_kind",
    "setting",
    "state",
    "since",
    "since_precision",
    "route",
    "reach",
    "region",
    "audience",
    "url",
)


@require_safe
@public_page(reads={*MatrixFilters.base_fields, "view"})
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
            "setting_count": sum(len(line.standings) for line in view.lines),
            "query": query.urlencode(),
        },
    )


@require_safe
@public_page(reads=MatrixFilters.base_fields)
def matrix_csv(request: HttpRequest) -> HttpResponse:
    filters = MatrixFilters(request.GET)
    if not filters.is_valid():
        return _refused(filters)
    _, view = _matrix(filters)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="default-on-matrix.csv"'
    writer = csv.DictWriter(response, MATRIX_COLUMNS)
    writer.writeheader()
    for record in _records(view):
        writer.writerow({name: _no_formula(value or "") for name, value in record.items()})
    return response


@require_safe
@public_page(reads=MatrixFilters.base_fields)
def matrix_json(request: HttpRequest) -> HttpResponse:
    filters = MatrixFilters(request.GET)
    if not filters.is_valid():
        return _refused(filters)
    day, view = _matrix(filters)
    records = list(_records(view))
    return JsonResponse({"as_of": day, "total": len(records), "states": records})


def _refused(filters: MatrixFilters) -> HttpResponse:
    """Return the errors as text: ignoring a filter would give a program wrong data."""
    lines = [f"{name}: {' '.join(map(str, errors))}" for name, errors in filters.errors.items()]
    return HttpResponse("\n".join(lines), status=400, content_type="text/plain; charset=utf-8")


def _matrix(filters: MatrixFilters) -> tuple[dt.date, Matrix]:
    day = filters.day(timezone.localdate())
    standings = standings_of_today() if day == timezone.localdate() else states_on(day)
    fitting = [each for each in standings if filters.admits(each, day)]
    return day, build_matrix(fitting, filters.order())


def _records(view: Matrix) -> Iterator[dict[str, str | None]]:
    """One record per platform, data kind and setting; dates of unknown start are null."""
    for line in view.lines:
        for kind, cell in zip(view.kinds, line.cells, strict=True):
            for standing in cell:
                yield cleaned(_record(kind, standing))


def _record(kind: str, standing: Standing) -> dict[str, str | None]:
    setting, state = standing.setting, standing.state
    since = state.starts_on if state else None
    address = setting.platform.get_absolute_url()
    return {
        "platform": setting.platform.name,
        "category": setting.platform.category,
        "data_kind": kind,
        "setting": setting.label,
        "state": standing.value,
        "since": since.isoformat() if since else None,
        "since_precision": state.starts_precision if state and since else None,
        "route": setting.route,
        "reach": setting.reach,
        "region": setting.region,
        "audience": setting.audience,
        "url": absolute_url(f"{address}#{setting.slug}"),
    }


def _no_formula(value: str) -> str:
    """Put an apostrophe before a value that a spreadsheet would run as a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
