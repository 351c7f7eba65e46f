"""check_pages: visits from the command line and the report that it prints."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from platforms.archive import open_archive
from platforms.models import Fetch, Page
from platforms.outcomes import Outcome
from platforms.watch.hosts import host_of
from tests.platforms.fetching.local import LOOPBACK
from tests.practice.site import ERROR, LOGIN_WALL
from tests.practice.watched import chirp

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(site, settings):
    """The practice site, which the settings allow to visit."""
    settings.FETCH_ALLOWED_NETWORKS = list(LOOPBACK)
    settings.FETCH_ALLOWED_PORTS = [site.port]
    settings.FETCH_HOST_PAUSE = 0.0
    return site


def check(*arguments):
    """Return the exit code and what was written."""
    out = io.StringIO()
    try:
        call_command("check_pages", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_pages_that_were_read_are_counted(site):
    page = chirp(site)
    assert check(page.url) == (0, "\n     1  read\n     1  visited\n")
    assert Fetch.objects.get().outcome == Outcome.READ


def test_pages_that_could_not_be_read_are_named_with_the_reason(site):
    chirp(site)
    chirp(site, path=LOGIN_WALL)
    chirp(site, path=ERROR)
    code, shown = check("--all")
    assert code == 1
    assert f"HTTP error                       {site.url}{ERROR}  (HTTP status 500)" in shown
    assert "asks for a login" in shown
    assert shown.endswith("     3  visited\n")


def test_the_other_pages_are_read_if_one_crashes_our_code(site):
    broken, other = chirp(site), chirp(site, path=ERROR)
    check(broken.url)
    broken.refresh_from_db()
    blob = next(open_archive().storage.root.rglob(f"*{broken.baseline.sha256[4:]}*"))
    blob.unlink()
    Page.objects.update(remove=["h2"], validators={})
    code, shown = check(broken.url, other.url)
    assert code == 1
    assert f"our own fault, see the log       {broken.url}" in shown
    assert "(a fault of our own (MissingBlob); see the log)" in shown
    assert "HTTP error" in shown
    assert Fetch.objects.filter(page=broken).latest("pk").outcome == Outcome.OWN_FAULT


def test_a_fault_outside_the_visit_is_logged_and_the_other_pages_are_read(
    site, monkeypatch, caplog
):
    broken, other = chirp(site), chirp(site, path=ERROR)

    def failing_host_of(url, *, now):
        if url == broken.url:
            raise RuntimeError("a bug of ours")
        return host_of(url, now=now)

    monkeypatch.setattr("platforms.watch.cycle.host_of", failing_host_of)
    code, shown = check(broken.url, other.url)
    assert code == 1
    assert f"our own fault, see the log       {broken.url}  (a bug of ours)" in shown
    assert "a bug of ours" in caplog.text
    assert "HTTP error" in shown


def test_a_page_claimed_by_a_worker_is_not_visited(site):
    page = chirp(site)
    Page.objects.update(claimed_until=timezone.now() + dt.timedelta(minutes=1))
    code, shown = check(page.url)
    assert code == 1
    assert "busy, or its host is paused" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Name pages"),
        (("https://nowhere.example/",), "No page has the URL"),
        (("--platform", "nobody"), "There is no platform “nobody”. Known: chirp"),
    ],
)
def test_unknown_names_are_reported(site, arguments, message):
    chirp(site)
    with pytest.raises(CommandError, match=message) as error:
        check(*arguments)
    assert error.value.returncode == 2
