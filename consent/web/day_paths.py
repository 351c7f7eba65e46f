"""Days in addresses: /numbers/2026-11-29."""

from __future__ import annotations

import datetime as dt

from django.urls import register_converter

from platforms.days import read_day


class DayPath:
    """A day within the bounds of the ledger, as "day" in the paths of urls.py."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        day = read_day(value)
        if day is None:
            raise ValueError
        return day

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(DayPath, "day")
