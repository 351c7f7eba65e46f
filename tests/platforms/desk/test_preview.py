"""Selectors are tried on a stored snapshot, or on a visit that is not recorded."""

import datetime as dt
import ipaddress

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from platforms.models import Document, Fetch, Host, Page, Snapshot
from platforms.outcomes import Outcome
from platforms.vocabulary import Access
from platforms.watch.lent_sessions import encrypt_cookies, lend
from tests.pages import fields_of
from tests.practice.site import HELP, LOGIN_WALL
from tests.practice.watched import Clock, watcher

pytestmark = pytest.mark.django_db


@pytest.fixture
def captured(site, page):
    """The page with one stored snapshot; requests are counted from then on."""
    watcher(site, Clock()).check_due(page.pk, page.next_visit_at)
    page.refresh_from_db()
    site.requests.clear()
    return page


@pytest.fixture
def may_visit(site, settings):
    settings.FETCH_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    settings.FETCH_ALLOWED_PORTS = [site.port]
    settings.FETCH_HOST_PAUSE = 0.0
    Host.objects.update(free_at="2020-01-01T00:00Z")


def address(tool, page):
    return reverse(f"admin:platforms_page_{tool}", args=[page.pk])


def preview(client, page, *, select=(), remove=(), **fields):
    """Type selectors into the empty form, one a row, and send it."""
    sent = fields_of(client.get(address("preview", page)), "[name=save]")
    typed = {"select": list(select), "remove": list(remove)}
    return client.post(address("preview", page), sent | typed | fields)


def shown_text(answer):
    return answer.context["document"].text


def test_other_selectors_are_tried_on_the_stored_snapshot_without_a_visit(curator, site, captured):
    assert "##" in shown_text(preview(curator, captured))
    assert "##" not in shown_text(preview(curator, captured, remove=["h2"]))
    assert site.requests == []
    captured.refresh_from_db()
    assert captured.remove == [".votes"]
    assert Document.objects.count() == 1


def test_a_selector_that_matches_nothing_is_reported(curator, captured):
    answer = preview(curator, captured, select=["#gone"])
    assert "Not found" in answer.text
    assert "#gone" in answer.text


@pytest.mark.parametrize(
    "typed",
    [
        {"select": ["main"], "select_start": ["h1"]},
        {"select_start": ["h1"], "select_start_edge": ["startAfter"]},
        {"select_start": ["h1"], "select_end": ["h2"], "select_start_edge": ["from"]},
    ],
)
def test_an_invalid_list_of_selectors_is_refused(curator, captured, typed):
    answer = preview(curator, captured, **typed)
    assert "document" not in answer.context
    assert answer.context["form"].errors["select"]


def test_selectors_are_saved_on_request(curator, captured):
    preview(curator, captured, select=["main"], remove=["h2"], save="1")
    captured.refresh_from_db()
    assert captured.remove == ["h2"]
    ruling = captured.rulings.get()
    assert (ruling.act, ruling.before["remove"], ruling.after) == (
        "rules",
        [".votes"],
        {"select": ["main"], "remove": ["h2"]},
    )


def test_selectors_that_somebody_else_changed_meanwhile_are_not_overwritten(curator, captured):
    seen = fields_of(curator.get(address("preview", captured)), "[name=save]")["seen"]
    preview(curator, captured, select=["article"], save="1", seen=seen)
    answer = preview(curator, captured, select=["#mine"], save="1", seen=seen)
    assert "Somebody else changed the selectors" in answer.text
    assert fields_of(answer, "[name=save]")["select"][0] == "#mine"
    captured.refresh_from_db()
    assert captured.select == ["article"]
    assert captured.rulings.count() == 1


def test_the_text_of_a_hostile_page_is_shown_as_text(curator, site, page):
    site.answers[HELP] = lambda _: (
        200,
        {"Content-Type": "text/html"},
        b"<main>" + b"Perch learns. " * 20 + b"<p>&lt;script&gt;alert(1)&lt;/script&gt;</p></main>",
    )
    watcher(site, Clock()).check_due(page.pk, page.next_visit_at)
    page.refresh_from_db()
    answer = preview(curator, page)
    assert "<script>alert(1)" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_a_probe_visits_once_and_records_nothing(curator, site, captured, may_visit):
    answer = curator.post(address("probe", captured))
    assert "About Perch" in shown_text(answer)
    assert site.requests == ["/robots.txt", HELP]
    assert (Fetch.objects.count(), Snapshot.objects.count()) == (1, 1)


