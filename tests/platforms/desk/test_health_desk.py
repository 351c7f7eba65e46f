"""A page's health: how visits went, and what a curator does about it."""

import datetime as dt

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from platforms.archive import open_archive
from platforms.models import Document, Fetch, Page, Snapshot
from platforms.outcomes import Outcome
from platforms.replaying import replay
from platforms.strips import strips_of
from tests.factories import make_fetch
from tests.practice.site import HELP, LOGIN_WALL
from tests.practice.watched import Clock, watcher

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def watched(site, page):
    """The page, visited; what workers know of it, and the way they visit it again."""
    clock = Clock()

    def visit():
        page.refresh_from_db()
        clock.now = max(clock.now, page.next_visit_at)
        watcher(site, clock).check_due(page.pk, page.next_visit_at)
        page.refresh_from_db()
        return page

    visit()
    page.visit, page.clock = visit, clock
    site.requests.clear()
    return page


def address(page):
    return reverse("admin:platforms_page_health", args=[page.pk])


def act(client, page, name, **more):
    answer = client.post(address(page), {"act": name} | more, follow=True)
    assert answer.status_code == 200
    page.refresh_from_db()
    return answer.content.decode()


def test_each_day_says_how_its_visits_went(page):
    now = timezone.now()
    for days, outcome in ((0, Outcome.READ), (1, Outcome.TIMEOUT), (1, Outcome.READ)):
        make_fetch(page, outcome, at=now - dt.timedelta(days=days, seconds=page.fetches.count()))
    make_fetch(page, Outcome.BOT_WALL, at=now - dt.timedelta(days=2))
    strip = strips_of([page], today=now.date(), days=4)[page.pk]
    assert [day.state for day in strip.days] == ["none", "gap", "partly", "read"]
    assert "read 1, partly read 1, not readable 1, without a visit 1" in strip.words
    assert strip.days[2].words == "read 1, took too long 1"


def test_days_since_it_was_paused_say_so(page):
    page.paused_at, page.paused_reason = timezone.now() - dt.timedelta(days=1), "asked to"
    strip = strips_of([page], today=timezone.localdate(), days=3)[page.pk]
    assert [day.state for day in strip.days] == ["none", "paused", "paused"]


def test_the_page_of_a_page_shows_its_visits_and_gaps(onlooker, page):
    make_fetch(page, Outcome.TIMEOUT, detail="after 60 seconds <b>")
    shown = onlooker.get(address(page)).content.decode()
    assert "took too long" in shown
    assert "after 60 seconds &lt;b&gt;" in shown
    assert 'role="img"' in shown
    assert 'name="act"' not in shown


def test_it_is_run_again_at_the_next_opportunity(curator, page):
    Page.objects.update(next_visit_at=timezone.now() + dt.timedelta(days=3))
    act(curator, page, "again")
    assert page.next_visit_at <= timezone.now()


def test_a_pause_has_a_reason_that_readers_see(curator, client, page):
    assert "Say why" in act(curator, page, "pause", reason="  ")
    assert page.paused_at is None
    act(curator, page, "pause", reason="The operator asked us to.")
    assert page not in Page.objects.watched()
    public = client.get(page.platform.get_absolute_url()).content.decode()
    assert "The operator asked us to." in public
    assert "paused already" in act(curator, page, "pause", reason="Twice.")
    act(curator, page, "resume")
    assert page in Page.objects.due(timezone.now())
    assert "not paused" in act(curator, page, "resume")


def test_a_page_that_moved_keeps_its_history_and_raises_no_change(curator, site, watched):
    new = watched.url.replace(HELP, "/new-home")
    site.answers["/new-home"] = site.answers[HELP]
    before, baseline = watched.url, watched.baseline
    act(curator, watched, "move", url=new)
    assert (watched.url, watched.former_urls) == (new, [before])
    with time_machine.travel(watched.clock.now + dt.timedelta(hours=1)):
        watched.clock.now = timezone.now()
        watched.visit()
    assert "/new-home" in site.requests
    assert HELP not in site.requests
    assert watched.baseline == baseline
    assert watched.changes.count() == 0
    assert Fetch.objects.filter(outcome=Outcome.READ).count() == 2


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("javascript:alert(1)", "valid URL"),
        ("file:///etc/passwd", "valid URL"),
        ("", "valid URL"),
        ("SAME", "the address it has"),
        ("OTHER", "Another page"),
    ],
)
def test_a_page_moves_to_no_address_that_is_none_or_taken(curator, page, url, said):
    other = Page.objects.create(
        platform=page.platform, url="https://chirp.example/other", kind="help", title="Other"
    )
    before = page.url
    url = {"SAME": page.url, "OTHER": other.url}.get(url, url)
    assert said in act(curator, page, "move", url=url)
    assert (page.url, page.former_urls) == (before, [])


