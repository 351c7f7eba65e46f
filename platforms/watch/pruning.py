"""Folds good visits into days once they are old, and drops refused bytes. Failures stay in full.

A page that is visited twice a day gets 700 Fetch rows a year, nearly all of which say "as before".
After KEPT_IN_FULL one VisitDay row remains of all good visits of a day. Kept as they are: failed
visits, those at which a snapshot was seen for the first or the last time, and the last visit of
each page.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from platforms.models import Fetch, Page, Snapshot, VisitDay
from platforms.vocabulary import CaptureSource

#: Longer than anything that reads single visits: the noise budget reads 90 days.
KEPT_IN_FULL = dt.timedelta(days=90)
#: Rows folded in one transaction. Chosen: it takes some milliseconds.
_BATCH = 200


def fold_visits(
    *, now: dt.datetime, seconds: float = 240.0, clock: Callable[[], float] = time.monotonic
) -> int:
    """Fold the good visits of whole days before KEPT_IN_FULL; return how many rows were folded.

    Stops when the time is up; the next run goes on. May be killed at any point, and run twice at
    the same time: each transaction deletes exactly the rows that it adds to the days.
    """
    until = clock() + seconds
    day = (now - KEPT_IN_FULL).astimezone(dt.UTC).date()
    before = dt.datetime.combine(day, dt.time(), dt.UTC)
    folded = 0
    old = Fetch.objects.plain().filter(started_at__lt=before)
    for page_id in list(old.order_by("page").values_list("page", flat=True).distinct()):
        while clock() < until and (count := _fold_some(page_id, before)):
            folded += count
    return folded


def forget_refused_bodies(*, now: dt.datetime) -> int:
    """Drop the bytes of refused states that visits last saw before KEPT_IN_FULL; return how many.

    Their text and digest stay (decision 24). Imported ones are all old, and few: they stay.
    """
    old = Snapshot.objects.filter(source=CaptureSource.VISIT, last_seen_at__lt=now - KEPT_IN_FULL)
    return old.filter(refused_body__isnull=False).update(refused_body=None)


@transaction.atomic
def _fold_some(page_id: int, before: dt.datetime) -> int:
    # One at a time for each page: two transactions might add to the same day.
    Page.objects.select_for_update().get(pk=page_id)
    latest = Fetch.objects.filter(page=page_id).order_by("-started_at")[:1]
    last_pk = latest.values_list("pk", flat=True).get()
    plain = Fetch.objects.plain().filter(page=page_id, started_at__lt=before).exclude(pk=last_pk)
    rows = list(plain.order_by("started_at").values_list("pk", "started_at", "outcome")[:_BATCH])
    times: dict[tuple[dt.date, str], list[dt.datetime]] = defaultdict(list)
    for _pk, started_at, outcome in rows:
        times[started_at.astimezone(dt.UTC).date(), outcome].append(started_at)
    for (day, outcome), moments in times.items():
        # In order of time: what is added comes after what the day has already.
        row, is_new = VisitDay.objects.get_or_create(
            page_id=page_id,
            day=day,
            outcome=outcome,
            defaults={"visits": len(moments), "first_at": moments[0], "last_at": moments[-1]},
        )
        if not is_new:
            more = F("visits") + len(moments)
            VisitDay.objects.filter(pk=row.pk).update(
                visits=more,
                first_at=min(row.first_at, moments[0]),
                last_at=max(row.last_at, moments[-1]),
            )
    Fetch.objects.filter(pk__in=[pk for pk, _started_at, _outcome in rows]).delete()
    return len(rows)
