"""How much one network may ask of programs in a minute: requests to the API, files made anew.

All processes count together in a cache of its own, "counts", so that a flood of counters evicts
nothing else. A row in the database, as for forms, would cost a write for each answer that is
already kept. Without Redis it is a folder of files (counting_files.py). No address is stored, only
a keyed digest of its network.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from consent.web.open_forms import network_of

log = logging.getLogger(__name__)

#: Chosen: a walk of everything takes about 200 requests at 300 platforms and 10,000 entries.
MOST = 600
#: Tables, feeds and pictures that are made for a request. Those that are kept are not counted.
#: Chosen: one that lists everything takes a second of processor time.
MOST_FILES = 60
WINDOW = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left in this window, and how many seconds it lasts."""

    left: int
    seconds: int

    @property
    def is_exceeded(self) -> bool:
        return self.left < 0

    def write_to(self, response: HttpResponseBase) -> None:
        """Source: draft-ietf-httpapi-ratelimit-headers, version 9."""
        response["RateLimit-Policy"] = f'"default";q={MOST};w={WINDOW}'
        response["RateLimit"] = f'"default";r={max(0, self.left)};t={self.seconds}'
        if self.is_exceeded:
            response["Retry-After"] = str(self.seconds)


def count(request: HttpRequest, room: str = "api", *, most: int | None = None) -> Allowance:
    """Count a request; return what its network has left.

    room: what is counted together. most: how many are allowed in a minute (MOST by default).
    """
    now = int(time.time())
    key = f"{room}-{_digest_of(network_of(request), settings.SECRET_KEY)}"
    try:
        made = _add_one(caches["counts"], key, now // WINDOW)
    except Exception as error:  # Redis is away, a disk is full: programs must still be answered
        log.warning("Requests cannot be counted: %r", error)
        made = 1
    return Allowance((MOST if most is None else most) - made, WINDOW - now % WINDOW)


def too_many_files(request: HttpRequest) -> HttpResponse | None:
    """Count a file that is to be made; return 429 if its network had too many made."""
    allowance = count(request, "files", most=MOST_FILES)
    if not allowance.is_exceeded:
        return None
    words = f"At most {MOST_FILES} files in {WINDOW} seconds are made anew. Wait a little.\n"
    response = HttpResponse(words, status=429, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(allowance.seconds)
    response["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=1024)
def _digest_of(network: str, _key: str) -> str:
    return salted_hmac("default-on.api-limits", network, algorithm="sha256").hexdigest()[:16]


def _add_one(cache: BaseCache, key: str, window: int) -> int:
    try:
        return int(cache.incr(key, version=window))
    except ValueError:  # the first in this window, unless another process was faster
        if cache.add(key, 1, 2 * WINDOW, version=window):
            return 1
        return int(cache.incr(key, version=window))
