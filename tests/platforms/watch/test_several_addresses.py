"""A text that its site splits over several addresses is watched as one page."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from warcio.archiveiterator import ArchiveIterator

from consent.models import Change
from platforms.archive import open_archive
from platforms.desk.forms import PageForm
from platforms.extraction import bundle, is_bundle
from platforms.models import Fetch, Page, Snapshot
from platforms.outcomes import Outcome
from platforms.snapshots.documents import read_stored
from tests.practice.site import HELP, LOGIN_WALL
from tests.practice.watched import chirp, visit, watcher

pytestmark = pytest.mark.django_db

SECOND = "/en/using-chirp/about-perch/2"
HTML = {"Content-Type": "text/html; charset=utf-8", "ETag": '"same"'}


@pytest.fixture
def site(site):
    say(site, SECOND, "You can say no to it in your settings.")
    return site


@pytest.fixture
def page(page, site):
    page.further_urls = [site.url + SECOND]
    page.save()
    return page


def say(site, path, words):
    body = f"<!doctype html><html lang=en><title>Perch</title><main><p>{words}</p></main></html>"
    site.answers[path] = lambda _: (200, HTML, body.encode())


def test_the_addresses_are_read_in_order_as_one_text(site, clock, page):
    fetch = visit(watcher(site, clock), page, clock)
    text = fetch.snapshot.documents.get().text
    assert fetch.outcome == Outcome.READ
    assert text.startswith("# About Perch")
    assert text.endswith("You can say no to it in your settings.")


def test_the_stored_bytes_are_read_again_to_the_same_text(site, clock, page):
    snapshot = visit(watcher(site, clock), page, clock).snapshot
    again = read_stored(page, snapshot, open_archive())
    assert again.text == snapshot.documents.get().text
    assert is_bundle(snapshot.content_type)


def test_other_words_at_a_further_address_are_a_change_and_the_same_are_none(site, clock, page):
    watch = watcher(site, clock)
    for _ in range(2):
        visit(watch, page, clock)
    assert (Snapshot.objects.count(), Change.objects.count()) == (1, 0)
    say(site, SECOND, "You can no longer say no to it.")
    visit(watch, page, clock)
    assert "no longer" in Change.objects.get().after_document.text


def test_a_wall_at_one_address_is_a_wall_of_the_page(site, clock, page):
    watch = watcher(site, clock)
    visit(watch, page, clock)
    site.answers[SECOND] = site.answers[LOGIN_WALL]
    fetch = visit(watch, page, clock)
    assert fetch.outcome == fetch.snapshot.quarantined_as == Outcome.LOGIN_WALL
    assert fetch.detail.startswith(site.url + SECOND)
    assert not Change.objects.exists()


def test_a_missing_address_is_a_gap_and_not_a_shorter_text(site, clock, page):
    watch = watcher(site, clock)
    visit(watch, page, clock)
    del site.answers[SECOND]
    fetch = visit(watch, page, clock)
    assert (fetch.outcome, fetch.snapshot) == (Outcome.HTTP_ERROR, None)
    assert fetch.detail == f"{site.url}{SECOND}: HTTP status 404"


def test_robots_txt_applies_to_every_address(site, clock, page):
    site.robots = f"User-agent: *\nDisallow: {SECOND}\n".encode()
    assert visit(watcher(site, clock), page, clock).outcome == Outcome.ROBOTS_DENIED
    assert site.requests == ["/robots.txt"]


def test_the_visit_pauses_between_addresses_and_keeps_the_turn(site, clock, page):
    other, rests = chirp(site, path=LOGIN_WALL), []

    def rest(seconds):
        clock.now += dt.timedelta(seconds=seconds)
        rests.append(seconds)
        # Longer than a lease: neither page nor host may have been given away.
        assert watcher(site, clock).check_due(other.pk, other.next_visit_at) is None
        assert not Page.objects.unclaimed(clock.now).filter(pk=page.pk).exists()

    site.robots = b"User-agent: *\nCrawl-delay: 400\n"
    fetch = visit(watcher(site, clock, sleep=rest), page, clock)
    assert (fetch.outcome, rests) == (Outcome.READ, [400.0])
    assert LOGIN_WALL not in site.requests


def test_a_host_with_too_long_a_crawl_delay_is_not_visited(site, clock, page):
    site.robots = b"User-agent: *\nCrawl-delay: 3600\n"
    fetch = visit(watcher(site, clock), page, clock)
    assert (fetch.outcome, site.requests) == (Outcome.TIMEOUT, ["/robots.txt"])
    assert "3600 seconds between requests" in fetch.detail


def test_an_added_address_is_read_and_raises_no_change(site, clock, page):
    Page.objects.update(further_urls=[])
    watch = watcher(site, clock)
    visit(watch, page, clock)
    Page.objects.update(further_urls=[site.url + SECOND])
    visit(watch, page, clock)
    assert not Change.objects.exists()
    page.refresh_from_db()
    assert "say no to it" in page.baseline.documents.latest("created_at").text


def test_a_removed_address_is_no_collapse_and_raises_no_change(site, clock, page):
    say(site, SECOND, "You can say no to it in your settings. " * 100)
    watch = watcher(site, clock)
    visit(watch, page, clock)
    Page.objects.update(further_urls=[])
    assert visit(watch, page, clock).outcome == Outcome.READ
    assert not Change.objects.exists()


def test_a_warc_has_a_record_for_each_address(site, clock, page, tmp_path):
    snapshot = visit(watcher(site, clock), page, clock).snapshot
    out = Path(tmp_path) / "perch.warc.gz"
    call_command("export_warc", str(snapshot.pk), "--out", str(out), stdout=io.StringIO())
    with out.open("rb") as file:
        records = [
            (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
            if record.rec_type == "response"
        ]
    assert [url for url, _ in records] == [site.url + HELP, site.url + SECOND]
    assert records[1][1] == site.answers[SECOND]({})[2]


@pytest.mark.parametrize(
    ("further", "error"),
    [
        (["https://elsewhere.example/2"], "is not on http://127.0.0.1"),
        (["", "no address"], "Row 1: Write a whole web address"),
        (["javascript:alert(1)"], "Row 1: Write a whole web address"),
    ],
)
def test_addresses_that_cannot_be_one_page_are_refused_with_a_reason(site, page, further, error):
    form = PageForm({"url": page.url, "further_urls": further}, instance=page)
    assert error in str(form.errors["further_urls"])


def test_a_bundle_of_the_same_answers_has_the_same_bytes(site, clock, page):
    first = visit(watcher(site, clock), page, clock).snapshot
    whole = open_archive().get(first.sha256)
    assert whole.startswith(b"--")
    assert bundle([]) == bundle([])
    assert Fetch.objects.get().size == len(whole)
