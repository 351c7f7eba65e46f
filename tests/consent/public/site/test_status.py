import datetime as dt
import json

import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.db import DatabaseError
from django.utils import timezone

from consent.models import Letter
from platforms.models import Gap, Outage, Page
from platforms.outcomes import Outcome
from tests.factories import make_fetch, make_page, make_platform

pytestmark = pytest.mark.django_db


def test_nothing_read_yet_is_said_as_it_is(client):
    make_page(make_platform())
    assert "This site does not visit the platforms’ pages itself yet" in client.get("/about").text


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
    assert "Blocks automated readers" in response.text


def gaps_by_reason(client, address="/status", section="gaps"):
    """The headings of a section with the platforms that are listed under each."""
    page = BeautifulSoup(client.get(address).text, "lxml")
    return {
        " ".join(group.h3.get_text().split()): [
            line.a.get_text() for line in group.select(".gap-line")
        ]
        for group in page.select(f'[aria-labelledby="{section}"] .gap-group')
    }


def make_silence(count, *, now, outcome=Outcome.DNS):
    """So many hosts that did not answer within the last hours, each with its gap."""
    for number in range(count):
        page = make_page(
            make_platform(name=f"Silent {number}"), url=f"https://host-{number}.example/help"
        )
        began = now - dt.timedelta(hours=3, minutes=number)
        for hours in (0, 1, 2):
            make_fetch(page, outcome, at=began + dt.timedelta(hours=hours))
        make_gap(page, began_at=began, noticed_at=now, outcome=outcome)
        Page.objects.filter(pk=page.pk).update(
            health="failing", health_since=began, gaps_in_a_row=3
        )


def test_gaps_are_grouped_by_reason(client):
    make_gap(make_page(make_platform(name="X")))
    make_gap(
        make_page(make_platform(name="Slack")), began_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    )
    make_gap(make_page(make_platform(name="Quora")), outcome=Outcome.DNS)
    assert gaps_by_reason(client) == {
        "Blocks automated readers (2)": ["X", "Slack"],
        "Name not found (1)": ["Quora"],
    }


@pytest.mark.parametrize("address", ["/status", "/de/status"])
def test_when_no_host_answers_it_says_that_it_is_probably_us(client, address):
    now = timezone.now()
    make_gap(make_page(make_platform(name="X")))  # refuses us since March
    make_gap(make_page(make_platform(name="Gone")), outcome=Outcome.DNS)
    make_silence(12, now=now)
    text = client.get(address).text
    assert ("probably our own connection" in text) is (address == "/status")
    assert ("vermutlich an unserer eigenen Verbindung" in text) is (address == "/de/status")
    groups = gaps_by_reason(client, address)
    assert [len(platforms) for platforms in groups.values()] == [12, 1, 1]
    ours = next(iter(groups.values()))
    assert "X" not in ours
    assert "Gone" not in ours


def test_while_others_answer_it_is_not_us(client):
    now = timezone.now()
    for number in range(20):
        page = make_page(make_platform(), url=f"https://well-{number}.example/help")
        make_fetch(page, at=now)
    make_silence(3, now=now)
    assert "our own connection" not in client.get("/status").text


def test_a_past_outage_of_ours_is_not_blamed_on_platforms(client):
    now = timezone.now()
    make_silence(12, now=now)
    for page in Page.objects.all():
        make_fetch(page, at=now)
    Gap.objects.update(ended_at=now)
    assert list(gaps_by_reason(client, section="ended")) == ["Probably our own connection (12)"]
    text = client.get("/status").text
    assert "At the moment hardly any page can be reached" not in text


def test_the_page_of_a_platform_does_not_blame_it_for_our_connection(client):
    make_silence(12, now=timezone.now())
    page = Page.objects.first()
    text = client.get(page.platform.get_absolute_url()).text
    assert "name not found" not in text
    assert "probably our own connection" in text


def test_without_a_contact_it_says_that_nothing_is_visited(client, settings):
    settings.CONTACT_EMAIL = "curators@localhost"
    page = make_page(make_platform(name="X"))
    words = "No page is visited yet"
    assert words in client.get("/status").text
    text = client.get(page.platform.get_absolute_url()).text
    assert words in text
    assert "waiting for the first visit" not in text
    assert "not been able to read" not in text


def test_platforms_never_visited_are_named_apart_from_those_that_were(client):
    make_page(make_platform(name="Waiting"))
    make_fetch(make_page(make_platform(name="Read")))
    page = BeautifulSoup(client.get("/status").text, "lxml")
    assert [each.a.get_text() for each in page.select(".reading-line")] == ["Read"]
    assert [each.get_text() for each in page.select(".never-visited a")] == ["Waiting"]


def test_what_is_watched_and_not_visited_adds_up_to_all_listed_platforms(client):
    make_page(make_platform(name="Waiting"))
    make_page(make_platform(name="Waiting too"))
    make_platform(name="Not watched")
    page = BeautifulSoup(client.get("/status").text, "lxml")
    told = " ".join(page.select_one("[aria-labelledby=all]").text.split())
    assert "3 platforms are listed; pages of 2 of them are to be visited." in told
    assert "2 platforms with pages to visit, none visited by us yet" in told
    assert "1 platform of which no page is watched" in told


def test_a_page_that_is_not_visited_any_more_is_no_gap_of_now(client):
    page = make_page(make_platform("x"), paused_at=timezone.now(), paused_reason="Moved.")
    make_gap(page)
    response = client.get("/status")
    assert response.context["open_gaps"] == []
    assert "no page is watched" in response.text


def test_gaps_that_ended_stay_listed_for_a_month(client):
    now = timezone.now()
    recent, old = make_page(make_platform()), make_page(make_platform())
    make_gap(recent, ended_at=now - dt.timedelta(days=29))
    make_gap(old, ended_at=now - dt.timedelta(days=31))
    context = client.get("/status").context
    assert [gap.page for group in context["ended_groups"] for gap in group.gaps] == [recent]
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


def test_an_outage_that_was_noticed_is_shown_while_it_lasts_and_afterwards(client):
    now = timezone.now()
    make_fetch(make_page(make_platform()), at=now - dt.timedelta(hours=3))
    outage = Outage.objects.create(began_at=now - dt.timedelta(hours=2), last_tried_at=now)
    assert "hardly any page can be reached" in client.get("/status").text
    outage.ended_at = now - dt.timedelta(hours=1)
    outage.save()
    caches["pages"].clear()
    page = client.get("/de/status").text
    assert "Unsere eigene Verbindung" in page
    assert "hardly any page can be reached" not in client.get("/status").text


def test_many_pages_are_listed_in_few_questions(client, django_assert_max_num_queries):
    platform = make_platform()
    for _ in range(20):
        make_fetch(make_page(platform))
    with django_assert_max_num_queries(9):  # three of them for the mails that wait
        client.get("/status")


class TestHealth:
    def test_has_figures_on_visits(self, client):
        response = client.get("/healthz")
        figures = response.json()
        assert figures["database"] == "ok"
        assert figures["last_visit_at"] is None
        assert (figures["pages_due"], figures["seconds_behind"]) == (0, 0)
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
