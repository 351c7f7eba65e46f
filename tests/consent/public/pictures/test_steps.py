import datetime as dt

from consent.ledger.answers import Stance
from consent.public.pictures.steps import MONTHS_SHOWN, step_chart

TODAY = dt.date(2026, 1, 15)
YES, VARIOUS, NO = Stance.YES, Stance.DEPENDS, Stance.NO


def test_each_answer_has_a_row_with_its_count_at_the_end_of_each_month():
    chart = step_chart(
        {
            YES: {dt.date(2025, 11, 1): 2, dt.date(2025, 12, 1): 2, dt.date(2026, 1, 1): 3},
            VARIOUS: {dt.date(2026, 1, 1): 1},
            NO: {dt.date(2020, 5, 1): 3, dt.date(2025, 12, 1): 1, dt.date(2026, 1, 1): 1},
        },
        TODAY,
    )
    yes, _various, no = chart.rows
    assert yes.counts[-4:] == [0, 2, 2, 3]
    assert no.counts[-4:] == [0, 0, 1, 1]
    assert (chart.months[0], chart.months[-1]) == (dt.date(2023, 2, 1), dt.date(2026, 1, 1))
    assert len(yes.counts) == MONTHS_SHOWN
    assert (chart.yes_first, chart.yes_last) == (0, 3)
    assert chart.table[0] == (dt.date(2026, 1, 1), [3, 1, 1])


def test_an_answer_that_no_use_ever_had_has_no_row():
    chart = step_chart({YES: {dt.date(2026, 1, 1): 1}, NO: {}}, TODAY)
    assert [row.stance for row in chart.rows] == [YES]


def test_equal_months_share_one_line_of_the_path():
    months = [dt.date(2023 + number // 12, number % 12 + 1, 1) for number in range(1, 37)]
    counts = {month: 1 + (month >= dt.date(2025, 12, 1)) for month in months}
    (row,) = step_chart({YES: counts}, TODAY).rows
    assert row.path == "M0 40V21.0H34V2.0H36V40Z"


def test_without_any_use_there_is_nothing_to_draw():
    assert step_chart({YES: {}, NO: {}}, TODAY) is None
