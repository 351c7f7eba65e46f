"""/healthz names what does not work; /healthz/web is about the web server alone."""

import datetime as dt

import pytest
from django.utils import timezone

from platforms.models import Heartbeat
from platforms.release import VERSION

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def reported():
    now = timezone.now()
    for part in ("beat", "general", "visits"):
        Heartbeat.objects.create(part=part, beat_at=now)


def silence(part, minutes):
    moment = timezone.now() - dt.timedelta(minutes=minutes)
    Heartbeat.objects.filter(part=part).update(beat_at=moment)


def test_is_well_while_all_parts_report(client, reported):
    silence("general", 2)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["late"]) == ("ok", [])
    assert answer.json()["version"] == VERSION


def test_names_the_part_that_is_late(client, reported):
    silence("beat", 4)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["late"]) == ("late", ["beat"])
    assert client.get("/healthz/web").json() == {"status": "ok", "database": "ok"}


def test_a_part_that_never_reported_is_late(client):
    answer = client.get("/healthz").json()
    assert answer["late"] == ["beat", "general", "visits"]
    assert answer["heartbeats"]["beat"] is None


def test_needs_no_login_and_takes_few_queries(client, reported, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz/web")
