"""A trial visit in its host's turn, for curators who wait for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone

from platforms.fetching.policy import FetchPolicy
from platforms.fetching.trial_visit import Probe, probe
from platforms.fetching.visit_intervals import host_pause
from platforms.watch.hosts import host_of, release_host, take_turn


class HostTakenError(Exception):
    """Another visit has the host's turn; the words say until when."""


def probe_in_turn(url: str, *, turn_of: str, policy: FetchPolicy, **rules: Any) -> Probe:
    """Visit an address once nobody else visits the host; its pause begins afterwards.

    turn_of: an address of the host whose turn is taken. rules: as for probe. Raises HostTakenError.
    """
    now = timezone.now()
    host = host_of(turn_of, now=now)
    free_at = take_turn(host, now=now, hold=dt.timedelta(seconds=settings.FETCH_LEASE))
    if free_at is not None:
        raise HostTakenError(f"{host} is left in peace until {free_at:%H:%M:%S} UTC.")
    crawl_delay = None
    try:
        result = probe(url, policy=policy, **rules)
        crawl_delay = result.crawl_delay
    finally:
        pause = host_pause(policy.host_pause, crawl_delay)
        release_host(host, now=timezone.now(), pause=dt.timedelta(seconds=pause))
    return result