def test_each_address_of_a_page_can_be_probed(curator, site, captured, may_visit):
    second = f"{site.url}{HELP}/2"
    site.answers[f"{HELP}/2"] = lambda _: (
        *(200, {"Content-Type": "text/html"}),
        b"<main>" + b"The rest of what Perch learns. " * 20,
    )
    Page.objects.update(further_urls=[second])
    assert second in curator.get(address("preview", captured)).text
    answer = curator.post(address("probe", captured), {"address": second})
    assert "The rest" in shown_text(answer)
    assert f"What the visit found at {second}" in answer.text
    assert site.requests == ["/robots.txt", f"{HELP}/2"]


def test_no_other_address_can_be_probed(curator, site, captured, may_visit):
    elsewhere = curator.post(address("probe", captured), {"address": f"{site.url}/private/"})
    assert elsewhere.status_code == 400
    assert site.requests == []


def test_a_probe_waits_for_the_turn_of_its_host(curator, site, captured, may_visit):
    Host.objects.update(free_at=timezone.now() + dt.timedelta(minutes=30))
    answer = curator.post(address("probe", captured), follow=True)
    assert "is left in peace until" in answer.text
    assert site.requests == []


def test_a_probe_does_not_visit_a_page_that_robots_txt_denies(curator, site, captured, may_visit):
    site.robots = b"User-agent: *\nDisallow: /en/\n"
    answer = curator.post(address("probe", captured))
    assert "robots.txt asks us not to" in answer.text
    assert site.requests == ["/robots.txt"]


def test_a_probe_needs_a_post_request(curator, site, captured, may_visit):
    assert curator.get(address("probe", captured)).status_code == 405
    assert site.requests == []


def test_tools_need_the_right_to_change_pages(onlooker, site, captured, may_visit):
    assert onlooker.get(address("preview", captured)).status_code == 403
    assert onlooker.post(address("preview", captured), {"save": "1"}).status_code == 403
    assert onlooker.post(address("probe", captured)).status_code == 403
    assert "Preview" not in onlooker.get(address("change", captured)).text
    assert site.requests == []


def test_visitors_are_redirected_to_the_login(client, captured):
    for tool in ("preview", "probe"):
        assert "/admin/login/" in client.post(address(tool, captured))["Location"]


def test_a_form_of_another_site_is_refused(captured, may_visit, site, curator):
    from django.test import Client

    stranger = Client(enforce_csrf_checks=True)
    stranger.cookies = curator.cookies
    assert stranger.post(address("probe", captured)).status_code == 403
    assert site.requests == []


def test_the_edit_page_links_the_tools_and_refuses_bad_selectors(curator, captured):
    edit = curator.get(address("change", captured))
    assert address("preview", captured) in edit.text
    answer = curator.post(
        address("change", captured), {"title": "About Perch", "select_start": "main"}
    )
    assert answer.context["adminform"].form.errors["select"]
    assert Page.objects.get().select == ["main"]


SECRET = "5ecret-of-ada"


@pytest.fixture
def lent(site, captured, curator, settings):
    """The page as one behind a login, with a session lent for it."""
    settings.SESSION_KEYS = [Fernet.generate_key().decode()]

    def settings_page(headers):
        if f"session={SECRET}" not in headers.get("Cookie", ""):
            return site.answers[LOGIN_WALL](headers)
        return 200, {"Content-Type": "text/html"}, b"<main>" + b"Perch learns here. " * 20

    site.answers[HELP] = settings_page
    Page.objects.update(access=Access.ACCOUNT)
    jar = f"127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t{SECRET}"
    now, hosts = timezone.now(), ["127.0.0.1"]
    return lend(
        captured.platform,
        encrypt_cookies(jar, hosts=hosts, now=now),
        hosts=hosts,
        lent_by=User.objects.get(),
        expires_at=None,
        now=now,
    )


def test_a_probe_of_a_page_behind_a_login_uses_the_lent_session(curator, captured, may_visit, lent):
    answer = curator.post(address("probe", captured))
    assert "Perch learns here." in shown_text(answer)
    assert SECRET not in answer.text
    lent.refresh_from_db()
    assert lent.last_used_at is not None


def test_a_probe_reports_an_expired_session(curator, site, captured, may_visit, lent):
    site.answers[HELP] = site.answers[LOGIN_WALL]
    verdict = curator.post(address("probe", captured)).context["verdict"]
    assert verdict.outcome == Outcome.SESSION_EXPIRED


def test_a_probe_with_an_unreadable_session_makes_no_visit(
    curator, site, captured, may_visit, lent, settings
):
    settings.SESSION_KEYS = [Fernet.generate_key().decode()]
    answer = curator.post(address("probe", captured), follow=True)
    assert "Not visited: the lent session is encrypted with a key that is not set." in answer.text
    assert site.requests == []
