"""A curator's lent session: it stays secret, goes to its platform only, and can end."""

import datetime as dt
import json
import pickle
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, transaction

from platforms.fetching.cookies import LentCookie
from platforms.fetching.visit import visit
from platforms.models import LentSession, Page
from platforms.outcomes import Outcome
from platforms.vocabulary import Access
from platforms.watch.lent_sessions import (
    LendingError,
    cookies_of,
    encrypt_cookies,
    hosts_of,
    lend,
    limit_to_hosts,
    read_jar,
    withdraw,
)
from tests.practice.site import LOGIN_WALL
from tests.practice.watched import START, Clock, chirp, watcher
from tests.practice.watched import visit as visit_when_due

pytestmark = pytest.mark.django_db

SECRET = "5ecret-of-ada"
SETTINGS_PAGE = b"""<!doctype html><html lang="en"><title>Perch settings</title><main>
<h1>Perch</h1><label><input type="checkbox" checked> Allow your posts to be used to train Perch
</label><p>This is on unless you turn it off. It reaches posts from now on.</p></main></html>"""


@pytest.fixture(autouse=True)
def key(settings):
    settings.SESSION_KEYS = [Fernet.generate_key().decode()]


@pytest.fixture
def ada():
    return User.objects.create_user("ada")


@pytest.fixture
def site(site):
    """The practice site; it shows its settings page if the request has the cookie of a session."""
    wall = site.answers[LOGIN_WALL]
    site.valid = True

    def settings_page(headers):
        if site.valid and f"session={SECRET}" in headers.get("Cookie", ""):
            return 200, {"Content-Type": "text/html; charset=utf-8"}, SETTINGS_PAGE
        return wall(headers)

    site.answers[LOGIN_WALL] = settings_page
    return site


def jar(domain="127.0.0.1", *, expires=0, subdomains="FALSE", secure="FALSE"):
    """A cookies.txt with one session cookie and one of another site."""
    return (
        "# Netscape HTTP Cookie File\n\n"
        f"#HttpOnly_{domain}\t{subdomains}\t/\t{secure}\t{expires}\tsession\t{SECRET}\n"
        f".bank.example\tTRUE\t/\tTRUE\t0\ttoken\tother-{SECRET}\n"
    )


def settings_page(site):
    page = chirp(site, path=LOGIN_WALL)
    Page.objects.update(access=Access.ACCOUNT)
    page.refresh_from_db()
    return page


def lent(page, ada, **fields):
    values = {"hosts": ["127.0.0.1"], "lent_by": ada, "expires_at": None, "now": START}
    values |= fields
    cookies = encrypt_cookies(jar(), hosts=values["hosts"], now=values["now"])
    return lend(page.platform, cookies, **values)


# --- Reading ------------------------------------------------------------------------------------


def test_without_a_session_a_page_behind_a_login_is_not_visited(site):
    page, clock = settings_page(site), Clock()
    assert visit_when_due(watcher(site, clock), page, clock) is None
    assert site.requests == []


def test_with_a_session_it_is_read(site, ada):
    page, clock = settings_page(site), Clock()
    session = lent(page, ada)
    fetch = visit_when_due(watcher(site, clock), page, clock)
    assert fetch.outcome == Outcome.READ
    assert "train Perch" in fetch.snapshot.documents.get().text
    session.refresh_from_db()
    assert session.last_used_at == clock.now


def test_pages_that_need_no_account_are_visited_without_the_session(site, ada):
    page, clock = settings_page(site), Clock()
    lent(page, ada)
    Page.objects.update(access=Access.PUBLIC)
    assert visit_when_due(watcher(site, clock), page, clock).outcome == Outcome.LOGIN_WALL


def test_a_session_ended_by_the_platform_is_no_login_wall(site, ada):
    page, clock = settings_page(site), Clock()
    lent(page, ada)
    site.valid = False
    assert visit_when_due(watcher(site, clock), page, clock).outcome == Outcome.SESSION_EXPIRED


