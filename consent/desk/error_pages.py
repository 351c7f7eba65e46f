"""Error pages: under /admin/ with the frame of the desk, elsewhere those for readers."""

from __future__ import annotations

import sys

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views import defaults

from consent.public.search import lost
from consent.web.outage_page import outage_page
from platforms.database_faults import is_database_away


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not _is_at_desk(request):
        return lost.not_found(request, exception)
    return _in_frame(request, 404, "There is nothing at this address")


def refused(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if not _is_at_desk(request):
        return defaults.permission_denied(request, exception)
    return _in_frame(request, 403, "You may not do this")


def broken(request: HttpRequest) -> HttpResponseBase:
    """Show a page that needs neither the database nor the session: either may be what failed.

    Errors of views while the database is away are explained by a middleware; those of other
    middleware, which ask the database who is logged in, are explained here.
    """
    error = sys.exc_info()[1]
    if isinstance(error, Exception) and is_database_away(error):
        return outage_page(request, error)
    if not _is_at_desk(request):
        return defaults.server_error(request)
    return defaults.server_error(request, template_name="admin/desk/500.html")


def _is_at_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith(reverse("admin:index"))


def _in_frame(request: HttpRequest, status: int, title: str) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title}
    return render(request, f"admin/desk/{status}.html", context, status=status)
