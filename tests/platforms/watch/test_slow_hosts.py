"""Hosts that take a whole visit's time leave others their turn, and are visited all the same."""

import datetime as dt

import pytest
import time_machine

from platforms import tasks
from platforms.fetching.visit_errors import PermanentFetchError, TransientFetchError
from platforms.models import Fetch, Host, Page
from platforms.outcomes import Outcome
from platforms.tasks import check_due_pages
from tests.factories import make_fetch, make_page, make_platform
from tests.practice.watched import watcher
from tests.sweeps import DRILL

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
LONGEST_VISIT = 60  # seconds
SLOW = 50 if DRILL else 20


@pytest.fixture
def queue(monkeypatch):
    """The queued messages, first come, first served; replaces the broker."""
    queue = []
    monkeypatch.setattr(tasks.check_page, "apply_async", lambda args, **_: queue.append(args))
    return queue


@pytest.fixture
def platform():
    return make_platform()


def page_at(platform, host, number=1, **fields):
    Host.objects.get_or_create(
        name=f"https://{host}",
        defaults={"free_at": NOW, "robots_asked_at": NOW, "robots_status": 404},
    )
    return make_page(
        platform, url=f"https://{host}/{number}", **{"next_visit_at": NOW - MINUTE} | fields
    )


def took(page, seconds, outcome=Outcome.TIMEOUT, at=NOW - dt.timedelta(hours=1)):
    make_fetch(page, outcome, at=at, finished_at=at + dt.timedelta(seconds=seconds))


def queued(queue, at=NOW):
    """Numbers of the pages that beat queues at a moment, in this order."""
    queue.clear()
    with time_machine.travel(at, tick=False):
        check_due_pages()
    return [page_id for page_id, _ in queue]


@pytest.mark.database
def test_one_slow_host_at_a_time_is_visited_and_last(platform, queue):
    slow = [page_at(platform, f"slow{number}.example") for number in range(3)]
    for page in slow:
        took(page, LONGEST_VISIT)
    quick = page_at(platform, "quick.example", next_visit_at=NOW)
    assert queued(queue) == [quick.pk, slow[0].pk]
    Page.objects.filter(pk=slow[0].pk).update(
        queued_visit=None, claimed_until=NOW + 5 * MINUTE, next_visit_at=NOW + 60 * MINUTE
    )
    assert queued(queue, NOW + MINUTE) == []  # it is being visited
    Page.objects.filter(pk=slow[0].pk).update(claimed_until=None)
    assert queued(queue, NOW + 2 * MINUTE) == [slow[1].pk]
    assert queued(queue, NOW + 3 * MINUTE) == []  # that one is in the queue


def test_a_page_that_answers_slowly_is_slow_as_well(platform, queue):
    for number in range(3):
        page = page_at(platform, f"slow{number}.example")
        took(page, LONGEST_VISIT - 5, Outcome.READ)
    assert len(queued(queue)) == 1


def test_all_pages_of_a_slow_host_wait(platform, queue):
    took(page_at(platform, "slow.example", next_visit_at=NOW + 60 * MINUTE), LONGEST_VISIT)
    for number in range(2, 5):
        page_at(platform, "slow.example", number)
    assert len(queued(queue)) == 1


def test_a_host_that_was_quick_the_last_time_is_slow_no_more(platform, queue):
    for number in range(3):
        page = page_at(platform, f"once-slow{number}.example")
        took(page, LONGEST_VISIT)
        took(page, 1, at=NOW - dt.timedelta(minutes=30))
    assert len(queued(queue)) == 3


def test_slow_pages_that_wait_for_their_turn_are_not_behind(client, platform, queue):
    for number in range(SLOW):
        took(page_at(platform, f"slow{number}.example"), LONGEST_VISIT)
    Page.objects.filter(url__contains="slow0.").update(claimed_until=NOW + 60 * MINUTE)
    for minute in range(16):
        queued(queue, NOW + minute * MINUTE)
    with time_machine.travel(NOW + 15 * MINUTE, tick=False):
        assert "pages" not in client.get("/healthz").json()["late"]


def test_many_slow_hosts_do_not_keep_others_waiting(site, clock, platform, queue):
    """One worker, so that each visit to a slow host keeps everybody waiting."""
    for number in range(SLOW):
        took(page_at(platform, f"slow{number}.example"), LONGEST_VISIT)
    for number in range(20):
        page_at(platform, f"quick{number}.example", next_visit_at=NOW + 5 * number * MINUTE)

    def visit(url, **_):
        if "slow" in url:
            clock.forward(seconds=LONGEST_VISIT)
            raise TransientFetchError(Outcome.TIMEOUT, "it dripped")
        clock.forward(seconds=1)
        raise PermanentFetchError(Outcome.HTTP_ERROR, "404")

    watch = watcher(site, clock, visit=visit, reaches=lambda *_: True)
    clock.now = beat_at = NOW
    while clock.now < NOW + dt.timedelta(hours=2):
        while beat_at <= clock.now:
            with time_machine.travel(clock.now, tick=False):
                check_due_pages()
            beat_at += MINUTE
        if queue:
            page_id, due_at = queue.pop(0)
            watch.check_due(page_id, dt.datetime.fromisoformat(due_at))
        else:
            clock.now = beat_at
    visits = Fetch.objects.filter(started_at__gte=NOW).select_related("page")
    waits = [each.started_at - each.visit for each in visits if "quick" in each.page.url]
    assert len(waits) == 20
    assert max(waits) <= 3 * MINUTE
    slow = {each.page_id for each in visits if "slow" in each.page.url}
    assert len(slow) == SLOW