def test_a_page_of_several_addresses_moves_to_no_other_host(curator, page):
    Page.objects.update(further_urls=[page.url + "/two"])
    said = act(curator, page, "move", url="https://elsewhere.example/")
    assert "Change its further addresses first" in said
    assert page.former_urls == []


def test_a_page_that_moved_back_names_its_way(curator, page):
    first = page.url
    act(curator, page, "move", url="https://chirp.example/second")
    act(curator, page, "move", url=first)
    assert (page.url, page.former_urls) == (first, ["https://chirp.example/second"])


def test_who_did_what_stands_in_the_history_of_the_page(curator, page):
    act(curator, page, "pause", reason="The operator asked us to.")
    assert "readers see since when" in LogEntry.objects.get().change_message


@pytest.fixture
def held(site, watched):
    """A capture that the judge held back for a login wall."""
    good, site.answers[HELP] = site.answers[HELP], site.answers[LOGIN_WALL]
    watched.visit()
    site.answers[HELP] = good
    return Snapshot.objects.exclude(quarantined_as="").get()


@pytest.fixture
def editor(client):
    user = User.objects.create_user("eve", is_staff=True)
    rights = ("view_page", "change_page", "change_snapshot")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return client


def test_a_capture_held_back_is_released_from_the_page_of_the_page(editor, watched, held):
    assert "Release" in editor.get(address(watched)).content.decode()
    act(editor, watched, "release", capture=held.pk)
    held.refresh_from_db()
    assert held.released_at is not None
    assert watched.baseline == held
    assert "not in quarantine" in act(editor, watched, "release", capture=held.pk)


def test_a_capture_of_another_page_is_not_released_by_a_forged_form(editor, watched, held):
    other = Page.objects.create(
        platform=watched.platform, url="https://chirp.example/x", kind="help", title="X"
    )
    forged = {"act": "release", "capture": held.pk}
    assert editor.post(address(other), forged).status_code == 404
    assert editor.post(address(other), forged | {"capture": "1 OR 1"}).status_code == 404
    held.refresh_from_db()
    assert held.released_at is None


def test_releasing_needs_its_own_right(curator, watched, held):
    assert "Release" not in curator.get(address(watched)).content.decode()
    forged = {"act": "release", "capture": held.pk}
    assert curator.post(address(watched), forged).status_code == 403


def test_an_unknown_button_does_nothing(curator, page):
    assert "Nothing was done" in act(curator, page, "delete")
    assert not LogEntry.objects.exists()


@pytest.fixture
def three_captures(site, watched):
    """Captures of which the second differs in a list that the third has not."""
    plain = site._help({})[2].decode()
    for words in ("Trending: cats", "Trending: dogs"):
        text = plain.replace("</main>", f'<p class="trend">{words}</p></main>')
        site.answers[HELP] = lambda _, text=text: (
            200,
            {"Content-Type": "text/html"},
            text.encode(),
        )
        watched.visit()
    return watched


def test_other_selectors_are_tested_on_all_stored_captures(curator, site, three_captures):
    page, archive = three_captures, open_archive()
    site.requests.clear()
    found = replay(page, select=page.select, remove=[*page.remove, ".trend"], archive=archive)
    assert (found.read, found.seen_now, found.seen_then) == (3, 2, 0)
    assert len(found.spared) == 2
    assert not found.missed
    lost = replay(page, select=["#gone"], remove=[], archive=archive)
    assert [lacking for _, lacking in lost.missed] == ["#gone"] * 3
    documents = Document.objects.count()
    form = {"capture": page.baseline_id, "select": "[]", "remove": '[".trend"]', "replay": "1"}
    shown = curator.post(reverse("admin:platforms_page_preview", args=[page.pk]), form)
    assert shown.context["replay"].seen_then == 0
    assert "with these" in shown.content.decode()
    assert (Document.objects.count(), site.requests) == (documents, [])
