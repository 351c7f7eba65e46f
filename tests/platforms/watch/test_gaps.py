"""Gaps: times in which a page could not be read, recorded with dates and reason."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from platforms.models import Gap, Page
from platforms.outcomes import Outcome
from tests.practice.site import ERROR, HELP, LOGIN_WALL
from tests.practice.watched import chirp, watcher

pytestmark = pytest.mark.django_db


def visits(watch, page, clock, count):
    """Let the page become due and visit it `count` times. Returns the time of each visit."""
    times = []
    for _ in range(count):
        page.refresh_from_db()
        clock.now = max(clock.now, page.next_visit_at)
        watch.check_due(page.pk, page.next_visit_at)
        times.append(clock.now)
    return times


def test_two_failed_visits_are_no_gap_yet(site, clock):
    page, watch = chirp(site, path=ERROR), watcher(site, clock)
    visits(watch, page, clock, 2)
    assert not Gap.objects.exists()


def test_a_gap_is_dated_back_to_the_first_visit_that_failed(site, clock):
    page, watch = chirp(site, path=ERROR), watcher(site, clock)
    first, _, third = visits(watch, page, clock, 3)
    gap = Gap.objects.get()
    assert (gap.began_at, gap.noticed_at, gap.ended_at) == (first, third, None)
    assert (gap.outcome, gap.detail) == (Outcome.HTTP_ERROR, "HTTP status 500")


def test_a_gap_ends_with_the_first_visit_that_reads_the_page(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    help_page, site.answers[HELP] = site.answers[HELP], site.answers[ERROR]
    visits(watch, page, clock, 4)
    site.answers[HELP] = help_page
    (read_at,) = visits(watch, page, clock, 1)
    assert Gap.objects.get().ended_at == read_at
    assert not Gap.objects.open().exists()


def test_an_open_gap_shows_the_latest_reason(site, clock):
    page, watch = chirp(site, path=ERROR), watcher(site, clock)
    visits(watch, page, clock, 3)
    site.answers[ERROR] = site.answers[LOGIN_WALL]
    visits(watch, page, clock, 1)
    assert Gap.objects.get().outcome == Outcome.LOGIN_WALL


def test_a_second_failure_opens_a_second_gap(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    help_page = site.answers[HELP]
    for answer in (site.answers[ERROR], help_page, site.answers[ERROR]):
        site.answers[HELP] = answer
        visits(watch, page, clock, 3)
    assert [gap.ended_at is None for gap in page.gaps.order_by("began_at")] == [False, True]


def test_a_paused_page_has_no_open_gap(site, clock):
    page, watch = chirp(site, path=ERROR), watcher(site, clock)
    visits(watch, page, clock, 3)
    Page.objects.update(paused_at=clock.now, paused_reason="The page moved.")
    assert not Gap.objects.open().exists()


@pytest.mark.database
def test_the_database_refuses_two_open_gaps_of_one_page(site, clock):
    page, watch = chirp(site, path=ERROR), watcher(site, clock)
    visits(watch, page, clock, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gap.objects.create(page=page, began_at=clock.now, noticed_at=clock.now, outcome=Outcome.DNS)


@pytest.mark.database
def test_gaps_since_a_day_are_those_that_lasted_into_it(site, clock):
    page, watch = chirp(site), watcher(site, clock)
    help_page, site.answers[HELP] = site.answers[HELP], site.answers[ERROR]
    visits(watch, page, clock, 3)
    site.answers[HELP] = help_page
    visits(watch, page, clock, 1)
    day = dt.timedelta(days=1)
    assert Gap.objects.since(clock.now - day).exists()
    assert not Gap.objects.since(clock.now + day).exists()
