import datetime as dt

from consent.public.pictures.notice import Told, notice_chart

DAY = dt.date(2025, 6, 1)


def told(days):
    return Told("A change", "/changes/1", DAY, DAY + dt.timedelta(days=days))


def share(text):
    return float(text.removesuffix("%"))


def test_a_change_told_afterwards_reaches_to_the_left_of_the_announcement():
    chart = notice_chart([told(30), told(-5), told(0)], {30: 1, -5: 1, 0: 1})
    in_time, late, same_day = chart.rows
    zero = share(chart.announced_x)
    assert share(late.effective_x) < zero < share(in_time.effective_x)
    assert (late.late, late.days_late) == (True, 5)
    assert share(same_day.width) == 0
    assert chart.late == 1


def test_the_finding_is_of_all_changes_not_only_of_those_drawn():
    chart = notice_chart([told(30)], {10: 2, 30: 5, 100: 2, -3: 1})
    assert (chart.median, chart.count, chart.late) == (30, 10, 1)


def test_a_notice_of_years_is_drawn_at_the_edge_and_its_number_stays_true():
    chart = notice_chart([told(900), told(20)], {900: 1, 20: 1})
    assert chart.rows[0].days == 900
    assert share(chart.rows[0].effective_x) <= 100
    assert chart.marks[-1].days == 180


def test_without_changes_that_have_both_days_there_is_nothing_to_draw():
    assert notice_chart([], {}) is None
