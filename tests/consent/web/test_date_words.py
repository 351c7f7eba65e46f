import datetime as dt

import pytest
from django.utils import translation

from consent.web.date_words import format_date, relative

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("on", "precision", "words"),
    [
        (dt.date(2026, 11, 24), "day", "today"),
        (dt.date(2026, 11, 25), "day", "tomorrow"),
        (dt.date(2026, 11, 23), "day", "yesterday"),
        (dt.date(2026, 11, 4), "day", "20 days ago"),
        (dt.date(2026, 12, 14), "day", "in 20 days"),
        (dt.date(2026, 5, 24), "day", "6 months ago"),
        (dt.date(2025, 10, 8), "day", "13 months ago"),
        (dt.date(2025, 10, 26), "day", "12 months ago"),
        (dt.date(2027, 3, 1), "day", "in 3 months"),
        (dt.date(2024, 7, 26), "day", "over 2 years ago"),
        (dt.date(2024, 11, 14), "day", "2 years ago"),
        (dt.date(2023, 3, 1), "month", "over 3 years ago"),
        (dt.date(2030, 3, 1), "day", "in 3 years"),
        (dt.date(2026, 11, 1), "month", "this month"),
        (dt.date(2026, 10, 1), "month", "1 month ago"),
        (dt.date(2027, 1, 1), "month", "in 2 months"),
        (dt.date(2026, 1, 1), "year", "this year"),
        (dt.date(2023, 1, 1), "year", "3 years ago"),
    ],
)
def test_ages_are_told_no_more_precisely_than_dates_are_known(on, precision, words):
    assert relative(on, precision, TODAY) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "16 July 2024 at the latest"),
        ("de", "spätestens 16. Juli 2024"),
        ("fr", "le 16 juillet 2024 au plus tard"),
    ],
)
def test_the_day_of_a_record_is_the_latest_on_which_a_change_can_have_begun(language, words):
    with translation.override(language):
        assert format_date(dt.date(2024, 7, 16), "by-day") == words
