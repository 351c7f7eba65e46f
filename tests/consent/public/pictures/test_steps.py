import datetime as dt

from consent.ledger.figures import Month, TrainingClass
from consent.public.pictures.steps import step_chart

ON, IN_PART, NO = TrainingClass.EVERYWHERE, TrainingClass.IN_PART, TrainingClass.NO


def month(last, on_record, **by_class):
    counts = dict.fromkeys(TrainingClass, 0)
    return Month(last, counts | {TrainingClass[key]: n for key, n in by_class.items()}, on_record)


def test_each_class_has_a_row_with_its_count_at_the_end_of_each_month():
    months = [
        month(dt.date(2025, 11, 30), 4, EVERYWHERE=2, UNKNOWN=2),
        month(dt.date(2025, 12, 31), 4, EVERYWHERE=2, IN_PART=1, NO=1),
        month(dt.date(2026, 1, 15), 8, EVERYWHERE=3, IN_PART=1, NO=4),
    ]
    chart = step_chart(months)
    counts = {row.training_class: row.counts for row in chart.rows}
    assert counts[ON] == [2, 2, 3]
    assert counts[IN_PART] == [0, 1, 1]
    assert counts[NO] == [0, 1, 4]
    assert (chart.trains_first, chart.trains_last) == (2, 4)
    assert chart.table[0] == (months[-1], [3, 1, 4, 0])


def test_a_class_that_no_platform_was_ever_in_has_no_row():
    chart = step_chart([month(dt.date(2026, 1, 31), 1, EVERYWHERE=1)])
    assert [row.training_class for row in chart.rows] == [ON]


def test_steps_show_shares_so_that_a_growing_record_raises_no_curve():
    chart = step_chart(
        [
            month(dt.date(2025, 11, 30), 2, EVERYWHERE=1, NO=1),
            month(dt.date(2025, 12, 31), 100, EVERYWHERE=50, NO=50),
            month(dt.date(2026, 1, 31), 100, EVERYWHERE=25, NO=75),
        ]
    )
    on, no = chart.rows
    assert chart.highest == 75
    assert on.path == "M0 40V14.7H2V27.3H3V40Z"
    assert no.path == "M0 40V14.7H2V2.0H3V40Z"


def test_without_any_month_there_is_nothing_to_draw():
    assert step_chart([]) is None
