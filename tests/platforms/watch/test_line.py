"""When our own connection fails, visits wait and no page is blamed."""

import datetime as dt
import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platforms.models import Fetch, Gap, Host, Outage, Page
from platforms.outcomes import Outcome
from platforms.tasks import check_due_pages
from platforms.watch import line
from platforms.watch.outages import outages_since
from tests.factories import make_page, make_platform
from tests.practice.watched import chirp, watcher
from tests.services import free_port

pytestmark = pytest.mark.django_db


def other_hosts(*names, looked_at=None):
    for name in names:
        make_page(make_platform(), url=f"https://{name}/help", last_looked_at=looked_at)


def visit(watch, page, clock):
    page.refresh_from_db()
    clock.now = max(clock.now, page.next_visit_at)
    return watch.check_due(page.pk, page.next_visit_at)


@pytest.fixture
def lost(site):
    """A page whose host has no address."""
    page = chirp(site)
    nowhere = f"http://nowhere.invalid:{site.port}/help"
    Page.objects.filter(pk=page.pk).update(url=nowhere)
    return page


class TestAVisitWithoutAnAnswer:
    def test_is_postponed_while_no_other_host_can_be_reached(self, site, clock, lost):
        other_hosts("one.example", "two.example", "three.example")
        watch = watcher(site, clock, reaches=lambda name, port: False)
        due_at = Page.objects.get(pk=lost.pk).next_visit_at
        assert visit(watch, lost, clock) is None
        lost.refresh_from_db()
        assert (lost.next_visit_at, lost.gaps_in_a_row, lost.last_visited_at) == (due_at, 0, None)
        assert lost.claimed_until is lost.attempt_began_at is None
        assert not Fetch.objects.exists()
        outage = Outage.objects.get()
        assert (outage.began_at, outage.ended_at, outage.postponed) == (clock.now, None, 1)
        # That robots.txt was out of reach is forgotten too: the next visit asks for it again.
        assert Host.objects.get().robots_unreachable_since is None
        assert Host.objects.get().robots_asked_at is None

    def test_counts_against_the_page_while_others_can_be_reached(self, site, clock, lost):
        other_hosts("one.example", "two.example", "three.example")
        watch = watcher(site, clock, reaches=lambda name, port: name == "two.example")
        assert visit(watch, lost, clock).outcome == Outcome.DNS
        assert not Outage.objects.exists()

    def test_counts_against_the_page_if_there_is_no_other_host_to_ask(self, site, clock, lost):
        other_hosts("help.nowhere.invalid", "one.example", "www.one.example")
        watch = watcher(site, clock, reaches=lambda name, port: False)
        assert visit(watch, lost, clock).outcome == Outcome.DNS

    @pytest.mark.database
    def test_asks_three_hosts_of_different_owners_that_answered_lately(self, site, clock, lost):
        other_hosts("dead-one.example", "dead-two.example", "dead-three.example")
        other_hosts(*("a.one.test", "b.one.test", "two.test", "c.three.test"), looked_at=clock.now)
        asked = []
        watch = watcher(site, clock, reaches=lambda name, port: asked.append((name, port)))
        visit(watch, lost, clock)
        assert len(asked) == 3
        assert {name.split(".", name.count(".") - 1)[-1] for name, _ in asked} == {
            "one.test",
            "two.test",
            "three.test",
        }
        assert {port for _, port in asked} == {443}


def test_a_host_that_refuses_a_connection_is_reached_and_one_without_address_is_not(site, clock):
    watch = watcher(site, clock)
    assert watch.can_reach("127.0.0.1", site.port)
    assert watch.can_reach("127.0.0.1", free_port())
    assert not watch.can_reach("nowhere.invalid", 443)
    assert not watch.can_reach("192.0.2.1", 443)  # an address that nobody may visit


