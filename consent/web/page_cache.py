"""Caching of pages: who may keep them and for how long. Public ones are rendered once for all.

Why it is built this way: docs/decisions/0009-pages-kept-by-edition.md.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import TypeVar

from django.conf import settings
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

from consent.web import editions, limits
from consent.web.kept_values import call_cache
from platforms.database_faults import is_database_away

log = logging.getLogger(__name__)

View = Callable[..., HttpResponse]
_AnyView = TypeVar("_AnyView", bound=Callable[..., HttpResponseBase])

_CACHE = "pages"

#: Seconds until a page is rendered again although its edition is the same. With
#: editions.LASTING, the maximum age of data whose writes start no new edition, such as the time of
#: the last visit.
FRESH = 60
#: Seconds after that in which the old page is served while one process renders the new one.
_GRACE = 30
#: Seconds that a page is kept to be served while the database is away, if its edition is still the
#: same. Chosen: longer than most outages, and not so long that all pages of a day add up.
_KEPT_FOR_OUTAGES = 6 * 3600
#: Pages with a query string share so many cache keys, so made-up queries cannot fill the cache.
_KEYS_FOR_QUERIES = 1024
#: Characters. Pages with longer queries are not cached. Chosen: the longest view one can save.
_LONGEST_QUERY = 500

#: Parameters that newsletters and networks add to links. Pages do not depend on them.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid")
#: Request headers that a page may depend on besides Accept-Encoding; only "true" counts.
_PAGE_HEADERS = ("HX-Request", "HX-History-Restore-Request")


#: Bytes of pages that a process remembers, so that giving them out again reads only the edition
#: from the cache. Chosen: a tenth of a worker's memory.
_MOST_REMEMBERED = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _CachedPage:
    """A rendered page, its inputs (_inputs_of), its edition of the ledger and its time."""

    inputs: str
    edition: str
    drawn_at: float
    response: HttpResponse

    @property
    def size(self) -> int:
        return len(self.response.content)

    @property
    def is_fresh(self) -> bool:
        return time.time() - self.drawn_at < FRESH

    def answer(self) -> HttpResponse:
        """Return a response of its own for one request: middleware changes headers and body."""
        kept = self.response
        return HttpResponse(kept.content, status=kept.status_code, headers=kept.headers)


class _Memory:
    """The pages that this process gave out last, up to a number of bytes."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, _CachedPage] = OrderedDict()
        self._bytes = 0
        self._threads = threading.Lock()

    def get(self, key: str) -> _CachedPage | None:
        with self._threads:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def set(self, key: str, page: _CachedPage) -> None:
        with self._threads:
            if former := self._pages.pop(key, None):
                self._bytes -= former.size
            self._pages[key] = page
            self._bytes += page.size
            while self._bytes > _MOST_REMEMBERED:
                _key, oldest = self._pages.popitem(last=False)
                self._bytes -= oldest.size


_memory = _Memory()

#: What may be asked of files, and what programs in browsers may read besides the usual headers.
FILE_METHODS = "GET, HEAD, OPTIONS"
_EXPOSED = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"


def public_page(
    *, reads: Collection[str] = (), names_unknown: bool = False, is_file: bool = False
) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Mark a page as the same for everybody, cached here and by any other cache.

    reads: the parameters of its address that the page depends on. All others are dropped, so that
    made-up ones cause no rendering and push no page out of the cache. names_unknown: the page
    lists unknown parameters; with any of those it is rendered and not cached. is_file: a table or
    feed for programs, those in browsers on other sites included; one network may have so many made
    anew in a minute (limits.py).

    Browsers and caches revalidate each time, so publishing or retracting is visible at once; the
    answer 304 costs no query and no rendering. A page with something private (a cookie, a form's
    token, a session that was read) is not cached at all.
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

            def render() -> HttpResponse:
                if not is_file:
                    return view(request, *args, **kwargs)
                return limits.too_many_files(request) or view(request, *args, **kwargs)

            response = _cached_or_rendered(
                request,
                render,
                cacheable=known.issuperset(request.GET),
            )
            etag, response = response.get("ETag"), _decompress_for(request, response)
            response = get_conditional_response(request, etag, response=response) or response
            if is_for_other_sites(answered):
                open_to_other_sites(response)  # 304 too
            return response

        return for_other_sites(answered) if is_file else answered

    return mark


def for_other_sites(view: _AnyView) -> _AnyView:
    """Mark a view as read by scripts of other sites; preflights of it are answered."""
    view.__dict__["is_for_other_sites"] = True  # wrappers made by functools.wraps copy it
    return view


def is_for_other_sites(view: object) -> bool:
    return getattr(view, "is_for_other_sites", False)