def test_a_refusal_by_status_ends_the_session_too(site, ada):
    page, clock = settings_page(site), Clock()
    lent(page, ada)
    site.answers[LOGIN_WALL] = lambda _: (
        401,
        {"Content-Type": "text/html", "WWW-Authenticate": 'Bearer realm="chirp"'},
        b"<h1>Log in to Chirp</h1><form><input type=password></form>",
    )
    assert visit_when_due(watcher(site, clock), page, clock).outcome == Outcome.SESSION_EXPIRED


def test_an_expired_session_is_not_used_and_is_the_outcome(site, ada):
    page, clock = settings_page(site), Clock()
    lent(page, ada, expires_at=START + dt.timedelta(days=1))
    clock.forward(days=2)
    fetch = visit_when_due(watcher(site, clock), page, clock)
    assert fetch.outcome == Outcome.SESSION_EXPIRED
    assert fetch.detail == "the lent session ended on 2026-03-03"
    assert LOGIN_WALL not in site.requests


def test_a_session_that_cannot_be_decrypted_is_a_gap(site, ada, settings):
    page, clock = settings_page(site), Clock()
    lent(page, ada)
    settings.SESSION_KEYS = [Fernet.generate_key().decode()]
    fetch = visit_when_due(watcher(site, clock), page, clock)
    assert fetch.outcome == Outcome.SESSION_EXPIRED
    assert "a key that is not set" in fetch.detail


def test_a_withdrawn_session_is_erased_and_its_pages_are_checked_by_hand(site, ada):
    page = settings_page(site)
    session = lent(page, ada)
    assert not Page.objects.watched_by_hand().exists()
    withdraw(session, now=START)
    session.refresh_from_db()
    assert bytes(session.cookies) == b""
    assert Page.objects.watched_by_hand().get() == page
    assert not Page.objects.watched().exists()


def test_a_new_session_replaces_the_old_one(site, ada):
    page = settings_page(site)
    old, new = lent(page, ada), lent(page, ada)
    old.refresh_from_db()
    assert old.withdrawn_at == START
    assert LentSession.objects.standing().get() == new


