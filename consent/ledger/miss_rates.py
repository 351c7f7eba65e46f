"""How often something escapes us: what was found when samples were read again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.db.models import Count, Q

from consent.models import Sample
from consent.vocabulary import SampleKind, SampleVerdict
from platforms.days import month_after

#: Samples of so many months count together: one month alone says little. Chosen.
MONTHS = 12
_Z = 1.959964  # 97.5th percentile of the normal distribution: an interval of 95 %


@dataclass(frozen=True, slots=True)
class MissRate:
    """What readers of samples found. read: how many were read; missed: how many of them should
    have been told.
    """

    kind: SampleKind
    read: int
    missed: int

    @property
    def percent(self) -> float:
        return 100 * self.missed / self.read if self.read else 0.0

    @property
    def bounds(self) -> tuple[float, float]:
        """The 95 % interval of the rate in percent, by Wilson's score (1927), right for small n."""
        if not self.read:
            return 0.0, 100.0
        n, rate = self.read, self.missed / self.read
        middle = rate + _Z**2 / (2 * n)
        spread = _Z * sqrt(rate * (1 - rate) / n + _Z**2 / (4 * n * n))
        low, high = (100 * (middle + sign * spread) / (1 + _Z**2 / n) for sign in (-1, 1))
        return max(0.0, low), min(100.0, high)


def miss_rates(today: dt.date) -> Sequence[MissRate]:
    """Return the rate of each kind over the last months; kinds without a read sample are out."""
    since = month_after(today, -MONTHS)
    rows = (
        Sample.objects.filter(month__gte=since)
        .exclude(verdict="")
        .order_by()
        .values_list("kind")
        .annotate(read=Count("pk"), missed=Count("pk", filter=Q(verdict=SampleVerdict.MISSED)))
    )
    by_kind = {kind: (read, missed) for kind, read, missed in rows}
    return [MissRate(kind, *by_kind[kind]) for kind in SampleKind if kind in by_kind]
