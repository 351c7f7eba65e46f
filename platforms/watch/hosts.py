"""One visit at a time per host, and its robots.txt; shared by all workers through the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlsplit

from django.db.models import Q

from platforms.fetching.policy import FetchPolicy
from platforms.fetching.robots import MAX_AGE, Robots, RobotsFile, fetch_robots, read_robots
from platforms.models import CLOCK_SKEW, Host

#: An unreachable robots.txt is requested again after this, instead of after MAX_AGE. Chosen: one
#: request an hour is no burden.
_RETRY_ROBOTS_AFTER = dt.timedelta(hours=1)

AskRobots = Callable[[str], RobotsFile]


def host_of(url: str, *, now: dt.datetime) -> Host:
    """Return the row of a URL's host (scheme, name and port). Creates it at the first visit."""
    row = {"free_at": now, "turn_at": now}
    host, _ = Host.objects.get_or_create(name=host_name(url), defaults=row)
    return host


def host_name(url: str) -> str:
    """Return a URL's scheme, host and port, which name its row."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def take_turn(host: Host, *, now: dt.datetime, hold: dt.timedelta) -> dt.datetime | None:
    """Reserve a host for one visit. Return None, or the time it will be free if it is taken.

    hold: the reservation ends after this, even if the worker was killed. One that was written in
    the future was written while our clock was wrong, and ends at once.
    """
    is_free = Q(free_at__lte=now) | Q(turn_at__gt=now + CLOCK_SKEW)
    if Host.objects.filter(is_free, pk=host.pk).update(free_at=now + hold, turn_at=now):
        return None
    host.refresh_from_db(fields=["free_at"])
    return host.free_at


def release_host(host: Host, *, now: dt.datetime, pause: dt.timedelta) -> None:
    """End a turn. Nobody visits the host before the pause is over."""
    Host.objects.filter(pk=host.pk).update(free_at=now + pause, turn_at=now)


def robots_of(
    host: Host, url: str, *, policy: FetchPolicy, now: dt.datetime, ask: AskRobots | None = None
) -> Robots:
    """Return a host's rules; fetches robots.txt again if the copy is old. Call within a turn."""
    if _is_stale(host, now):
        _save_robots(host, (ask or (lambda url: fetch_robots(url, policy=policy)))(url), now)
    since = host.robots_unreachable_since
    return read_robots(
        RobotsFile(host.robots_status, host.robots_body or ""),
        last_known=host.robots_body,
        unreachable_for=now - since if since else dt.timedelta(0),
    )


def _is_stale(host: Host, now: dt.datetime) -> bool:
    if host.robots_asked_at is None:
        return True
    age = now - host.robots_asked_at
    return age < -CLOCK_SKEW or age > (
        _RETRY_ROBOTS_AFTER if host.robots_unreachable_since else MAX_AGE
    )


def _save_robots(host: Host, file: RobotsFile, now: dt.datetime) -> None:
    host.robots_asked_at = now
    host.robots_status = file.status
    host.robots_outcome = file.outcome.value if file.outcome else ""
    host.robots_detail = file.detail[:500]
    if file.status is not None and 200 <= file.status < 300:
        host.robots_body = file.body
    # RFC 9309 2.3.1.4 counts the days without an answer or with a server error.
    unreachable = file.status is None or file.status >= 500 or file.status == 429
    host.robots_unreachable_since = (host.robots_unreachable_since or now) if unreachable else None
    # Not free_at: `take_turn` changed it in the database alone, and the old one would end the turn.
    host.save(
        update_fields=(
            *("robots_asked_at", "robots_status", "robots_outcome", "robots_detail"),
            *("robots_body", "robots_unreachable_since"),
        )
    )
