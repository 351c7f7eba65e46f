import datetime as dt
import json

import pytest
from django.db import DatabaseError
from django.utils import timezone

from consent.models import Letter
from platforms.models import Gap, Page
from platforms.outcomes import Outcome
from tests.factories import make_fetch, make_page, make_platform

pytestmark = pytest.mark.django_db


def test_nothing_read_yet_is_said_as_it_is(client):
    make_page(make_platform())
    assert "No page has been read by us yet." in client.get("/about").text


def test_pages_that_could_all_not_be_read_are_said_to_be_so(client):
    make_fetch(make_page(make_platform()), Outcome.DNS)
    text = client.get("/about").text
    assert "The watched pages could not be read. Last tried" in text
    assert "last read" not in text


def test_the_last_reading_stands_at_the_foot_of_every_page(client):
    make_fetch(make_page(make_platform()), at=timezone.now() - dt.timedelta(hours=3))
    assert "3 hours ago" in client.get("/about").text


def make_gap(page, **fields):
    began = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    return Gap.objects.create(
        page=page, **{"began_at": began, "noticed_at": began, "outcome": Outcome.BOT_WALL} | fields
    )


def test_gaps_are_listed_with_their_dates_and_reason(client):
    make_gap(make_page(make_platform("x"), title="Grok help"))
    response = client.get("/status")
    assert [gap.page.title for gap in response.context["open_gaps"]] == ["Grok help"]
    assert "1 March 2026, 09:00 UTC" in response.text
    assert "blocks automated readers" in response.text


def test_a_page_that_is_not_visited_any_more_is_no_gap_of_now(client):
    page = make_page(make_platform("x"), paused_at=timezone.now(), paused_reason="Moved.")
    make_gap(page)
    response = client.get("/status")
    assert response.context["open_gaps"] == []
    assert response.context["platforms"].get().page_count == 0


def test_gaps_that_ended_stay_listed_for_a_month(client):
    now = timezone.now()
    recent, old = make_page(make_platform()), make_page(make_platform())
    make_gap(recent, ended_at=now - dt.timedelta(days=29))
    make_gap(old, ended_at=now - dt.timedelta(days=31))
    context = client.get("/status").context
    assert [gap.page for gap in context["ended_gaps"]] == [recent]
    assert context["open_gaps"] == []


def test_a_page_that_was_tried_and_never_seen_is_named_before_it_counts_as_a_gap(client):
    page = make_page(make_platform())
    make_fetch(page, Outcome.TIMEOUT)
    assert list(client.get("/status").context["unseen"]) == [page]
    make_gap(page)
    assert list(client.get("/status").context["unseen"]) == []


def test_a_page_that_was_read_is_neither(client):
    make_fetch(make_page(make_platform()))
    context = client.get("/status").context
    assert list(context["unseen"]) == context["open_gaps"] == []


def test_many_pages_are_listed_in_few_questions(client, django_assert_max_num_queries):
    platform = make_platform()
    for _ in range(20):
        make_fetch(make_page(platform))
    with django_assert_max_num_queries(8):  # three of them for the mails that wait
        client.get("/status")


class TestHealth:
    def test_is_ok_while_the_database_answers_and_nothing_is_late(self, client):
        response = client.get("/healthz")
        assert response.json() == {
            "status": "ok",
            "database": "ok",
            "last_visit_at": None,
            "pages_due": 0,
            "seconds_behind": 0,
        }
        assert "no-store" in response["Cache-Control"]

    def test_tells_how_far_the_worker_is_behind(self, client):
        late = timezone.now() - dt.timedelta(minutes=10)
        make_page(make_platform(), next_visit_at=late)
        answer = client.get("/healthz").json()
        assert answer["pages_due"] == 1
        assert 600 <= answer["seconds_behind"] < 660

    def test_fails_when_the_database_does(self, client, monkeypatch):
        def broken(*_):
            raise DatabaseError("gone")

        monkeypatch.setattr(type(Page.objects.all()), "due", broken)
        response = client.get("/healthz")
        assert response.status_code == 503
        assert json.loads(response.content)["status"] == "failing"


def test_robots_may_read_everything_but_the_desk(client):
    assert "Disallow: /admin/" in client.get("/robots.txt").text


def test_security_txt_names_a_contact_and_has_not_expired(client, settings):
    lines = dict(
        line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines()
    )
    assert lines["Contact"] == f"mailto:{settings.CONTACT_EMAIL}"
    assert dt.datetime.fromisoformat(lines["Expires"]) > timezone.now()


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(None, "all that is due is sent"), (45, "the mail due longest has waited 45 minutes")],
)
def test_says_how_long_mail_waits(client, minutes, words):
    if minutes is not None:
        due_at = timezone.now() - dt.timedelta(minutes=minutes)
        Letter.objects.create(address="ada@example.org", kind="manage", due_at=due_at)
    assert words in client.get("/status").text
