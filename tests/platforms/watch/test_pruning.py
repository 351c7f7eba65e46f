"""Old good visits are folded into days; nothing that readers or curators see changes."""

import datetime as dt

import pytest
from django.db.models import Sum
from django.utils import timezone

from platforms.models import Fetch, Gap, Page, VisitDay
from platforms.outcomes import Outcome
from platforms.tasks import fold_visits as task
from platforms.watch import pruning
from platforms.watch.pruning import fold_visits
from tests.factories import make_fetch, make_page, make_platform, make_snapshot

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 9, 30, tzinfo=dt.UTC)
FIRST = NOW - dt.timedelta(days=200)
#: The first moment that is kept in full.
EDGE = dt.datetime(2026, 8, 28, tzinfo=dt.UTC)


@pytest.fixture
def page():
    """A page visited twice a day for 200 days, with two snapshots and a gap of three visits."""
    page = make_page(make_platform("x", name="X"))
    snapshots = [make_snapshot(page, "We ask.", FIRST)]
    at = FIRST
    number = 0
    while at < NOW:
        if number == 60:
            snapshots.append(make_snapshot(page, "We do not ask.", at))
        failed = number in (100, 101, 102)
        outcome = (
            Outcome.TIMEOUT if failed else Outcome.READ if number % 2 else Outcome.NOT_MODIFIED
        )
        make_fetch(page, outcome, at=at, snapshot=None if failed else snapshots[-1])
        if not failed:
            snapshots[-1].last_seen_at = at
            snapshots[-1].save(update_fields=["last_seen_at"])
        number += 1
        at += dt.timedelta(hours=12)
    failures = Fetch.objects.gaps().order_by("started_at")
    Gap.objects.create(
        page=page,
        began_at=failures[0].started_at,
        noticed_at=failures[2].started_at,
        ended_at=failures[2].started_at + dt.timedelta(hours=12),
        outcome=Outcome.TIMEOUT,
    )
    return page


def visits_of(page):
    """All visits that are known, by day and outcome."""
    known = {}
    for fetch in page.fetches.all():
        key = fetch.started_at.date(), fetch.outcome
        known[key] = known.get(key, 0) + 1
    for row in page.visit_days.all():
        known[row.day, row.outcome] = known.get((row.day, row.outcome), 0) + row.visits
    return known


@pytest.mark.database
def test_good_visits_of_90_days_ago_become_days_and_none_is_lost(page):
    before = visits_of(page)
    assert len(before) > 200
    folded = fold_visits(now=NOW)
    assert visits_of(page) == before
    failed, edges = 3, 3  # the last visit of the second snapshot is young
    assert folded == 2 * (EDGE.date() - FIRST.date()).days - failed - edges
    assert page.fetches.filter(started_at__gte=EDGE).count() == 2 * 90
    days = page.visit_days.all()
    assert {(row.day, row.visits) for row in days} >= {(dt.date(2026, 7, 1), 1)}
    assert all(row.first_at.date() == row.last_at.date() == row.day for row in days)


def test_what_went_wrong_and_what_snapshots_refer_to_stays(page):
    failed = set(Fetch.objects.gaps().values_list("pk", flat=True))
    edges = {
        page.fetches.get(finished_at=moment).pk
        for snapshot in page.snapshots.all()
        for moment in (snapshot.first_seen_at, snapshot.last_seen_at)
    }
    fold_visits(now=NOW)
    kept = set(Fetch.objects.filter(started_at__lt=EDGE).values_list("pk", flat=True))
    assert kept == {*failed, *edges} - set(
        Fetch.objects.filter(started_at__gte=EDGE).values_list("pk", flat=True)
    )
    assert Gap.objects.count() == 1


def test_a_page_that_was_visited_last_long_ago_keeps_that_visit():
    page = make_page(make_platform())
    for hours in range(5):
        make_fetch(page, at=NOW - dt.timedelta(days=150, hours=-hours))
    fold_visits(now=NOW)
    assert page.fetches.get().started_at == page.last_visited_at
    assert Page.objects.with_last_fetch().get().last_outcome == Outcome.READ


@pytest.mark.database
def test_folding_again_changes_nothing_and_later_days_are_added(page):
    fold_visits(now=NOW)
    rows = list(VisitDay.objects.order_by("pk").values())
    assert fold_visits(now=NOW) == 0
    assert list(VisitDay.objects.order_by("pk").values()) == rows
    assert fold_visits(now=NOW + dt.timedelta(days=1)) == 2


@pytest.mark.database
def test_a_day_that_is_folded_in_two_transactions_is_counted_once_each(page, monkeypatch):
    before = visits_of(page)
    monkeypatch.setattr(pruning, "_BATCH", 1)
    fold_visits(now=NOW)
    assert visits_of(page) == before
    assert VisitDay.objects.filter(first_at__gt=pruning.F("last_at")).count() == 0


def test_what_is_broken_off_loses_nothing(page, monkeypatch):
    before = visits_of(page)
    monkeypatch.setattr(pruning, "_BATCH", 7)
    delete = type(Fetch.objects.all()).delete
    calls = []

    def dies(self):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return delete(self)

    monkeypatch.setattr(type(Fetch.objects.all()), "delete", dies)
    with pytest.raises(KeyboardInterrupt):
        fold_visits(now=NOW)
    assert visits_of(page) == before
    assert VisitDay.objects.aggregate(sum=Sum("visits"))["sum"] == 14
    fold_visits(now=NOW)
    assert visits_of(page) == before


def test_it_stops_when_its_time_is_up(page, monkeypatch):
    monkeypatch.setattr(pruning, "_BATCH", 10)
    times = iter(range(100))
    assert fold_visits(now=NOW, seconds=3.5, clock=lambda: float(next(times))) == 30


def test_the_task_folds_by_the_clock():
    page = make_page(make_platform())
    for days in (1, 92, 93):
        make_fetch(page, at=timezone.now() - dt.timedelta(days=days))
    assert task() == 2
