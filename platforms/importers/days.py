"""Days as commands take them."""

import datetime as dt
from argparse import ArgumentTypeError


def a_day(text: str) -> dt.datetime:
    """Return the beginning of a day written as 2024-07-26, in UTC. For argparse."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write it as 2024-07-26") from None
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
