"""One visit at a time to a host, also while its robots.txt is asked for."""

import datetime as dt

import pytest

from platforms.fetching.policy import FetchPolicy
from platforms.fetching.robots import RobotsFile
from platforms.models import Host
from platforms.watch.hosts import host_of, robots_of, take_turn

NOW = dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC)
HOLD = dt.timedelta(minutes=5)
URL = "https://example.org/terms"


@pytest.mark.django_db
def test_a_host_stays_taken_when_its_robots_txt_is_kept():
    host = host_of(URL, now=NOW)
    assert take_turn(host, now=NOW, hold=HOLD) is None
    robots_of(host, URL, policy=FetchPolicy(), now=NOW, ask=lambda _: RobotsFile(404, ""))
    assert Host.objects.get().robots_status == 404
    later = NOW + dt.timedelta(seconds=1)
    assert take_turn(host_of(URL, now=later), now=later, hold=HOLD) == NOW + HOLD
