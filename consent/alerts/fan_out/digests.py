"""Bundle alerts into digests when these are due, one time zone after another."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from consent.alerts.fan_out.digest_times import last_moment
from consent.models import Alert, Digest
from consent.vocabulary import Frequency

#: Subscribers in one transaction. Chosen: short locks.
_BATCH = 2000


def make_digests(now: dt.datetime | None = None) -> int:
    """Make the digests that are due; return how many. May run twice, or in two workers at once.

    Alerts that are older than the last due time in their subscriber's zone are bundled, so this
    catches up after a day on which it did not run.
    """
    now = now or timezone.now()
    made = 0
    for frequency in (Frequency.DAILY, Frequency.WEEKLY):
        waiting = Alert.objects.for_digest(frequency, now).order_by()
        zones = waiting.values_list("subscriber__time_zone", flat=True).distinct()
        for zone in list(zones):
            moment = last_moment(frequency, zone, now)
            while bundled := _bundle(frequency, zone, moment):
                made += bundled
    return made


def _bundle(frequency: str, zone: str, moment: dt.datetime) -> int:
    """Make a digest for up to _BATCH subscribers of a zone; return how many were made."""
    with transaction.atomic():
        due = Alert.objects.for_digest(frequency, moment).filter(subscriber__time_zone=zone)
        waiting = due.order_by("subscriber_id").values_list("subscriber_id", flat=True)
        people = list(waiting.distinct()[:_BATCH])
        if not people:
            return 0
        Digest.objects.bulk_create(
            [
                Digest(subscriber_id=pk, frequency=frequency, up_to=moment, due_at=moment)
                for pk in people
            ],
            ignore_conflicts=True,
        )
        matching = Digest.objects.filter(
            subscriber=OuterRef("subscriber"), frequency=frequency, up_to=moment
        )
        bundled = Alert.objects.filter(
            pk__in=due.filter(subscriber__in=people).values("pk")
        ).update(digest=Subquery(matching.values("pk")[:1]))
        # Alerts that come after their digest was sent: send it again with these only.
        is_over = Q(sent_at__isnull=False) | Q(failed_at__isnull=False)
        Digest.objects.filter(
            is_over, subscriber__in=people, frequency=frequency, up_to=moment
        ).update(sent_at=None, failed_at=None, attempts=0)
        return len(people) if bundled else 0
