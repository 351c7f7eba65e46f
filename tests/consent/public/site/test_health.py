"""/healthz names what stands still and since when; /healthz/web is about the web server alone."""

import datetime as dt

import pytest
from django.utils import timezone

from platforms.models import Heartbeat, Outage, Page
from platforms.release import VERSION
from tests.factories import make_page, make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def reported():
    now = timezone.now()
    for part in ("beat", "general", "visits"):
        Heartbeat.objects.create(part=part, beat_at=now)


@pytest.fixture
def visiting(settings, reported):
    settings.CONTACT_EMAIL = "desk@example.org"


def silence(part, seconds):
    moment = ago(seconds=seconds)
    Heartbeat.objects.filter(part=part).update(beat_at=moment)
    return moment


def ago(**by):
    return timezone.now() - dt.timedelta(**by)


def make_read_page(**fields):
    return make_page(make_platform(), **{"last_looked_at": ago(hours=1)} | fields)


def written(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_is_well_while_all_parts_work(client, reported):
    silence("general", 60)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["late"]) == ("ok", [])
    assert answer.json()["version"] == VERSION


def test_names_the_part_that_is_late_and_since_when(client, reported):
    since = silence("beat", 80)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["late"]) == ("late", ["beat"])
    assert answer.json()["late_since"] == {"beat": written(since)}
    assert client.get("/healthz/web").json() == {"status": "ok", "database": "ok"}


def test_a_part_that_never_reported_is_late(client):
    answer = client.get("/healthz").json()
    assert answer["late"] == ["beat", "general", "visits"]
    assert answer["heartbeats"]["beat"] is None


def test_a_heartbeat_of_a_time_to_come_proves_nothing(client, reported):
    silence("visits", -25 * 3600)
    assert client.get("/healthz").json()["late"] == ["visits"]


def test_pages_that_are_due_for_ten_minutes_are_late(client, visiting):
    make_read_page(next_visit_at=ago(minutes=9))
    assert (client.get("/healthz").status_code, watch(client)) == (200, "ok")
    since = ago(minutes=11)
    Page.objects.update(next_visit_at=since)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["late_since"] == {"pages": written(since)}
    assert watch(client) == "late"


def test_no_page_is_late_where_none_is_visited(client, reported, settings):
    settings.CONTACT_EMAIL = "curators@localhost"  # as where it is not set
    make_read_page(next_visit_at=ago(days=1))
    assert (client.get("/healthz").status_code, watch(client)) == (200, "blind")


def test_the_watch_is_blind_while_our_line_is_down(client, visiting):
    make_read_page()
    began_at = ago(minutes=5)
    Outage.objects.create(began_at=began_at, last_tried_at=began_at)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["late_since"] == {"line": written(began_at)}
    assert watch(client) == "blind"


def test_pages_that_were_never_read_are_counted(client, visiting):
    make_page(make_platform())
    assert watch(client) == "blind"
    make_read_page()
    answer = client.get("/healthz").json()
    assert (answer["pages_watched"], answer["pages_never_read"]) == (2, 1)
    assert answer["watch"] == "ok"


def watch(client):
    return client.get("/healthz").json()["watch"]


def test_needs_no_login_and_takes_few_queries(client, reported, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz/web")
