"""The matrix as a page, as CSV and as JSON: three renderings of one view."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.ledger.facts import facts_of_all, listed_platforms
from consent.ledger.verdict_words import act_words, answer_words, sentence_words
from consent.public.json_ld import matrix_dataset
from consent.public.state_of_play.matrix import (
    Line,
    Matrix,
    MatrixFilters,
    UseLine,
    build_matrix,
)
from consent.web.caching import public_page
from consent.web.links import absolute_url
from consent.web.parts import part
from platforms.characters import cleaned

MATRIX_COLUMNS = (
    "platform",
    "category",
    "data_kind",
    "use",
    "purpose",
    "answer",
    "answer_in_words",
    "sentence",
    "since",
    "since_precision",
    "since_is",
    "way_out",
    "place",
    "people",
    "url",
)


@require_safe
@public_page(reads=MatrixFilters.params())
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
            "use_count": view.use_count,
            "query": query.urlencode(),
        },
    )


@require_safe
@public_page(reads=MatrixFilters.params())
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
@public_page(reads=MatrixFilters.params())
def matrix_json(request: HttpRequest) -> HttpResponse:
    filters = MatrixFilters(request.GET)
    if not filters.is_valid():
        return _refused(filters)
    day, view = _matrix(filters)
    records = list(_records(view))
    return JsonResponse({"as_of": day, "total": len(records), "uses": records})


def _refused(filters: MatrixFilters) -> HttpResponse:
    """Return the errors as text: ignoring a filter would give a program wrong data."""
    lines = [f"{name}: {' '.join(map(str, errors))}" for name, errors in filters.errors.items()]
    return HttpResponse("\n".join(lines), status=400, content_type="text/plain; charset=utf-8")


def _matrix(filters: MatrixFilters) -> tuple[dt.date, Matrix]:
    day = filters.day(timezone.localdate())

    def make() -> Matrix:
        return build_matrix(listed_platforms(), facts_of_all(), filters, day)

    # Only the whole matrix is kept between pages: there are too many views of it.
    return day, make() if filters.chosen() else part("matrix", "", make)


def _records(view: Matrix) -> Iterator[dict[str, str | None]]:
    """One record per platform, data kind and use; dates of unknown start are null."""
    for line in view.lines:
        for kind in view.kinds:
            for each in line.uses:
                if kind in each.use.data_kinds:
                    yield cleaned(_record(line, kind, each))


def _record(line: Line, kind: str, each: UseLine) -> dict[str, str | None]:
    answer, since = each.verdict, each.verdict.since
    operator = line.facts.operator
    on = since.on if since else None
    return {
        "platform": line.platform.name,
        "category": line.platform.category,
        "data_kind": kind,
        "use": each.use.title,
        "purpose": each.use.purpose,
        "answer": answer.answer,
        "answer_in_words": answer_words(answer),
        "sentence": "; ".join(sentence_words(one, operator) for one in answer.sentences),
        "since": on.isoformat() if on else None,
        "since_precision": since.precision if since and on else None,
        "since_is": since.since_is if since and on else None,
        "way_out": "; ".join(
            act_words(way.control, people=answer.people, operator=operator) for way in answer.ways
        ),
        "place": answer.place or None,
        "people": answer.people,
        "url": absolute_url(f"{line.platform.get_absolute_url()}#{each.slug}"),
    }


def _no_formula(value: str) -> str:
    """Put an apostrophe before a value that a spreadsheet would run as a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