class TestDuringAnOutage:
    def test_no_page_is_queued_or_visited(self, site, clock, settings, monkeypatch, lost):
        other_hosts("one.example", "two.example")
        line.note_outage(clock.now)
        queued = []
        monkeypatch.setattr(
            "platforms.tasks.check_page.apply_async", lambda *a, **k: queued.append(a)
        )
        monkeypatch.setattr("platforms.watch.cycle.Watcher.can_reach", lambda *_: False)
        assert check_due_pages() == 0
        assert queued == []
        assert visit(watcher(site, clock), lost, clock) is None
        assert Outage.objects.get().postponed == 1
        monkeypatch.setattr("platforms.watch.cycle.Watcher.can_reach", lambda *_: True)
        assert check_due_pages() == 3
        assert len(queued) == 3
        assert Outage.objects.get().ended_at is not None

    def test_a_page_that_was_queued_before_is_queued_again_at_once_afterwards(
        self, site, clock, page, monkeypatch
    ):
        monkeypatch.setattr("platforms.tasks.check_page.apply_async", lambda *a, **k: None)
        assert check_due_pages() == 1
        line.note_outage(timezone.now())
        page.refresh_from_db()
        watcher(site, clock).check_due(page.pk, page.next_visit_at)
        line.end_outage(timezone.now())
        assert check_due_pages() == 1

    def test_a_page_that_is_read_on_command_ends_it(self, site, clock, page):
        line.note_outage(clock.now)
        clock.forward(minutes=5)
        assert watcher(site, clock).check_now(page).outcome == Outcome.READ
        assert Outage.objects.get().ended_at == clock.now

    def test_a_good_visit_that_is_due_asks_once_whether_there_is_one(self, site, clock, page):
        with CaptureQueriesContext(connection) as asked:
            assert watcher(site, clock).check_due(page.pk, page.next_visit_at) is not None
        assert sum("platforms_outage" in query["sql"] for query in asked) == 1

    def test_it_is_logged_once_when_it_begins_and_once_when_it_ends(self, clock, caplog):
        with caplog.at_level(logging.ERROR, logger="platforms.watch.line"):
            for _ in range(30):
                line.note_outage(clock.now)
            line.end_outage(clock.now)
            line.end_outage(clock.now)
        assert len(caplog.records) == 2
        assert Outage.objects.get().postponed == 30

    def test_one_that_returns_soon_is_the_same(self, clock):
        line.note_outage(clock.now)
        line.end_outage(clock.now + dt.timedelta(minutes=3))
        line.note_outage(clock.now + dt.timedelta(minutes=9))
        line.end_outage(clock.now + dt.timedelta(minutes=20))
        line.note_outage(clock.now + dt.timedelta(minutes=31))
        assert [outage.postponed for outage in Outage.objects.order_by("began_at")] == [2, 1]

    def test_explains_pages_that_failed_meanwhile(self, clock):
        now = timezone.now()
        Outage.objects.create(began_at=now - dt.timedelta(hours=2), last_tried_at=now, ended_at=now)
        outages = outages_since(now - dt.timedelta(days=1))
        assert outages.explain("dns", now - dt.timedelta(hours=1), now)
        assert not outages.is_on


def test_gaps_open_only_for_what_fails_by_itself(site, clock, lost):
    """The same page fails for a day without our network, and then for a day with it."""
    other_hosts("one.example", "two.example", "three.example")
    watch = watcher(site, clock, reaches=lambda name, port: False)
    for _ in range(30):
        visit(watch, lost, clock)
        line.is_still_down(watch.can_reach, now=clock.now)
        clock.forward(minutes=10)
    assert not Gap.objects.exists()
    assert Outage.objects.count() == 1
    line.end_outage(clock.now)
    watch = watcher(site, clock, reaches=lambda name, port: True)
    for _ in range(3):
        visit(watch, lost, clock)
    assert Gap.objects.get().began_at > Outage.objects.get().ended_at - dt.timedelta(minutes=1)
