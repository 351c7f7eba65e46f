"""How many requests one network may make to the API in a minute.

All processes count together, so that what the headers say is true: in Redis, or on a site without
it in a file that the processes of the one machine share. A row in the database, as for forms, would
cost a write for each answer that is already kept. No address is stored, only where its counter is.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from consent.open_data.shared_counters import COUNTERS, SharedCounters
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
    counter = _counter_of(network_of(request), settings.SECRET_KEY)
    try:
        add = _add_in_redis if settings.CACHE_URL else _add_in_file
        made = add(counter, now // WINDOW)
    except Exception as error:  # Redis is away, a disk is full: programs must still be answered
        log.warning("Requests cannot be counted: %r", error)
        made = 1
    return Allowance(MOST - made, WINDOW - now % WINDOW)


@lru_cache(maxsize=1024)
def _counter_of(network: str, _key: str) -> int:
    digest = salted_hmac("default-on.api-limits", network, algorithm="sha256").digest()
    return int.from_bytes(digest[:8]) % COUNTERS


def _add_in_redis(counter: int, window: int) -> int:
    cache, key = caches["pages"], f"api-limit:{window}:{counter}"
    try:
        return int(cache.incr(key))
    except ValueError:  # the first in this window, unless another process was faster
        return 1 if cache.add(key, 1, 2 * WINDOW) else int(cache.incr(key))


def _add_in_file(counter: int, window: int) -> int:
    return _shared(settings.VAR_DIR).add(counter, window)


@lru_cache(maxsize=1)
def _shared(folder: Path) -> SharedCounters:
    return SharedCounters(Path(folder) / "api-limits")
