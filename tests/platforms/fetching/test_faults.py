"""Visits that fail by our own fault, or are too costly: they are recorded, and the page rests."""

import datetime as dt
import logging
import os
import signal
import sys

import pytest

from platforms.fetching import reader
from platforms.fetching.browser import descendants
from platforms.fetching.gate import clean_headers
from platforms.fetching.visit_errors import PermanentFetchError
from platforms.models import Fetch, Gap, Page
from platforms.outcomes import Outcome
from platforms.tasks import check_due_pages
from platforms.watch.cycle import DIED
from tests.practice.site import HELP
from tests.practice.watched import visit, watcher
from tests.sweeps import some

# On PostgreSQL: what is marked. The rest is about reading pages.
pytestmark = pytest.mark.django_db


def broken(*_, **__):
    raise RuntimeError("a bug of ours")


class KilledError(BaseException):
    """Ends a visit as SIGKILL ends a worker: nothing is written after it."""


def killed_after_its_claim(clock):
    """Return a clock for a worker that claims a page and is killed when it next needs the time."""
    times = iter([clock.now])

    def now():
        for time in times:
            return time
        raise KilledError

    return now


def test_a_bug_of_ours_is_recorded_and_logged_and_the_page_rests(site, clock, page, caplog):
    with caplog.at_level(logging.ERROR):
        fetch = visit(watcher(site, clock, visit=broken), page, clock)
    page.refresh_from_db()
    assert fetch.outcome == Outcome.OWN_FAULT
    assert fetch.detail == "a fault of our own (RuntimeError); see the log"
    assert "a bug of ours" in caplog.text
    assert page.claimed_until is None
    assert page.next_visit_at > clock.now
    assert page.gaps_in_a_row == 1


def test_a_bug_that_stays_is_a_public_gap_of_our_own_fault(site, clock, page):
    for _ in range(3):
        visit(watcher(site, clock, visit=broken), page, clock)
    gap = Gap.objects.get()
    assert gap.outcome == Outcome.OWN_FAULT
    assert "our own" in gap.detail


def test_a_bug_while_recording_a_snapshot_is_recorded_too(site, clock, page, monkeypatch):
    def fails(*_, **__):
        raise ValueError("cannot be recorded")

    monkeypatch.setattr("platforms.watch.cycle.record", fails)
    assert visit(watcher(site, clock), page, clock).outcome == Outcome.OWN_FAULT
    assert page.snapshots.count() == 0


@pytest.mark.database
def test_control_characters_in_headers_do_not_fail_a_visit(site, clock, page):
    status, headers, body = site.answers[HELP]({})
    odd = {**headers, "X-Odd": "a\x00b\x07c", "ETag": '"\x01v1"'}
    site.answers[HELP] = lambda _: (status, odd, body)
    fetch = visit(watcher(site, clock), page, clock)
    assert fetch.outcome == Outcome.READ
    assert fetch.snapshot.headers["x-odd"] == "a b c"


def test_stored_headers_are_limited():
    many = [(f"X-{number}", "v" * 100_000) for number in range(5_000)]
    kept = clean_headers([("Set-Cookie", "secret"), *many])
    assert len(kept) == 100
    assert max(map(len, kept.values())) == 8_000
    assert "set-cookie" not in kept


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        pytest.param({"READER_MEMORY": 220_000_000}, "220 MB of memory", marks=pytest.mark.drill),
        ({"READER_CPU_SECONDS": 1, "READER_PATIENCE": 60}, "1 seconds of processor time"),
    ],
    ids=["memory", "time"],
)
def test_a_page_too_costly_to_read_is_a_gap_and_the_next_page_is_read(
    site, clock, page, settings, limits, reason
):
    for name, value in limits.items():
        setattr(settings, name, value)
    body = b"<main>" + b"<p>words and <b>more</b> words</p>" * 500_000
    small = site.answers[HELP]
    site.answers[HELP] = lambda _: (200, {"Content-Type": "text/html"}, body)
    watch = watcher(site, clock)
    fetch = visit(watch, page, clock)
    page.refresh_from_db()
    assert (fetch.outcome, fetch.detail) == (
        Outcome.TOO_COSTLY,
        f"reading it takes more than {reason}",
    )
    assert page.gaps_in_a_row == 1
    assert page.next_visit_at > clock.now + dt.timedelta(hours=1)
    site.answers[HELP] = small
    assert visit(watch, page, clock).outcome == Outcome.READ


@pytest.mark.parametrize("megabytes", some([140, 150, 160], 1))
def test_a_page_for_which_the_parser_has_no_memory_is_too_costly(megabytes):
    limits = reader.Limits(cpu_seconds=60, memory=megabytes * 1_000_000, patience=5)
    with pytest.raises(PermanentFetchError, match=f"{megabytes} MB of memory"):
        reader.read(b"<main>" + b"<p>a" * 300_000, url="https://example.org/", limits=limits)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_reader_that_hangs_costs_its_page_one_visit(site, clock, page, settings):
    reader.stop_waiting()
    before = set(descendants(os.getpid()))
    reader.read(b"<p>warm", url="https://example.org/")
    (process,) = set(descendants(os.getpid())) - before
    os.kill(process, signal.SIGSTOP)
    patient = settings.READER_PATIENCE
    settings.READER_PATIENCE = 0.02  # times 30 seconds
    watch = watcher(site, clock)
    fetch = visit(watch, page, clock)
    assert (fetch.outcome, fetch.detail) == (Outcome.TOO_COSTLY, "it was not read in time")
    settings.READER_PATIENCE = patient
    assert visit(watch, page, clock).outcome == Outcome.READ


def test_a_claim_alone_postpones_a_page(site, clock, page):
    with pytest.raises(KilledError):
        watcher(site, killed_after_its_claim(clock)).check_due(page.pk, page.next_visit_at)
    assert not Page.objects.due(clock.now + dt.timedelta(minutes=30)).exists()


def test_the_visit_of_a_killed_worker_is_recorded_and_the_page_rests(site, clock, page):
    due_at = page.next_visit_at
    watch = watcher(site, clock)
    with pytest.raises(KilledError):
        watcher(site, killed_after_its_claim(clock)).check_due(page.pk, due_at)
    assert watch.settle_abandoned() == 0  # it may still be alive
    began_at = clock.now
    clock.forward(seconds=watch.lease.total_seconds())
    assert watch.settle_abandoned() == 1
    assert watch.settle_abandoned() == 0
    fetch = Fetch.objects.get()
    assert (fetch.outcome, fetch.detail) == (Outcome.OWN_FAULT, DIED)
    assert (fetch.visit, fetch.started_at, fetch.finished_at) == (due_at, began_at, clock.now)
    page.refresh_from_db()
    assert page.gaps_in_a_row == 1
    assert page.next_visit_at > clock.now
    assert visit(watch, page, clock).outcome == Outcome.READ


@pytest.mark.database
def test_beat_records_the_visits_of_dead_workers_before_it_queues_pages(page):
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    Page.objects.update(
        attempt_began_at=long_ago,
        attempt_visit=long_ago,
        claimed_until=long_ago,
        next_visit_at=long_ago,
    )
    check_due_pages()
    assert Fetch.objects.get().detail == DIED
    assert not Page.objects.due(dt.datetime.now(dt.UTC)).exists()
