"""How many requests one network may make to the API in a minute.

All processes count together in a cache of its own, "counts", so that a flood of counters evicts
nothing else. A row in the database, as for forms, would cost a write for each answer that is
already kept. Without Redis it is a cache of files, which may lose one of two simultaneous requests.
No address is stored, only a keyed digest of its network.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from consent.web.open_forms import network_of

log = logging.getLogger(__name__)

#: Chosen: a walk of everything takes about 200 requests at 300 platforms and 10,000 entries.
MOST = 600
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


def count(request: HttpRequest) -> Allowance:
    """Count a request; return what its network has left."""
    now = int(time.time())
    key = f"api:{now // WINDOW}:{_digest_of(network_of(request), settings.SECRET_KEY)}"
    try:
        made = _add_one(caches["counts"], key)
    except Exception as error:  # Redis is away, a disk is full: programs must still be answered
        log.warning("Requests cannot be counted: %r", error)
        made = 1
    return Allowance(MOST - made, WINDOW - now % WINDOW)


@lru_cache(maxsize=1024)
def _digest_of(network: str, _key: str) -> str:
    return salted_hmac("default-on.api-limits", network, algorithm="sha256").hexdigest()[:16]


def _add_one(cache: BaseCache, key: str) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:  # the first in this window, unless another process was faster
        return 1 if cache.add(key, 1, 2 * WINDOW) else int(cache.incr(key))