@pytest.mark.database
def test_the_database_refuses_two_active_sessions_of_a_platform(site, ada):
    page = settings_page(site)
    lent(page, ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        LentSession.objects.create(platform=page.platform, cookies=b"x", lent_by=ada)


# --- Secrecy ------------------------------------------------------------------------------------


def test_the_cookies_appear_nowhere_unencrypted(site, ada, caplog):
    page, clock = settings_page(site), Clock()
    session = lent(page, ada)
    caplog.set_level("DEBUG")
    for _ in range(2):
        visit_when_due(watcher(site, clock), page, clock)
        site.valid = False
    dumped = StringIO()
    call_command("dumpdata", stdout=dumped)
    shown = [
        repr(session),
        str(session),
        bytes(session.cookies).decode(),
        serializers.serialize("json", LentSession.objects.all()),
        dumped.getvalue(),
        caplog.text,
        repr(cookies_of(session, now=START)),
        repr(read_jar(jar())),
    ]
    assert not [text for text in shown if SECRET in text]
    assert "cookies" not in json.loads(serializers.serialize("json", [session]))[0]["fields"]


def test_only_cookies_of_the_hosts_are_stored(site, ada):
    page = settings_page(site)
    cookies = cookies_of(lent(page, ada), now=START)
    assert [(cookie.name, cookie.domain) for cookie in cookies] == [("session", "127.0.0.1")]


def test_a_cookie_is_not_sent_to_another_host_or_a_subdomain(site):
    policy = watcher(site, Clock()).policy
    (cookie,) = limit_to_hosts(
        [LentCookie("session", SECRET, ".chirp.example", secure=False)], ["chirp.example"]
    )
    received = []
    site.answers["/"] = lambda headers: (
        received.append(headers.get("Cookie")) or (200, {"Content-Type": "text/html"}, b"<p>Hello")
    )
    for host in ("chirp.example", "ads.chirp.example", "chirp.example.net", "badchirp.example"):
        visit(
            f"http://{host}:{site.port}/",
            policy=policy,
            cookies=[cookie],
            resolve=lambda *_: ["127.0.0.1"],
        )
    assert received == [f"session={SECRET}", None, None, None]


def test_a_cookie_for_a_top_level_domain_is_sent_to_no_host():
    assert limit_to_hosts([LentCookie("a", "b", ".example")], ["chirp.example"]) == ()


def test_sessions_stay_readable_when_a_new_key_is_put_first(site, ada, settings):
    session = lent(settings_page(site), ada)
    settings.SESSION_KEYS = [Fernet.generate_key().decode(), *settings.SESSION_KEYS]
    assert cookies_of(session, now=START)[0].value == SECRET


def test_without_a_key_no_session_can_be_lent(site, ada, settings):
    settings.SESSION_KEYS = []
    with pytest.raises(LendingError, match="SESSION_KEYS is not set"):
        lent(settings_page(site), ada)


def test_the_hosts_offered_are_those_of_pages_that_need_an_account(site):
    page = settings_page(site)
    page.platform.homepage = "https://chirp.example/"
    assert hosts_of(page.platform) == ["127.0.0.1", "chirp.example"]


# --- Jars ---------------------------------------------------------------------------------------


def test_a_storage_state_of_playwright_is_read():
    state = {
        "cookies": [
            {
                "name": "session",
                "value": SECRET,
                "domain": ".Chirp.example",
                "path": "/",
                "expires": 1772500000.5,
                "httpOnly": True,
                "secure": True,
                "sameSite": "Lax",
            }
        ],
        "origins": [],
    }
    (entry,) = read_jar(json.dumps(state))
    assert entry.cookie == LentCookie("session", SECRET, ".chirp.example")
    assert entry.expires_at.year == 2026


def test_a_cookies_txt_is_read_with_its_comments_and_http_only_marks():
    first, second = read_jar(
        "\ufeff" + jar(subdomains="TRUE", domain=".chirp.example", secure="TRUE")
    )
    assert first.cookie == LentCookie("session", SECRET, ".chirp.example")
    assert second.cookie.domain == ".bank.example"


def test_a_cookie_that_has_expired_is_not_lent():
    past = int((START - dt.timedelta(days=1)).timestamp())
    with pytest.raises(LendingError, match="no cookie in force"):
        encrypt_cookies(jar(expires=past), hosts=["127.0.0.1"], now=START)


@pytest.mark.parametrize(
    "text",
    [
        f"session={SECRET}",
        "{" + SECRET,
        json.dumps({"cookie": SECRET}),
        json.dumps({"cookies": SECRET}),
        json.dumps({"cookies": [SECRET]}),
        json.dumps({"cookies": [{"name": SECRET}]}),
        json.dumps({"cookies": [{"name": "a", "value": SECRET, "expires": "soon"}]}),
        f"chirp.example\tTRUE\t/\tTRUE\tnever\tsession\t{SECRET}",
        f"chirp.example\tTRUE\t/\tTRUE\t1e400\tsession\t{SECRET}",
        f"chirp.example\tTRUE\t/\tTRUE\t0\tsession\t{SECRET}\x07",
        "{" * 100_000,
    ],
)
def test_a_malformed_jar_is_refused_without_repeating_its_text(text):
    with pytest.raises(LendingError) as caught:
        read_jar(text)
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(pickle.loads(pickle.dumps(caught.value)))


def test_a_page_moved_to_another_host_is_not_visited_until_the_session_is_lent_for_it(site, ada):
    clock, page = Clock(), settings_page(site)
    lent(page, ada)
    watch = watcher(site, clock)
    assert visit_when_due(watch, page, clock).outcome == Outcome.READ
    Page.objects.update(url=page.url.replace("127.0.0.1", "localhost"))
    requests_before = len(site.requests)
    fetch = visit_when_due(watch, page, clock)
    assert fetch.outcome == Outcome.SESSION_EXPIRED
    assert "not lent for localhost" in fetch.detail
    assert LOGIN_WALL not in str(site.requests[requests_before:])
