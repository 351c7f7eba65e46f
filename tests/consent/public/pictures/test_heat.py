import datetime as dt

from consent.public.pictures.heat import HALF, Watched, heat_map, quarters_until
from consent.vocabulary import Direction

QUARTERS = quarters_until(dt.date(2026, 11, 24))
X = Watched(1, "X", "x", "/platforms/x")


def drawn(counts):
    return heat_map([X], counts, {}, QUARTERS).lanes[0]


def test_eight_quarters_are_shown_and_the_running_one_is_the_last():
    assert QUARTERS[0] == dt.date(2025, 1, 1)
    assert QUARTERS[-1] == dt.date(2026, 10, 1)
    assert [quarter.number for quarter in heat_map([X], {}, {}, QUARTERS).quarters] == [
        1,
        2,
        3,
        4,
        1,
        2,
        3,
        4,
    ]


def test_less_control_lies_below_the_line_and_more_control_above():
    lane = drawn(
        {(1, QUARTERS[2], Direction.LESS_CONTROL): 1, (1, QUARTERS[2], Direction.MORE_CONTROL): 2}
    )
    above, below = lane.numbers
    assert (above.count, below.count) == (2, 1)
    assert above.y < HALF < below.y
    assert above.x == below.x


def test_more_changes_are_filled_deeper():
    looks = [
        drawn({(1, QUARTERS[0], Direction.LESS_CONTROL): count}).fills[0].look
        for count in (1, 2, 3, 4, 40)
    ]
    assert looks == [
        "less-control-1",
        "less-control-2",
        "less-control-2",
        "less-control-3",
        "less-control-3",
    ]


def test_changes_both_ways_or_neither_are_in_the_table_only():
    lane = drawn({(1, QUARTERS[0], Direction.MIXED): 1, (1, QUARTERS[0], Direction.NEUTRAL): 2})
    assert not lane.fills
    assert not lane.numbers
    assert lane.table[0] == (0, 0, 3)


def test_a_platform_full_of_changes_stays_a_small_picture():
    platforms = [Watched(key, f"P{key}", f"p{key}", f"/platforms/p{key}") for key in range(10)]
    counts = {
        (key, quarter, direction): 10
        for key in range(10)
        for quarter in QUARTERS
        for direction in Direction
    }
    lanes = heat_map(platforms, counts, {}, QUARTERS).lanes
    assert sum(len(fill.path) for lane in lanes for fill in lane.fills) < 4000
