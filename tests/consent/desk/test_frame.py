"""Every page of the desk and the admin stands in one frame; errors and the door do too."""

import datetime as dt
import re

import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from consent.desk import overviews
from platforms.models import LentSession, Page
from platforms.outcomes import Outcome
from platforms.vocabulary import Access
from tests.consent.desk.test_walk import addresses  # noqa: F401 (a fixture)
from tests.factories import make_fetch, make_page, make_platform
from tests.sweeps import DRILL, some

pytestmark = pytest.mark.django_db

#: Answer with something else than a page: a mail in a sandbox of its own.
NO_PAGES = {"consent_alert_sample", "consent_alert_written"}
#: A time without its zone; ISO times of logs have theirs behind the seconds.
_TIME = re.compile(r"(?<![\d:T])\d{1,2}:\d\d(?::\d\d)?\b(?! UTC)|\d [ap]\.m\.")


def page_of(answer):
    return LexborHTMLParser(answer.content)


def assert_framed(page, name):
    """The look of the site: its mark, its tokens, its icon; and no list of models beside."""
    styles = [
        link.attributes["href"].rpartition("/")[2] for link in page.css("link[rel=stylesheet]")
    ]
    assert styles[-3:] == ["tokens.css", "admin.css", "desk.css"], name
    assert page.css_first("link[rel=icon]"), name
    assert page.css_first(".masthead .wordmark svg"), name
    assert not page.css("#nav-sidebar"), name
    assert len(page.css("h1")) == 1, name


def test_every_page_has_the_frame_the_queues_and_no_time_without_its_zone(
    client,
    addresses,  # noqa: F811
):
    client.force_login(User.objects.create_superuser("root"))
    seen = 0
    for name, address in some(addresses.items(), 24):
        answer = client.get(address)
        if answer.status_code != 200 or name in NO_PAGES:
            continue
        page, seen = page_of(answer), seen + 1
        assert_framed(page, name)
        assert page.css(".desk-queues a"), name
        assert page.css(".desk-queues [aria-current]"), name
        while element := page.css_first("pre, code, script, style, template"):
            element.decompose()
        assert not _TIME.findall(page.text(separator=" ")), name
    assert seen > (100 if DRILL else 10)


def test_the_bar_says_which_queue_a_page_belongs_to(client, editor, change):
    page = Page.objects.get(pk=change.page_id)
    for address, label in (
        (reverse("admin:consent_change_changelist"), "Changes (1)"),
        (reverse("admin:consent_change_publish", args=[change.pk]), "Changes (1)"),
        (reverse("admin:platforms_page_health", args=[page.pk]), "Page health"),
        (reverse("admin:platforms_page_changelist"), "Page health"),
        (reverse("admin:consent_entry_reviews"), "Second review"),
        (reverse("admin:consent_entry_write"), "Outbox and dates"),
        (reverse("admin:platforms_platform_changelist"), "Records"),
        (reverse("admin:records"), "Records"),
        (reverse("admin:index"), "Today"),
    ):
        here = page_of(client.get(address)).css(".desk-queues [aria-current]")
        assert [link.text() for link in here] == [label], address


def test_an_address_of_the_desk_that_leads_nowhere_keeps_the_frame(client, person):
    client.force_login(person("Curator"))
    answer = client.get("/admin/nowhere/")
    page = page_of(answer)
    assert answer.status_code == 404
    assert_framed(page, "404")
    assert page.css(".desk-queues a")
    assert "There is nothing at this address" in page.css_first("h1").text()
    assert not page_of(client.get("/nowhere")).css(".desk-queues")


def test_who_may_not_do_something_stays_in_the_frame(client, person):
    client.force_login(person("Desk reader"))
    answer = client.get(reverse("admin:auth_user_invite"))
    page = page_of(answer)
    assert answer.status_code == 403
    assert_framed(page, "403")
    assert page.css(".desk-queues a")


def test_a_fault_of_the_desk_leads_back_to_the_desk_without_the_database(
    client, editor, monkeypatch
):
    def fail(*_, **__):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(overviews, "weeks", fail)
    client.raise_request_exception = False
    answer = client.get(reverse("admin:consent_change_numbers"))
    page = page_of(answer)
    assert answer.status_code == 500
    assert page.css_first("link[rel=icon]")
    assert page.css_first("main a").attributes["href"] == "/admin/"


def test_the_door_has_the_frame_without_the_queues(client):
    User.objects.create_superuser("ada", password="a right good password")
    page = page_of(client.get("/admin/login/"))
    assert_framed(page, "login")
    assert not page.css(".desk-queues")
    wrong = {"username": "ada", "password": "wrong", "next": "/admin/"}
    for _ in range(project.AXES_FAILURE_LIMIT):
        answer = client.post("/admin/login/", wrong)
    page = page_of(answer)
    assert answer.status_code == 429
    assert "Too many attempts" in page.css_first("h1").text()
    assert_framed(page, "locked out")


@pytest.fixture
def session(person):
    platform = make_platform("chirp")
    make_page(platform, access=Access.ACCOUNT)
    return LentSession.objects.create(
        platform=platform, cookies=b"x", lent_by=person("Administrator", name="grace")
    )


HEALTH = "admin:consent_change_health"


def test_a_lent_session_past_its_end_is_named_on_every_page_and_above_page_health(
    client, editor, session
):
    assert not page_of(client.get("/admin/")).css(".desk-alarm")
    session.expires_at = timezone.now() - dt.timedelta(minutes=1)
    session.save()
    alarm = page_of(client.get("/admin/")).css_first(".desk-alarm")
    assert alarm.text() == "1 session ended"
    assert alarm.attributes["href"] == reverse(HEALTH) + "#sessions"
    told = page_of(client.get(reverse(HEALTH))).css_first("#sessions").text()
    assert "Chirp, lent by grace" in told
    session.withdrawn_at = timezone.now()
    session.save()
    assert not page_of(client.get("/admin/")).css(".desk-alarm")


def test_a_session_that_a_page_no_longer_takes_has_ended_until_the_page_is_read_again(
    client, editor, session
):
    page = session.platform.pages.get()
    for days, outcome, ended in ((1, Outcome.SESSION_EXPIRED, 1), (2, Outcome.READ, 0)):
        at = timezone.now() + dt.timedelta(days=days)
        make_fetch(page, outcome, at=at)
        Page.objects.filter(pk=page.pk).update(last_visited_at=at)
        assert LentSession.objects.ended(timezone.now()).count() == ended
        assert len(page_of(client.get("/admin/")).css(".desk-alarm")) == ended


@pytest.mark.database
def test_the_number_of_pages_in_trouble_is_that_of_the_list(client, editor):
    platform = make_platform()
    for fields in (
        {"health": "failing"},
        {"flapping_since": timezone.now(), "needs_rule_since": timezone.now()},
        {"paused_at": timezone.now(), "paused_reason": "It moved."},
        {"last_looked_at": timezone.now()},
    ):
        make_page(platform, **fields)
    page = page_of(client.get(reverse(HEALTH)))
    assert len(page.css("#result_list tbody tr")) == 3
    assert page.css_first(".desk-queues [aria-current]").text() == "Page health (3)"
