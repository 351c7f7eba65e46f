import datetime as dt

from consent.public.pictures.steps import MONTHS_SHOWN, step_chart
from consent.vocabulary import StateValue

TODAY = dt.date(2026, 1, 15)
ON, UNUSED = StateValue.UNLESS_REFUSED, StateValue.NOT_USED


def test_a_month_counts_what_had_begun_and_not_ended_by_its_end():
    chart = step_chart(
        flow={
            (dt.date(2020, 5, 1), UNUSED): 3,
            (dt.date(2025, 11, 1), ON): 2,
            (dt.date(2025, 11, 1), UNUSED): -2,
            (dt.date(2026, 1, 1), ON): 1,
        },
        totals=[(ON, 4), (UNUSED, 1)],
        today=TODAY,
    )
    on, unused = chart.rows
    assert on.counts[-4:] == [0, 2, 2, 3]
    assert unused.counts[-4:] == [3, 1, 1, 1]
    assert (chart.months[0], chart.months[-1]) == (dt.date(2023, 2, 1), dt.date(2026, 1, 1))
    assert len(on.counts) == MONTHS_SHOWN
    assert (chart.in_use_first, chart.in_use_last) == (0, 3)
    assert chart.table[0] == (dt.date(2026, 1, 1), [3, 1])


def test_settings_of_which_nobody_knows_since_when_are_told_apart():
    chart = step_chart(
        flow={(dt.date(2025, 1, 1), ON): 2}, totals=[(ON, 5), (UNUSED, 4)], today=TODAY
    )
    assert [row.undated for row in chart.rows] == [3, 4]
    assert chart.undated == 7


def test_equal_months_share_one_line_of_the_path():
    chart = step_chart(
        flow={(dt.date(2025, 12, 1), ON): 1, (dt.date(2019, 1, 1), ON): 1},
        totals=[(ON, 2)],
        today=TODAY,
    )
    assert chart.rows[0].path == "M0 40V21.0H34V2.0H36V40Z"


def test_without_any_known_beginning_there_is_nothing_to_draw():
    assert step_chart(flow={}, totals=[(ON, 5)], today=TODAY) is None
