"""Where a page is that was asked for under another address than its own."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve


def redirect_to_moved(request: HttpRequest, record: Any | None) -> HttpResponsePermanentRedirect:
    """Lead on to a record's page, in the same view of it. Raises Http404 without a record."""
    if record is None:
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    path = record.get_absolute_url()
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)


def forgive_addresses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: lead on from /Platforms/X/ to /platforms/x, where the former leads nowhere."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == 404 and request.method in ("GET", "HEAD"):
            return _as_we_write_it(request) or response
        return response

    return answer


def _as_we_write_it(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    path = "/" + request.path_info.strip("/").lower()
    if path == request.path_info:
        return None
    try:
        found = resolve(path)
    except Resolver404:
        return None
    # A link of somebody's mail is not ours to rewrite; the desk has slashes of its own.
    if "text" in found.kwargs or path.startswith("/admin"):
        return None
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
