"""How often one address may be written to."""

import datetime as dt

from consent.models import Letter

PER_HOUR = 1
PER_DAY = 3


def may_write_to(address: str, kind: str, now: dt.datetime) -> bool:
    """Tell whether an address may get one more mail that somebody asked for with a form."""
    asked = Letter.objects.requested_since
    return (
        asked(kind, address, now - dt.timedelta(hours=1)) < PER_HOUR
        and asked(kind, address, now - dt.timedelta(days=1)) < PER_DAY
    )
