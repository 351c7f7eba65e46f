"""The time of the next visit: after success, after failure, and with Retry-After."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.fetching.visit_intervals import (
    INTERVALS,
    host_pause,
    interval,
    next_visit_after_failure,
    next_visit_after_success,
    read_retry_after,
)
from platforms.vocabulary import PageKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TERMS = PageKind.TERMS
BOUNDS = INTERVALS[TERMS]
jitters = st.floats(0, 1, exclude_max=True)


def test_every_kind_of_page_has_its_interval_in_order():
    assert set(INTERVALS) == set(PageKind)
    assert all(bounds.shortest < bounds.usual < bounds.longest for bounds in INTERVALS.values())


@pytest.mark.parametrize(
    ("quiet_days", "expected"),
    [
        (None, BOUNDS.usual),
        (1, BOUNDS.usual / 2),
        (8, BOUNDS.usual + (BOUNDS.longest - BOUNDS.usual) * 8 / 182),
        (182, BOUNDS.longest),
        (2_000, BOUNDS.longest),
    ],
)
def test_a_page_is_read_more_often_after_a_change_and_less_when_quiet(quiet_days, expected):
    changed_at = None if quiet_days is None else NOW - timedelta(days=quiet_days)

    pause = interval(TERMS, now=NOW, last_changed_at=changed_at)

    assert abs(pause - expected) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("days", "near"), [(-8, False), (-6, True), (0, True), (6, True), (8, False)]
)
def test_a_page_is_read_most_often_around_the_day_it_takes_effect(days, near):
    pause = interval(
        TERMS,
        now=NOW,
        last_changed_at=NOW - timedelta(days=400),
        effective_at=NOW + timedelta(days=days),
    )

    assert (pause == BOUNDS.shortest) is near


@given(jitter=jitters)
def test_visits_are_spread_by_a_tenth(jitter):
    pause = next_visit_after_success(TERMS, now=NOW, jitter=jitter) - NOW

    assert BOUNDS.usual * 0.9 <= pause <= BOUNDS.usual * 1.1


def pauses(**kwargs):
    """The first eight pauses after failures, with the largest jitter."""
    return [
        next_visit_after_failure(now=NOW, failures=n, jitter=1.0, **kwargs) - NOW
        for n in range(1, 9)
    ]


def test_the_pause_doubles_with_each_failure_up_to_half_a_day():
    minutes = [pause / timedelta(minutes=1) for pause in pauses()]

    assert minutes == [10, 20, 40, 80, 160, 320, 640, 720]


@pytest.mark.parametrize("transient", [True, False])
@pytest.mark.parametrize("failures", [8, 30, 400])
def test_a_page_that_comes_and_goes_is_tried_twice_a_day_however_long(transient, failures):
    first, last = (
        next_visit_after_failure(now=NOW, failures=failures, jitter=jitter, transient=transient)
        for jitter in (0.0, 1.0)
    )

    assert first - NOW == timedelta(hours=10.8)
    assert last - NOW == timedelta(hours=12)


def test_a_refusal_is_not_tried_again_within_minutes():
    assert set(pauses(transient=False)) == {timedelta(hours=12)}


@given(failures=st.integers(1, 10_000), jitter=jitters, transient=st.booleans())
def test_after_failures_the_pause_stays_within_bounds(failures, jitter, transient):
    at = next_visit_after_failure(now=NOW, failures=failures, jitter=jitter, transient=transient)

    assert timedelta(minutes=9) <= at - NOW <= timedelta(hours=12)


@given(asked=st.floats(0, 1e12), jitter=jitters)
def test_the_wait_a_site_asks_for_counts_up_to_a_week(asked, jitter):
    pause = next_visit_after_failure(now=NOW, failures=1, jitter=jitter, retry_after=asked) - NOW

    assert pause >= min(timedelta(seconds=min(asked, 1e9)), timedelta(days=7))
    assert pause <= timedelta(days=8)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 01 Mar 2026 12:02:00 GMT", 120.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 12:02:00", 120.0),
        ("9" * 400, 999_999_999_999.0),
        ("-5", None),
        ("soon", None),
        ("١٢", None),
        ("", None),
    ],
)
def test_a_wait_is_read_from_its_header(value, seconds):
    assert read_retry_after(value, now=NOW) == seconds


@given(st.text(max_size=60))
def test_no_header_raises(value):
    found = read_retry_after(value, now=NOW)

    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("asked", "pause"), [(None, 10.0), (2.0, 10.0), (30.0, 30.0), (1e9, 3600.0)]
)
def test_the_longer_pause_between_two_visits_to_a_host_counts(asked, pause):
    assert host_pause(10.0, asked) == pause
