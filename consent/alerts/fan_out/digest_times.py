"""Times of digests: at eight in the subscriber's time zone, daily or on Mondays."""

import datetime as dt
import zoneinfo
from functools import cache

from consent.vocabulary import Frequency

HOUR = 8
MONDAY = 0


def last_moment(frequency: str, time_zone: str, now: dt.datetime) -> dt.datetime:
    """Return the last time, up to now, at which a digest of this frequency was due."""
    zone = zone_of(time_zone)
    day = now.astimezone(zone).date()
    moment = _on(day, zone)
    while moment > now or (frequency == Frequency.WEEKLY and day.weekday() != MONDAY):
        day -= dt.timedelta(days=1)
        moment = _on(day, zone)
    return moment


def next_moment(frequency: str, time_zone: str, now: dt.datetime) -> dt.datetime:
    zone = zone_of(time_zone)
    day = now.astimezone(zone).date()
    moment = _on(day, zone)
    while moment <= now or (frequency == Frequency.WEEKLY and day.weekday() != MONDAY):
        day += dt.timedelta(days=1)
        moment = _on(day, zone)
    return moment


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """Return a time zone; UTC if the system does not know the name (any more)."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


@cache
def time_zones() -> tuple[str, ...]:
    """Return the zones to choose from: UTC, and those named after places."""
    areas = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    named = (name for name in zoneinfo.available_timezones() if name.partition("/")[0] in areas)
    return ("UTC", *sorted(named))


def _on(day: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(HOUR), tzinfo=zone).astimezone(dt.UTC)
