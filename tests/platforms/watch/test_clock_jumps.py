"""After a clock that was ahead for a while is set back, no page waits for times to come."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from platforms import tasks
from platforms.models import Fetch, Gap, Host, Outage, Page
from platforms.outcomes import Outcome
from platforms.tasks import check_due_pages
from platforms.watch import line
from platforms.watch.hosts import host_of, take_turn
from tests.practice.site import HELP
from tests.practice.watched import chirp, watcher

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
#: How far the clock was ahead.
JUMP = dt.timedelta(hours=25)
HOLD = dt.timedelta(minutes=5)


@pytest.fixture
def queue(monkeypatch):
    """The queued messages; replaces the broker."""
    queue = []
    monkeypatch.setattr(tasks.check_page, "apply_async", lambda args, **_: queue.append(args))
    monkeypatch.setattr(tasks, "is_still_down", lambda *_, **__: False)
    return queue


@pytest.fixture
def page(site):
    return chirp(site)


def due_at(moment):
    """Numbers of the pages that are queued at a moment."""
    with time_machine.travel(moment, tick=False):
        return check_due_pages()


def test_a_page_visited_ahead_is_due_at_once_and_then_as_usual(site, clock, page, queue):
    clock.now = NOW + JUMP
    Page.objects.update(next_visit_at=clock.now)
    watcher(site, clock).check_due(page.pk, clock.now)
    assert due_at(NOW) == 1
    clock.now = NOW
    (page_id, due) = queue.pop()
    fetch = watcher(site, clock).check_due(page_id, dt.datetime.fromisoformat(due))
    assert fetch.outcome == Outcome.NOT_MODIFIED
    assert Page.objects.get().next_visit_at < NOW + dt.timedelta(days=2)
    assert due_at(NOW + dt.timedelta(minutes=1)) == 0


def test_a_page_queued_ahead_is_queued_again(site, page, queue):
    Page.objects.update(next_visit_at=NOW)
    assert due_at(NOW + JUMP) == 1
    assert due_at(NOW) == 1
    assert due_at(NOW + dt.timedelta(minutes=1)) == 0  # it is in the queue


def test_a_page_put_off_ahead_is_due(site, clock, page, queue):
    """Its host was busy then."""
    Page.objects.update(next_visit_at=NOW)
    due_at(NOW + JUMP)
    clock.now = NOW + JUMP
    take_turn(host_of(page.url, now=clock.now), now=clock.now, hold=HOLD)
    assert watcher(site, clock).check_due(page.pk, NOW) is None
    assert due_at(NOW) == 1


def test_a_page_made_ahead_is_due(site, page, queue):
    Page.objects.update(next_visit_at=NOW + JUMP)
    assert due_at(NOW) == 1


@pytest.mark.database
def test_a_page_claimed_ahead_by_a_worker_that_died_is_settled(site, clock, page, queue):
    Page.objects.update(next_visit_at=NOW)
    clock.now = NOW + JUMP
    watcher(site, clock)._claim(page.pk, NOW)
    due_at(NOW)
    assert Fetch.objects.get().outcome == Outcome.OWN_FAULT
    assert Page.objects.get().claimed_until is None


@pytest.mark.database
@pytest.mark.parametrize("jump", [JUMP, dt.timedelta(minutes=30)])
def test_a_host_reserved_ahead_is_free(page, jump):
    take_turn(host_of(page.url, now=NOW), now=NOW + jump, hold=HOLD)
    assert take_turn(Host.objects.get(), now=NOW, hold=HOLD) is None
    assert take_turn(Host.objects.get(), now=NOW, hold=HOLD) == NOW + HOLD


def test_robots_txt_read_ahead_is_read_again(site, clock, page):
    for clock.now in (NOW + JUMP, NOW):
        Page.objects.update(next_visit_at=clock.now)
        watcher(site, clock).check_due(page.pk, clock.now)
    assert site.requests.count("/robots.txt") == 2


def test_an_outage_that_began_ahead_ends():
    line.note_outage(NOW + JUMP)
    line.end_outage(NOW)
    assert Outage.objects.get().ended_at == NOW + JUMP


def test_a_gap_that_began_ahead_ends_with_the_next_good_visit(site, clock, page):
    good, site.answers[HELP] = site.answers[HELP], lambda _: (500, {}, b"")
    clock.now = NOW + JUMP
    while not Gap.objects.exists():
        clock.now = max(clock.now, Page.objects.get().next_visit_at)
        watcher(site, clock).check_due(page.pk, Page.objects.get().next_visit_at)
    site.answers[HELP] = good
    clock.now = NOW
    Page.objects.update(next_visit_at=NOW)
    assert watcher(site, clock).check_due(page.pk, NOW).outcome == Outcome.READ
    assert Gap.objects.get().ended_at == Gap.objects.get().began_at


def test_pages_are_due_as_before_while_no_clock_was_wrong(site, page, queue):
    now = timezone.now()
    Page.objects.update(next_visit_at=now + dt.timedelta(days=30), last_visited_at=now)
    assert due_at(now) == 0
