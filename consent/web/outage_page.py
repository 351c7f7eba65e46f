"""What visitors get while the database is away: a calm page, or a problem for programs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from consent.web.problems import is_for_programs, problem
from platforms.database_faults import is_database_away

log = logging.getLogger(__name__)

#: Seconds after which visitors may ask again. Chosen: a restart of the database takes less.
RETRY_AFTER = 60


class ExplainOutages:
    """Middleware: 503 instead of a fault of ours while the database is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django with what a view raised."""
        return outage_page(request, error) if is_database_away(error) else None


def outage_page(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return 503 with Retry-After, in the language of the address."""
    log.error("a page cannot be served: %s", request.path, exc_info=error)
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response: HttpResponse
    if is_for_programs(request):
        detail = "Our database cannot be reached. Please try again in a minute."
        response = problem(request, status, "Temporarily unavailable", detail)
    else:
        response = HttpResponse(render_to_string("503.html"), status=status)
    response["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django: no second line
    return response
