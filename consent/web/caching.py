"""How long pages may be kept, and by whom; public ones are drawn once for all who read them.

Why it is built this way: docs/decisions/0009-pages-kept-by-edition.md.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone
from django.utils.cache import (
    get_conditional_response,
    has_vary_header,
    patch_cache_control,
    patch_vary_headers,
)
from django.views.decorators.cache import never_cache

from consent.web import editions
from consent.web.parts import parts_of

log = logging.getLogger(__name__)

View = Callable[..., HttpResponse]

#: Seconds that a page is given out as it was drawn, while its edition lasts. Bounds, with the
#: age of its parts, that of what flows by itself, such as when a watched page was last read.
FRESH = 60
#: Seconds more in which all others get the old page while one process draws the new one.
_GRACE = 30
#: Views (addresses with a query) share so many places, whatever anybody asks for.
_PLACES_FOR_VIEWS = 1024
_LONGEST_QUERY = 500  # characters; what is longer is drawn each time

#: What senders of links hang on to them. It is none of the page's business, and each would have
#: a page of its own.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid")
#: Headers that a page may depend on, beyond what packs it; they say "true" or nothing.
_ASKED_WITH = ("HX-Request", "HX-History-Restore-Request")


@dataclass(frozen=True, slots=True)
class _CachedPage:
    """A page as it was drawn: for what was asked, from which edition of the ledger, and when."""

    asked: str
    edition: str
    drawn_at: float
    response: HttpResponse


def public_page(
    *, reads: Collection[str] = (), names_unknown: bool = False
) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Mark a page as the same for everybody, kept by us and by any cache.

    reads: the parameters of its address that the page depends on. All others are dropped, so that
    made-up ones cost no drawing and push no page out of the cache. names_unknown: the page tells
    its reader which parameters it does not know; with any of those it is drawn and not kept.

    Browsers and caches ask again each time, so that what is published (or taken back) is seen at
    once; the answer that nothing is new costs no query and no drawing. A page that turns out to
    be somebody's own (a cookie, a form's token, a session that was read) is kept by nobody.
    """

    known = frozenset(reads)

    def mark(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            _drop_parameters(request, _TRACKING.fullmatch)
            if not names_unknown:
                _drop_parameters(request, lambda name: name not in known)
            kept = known.issuperset(request.GET)
            response = _kept_or_drawn(request, lambda: view(request, *args, **kwargs), kept=kept)
            etag, response = response.get("ETag"), _unpacked(request, response)
            return get_conditional_response(request, etag, response=response) or response

        return answered

    return mark


def private_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a page as somebody's own: kept by no cache, indexed by none, its address told nobody."""

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = never_cache(view)(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        # Not no-referrer: browsers would then send forms with "Origin: null", which CSRF refuses.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return marked


def _kept_or_drawn(
    request: HttpRequest, draw: Callable[[], HttpResponse], *, kept: bool
) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    drawn_anew = settings.DEBUG or len(query) > _LONGEST_QUERY
    if not kept or drawn_anew or editions.has_uncommitted_writes():
        return _finished(request, draw())
    asked = _asked(request, query)
    place = _place(asked, is_view=bool(query))
    edition, page = _look_up(place, asked)
    if page and (time.time() - page.drawn_at < FRESH or _other_is_drawing(place)):
        return page.response
    with parts_of(edition):
        response = _finished(request, draw())
    if _is_for_all(request, response):
        _keep(place, _CachedPage(asked, edition, time.time(), response))
    return response


def _asked(request: HttpRequest, query: str) -> str:
    """All that a public page may depend on, besides the edition: the day, address and headers."""
    asked_with = [name for name in _ASKED_WITH if request.headers.get(name) == "true"]
    return "\n".join([f"{timezone.localdate()}", request.path, query, *asked_with])


def _place(asked: str, *, is_view: bool) -> str:
    digest = hashlib.blake2b(asked.encode(), digest_size=16)
    if is_view:
        return f"view:{int.from_bytes(digest.digest()) % _PLACES_FOR_VIEWS}"
    return f"page:{digest.hexdigest()}"


def _look_up(place: str, asked: str) -> tuple[str, _CachedPage | None]:
    """Return the present edition, and the page where it is kept from this edition."""
    found = _from_cache("get_many", [editions.KEY, place], otherwise={})
    edition = found.get(editions.KEY) or editions.begin()
    kept = found.get(place)
    if isinstance(kept, _CachedPage) and (kept.asked, kept.edition) == (asked, edition):
        return edition, kept
    return edition, None


def _other_is_drawing(place: str) -> bool:
    """True for all but the first who ask within a grace: they make do with the old page."""
    return not _from_cache("add", f"drawing:{place}", True, _GRACE, otherwise=True)


def _keep(place: str, kept: _CachedPage) -> None:
    _from_cache("set", place, kept, FRESH + _GRACE, otherwise=None)


def _from_cache(method: str, *arguments: Any, otherwise: Any) -> Any:
    """Ask the cache. One that is away, or holds what an older release wrote, costs only speed."""
    try:
        return getattr(caches["pages"], method)(*arguments)
    except Exception as error:
        log.warning("The cache of pages could not be asked: %r", error)
        return otherwise


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Pack a page, name its content by an ETag, and say who may keep it."""
    if _is_own(request, response):
        patch_cache_control(response, private=True, no_store=True)
        return response
    patch_cache_control(response, public=True, max_age=0, stale_if_error=24 * 3600)
    patch_vary_headers(response, ["Accept-Encoding"])
    if response.status_code == 200:
        # Weak: the same page, packed or not.
        digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
        response["ETag"] = f'W/"{digest}"'
        # Packed here once and for all. The padding that GZipMiddleware adds hides secrets in a
        # page; a page for everybody has none.
        packed = gzip.compress(response.content, compresslevel=6, mtime=0)
        if len(packed) < len(response.content):
            response.content = packed
            response["Content-Encoding"] = "gzip"
    return response


def _unpacked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the page as the browser can read it."""
    packed = response.get("Content-Encoding") == "gzip"
    if packed and not re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
        response.content = gzip.decompress(response.content)
        del response["Content-Encoding"]
    return response


def _is_own(request: HttpRequest, response: HttpResponse) -> bool:
    """True for a page that depends on who asks, or that gives them something of their own."""
    session = getattr(request, "session", None)
    return bool(
        response.cookies
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or (session is not None and session.accessed)
        or has_vary_header(response, "Cookie")
    )


def _is_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    known = {"accept-encoding", *(name.lower() for name in _ASKED_WITH)}
    return response.status_code == 200 and "ETag" in response and varies <= known


def _drop_parameters(request: HttpRequest, unwanted: Callable[[str], object]) -> None:
    """Take parameters out of a request's address, by their names."""
    names = [name for name in request.GET if unwanted(name)]
    if not names:
        return
    query = request.GET.copy()
    for name in names:
        del query[name]
    request.GET = query  # type: ignore[assignment]  # Django's own way to replace it
    request.META["QUERY_STRING"] = query.urlencode()
