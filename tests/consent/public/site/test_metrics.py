"""The operator's figures, for whoever bears the token."""

import datetime as dt

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from consent.alerts.sending.delivery import send_due
from platforms.models import Fetch
from tests.consent.alerts.conftest import mailbox, place  # noqa: F401  (fixtures)
from tests.consent.alerts.readers import make_reader, publish
from tests.factories import make_page, make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def token(settings):
    settings.METRICS_TOKEN = "a-token-for-tests"


def ask(client, token="a-token-for-tests"):
    return client.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def read(client):
    """The samples by name and label."""
    return {
        (sample.name.removeprefix("default_on_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(ask(client).text)
        for sample in family.samples
    }


def test_an_empty_place_has_every_figure_and_all_are_nought(client):
    found = read(client)
    assert found["mail_oldest_due_seconds",] == 0
    assert found["subscribers", "active"] == 0
    assert found["visits_24h", "read"] == 0
    assert found["changes_waiting",] == 0
    assert [name for name, figure in found.items() if figure] == [("disk_free_percent",)]


@pytest.mark.database
def test_figures_follow_what_happens(client, mailbox):  # noqa: F811
    make_reader("", ("everything", ""))
    make_reader("gone@mail.example", ("everything", ""))
    make_reader("", ("everything", ""), state="paused")
    entry = publish()
    found = read(client)
    assert (found["mails_waiting", "alert"], found["mails_due", "alert"]) == (2, 0)
    entry.alerts.update(due_at=timezone.now() - dt.timedelta(minutes=40))
    found = read(client)
    assert found["mails_due", "alert"] == 2
    assert 2400 <= found["mail_oldest_due_seconds",] < 2500
    mailbox.refuse["gone@mail.example"] = "550 5.1.1 gone@mail.example is unknown"
    send_due()
    found = read(client)
    assert (found["mails_sent_24h", "alert"], found["mails_failed_7d", "550"]) == (1, 1)
    assert (found["subscribers", "paused"], found["subscribers", "bounced"]) == (1, 1)
    assert found["mail_oldest_due_seconds",] == 0
    assert "gone@mail.example" not in ask(client).text


def test_visits_count_by_what_they_came_to(client):
    page, now = make_page(make_platform()), timezone.now()
    for number, outcome in enumerate(("read", "read", "bot-wall", "read")):
        at = now - dt.timedelta(hours=1, days=2 * (number == 3))
        Fetch.objects.create(
            page=page,
            visit=at + dt.timedelta(seconds=number),
            started_at=at,
            finished_at=at,
            outcome=outcome,
        )
    found = read(client)
    assert (found["visits_24h", "read"], found["visits_24h", "bot-wall"]) == (2, 1)
    assert found["pages_watched",] == 1


def test_without_the_token_nothing_is_told(client, settings):
    for wrong in ("", "a-token", "a-token-for-tests2", "ü"):
        answer = ask(client, wrong)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert "default_on" not in answer.text
    assert client.get("/metrics?token=a-token-for-tests").status_code == 401
    settings.METRICS_TOKEN = ""
    assert ask(client, "").status_code == 404
    assert ask(client).status_code == 404


def test_no_cache_keeps_the_figures(client):
    answer = ask(client)
    assert answer["Content-Type"].startswith("text/plain; version=")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.database
def test_asking_takes_the_same_few_queries_however_much_there_is(
    client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(18):
        ask(client)
    for _ in range(20):
        make_reader("", ("everything", ""))
    publish()
    with django_assert_max_num_queries(18):
        ask(client)
