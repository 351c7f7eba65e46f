"""The health of a page at the desk: outcomes of visits, and the actions of curators."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from platforms.archive import open_archive
from platforms.desk.selector_trial import replay
from platforms.desk.visit_history import strips_of
from platforms.models import Document, Fetch, Page, PageRuling, Platform, Snapshot
from platforms.outcomes import Outcome
from tests.factories import make_fetch
from tests.pages import fields_of, press
from tests.practice.site import HELP, LOGIN_WALL
from tests.practice.watched import Clock, watcher

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(site, page, clock):
    """The page after a first visit. page.visit() visits it again, page.clock is the time."""

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


def act(client, page, name, **fields):
    answer = client.post(address(page), {"act": name, "seen": page.url} | fields, follow=True)
    assert answer.status_code == 200
    page.refresh_from_db()
    return answer.content.decode()


@pytest.mark.database
def test_each_day_shows_the_outcomes_of_its_visits(page):
    now = timezone.now()
    for days, outcome in ((0, Outcome.READ), (1, Outcome.TIMEOUT), (1, Outcome.READ)):
        make_fetch(page, outcome, at=now - dt.timedelta(days=days, seconds=page.fetches.count()))
    make_fetch(page, Outcome.BOT_WALL, at=now - dt.timedelta(days=2))
    strip = strips_of([page], today=now.date(), days=4)[page.pk]
    assert [day.state for day in strip.days] == ["none", "gap", "partly", "read"]
    assert "read 1, partly read 1, not readable 1, without a visit 1" in strip.words
    assert strip.days[2].words == "read 1, took too long 1"


def test_days_after_a_pause_are_shown_as_paused(page):
    page.paused_at, page.paused_reason = timezone.now() - dt.timedelta(days=1), "asked to"
    strip = strips_of([page], today=timezone.localdate(), days=3)[page.pk]
    assert [day.state for day in strip.days] == ["none", "paused", "paused"]


def test_the_health_page_shows_visits_and_gaps(onlooker, page):
    make_fetch(page, Outcome.TIMEOUT, detail="after 60 seconds <b>")
    shown = onlooker.get(address(page)).content.decode()
    assert "took too long" in shown
    assert "after 60 seconds &lt;b&gt;" in shown
    assert 'role="img"' in shown
    assert 'name="act"' not in shown


def test_a_page_is_visited_again_at_the_next_opportunity(curator, page):
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


@pytest.mark.database
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
    ("url", "message"),
    [
        ("javascript:alert(1)", "valid URL"),
        ("file:///etc/passwd", "valid URL"),
        ("", "valid URL"),
        ("SAME", "the address it has"),
        ("OTHER", "Another page"),
    ],
)
def test_a_page_is_not_moved_to_an_invalid_or_used_address(curator, page, url, message):
    other = Page.objects.create(
        platform=page.platform, url="https://chirp.example/other", kind="help", title="Other"
    )
    before = page.url
    url = {"SAME": page.url, "OTHER": other.url}.get(url, url)
    assert message in act(curator, page, "move", url=url)
    assert (page.url, page.former_urls) == (before, [])


def test_a_page_of_several_addresses_is_not_moved_to_another_host(curator, page):
    Page.objects.update(further_urls=[page.url + "/two"])
    message = act(curator, page, "move", url="https://elsewhere.example/")
    assert "Change its further addresses first" in message
    assert page.former_urls == []


def test_a_redirected_page_is_listed_with_the_address_to_move_to(curator, site, page):
    new = page.url.replace(HELP, "/new-home")
    site.answers["/new-home"] = site.answers[HELP]
    site.answers[HELP] = lambda _: (301, {"Location": new}, b"")
    assert not Page.objects.redirected().exists()
    watcher(site, Clock()).check_due(page.pk, page.next_visit_at)
    assert Page.objects.redirected().get() == page
    shown = curator.get(address(page)).content.decode()
    assert f"its host led on to {new}" in shown
    assert f'value="{new}"' in shown
    act(curator, page, "move", url=new)
    assert not Page.objects.redirected().exists()


def test_a_page_that_moved_back_lists_its_former_addresses(curator, page):
    first = page.url
    act(curator, page, "move", url="https://chirp.example/second")
    act(curator, page, "move", url=first)
    assert (page.url, page.former_urls) == (first, ["https://chirp.example/second"])


def test_actions_are_logged_with_curator_and_values(curator, page):
    first, second = page.url, "https://chirp.example/second"
    act(curator, page, "pause", reason="The operator asked <b>us</b> to.")
    act(curator, page, "resume")
    act(curator, page, "move", url=second)
    act(curator, page, "again")
    paused, resumed, moved, again = page.rulings.order_by("pk")
    assert paused.before == {"paused_at": None, "paused_reason": ""}
    assert paused.after["paused_reason"] == "The operator asked <b>us</b> to."
    assert resumed.before["paused_reason"] == "The operator asked <b>us</b> to."
    assert resumed.after == {"paused_at": None, "paused_reason": ""}
    assert (moved.before["url"], moved.after["url"]) == (first, second)
    assert moved.after["former_urls"] == [first]
    assert (again.act, list(again.after)) == ("visit", ["next_visit_at"])
    shown = curator.get(address(page)).content.decode()
    assert f"{first} → {second}" in shown
    assert "The operator asked &lt;b&gt;us&lt;/b&gt; to." in shown


@pytest.mark.database
def test_the_second_of_two_concurrent_moves_is_refused(curator, page):
    first = page.url
    act(curator, page, "move", url="https://chirp.example/second", seen=first)
    message = act(curator, page, "move", url="https://chirp.example/third", seen=first)
    assert "Somebody else moved it to https://chirp.example/second" in message
    assert page.url == "https://chirp.example/second"
    assert page.rulings.count() == 1


@pytest.fixture
def opened(curator, page):
    """The fields that a browser sends from the edit page."""
    place = reverse("admin:platforms_page_change", args=[page.pk])

    def form():
        return fields_of(curator.get(place), "[name=_save]")

    return form


def edit(client, page, sent):
    answer = client.post(reverse("admin:platforms_page_change", args=[page.pk]), sent)
    page.refresh_from_db()
    return answer


def test_an_edit_is_logged_and_changes_nothing_that_workers_write(curator, page, opened):
    sent = opened() | {"title": "Perch", "remove": [".votes", "", ".ads"]}
    later = timezone.now() + dt.timedelta(days=2)
    Page.objects.update(next_visit_at=later, gaps_in_a_row=2)
    assert edit(curator, page, sent).status_code == 302
    assert (page.title, page.next_visit_at, page.gaps_in_a_row) == ("Perch", later, 2)
    ruling = page.rulings.get()
    assert ruling.before == {"title": "About Perch", "remove": [".votes"]}
    assert ruling.after == {"title": "Perch", "remove": [".votes", ".ads"]}


def test_an_edit_of_a_page_edited_meanwhile_is_refused(curator, page, opened):
    mine, theirs = opened() | {"note": "mine"}, opened() | {"note": "theirs"}
    edit(curator, page, theirs)
    assert "Somebody else edited this" in edit(curator, page, mine).content.decode()
    assert page.note == "theirs"


def test_a_forged_edit_neither_moves_nor_pauses_a_page(curator, page, opened):
    before = Page.objects.values().get()
    forged = {"url": "https://evil.example/", "paused_reason": "x", "paused_at_0": "2026-01-01"}
    edit(curator, page, opened() | forged)
    assert Page.objects.values().get() == before
    assert not page.rulings.exists()


def test_pages_can_be_added_but_not_edited_on_the_page_of_their_platform(client, page):
    rights = ("view_page", "add_page", "change_page", "view_platform", "change_platform")
    user = User.objects.create_user("eve", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    place = reverse("admin:platforms_platform_change", args=[page.platform_id])
    sent = fields_of(client.get(place), "[name=_save]")
    rows = {"pages-TOTAL_FORMS": "2", "pages-INITIAL_FORMS": "1"}
    rows |= {f"pages-0-{name}": getattr(page, name) for name in ("id", "title", "kind", "access")}
    rows |= {"pages-0-platform": page.platform_id, "pages-0-fetch_mode": "http"}
    rows |= {"pages-0-url": "https://evil.example/"}
    new = {"title": "More", "url": "https://chirp.example/more", "kind": "help"}
    new |= {"access": "public", "fetch_mode": "http", "platform": page.platform_id}
    rows |= {f"pages-1-{name}": value for name, value in new.items()}
    client.post(place, sent | rows)
    assert [row.url for row in Page.objects.order_by("pk")] == [page.url, new["url"]]
    ruling = PageRuling.objects.get()
    assert (ruling.act, ruling.before, ruling.after["url"]) == ("add", {}, new["url"])


@pytest.fixture
def quarantined(site, watched):
    """A snapshot in quarantine as a login wall."""
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


def test_a_quarantined_snapshot_is_released_on_the_health_page(editor, watched, quarantined):
    assert "Release" in editor.get(address(watched)).content.decode()
    act(editor, watched, "release", capture=quarantined.pk)
    quarantined.refresh_from_db()
    assert quarantined.released_at is not None
    assert watched.baseline == quarantined
    assert "not in quarantine" in act(editor, watched, "release", capture=quarantined.pk)
    ruling = watched.rulings.get()
    assert (ruling.before["released_at"], ruling.after["capture"]) == (None, quarantined.pk)
    assert ruling.after["quarantined_as"] == "login-wall"


def test_a_snapshot_of_another_page_is_not_released_by_a_forged_form(editor, watched, quarantined):
    other = Page.objects.create(
        platform=watched.platform, url="https://chirp.example/x", kind="help", title="X"
    )
    forged = {"act": "release", "capture": quarantined.pk}
    assert editor.post(address(other), forged).status_code == 404
    assert editor.post(address(other), forged | {"capture": "1 OR 1"}).status_code == 404
    quarantined.refresh_from_db()
    assert quarantined.released_at is None


def test_releasing_needs_the_right_to_it(curator, watched, quarantined):
    assert "Release" not in curator.get(address(watched)).content.decode()
    forged = {"act": "release", "capture": quarantined.pk}
    assert curator.post(address(watched), forged).status_code == 403


def test_an_unknown_button_does_nothing(curator, page):
    assert "Nothing was done" in act(curator, page, "delete")
    assert not page.rulings.exists()


@pytest.fixture
def three_snapshots(site, watched):
    """The page after three visits; the last two differ only in a trend."""
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


def test_other_selectors_are_tried_on_all_stored_snapshots(curator, site, three_snapshots):
    page, archive = three_snapshots, open_archive()
    site.requests.clear()
    trial = replay(page, select=page.select, remove=[*page.remove, ".trend"], archive=archive)
    assert (trial.read, trial.seen_now, trial.seen_then) == (3, 2, 0)
    assert len(trial.spared) == 2
    assert not trial.missed
    lost = replay(page, select=["#gone"], remove=[], archive=archive)
    assert [lacking for _, lacking in lost.missed] == ["#gone"] * 3
    documents = Document.objects.count()
    form = {"capture": page.baseline_id, "select": "", "remove": [".trend"], "replay": "1"}
    shown = curator.post(reverse("admin:platforms_page_preview", args=[page.pk]), form)
    assert shown.context["replay"].seen_then == 0
    assert "with these" in shown.content.decode()
    assert (Document.objects.count(), site.requests) == (documents, [])


def test_places_are_read_from_codes_and_a_wrong_code_is_refused_with_advice(curator, page, opened):
    answer = edit(curator, page, opened() | {"places": ["eea", "UK-ENG"]})
    assert "write GB-ENG" in answer.content.decode()
    assert edit(curator, page, opened() | {"places": ["EEA", "uk"]}).status_code == 302
    page.refresh_from_db()
    assert page.places == ["EEA", "GB"]


def test_a_platform_made_here_is_unlisted_until_somebody_lists_it(client, site):
    rights = ("view_platform", "add_platform", "change_platform")
    user = User.objects.create_user("eve", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    form = client.get(reverse("admin:platforms_platform_add"))
    typed = {"name": "Warble", "slug": "warble", "operator": "Warble Ltd.", "category": "social"}
    typed |= {"homepage": "https://warble.example", "listed": "on"}
    press(client, form, "_save", **typed)
    made = Platform.objects.get(slug="warble")
    assert not made.listed
    assert client.get("/platforms/warble").status_code == 404
    edit = client.get(reverse("admin:platforms_platform_change", args=[made.pk]))
    press(client, edit, "_save", listed="on")
    made.refresh_from_db()
    assert made.listed
