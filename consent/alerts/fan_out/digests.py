"""Alerts that wait for a digest are bundled when its moment comes, zone by zone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from consent.alerts.fan_out.schedule import last_moment
from consent.models import Alert, Digest
from consent.vocabulary import Frequency

_BATCH = 2000


def make_digests(now: dt.datetime | None = None) -> int:
    """Make the digests whose moment has come; return how many. Safe to run twice, or by two.

    Nothing is remembered about when a digest was last made: what waits since before the latest
    moment of its subscriber's zone is due, so a day on which nothing ran is caught up.
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
    """Put the alerts of some subscribers of a zone into a digest each; return how many digests."""
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
        theirs = Digest.objects.filter(
            subscriber=OuterRef("subscriber"), frequency=frequency, up_to=moment
        )
        bundled = Alert.objects.filter(
            pk__in=due.filter(subscriber__in=people).values("pk")
        ).update(digest=Subquery(theirs.values("pk")[:1]))
        # What comes late to a digest that is over is told by sending the rest under its name.
        over = Q(sent_at__isnull=False) | Q(failed_at__isnull=False)
        Digest.objects.filter(
            over, subscriber__in=people, frequency=frequency, up_to=moment
        ).update(sent_at=None, failed_at=None, attempts=0)
        return len(people) if bundled else 0
