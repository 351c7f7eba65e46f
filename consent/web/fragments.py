"""Which requests want a part of a page instead of all of it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """True for a request of htmx, unless it brings back a page the reader left by going on."""
    asked = HtmxDetails(request)
    return bool(asked) and not asked.history_restore_request


def varies_by_fragment(response: HttpResponseBase) -> None:
    """Tell caches that the same address has a whole page and a part of it."""
    patch_vary_headers(response, ("HX-Request",))
