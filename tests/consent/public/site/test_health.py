"""/healthz names what stands still and since when; /healthz/web is about the web server alone."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from consent.tasks import check_disk
from platforms.models import Gap, Heartbeat, Outage, Page
from platforms.outcomes import Outcome
from platforms.release import VERSION
from tests.factories import make_page, make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported():
    now = timezone.now()
    for part in ("beat", "general", "visits"):
        Heartbeat.objects.create(part=part, beat_at=now)


@pytest.fixture
def disk(monkeypatch):
    """Sets how much of the disk is free, in percent."""

    def set_free(free):
        usage = SimpleNamespace(total=1000, free=10 * free, used=1000 - 10 * free)
        monkeypatch.setattr("platforms.watch.state.shutil.disk_usage", lambda _: usage)

    return set_free


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


@pytest.mark.database
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


@pytest.mark.database
def test_needs_no_login_and_takes_few_queries(client, reported, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz/web")


def test_names_the_free_space_on_the_disk(client, reported, disk):
    disk(free=9.5)
    assert client.get("/healthz").json()["disk_free_percent"] == 9.5


def test_the_operator_is_told_once_that_the_disk_is_nearly_full(reported, disk, settings):
    settings.CONTACT_EMAIL = "operator@example.org"
    disk(free=10.5)
    assert not check_disk()
    disk(free=9.5)
    assert check_disk()
    assert not check_disk()
    (told,) = mail.outbox
    assert told.to == ["operator@example.org"]
    assert "10 % of the disk" in told.body


@pytest.mark.database
def test_the_watch_is_blind_when_no_page_was_read_for_a_day(client, visiting):
    page = make_read_page(next_visit_at=timezone.now() + dt.timedelta(hours=1))
    assert client.get("/healthz").json()["watch"] == "ok"
    since = ago(hours=25)
    Page.objects.filter(pk=page.pk).update(last_looked_at=since, last_visited_at=ago(hours=2))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["watch"] == "blind"
    assert answer.json()["late_since"] == {"reading": written(since)}


def test_a_site_whose_few_pages_rest_for_days_is_not_blind(client, visiting):
    read_at = ago(days=3)
    page = make_read_page(
        last_looked_at=read_at,
        last_visited_at=read_at,
        next_visit_at=timezone.now() + dt.timedelta(days=1),
    )
    assert (client.get("/healthz").status_code, watch(client)) == (200, "ok")
    shown = client.get(page.platform.get_absolute_url()).content.decode()
    assert "no page of any platform is read" not in shown


def test_readers_of_an_answer_are_told_when_no_page_is_read(client, visiting):
    page = make_read_page()
    address = page.platform.get_absolute_url()
    blind = "At the moment no page of any platform is read."
    assert blind not in client.get(address).content.decode()
    Page.objects.filter(pk=page.pk).update(
        last_looked_at=ago(hours=25), last_visited_at=ago(hours=2)
    )
    cache = caches["pages"]
    cache.clear()
    assert blind in client.get(address, {"fresh": 1}).content.decode()
    assert "Derzeit wird keine Seite" in client.get(f"/de{address}").content.decode()


def test_readers_are_told_when_no_page_could_be_read_ever(client, visiting):
    page = make_read_page(last_looked_at=None)
    address = page.platform.get_absolute_url()
    assert "no page of any platform is read" not in client.get(address).content.decode()
    Page.objects.update(last_visited_at=ago(minutes=1))
    caches["pages"].clear()
    shown = client.get(address).content.decode()
    assert "At the moment no page of any platform is read." in shown
    assert "This site has not read any page yet." in shown


def test_the_desk_begins_with_what_the_watch_does(client, visiting, admin_client):
    make_read_page(next_visit_at=ago(minutes=25))
    make_read_page(next_visit_at=ago(minutes=5))
    for name in ("index", "consent_change_health", "consent_change_changelist"):
        shown = admin_client.get(reverse(f"admin:{name}")).content.decode()
        assert "Last page read" in shown
        assert "2 due, 1 late, the oldest for 25 minutes" in shown
        assert "line up; workers at work;" in shown
        assert "% of the disk free" in shown
    Page.objects.update(last_looked_at=None)
    silence("visits", 500)
    shown = admin_client.get(reverse("admin:consent_change_health")).content.decode()
    assert "No page was ever read" in shown
    assert "workers late: visits" in shown


@pytest.mark.database
def test_page_health_and_the_status_page_count_the_same_pages(client, visiting, admin_client):
    _read, failing, paused = (make_read_page() for _ in range(3))
    make_read_page(last_looked_at=None)
    for page in (failing, paused):
        Page.objects.filter(pk=page.pk).update(health="failing", health_since=ago(days=1))
        Gap.objects.create(
            page=page, began_at=ago(days=1), noticed_at=ago(days=1), outcome=Outcome.TIMEOUT
        )
    Page.objects.filter(pk=paused.pk).update(paused_at=ago(hours=1), paused_reason="It moved.")
    status = client.get(reverse("status"))
    health = admin_client.get(reverse("admin:consent_change_health"))
    assert len(status.context["open_gaps"]) == health.context["counts"]["failing"] == 1
    assert client.get("/healthz").json()["pages_unreadable"] == 1
    assert "<dt>Never read yet</dt><dd>1</dd>" in status.content.decode()
    assert "1 never read" in health.content.decode()


def test_a_page_that_was_never_read_is_in_trouble(visiting):
    page = make_read_page(last_looked_at=None)
    assert page in Page.objects.in_trouble()
