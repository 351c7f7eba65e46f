"""Redirects from former or misspelt addresses to a page's own."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from consent.web.problems import API_PREFIX


def redirect_to_moved(request: HttpRequest, record: Any | None) -> HttpResponsePermanentRedirect:
    """Redirect to a record's page, with the same query. Raises Http404 if record is None."""
    if record is None:
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    path = record.get_absolute_url()
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)


def forgive_addresses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: redirect from /Platforms/X/ to /platforms/x if the former does not exist."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == 404 and request.method in ("GET", "HEAD"):
            return _redirect_to_lower_case(request) or response
        return response

    return answer


def _redirect_to_lower_case(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    path = "/" + request.path_info.strip("/").lower()
    if path == request.path_info:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    # Texts of mailed links are case-sensitive; addresses of the desk end with a slash. Programs get
    # the error that the API describes.
    if "text" in match.kwargs or path.startswith(("/admin", API_PREFIX)):
        return None
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
