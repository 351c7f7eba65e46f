"""A page's health: opens late, closes at once, tells once."""

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
    """The health after one visit a day, and the events told on the way."""
    state = state or PageHealth()
    events = []
    for number, outcome in enumerate(outcomes):
        state, event = advance(state, outcome, day(number))
        if event:
            events.append(event)
    return state, events


def test_a_page_read_for_the_first_time_is_well_and_tells_nothing():
    assert after(GOOD) == (PageHealth(Health.OK, day(0), 0), [])


def test_being_unchanged_counts_as_read_and_the_spell_goes_on():
    assert after(GOOD, SAME, GOOD) == (PageHealth(Health.OK, day(0), 0), [])


def test_two_gaps_are_no_news():
    assert after(GOOD, GAP, GAP) == (PageHealth(Health.OK, day(1), 2), [])


def test_a_third_gap_is_told_with_the_day_the_gap_began():
    state, events = after(GOOD, GAP, GAP, Outcome.BOT_WALL)

    assert state == PageHealth(Health.FAILING, day(1), 3)
    assert events == [HealthEvent("failing", day(3), day(1), 3, Outcome.BOT_WALL)]


def test_further_gaps_are_not_told_again():
    state, events = after(GOOD, *[GAP] * 9)

    assert (state.gaps_in_a_row, len(events)) == (9, 1)


def test_one_good_read_closes_the_gap_and_is_told():
    state, events = after(GOOD, GAP, GAP, GAP, GAP, SAME)

    assert state == PageHealth(Health.OK, day(5), 0)
    assert events[1:] == [HealthEvent("recovered", day(5), day(1), 4, SAME)]


def test_recovery_from_a_gap_never_told_is_not_told_either():
    assert after(GOOD, GAP, GAP, GOOD) == (PageHealth(Health.OK, day(3), 0), [])


def test_a_page_that_could_never_be_read_is_told_too():
    state, events = after(GAP, GAP, GAP)

    assert (state.health, [event.kind for event in events]) == (Health.FAILING, ["failing"])


def test_a_page_that_fails_again_is_told_again():
    _, events = after(*[GAP] * 3, GOOD, *[GAP] * 3, GOOD)

    assert [event.kind for event in events] == ["failing", "recovered"] * 2


@given(st.lists(st.sampled_from([GOOD, SAME, GAP, Outcome.LOGIN_WALL]), max_size=40))
def test_failing_and_recovered_always_alternate(outcomes):
    state, events = after(*outcomes)
    kinds = [event.kind for event in events]

    assert kinds == ["failing", "recovered"] * (len(kinds) // 2) + ["failing"] * (len(kinds) % 2)
    assert (state.health == Health.FAILING) is (len(kinds) % 2 == 1)
