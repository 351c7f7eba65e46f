import datetime as dt

from consent.public.pictures.ribbon import Occasion, date_ribbon

TODAY = dt.date(2026, 11, 24)


def day(kind, on, **fields):
    return Occasion(kind, kind.title(), on, **fields)


def share(text):
    return float(text.removesuffix("%"))


def test_dates_stand_in_their_order_and_the_notice_lies_between_its_two():
    ribbon = date_ribbon(
        [
            day("effective", dt.date(2025, 7, 1)),
            day("announced", dt.date(2025, 6, 1)),
            day("published", dt.date(2025, 9, 1)),
        ],
        30,
        TODAY,
    )
    assert [mark.occasion.kind for mark in ribbon.marks] == ["announced", "effective", "published"]
    announced, effective, _ = (share(mark.x) for mark in ribbon.marks)
    assert share(ribbon.notice_x) == announced
    assert abs(share(ribbon.notice_x) + share(ribbon.notice_width) - effective) < 0.02


def test_a_notice_given_afterwards_is_negative_and_drawn_between_the_same_marks():
    ribbon = date_ribbon(
        [day("effective", dt.date(2025, 6, 1)), day("announced", dt.date(2025, 6, 11))], -10, TODAY
    )
    assert (ribbon.notice, ribbon.notice_size) == (-10, 10)
    assert share(ribbon.notice_x) == share(ribbon.marks[0].x)


def test_dates_too_close_to_tell_apart_stand_below_one_another():
    ribbon = date_ribbon(
        [
            day("announced", dt.date(2025, 6, 1)),
            day("effective", dt.date(2025, 6, 2)),
            day("published", dt.date(2026, 6, 1)),
        ],
        1,
        TODAY,
    )
    assert [mark.level for mark in ribbon.marks] == [0, 1, 0]


def test_what_is_known_to_a_month_or_between_two_visits_is_a_span():
    ribbon = date_ribbon(
        [
            day("effective", dt.date(2025, 2, 1), precision="month"),
            day("observed", dt.date(2025, 6, 9), since=dt.date(2025, 6, 1)),
            day("published", dt.date(2025, 6, 30)),
        ],
        None,
        TODAY,
    )
    assert [mark.is_span for mark in ribbon.marks] == [True, True, False]
    assert ribbon.notice is None


def test_today_is_drawn_only_where_it_lies_among_the_dates():
    past = [day("effective", dt.date(2020, 1, 1)), day("published", dt.date(2020, 6, 1))]
    coming = [day("announced", dt.date(2026, 11, 1)), day("effective", dt.date(2027, 1, 1))]
    assert date_ribbon(past, None, TODAY).today_x is None
    assert 0 < share(date_ribbon(coming, 61, TODAY).today_x) < 100


def test_one_date_alone_makes_no_line():
    assert date_ribbon([day("published", dt.date(2025, 1, 1))], None, TODAY) is None
