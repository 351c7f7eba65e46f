"""The page of hashes, and each day's files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from consent.ledger.record_fields import moment
from consent.models import StampedDay
from consent.open_data.evidence.commands import FUNCTIONS
from consent.open_data.stamps.chain import STRICT_VERIFY_COMMAND, header_of
from consent.open_data.stamps.closed_days import roots_pem
from consent.web.page_cache import public_page
from consent.web.program_files import program_file
from consent.web.spreadsheets import csv_response

_OPENSSL_COMMAND = "openssl ts -verify -data DAY.json -in DAY.tsr -CAfile authority.pem"
#: Days on one page. Chosen: two months.
DAYS_PER_PAGE = 60


@require_safe
@public_page(reads=("page",))
def evidence(request: HttpRequest) -> HttpResponse:
    """How evidence can be checked, and the root of each day, the latest first."""
    days = StampedDay.objects.with_lost().select_related("timestamp")
    page = Paginator(days, DAYS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "days": [(day, header_of(day), getattr(day, "timestamp", None)) for day in page],
        "has_authority": bool(settings.STAMP_AUTHORITY_URL),
        "has_roots": bool(roots_pem()),
        "verify_command": STRICT_VERIFY_COMMAND,
        "functions": FUNCTIONS,
        "openssl_command": _OPENSSL_COMMAND,
    }
    return render(request, "evidence/evidence.html", context)


@program_file()
def days_csv(request: HttpRequest) -> HttpResponse:
    """The roots of all days as a table, the latest first."""
    columns = ("number", "day", "size", "root", "previous", "stamped_at", "authority")
    return csv_response("evidence", columns, _days())


def _days() -> Iterator[dict[str, Any]]:
    for day in StampedDay.objects.select_related("timestamp"):
        stamp = getattr(day, "timestamp", None)
        yield asdict(header_of(day)) | {
            "stamped_at": moment(stamp.stamped_at) if stamp else None,
            "authority": stamp.authority if stamp else None,
        }


@program_file()
def header_file(request: HttpRequest, day: dt.date) -> HttpResponse:
    """The header of a day, byte for byte as it was chained and stamped."""
    header = header_of(get_object_or_404(StampedDay, day=day))
    return HttpResponse(header.to_bytes(), content_type="application/json")


@program_file()
def stamp_file(request: HttpRequest, day: dt.date) -> HttpResponse:
    """The authority's response for a day, as received."""
    stamped = get_object_or_404(StampedDay.objects.exclude(timestamp=None), day=day)
    return HttpResponse(
        bytes(stamped.timestamp.response), content_type="application/timestamp-reply"
    )


@program_file()
def leaves_file(request: HttpRequest, day: dt.date) -> HttpResponse:
    """The leaf hashes of a day in their order, one a line: anybody can compute the root.

    They name no record, since some records are not public yet.
    """
    stamped = get_object_or_404(StampedDay.objects.with_lost(), day=day)
    if stamped.is_lost:
        raise Http404
    leaves = stamped.records.order_by("position").values_list("sha256", flat=True)
    return HttpResponse("".join(f"{leaf}\n" for leaf in leaves), content_type="text/plain")


@program_file()
def authority_file(request: HttpRequest) -> HttpResponse:
    """The root certificates that we check stamps with."""
    if not (pem := roots_pem()):
        raise Http404
    return HttpResponse(pem, content_type="application/pem-certificate-chain")
