"""When somebody last followed the steps of a guide, and how reliable they are: plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from consent.vocabulary import Surface, Trust

VERIFIED_FOR = dt.timedelta(days=90)
AGEING_FOR = dt.timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Walk:
    """The last verification of the steps on one surface, and when readers reported them."""

    surface: Surface
    verified_on: dt.date | None
    reported_broken_at: dt.datetime | None

    def is_reported_broken(self) -> bool:
        """Return whether readers reported it and nobody verified it on a later day.

        Walking it at the desk takes the mark off at once; a later date may also come from the
        catalog or be written by hand.
        """
        if self.reported_broken_at is None:
            return False
        reported_on = timezone.localdate(self.reported_broken_at)
        return self.verified_on is None or self.verified_on <= reported_on


def verified_on(walks: Collection[Walk]) -> dt.date | None:
    """Return the oldest verification: a guide is as old as its oldest part.

    None if a surface was never verified.
    """
    known = [walk.verified_on for walk in walks if walk.verified_on is not None]
    return min(known) if known and len(known) == len(walks) else None


def trust_in(walks: Collection[Walk], *, source_changed: bool, today: dt.date) -> Trust:
    """Return how reliable the steps of a guide are on a day.

    source_changed: whether a page that they rest on has changed since they were right. Readers'
    reports come before that: the steps may still work after the change.
    """
    if any(walk.is_reported_broken() for walk in walks):
        return Trust.REPORTED_BROKEN
    if source_changed and any(walk.verified_on for walk in walks):
        return Trust.SOURCE_CHANGED
    oldest = verified_on(walks)
    if oldest is None:
        return Trust.UNVERIFIED
    age = today - oldest
    if age <= VERIFIED_FOR:
        return Trust.VERIFIED
    return Trust.AGEING if age <= AGEING_FOR else Trust.OVERDUE
