"""How often one address may be written to."""

import datetime as dt

from consent.models import Letter

PER_HOUR = 1
PER_DAY = 3


def was_written_lately(letter: Letter) -> bool:
    """Tell whether a mail that somebody asked for with a form is one too many for its address.

    Asked when it is about to be sent; what was promised before it and not dropped counts.
    """
    earlier = Letter.objects.requested_before(letter)
    return (
        earlier.filter(created_at__gt=letter.created_at - dt.timedelta(hours=1)).count() >= PER_HOUR
        or earlier.filter(created_at__gt=letter.created_at - dt.timedelta(days=1)).count()
        >= PER_DAY
    )
