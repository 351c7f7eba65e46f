"""How many requests one network may make to the API in a minute.

Counted in each server process, so that a counted request costs no query. Answers are drawn once
and kept, and the limit only keeps a single program from taking all of a server's time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from consent.web.open_forms import network_of

#: Chosen: a walk of everything takes about 200 requests at 300 platforms and 10,000 entries.
MOST = 600
WINDOW = 60
#: Networks counted at once; more start a new window, so that made-up ones cannot fill the memory.
_MOST_NETWORKS = 10_000

_counts: dict[str, int] = {}
_window = 0


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
    global _window
    now = time.time()
    if int(now) // WINDOW != _window or len(_counts) >= _MOST_NETWORKS:
        _window = int(now) // WINDOW
        _counts.clear()
    network = network_of(request)
    _counts[network] = _counts.get(network, 0) + 1
    return Allowance(MOST - _counts[network], WINDOW - int(now) % WINDOW)
