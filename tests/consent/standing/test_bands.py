import datetime as dt

import pytest

from consent.standing.bands import band_chart
from consent.standing.play import cards
from tests.factories import make_platform, make_setting, make_state

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 1, 1)


def chart(*states):
    """The chart of one setting that had these states."""
    setting = make_setting(make_platform())
    for value, starts_on, ends_on in states:
        make_state(setting, value, starts_on=starts_on, ends_on=ends_on)
    return band_chart(cards(setting.platform.settings.with_history(), [], TODAY), TODAY)


def share(text):
    return float(text.removesuffix("%"))


def test_states_that_follow_each_other_meet_without_gap_or_overlap():
    day = dt.date(2024, 7, 16)
    (lane,) = chart(("not-used", None, day), ("on-by-default", day, None)).lanes
    first, second = lane.bars
    assert share(first.x) == 0
    assert share(first.x) + share(first.width) == pytest.approx(share(second.x), abs=0.02)
    assert share(second.x) + share(second.width) == pytest.approx(100, abs=0.02)


def test_height_carries_the_state_without_colour():
    heights = {}
    for value in ("on-by-default", "off-by-default", "not-used"):
        (lane,) = chart((value, dt.date(2024, 1, 1), None)).lanes
        heights[value] = lane.bars[0].height
    assert heights["on-by-default"] > heights["off-by-default"] > heights["not-used"]


def test_what_is_only_announced_is_marked():
    day = dt.date(2026, 3, 1)
    (lane,) = chart(("not-used", dt.date(2024, 1, 1), day), ("on-by-default", day, None)).lanes
    assert [bar.announced for bar in lane.bars] == [False, True]


def test_a_young_history_is_drawn_on_three_years_at_least():
    drawn = chart(("on-by-default", dt.date(2025, 12, 1), None))
    assert drawn.last - drawn.first >= dt.timedelta(days=3 * 365)


def test_settings_without_any_date_are_not_drawn():
    assert chart(("on-by-default", None, None)) is None
