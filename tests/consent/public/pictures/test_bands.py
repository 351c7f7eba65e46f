import datetime as dt

import pytest

from consent.public.pictures.bands import Spell, Track, band_chart, blind_spells, mini_bands
from consent.vocabulary import DataKind, StateValue

TODAY = dt.date(2026, 1, 1)


def track(*spells, gaps=()):
    """A branch that had these states: value, first day, day of the end, address of a change."""
    return Track(
        name="Your chats train models",
        kinds=[DataKind.CHATS],
        people="personal accounts",
        place="worldwide",
        spells=[Spell(StateValue(value), start, end, url=url) for value, start, end, url in spells],
        gaps=gaps,
    )


def chart(*spells, gaps=()):
    spells = [(*spell, "")[:4] for spell in spells]
    return band_chart([track(*spells, gaps=gaps)], TODAY)


def share(text):
    return float(text.removesuffix("%"))


def test_states_that_follow_each_other_meet_without_gap_or_overlap_and_end_today():
    day = dt.date(2024, 7, 16)
    drawn = chart(("not-used", None, day), ("unless-refused", day, None))
    first, second = drawn.lanes[0].bars
    assert share(first.x) == 0
    assert share(first.x) + share(first.width) == pytest.approx(share(second.x), abs=0.02)
    assert share(second.x) + share(second.width) == pytest.approx(share(drawn.today_x), abs=0.02)


def test_height_carries_the_state_without_colour():
    heights = {}
    for value in ("unless-refused", "only-if-agreed", "not-used"):
        (lane,) = chart((value, dt.date(2024, 1, 1), None)).lanes
        heights[value] = lane.bars[0].height
    assert heights["unless-refused"] > heights["only-if-agreed"] > heights["not-used"]


def test_what_is_only_announced_is_drawn_apart_from_what_has_been():
    day = dt.date(2026, 3, 1)
    drawn = chart(("not-used", dt.date(2024, 1, 1), day), ("unless-refused", day, None))
    (lane,) = drawn.lanes
    assert [(bar.spell.value, bar.announced) for bar in lane.bars] == [
        ("not-used", False),
        ("not-used", True),
        ("unless-refused", True),
    ]
    assert drawn.shows_announced


def test_what_is_due_and_not_confirmed_is_drawn_as_announced():
    due = Spell(StateValue.UNLESS_REFUSED, dt.date(2025, 12, 1), pending=True)
    drawn = band_chart([Track("Chats train models", [], "", "", [due])], TODAY)
    assert [bar.announced for bar in drawn.lanes[0].bars] == [True]


def test_a_state_that_began_before_anybody_took_note_has_a_torn_edge():
    (lane,) = chart(
        ("not-used", None, dt.date(2024, 1, 1)), ("unless-refused", dt.date(2024, 1, 1), None)
    ).lanes
    assert [bar.torn for bar in lane.bars] == [True, False]


def test_a_young_history_is_drawn_on_three_years_at_least():
    drawn = chart(("unless-refused", dt.date(2025, 12, 1), None))
    assert drawn.last - drawn.first >= dt.timedelta(days=3 * 365)


def test_tracks_without_any_date_are_not_drawn_but_stay_in_the_table():
    assert chart(("unless-refused", None, None)) is None
    dated = track(("unless-refused", dt.date(2024, 1, 1), None, ""))
    undated = track(("not-used", None, None, ""))
    drawn = band_chart([dated, undated], TODAY)
    assert [lane.track for lane in drawn.lanes] == [dated]
    assert drawn.tracks == [dated, undated]


def test_the_band_breaks_where_nobody_could_look_and_a_lasting_gap_reaches_today():
    drawn = chart(
        ("unless-refused", dt.date(2023, 1, 1), None),
        gaps=[(dt.date(2024, 1, 1), dt.date(2024, 6, 1)), (dt.date(2025, 10, 1), None)],
    )
    first, lasting = drawn.lanes[0].breaks
    assert share(first.x) + share(first.width) < share(lasting.x)
    assert share(lasting.x) + share(lasting.width) == pytest.approx(share(drawn.today_x), abs=0.02)


def test_a_gap_counts_only_while_every_page_is_unreadable():
    january, march, may, july = (dt.date(2025, month, 1) for month in (1, 3, 5, 7))
    assert blind_spells([[(january, may)], [(march, july)]]) == [(march, may)]
    assert blind_spells([[(january, None)], [(march, None)]]) == [(march, None)]
    assert blind_spells([[(january, march)], [(may, july)]]) == []
    assert blind_spells([[(january, may)], []]) == []
    assert blind_spells([]) == []


def test_the_beginnings_of_states_link_to_their_changes_unless_too_close_for_a_finger():
    (lane,) = band_chart(
        [
            track(
                ("unless-refused", dt.date(2023, 1, 1), dt.date(2023, 1, 10), "/changes/a"),
                ("only-if-agreed", dt.date(2023, 1, 10), dt.date(2024, 1, 1), "/changes/b"),
                ("unless-refused", dt.date(2024, 1, 1), dt.date(2025, 1, 1), "/changes/c"),
                ("not-used", dt.date(2025, 1, 1), None, ""),
            )
        ],
        TODAY,
    ).lanes
    assert [bar.spell.url for bar in lane.links] == ["/changes/a", "/changes/c"]


def test_small_multiples_share_one_axis_and_leave_out_what_lies_before_it():
    old = track(
        ("not-used", dt.date(2019, 1, 1), dt.date(2020, 1, 1), ""),
        ("unless-refused", dt.date(2020, 1, 1), None, ""),
    )
    drawn = mini_bands([old], TODAY)
    (lane,) = drawn.lanes
    (bar,) = lane.bars
    assert share(bar.x) == 0
    assert drawn.first == TODAY - dt.timedelta(days=3 * 365)
