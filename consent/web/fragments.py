"""Requests of htmx that need only a part of a page."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """True for a request of htmx, unless it restores a page from the browser's history."""
    htmx = HtmxDetails(request)
    return bool(htmx) and not htmx.history_restore_request


def varies_by_fragment(response: HttpResponseBase) -> None:
    """Make caches keep the whole page and its fragment apart: both have the same address."""
    patch_vary_headers(response, ("HX-Request",))
