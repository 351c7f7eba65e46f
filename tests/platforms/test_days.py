"""Months before and after a day, over the ends of years and in leap years."""

import datetime as dt

import pytest

from platforms.days import end_of_month, month_after


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        ("2026-01-31", 0, "2026-01-01"),
        ("2026-01-31", 1, "2026-02-01"),
        ("2026-12-31", 1, "2027-01-01"),
        ("2026-01-01", -1, "2025-12-01"),
        ("2026-03-31", -1, "2026-02-01"),
        ("2026-11-26", -36, "2023-11-01"),
        ("2026-11-26", 14, "2028-01-01"),
    ],
)
def test_a_month_after_or_before_a_day_begins_on_its_first(day, months, first):
    assert month_after(dt.date.fromisoformat(day), months).isoformat() == first


@pytest.mark.parametrize(
    ("day", "last"),
    [("2026-02-01", "2026-02-28"), ("2028-02-10", "2028-02-29"), ("2026-12-31", "2026-12-31")],
)
def test_a_month_ends_on_its_last_day(day, last):
    assert end_of_month(dt.date.fromisoformat(day)).isoformat() == last
