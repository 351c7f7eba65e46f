"""Which pages are read with a browser, and what happens without one."""

import dataclasses

import pytest

from consent.models import Change
from platforms.fetching.browser import BrowserUnavailableError, find_browser
from platforms.fetching.policy import FetchPolicy
from platforms.models import Page, Snapshot
from platforms.outcomes import Outcome
from platforms.vocabulary import FetchMode
from tests.practice.site import HELP
from tests.practice.watched import Clock, chirp, visit, watcher

pytestmark = [pytest.mark.django_db]

SHELL = b"""<!doctype html><html lang="en"><title>Chirp</title><body><div id="app"></div>
<script>
const text = "Posts and conversations with Perch may be used to train Perch, unless you say no. "
  + "To say no, open Settings, choose Privacy, then Data sharing, and clear the box beside the "
  + "words that allow your public posts to be used for training. This reaches what comes later.";
document.getElementById("app").innerHTML = "<main><h1>About Perch</h1><p>" + text + "</p></main>";
</script></body></html>"""


def no_browser(*_, **__):
    raise BrowserUnavailableError("no Chromium is installed")


def page_in(site, mode):
    page = chirp(site)
    Page.objects.update(fetch_mode=mode)
    page.refresh_from_db()
    return page


def serve_shell(site):
    site.answers[HELP] = lambda _: (200, {"Content-Type": "text/html", "ETag": '"s"'}, SHELL)


def patient(watch):
    """The same watcher with the time that a browser needs to start."""
    policy = dataclasses.replace(watch.policy, total_timeout=25.0, read_timeout=5.0)
    return dataclasses.replace(watch, policy=policy)


@pytest.fixture
def chromium():
    try:
        find_browser(FetchPolicy(browser_as_root=True))
    except BrowserUnavailableError as error:
        pytest.skip(str(error))


@pytest.mark.browser
@pytest.mark.parametrize("mode", [FetchMode.AUTO, FetchMode.BROWSER])
def test_a_page_that_scripts_fill_is_read_with_a_browser(site, chromium, mode):
    serve_shell(site)
    page, clock = page_in(site, mode), Clock()
    fetch = visit(patient(watcher(site, clock)), page, clock)
    assert (fetch.outcome, fetch.detail) == (Outcome.READ, "")
    assert fetch.snapshot.rendered
    assert "used to train Perch" in fetch.snapshot.documents.get().text
    page.refresh_from_db()
    assert page.validators == {}


def test_a_page_set_to_plain_http_is_never_read_with_a_browser(site):
    serve_shell(site)
    page, clock = page_in(site, FetchMode.HTTP), Clock()

    def browse(*_, **__):
        raise AssertionError("a browser was used")

    assert visit(watcher(site, clock, browse=browse), page, clock).outcome == Outcome.EMPTY


def test_auto_reads_a_page_without_a_browser_if_it_can(site):
    page, clock = page_in(site, FetchMode.AUTO), Clock()
    fetch = visit(watcher(site, clock, browse=no_browser), page, clock)
    assert (fetch.outcome, fetch.detail) == (Outcome.READ, "")


def test_without_a_browser_plain_http_is_used_and_noted(site):
    page, clock = page_in(site, FetchMode.BROWSER), Clock()
    fetch = visit(watcher(site, clock, browse=no_browser), page, clock)
    assert fetch.outcome == Outcome.READ
    assert fetch.detail == "read by plain HTTP, for no Chromium is installed"


def test_without_a_browser_an_empty_shell_is_a_gap_with_a_reason(site):
    serve_shell(site)
    page, clock = page_in(site, FetchMode.AUTO), Clock()
    fetch = visit(watcher(site, clock, browse=no_browser), page, clock)
    assert fetch.outcome == Outcome.EMPTY
    assert fetch.detail.endswith("; read by plain HTTP, for no Chromium is installed")


def browsing(site, text):
    """A browser that finds one more paragraph than plain HTTP does."""
    from platforms.fetching.visit import visit as over_http

    def browse(url, *, policy, wait_for, cookies):
        page = over_http(url, policy=policy, cookies=cookies)
        body = page.body.replace(b"</main>", text + b"</main>")
        return dataclasses.replace(page, body=body, rendered=True)

    return browse


def test_switching_to_a_browser_is_not_a_change(site):
    page, clock = page_in(site, FetchMode.HTTP), Clock()
    watch = watcher(site, clock, browse=browsing(site, b"<p>Shown by scripts.</p>"))
    visit(watch, page, clock)
    Page.objects.update(fetch_mode=FetchMode.BROWSER)
    visit(watch, page, clock)
    assert Snapshot.objects.count() == 2
    visit(dataclasses.replace(watch, browse=no_browser), page, clock)
    visit(watch, page, clock)
    assert Snapshot.objects.count() == 2
    assert not Change.objects.exists()


def test_a_change_is_detected_against_the_last_visit_of_the_same_kind(site):
    page, clock = page_in(site, FetchMode.BROWSER), Clock()
    watch = watcher(site, clock, browse=browsing(site, b"<p>Shown by scripts.</p>"))
    rendered = visit(watch, page, clock)
    visit(dataclasses.replace(watch, browse=no_browser), page, clock)
    site.version = 2
    changed = visit(watch, page, clock)
    change = Change.objects.get()
    assert (change.before, change.after) == (rendered.snapshot, changed.snapshot)
