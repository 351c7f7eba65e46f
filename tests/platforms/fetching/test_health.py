"""The health of a page: fails after three gaps, recovers at once, one event for each."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from platforms.fetching.health import HealthEvent, PageHealth, advance
from platforms.outcomes import Outcome
from platforms.vocabulary import Health

START = datetime(2026, 3, 1, tzinfo=UTC)
GOOD, SAME, GAP = Outcome.READ, Outcome.NOT_MODIFIED, Outcome.TIMEOUT


def day(number):
    return START + timedelta(days=number)


def after(*outcomes, state=None):
    """Return the health after one visit a day, and the events."""
    state = state or PageHealth()
    events = []
    for number, outcome in enumerate(outcomes):
        state, event = advance(state, outcome, day(number))
        if event:
            events.append(event)
    return state, events


def test_a_page_read_for_the_first_time_is_healthy_without_an_event():
    assert after(GOOD) == (PageHealth(Health.OK, day(0), 0), [])


def test_an_unchanged_page_counts_as_read():
    assert after(GOOD, SAME, GOOD) == (PageHealth(Health.OK, day(0), 0), [])


def test_two_gaps_are_no_event():
    assert after(GOOD, GAP, GAP) == (PageHealth(Health.OK, day(1), 2), [])


def test_a_third_gap_is_an_event_with_the_day_of_the_first():
    state, events = after(GOOD, GAP, GAP, Outcome.BOT_WALL)

    assert state == PageHealth(Health.FAILING, day(1), 3)
    assert events == [HealthEvent("failing", day(3), day(1), 3, Outcome.BOT_WALL)]


def test_further_gaps_are_no_new_event():
    state, events = after(GOOD, *[GAP] * 9)

    assert (state.gaps_in_a_row, len(events)) == (9, 1)


def test_one_good_visit_ends_the_gap_and_is_an_event():
    state, events = after(GOOD, GAP, GAP, GAP, GAP, SAME)

    assert state == PageHealth(Health.OK, day(5), 0)
    assert events[1:] == [HealthEvent("recovered", day(5), day(1), 4, SAME)]


def test_recovery_from_a_gap_without_an_event_is_no_event():
    assert after(GOOD, GAP, GAP, GOOD) == (PageHealth(Health.OK, day(3), 0), [])


def test_a_page_that_was_never_readable_is_an_event_too():
    state, events = after(GAP, GAP, GAP)

    assert (state.health, [event.kind for event in events]) == (Health.FAILING, ["failing"])


def test_a_page_that_fails_again_is_an_event_again():
    _, events = after(*[GAP] * 3, GOOD, *[GAP] * 3, GOOD)

    assert [event.kind for event in events] == ["failing", "recovered"] * 2


@given(st.lists(st.sampled_from([GOOD, SAME, GAP, Outcome.LOGIN_WALL]), max_size=40))
def test_failing_and_recovered_always_alternate(outcomes):
    state, events = after(*outcomes)
    kinds = [event.kind for event in events]

    assert kinds == ["failing", "recovered"] * (len(kinds) // 2) + ["failing"] * (len(kinds) % 2)
    assert (state.health == Health.FAILING) is (len(kinds) % 2 == 1)
