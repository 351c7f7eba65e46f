"""Days as arguments of commands."""

import datetime as dt
from argparse import ArgumentTypeError


def parse_day(text: str) -> dt.datetime:
    """Return the beginning of a day such as 2024-07-26, in UTC. A type for argparse."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day such as 2024-07-26") from None
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
