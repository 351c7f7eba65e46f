"""Visits that fail through us, or that cost too much: each is recorded, and the page rests."""

import datetime as dt
import logging
import signal

import pytest

from platforms.fetching import reader
from platforms.fetching.gate import clean_headers
from platforms.models import Fetch, Gap, Page
from platforms.outcomes import Outcome
from platforms.tasks import check_due_pages
from platforms.watch.cycle import DIED
from tests.practice.site import HELP
from tests.practice.watched import visit, watcher

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def broken(*_, **__):
    raise RuntimeError("a bug of ours")


class KilledError(BaseException):
    """Stands for SIGKILL in this process: nothing of ours runs after it."""


def test_a_bug_of_ours_is_recorded_as_ours_and_logged_and_the_page_rests(site, clock, page, caplog):
    with caplog.at_level(logging.ERROR):
        fetch = visit(watcher(site, clock, visit=broken), page, clock)
    page.refresh_from_db()
    assert fetch.outcome == Outcome.OWN_FAULT
    assert fetch.detail == "a fault of our own (RuntimeError); see the log"
    assert "a bug of ours" in caplog.text
    assert page.claimed_until is None
    assert page.next_visit_at > clock.now
    assert page.gaps_in_a_row == 1


def test_a_bug_that_stays_is_a_public_gap_that_says_whose_fault_it_is(site, clock, page):
    for _ in range(3):
        visit(watcher(site, clock, visit=broken), page, clock)
    gap = Gap.objects.get()
    assert gap.outcome == Outcome.OWN_FAULT
    assert "our own" in gap.detail


def test_a_bug_while_keeping_what_was_read_is_recorded_too(site, clock, page, monkeypatch):
    def fails(*_, **__):
        raise ValueError("cannot be kept")

    monkeypatch.setattr("platforms.watch.cycle.record", fails)
    assert visit(watcher(site, clock), page, clock).outcome == Outcome.OWN_FAULT
    assert page.snapshots.count() == 0


def test_control_characters_in_headers_are_no_reason_to_lose_a_visit(site, clock, page):
    status, headers, body = site.answers[HELP]({})
    odd = {**headers, "X-Odd": "a\x00b\x07c", "ETag": '"\x01v1"'}
    site.answers[HELP] = lambda _: (status, odd, body)
    fetch = visit(watcher(site, clock), page, clock)
    assert fetch.outcome == Outcome.READ
    assert fetch.snapshot.headers["x-odd"] == "a b c"


def test_headers_are_kept_in_bounds():
    many = [(f"X-{number}", "v" * 100_000) for number in range(5_000)]
    kept = clean_headers([("Set-Cookie", "secret"), *many])
    assert len(kept) == 100
    assert max(map(len, kept.values())) == 8_000
    assert "set-cookie" not in kept


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (reader.Limits(memory=220_000_000), "220 MB of memory"),
        (
            reader.Limits(cpu_seconds=1, patience=60),
            "1 seconds of processor time",
        ),
    ],
    ids=["memory", "time"],
)
def test_a_page_that_takes_too_much_to_read_is_a_gap_and_the_next_page_is_read(
    site, clock, page, monkeypatch, limits, reason
):
    monkeypatch.setattr(reader, "LIMITS", limits)
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


def test_a_reader_that_is_killed_costs_its_page_one_visit(site, clock, page, monkeypatch):
    reader.read(b"<p>warm", url="https://example.org/")
    reader._idle[0]._process.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(reader, "LIMITS", reader.Limits(cpu_seconds=1, patience=0.5))
    watch = watcher(site, clock)
    fetch = visit(watch, page, clock)
    assert (fetch.outcome, fetch.detail) == (Outcome.TOO_COSTLY, "it was not read in time")
    monkeypatch.setattr(reader, "LIMITS", reader.Limits())
    assert visit(watch, page, clock).outcome == Outcome.READ


def killed_in(monkeypatch):
    """Let the next visit end as a killed worker leaves it: nothing is written after its claim."""

    def killed(*_, **__):
        raise KilledError

    monkeypatch.setattr("platforms.watch.cycle.Watcher._visit_in_turn", killed)


def test_a_claim_alone_puts_a_page_off(site, clock, page, monkeypatch):
    killed_in(monkeypatch)
    with pytest.raises(KilledError):
        watcher(site, clock).check_due(page.pk, page.next_visit_at)
    assert not Page.objects.due(clock.now + dt.timedelta(minutes=30)).exists()


def test_a_visit_that_its_worker_did_not_survive_is_recorded_and_the_page_rests(
    site, clock, page, monkeypatch
):
    due_at = page.next_visit_at
    watch = watcher(site, clock)
    with monkeypatch.context() as dying:
        killed_in(dying)
        with pytest.raises(KilledError):
            watch.check_due(page.pk, due_at)
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


def test_beat_records_the_visits_of_dead_workers_before_it_hands_out_pages(page):
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
