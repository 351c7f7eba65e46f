"""How often one address may be written to, and one network may ask."""

import datetime as dt

from django.core.cache import cache
from django.http import HttpRequest

from consent.alerts.addresses import network_of
from consent.models import Letter

PER_HOUR = 1
PER_DAY = 3
#: Forms sent from one network (a household, an office, a carrier's gateway) in an hour.
PER_NETWORK = 60


def may_write_to(address: str, kind: str, now: dt.datetime) -> bool:
    """Tell whether an address may get one more mail that somebody asked for with a form."""
    asked = Letter.objects.requested_since
    return (
        asked(kind, address, now - dt.timedelta(hours=1)) < PER_HOUR
        and asked(kind, address, now - dt.timedelta(days=1)) < PER_DAY
    )


def is_flood(request: HttpRequest) -> bool:
    """Count a form that was sent, and tell whether its network sends too many."""
    key = f"alerts-forms:{network_of(request)}"
    cache.add(key, 0, timeout=3600)
    try:
        return cache.incr(key) > PER_NETWORK
    except ValueError:  # it expired between the two calls
        return False