def open_to_other_sites(response: HttpResponseBase) -> None:
    """Let scripts on other sites read an answer; it is the same for everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = _EXPOSED
    response["Cross-Origin-Resource-Policy"] = "cross-origin"


def preflight(
    methods: str = FILE_METHODS, headers: str = "If-None-Match, Content-Type"
) -> HttpResponse:
    """Answer what a browser asks before it sends a request of another site (CORS)."""
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = response["Allow"] = methods
    response["Access-Control-Allow-Headers"] = headers
    response["Access-Control-Max-Age"] = "86400"
    return response


def private_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a page as private: not cached, not indexed, its address not sent to other sites."""

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = never_cache(view)(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        # Not no-referrer: browsers would then send forms with "Origin: null", which CSRF refuses.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return marked


def _cached_or_rendered(
    request: HttpRequest, render: Callable[[], HttpResponse], *, cacheable: bool
) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    bypass = not cacheable or settings.DEBUG or len(query) > _LONGEST_QUERY
    if bypass or editions.has_uncommitted_writes():
        return _with_caching_headers(request, render())
    inputs = _inputs_of(request, query)
    key = _cache_key(inputs, has_query=bool(query))
    edition, page = _look_up(key, inputs)
    if page and (page.is_fresh or _other_is_drawing(key)):
        return page.answer()
    try:
        with editions.reading(edition):
            response = _with_caching_headers(request, render())
    except Exception as error:
        if page is None or not is_database_away(error):
            raise
        log.error("an old page is served: %s", request.path, exc_info=error)
        return page.answer()
    if _is_for_everybody(request, response):
        _keep(key, _CachedPage(inputs, edition, time.time(), response))
    return response


def _inputs_of(request: HttpRequest, query: str) -> str:
    """Return all that a public page may depend on besides the edition: day, address, headers."""
    headers = [name for name in _PAGE_HEADERS if request.headers.get(name) == "true"]
    return "\n".join([f"{timezone.localdate()}", request.path, query, *headers])


def _cache_key(inputs: str, *, has_query: bool) -> str:
    digest = hashlib.blake2b(inputs.encode(), digest_size=16)
    if has_query:
        return f"view:{int.from_bytes(digest.digest()) % _KEYS_FOR_QUERIES}"
    return f"page:{digest.hexdigest()}"


def _look_up(key: str, inputs: str) -> tuple[str, _CachedPage | None]:
    """Return the current edition, and the cached page if it is of this edition."""
    remembered = _memory.get(key)
    if remembered and remembered.is_fresh and remembered.inputs == inputs:
        edition = call_cache(_CACHE, "get", editions.KEY, default=None)
        if edition == remembered.edition:
            return edition, remembered
    values = call_cache(_CACHE, "get_many", [editions.KEY, key], default={})
    edition = values.get(editions.KEY) or editions.begin()
    page = values.get(key)
    # Several pages with a query may share a key, so the inputs are compared too.
    if isinstance(page, _CachedPage) and (page.inputs, page.edition) == (inputs, edition):
        _memory.set(key, page)
        return edition, page
    return edition, None


def _other_is_drawing(key: str) -> bool:
    """True if another process is already rendering this page."""
    return not call_cache(_CACHE, "add", f"drawing:{key}", True, _GRACE, default=True)


def _keep(key: str, page: _CachedPage) -> None:
    call_cache(_CACHE, "set", key, page, _KEPT_FOR_OUTAGES, default=None)


def _with_caching_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Set caching headers and an ETag, and compress a page."""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return response
    if _is_private(request, response):
        patch_cache_control(response, private=True, no_store=True)
        return response
    patch_cache_control(response, public=True, max_age=0, stale_if_error=24 * 3600)
    patch_vary_headers(response, ["Accept-Encoding"])
    if response.status_code == 200:
        if "ETag" not in response:
            # Weak: the same for the page with and without gzip.
            digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
            response["ETag"] = f'W/"{digest}"'
        # Compressed once for all readers. It needs no random padding as from GZipMiddleware, which
        # hides secrets in a page: a public page has none.
        compressed = gzip.compress(response.content, compresslevel=9, mtime=0)
        if len(compressed) < len(response.content):
            response.content = compressed
            response["Content-Encoding"] = "gzip"
    return response


def _decompress_for(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Decompress the page for a browser that does not accept gzip."""
    is_compressed = response.get("Content-Encoding") == "gzip"
    if is_compressed and not re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
        response.content = gzip.decompress(response.content)
        del response["Content-Encoding"]
    return response


def _is_private(request: HttpRequest, response: HttpResponse) -> bool:
    """True for a page that depends on the visitor, or sets a cookie for them."""
    session = getattr(request, "session", None)
    return bool(
        response.cookies
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or (session is not None and session.accessed)
        or has_vary_header(response, "Cookie")
    )


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    known = {"accept-encoding", *(name.lower() for name in _PAGE_HEADERS)}
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
