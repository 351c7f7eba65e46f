"""Redirects from former or misspelt addresses to a page's own."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from consent.web.page_cache import open_to_other_sites
from consent.web.problems import is_for_programs


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
    """Middleware: redirect from /Platforms/X/ to /platforms/x if the former does not exist.

    Addresses of the API lose only their slash; any other fault gets the error that it describes.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code in (400, 404) and request.method in ("GET", "HEAD"):
            return _redirect_to_own_address(request) or response
        return response

    return answer


def _redirect_to_own_address(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    path, for_programs = "/" + request.path_info.strip("/"), is_for_programs(request)
    path = path if for_programs else path.lower()
    if path == request.path_info:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    # Texts of mailed links are case-sensitive; addresses of the desk end with a slash.
    if "text" in match.kwargs or path.startswith("/admin") or match.url_name == "api-none":
        return None
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    if for_programs:
        open_to_other_sites(response)
    return response
