"""What the watch does now: how far behind it is, who is late, whether it sees anything at all."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db.models import Count, Min, Q

from platforms.fetching.policy import has_contact
from platforms.models import Freshness, Heartbeat, Outage, Page

#: A page that has been due for longer is late. Chosen.
VISITS_LATE_AFTER = dt.timedelta(minutes=10)
#: If no page was read for so long although one had to be, nobody sees what sites change. Chosen:
#: pages are visited twice a day, so of hundreds of pages one is read each few minutes.
BLIND_AFTER = dt.timedelta(days=1)
#: Percent of the disk. With less, the operator gets a mail.
LEAST_FREE = 10.0


@dataclass(frozen=True, slots=True)
class WatchState:
    """The watch at one time. late: what is late, and since when, with the reason as key.

    overdue: how many of the pages that are due are late. behind: how long the page due longest has
    waited. disk_free: percent of the disk with our data.
    """

    pages: Freshness
    due: int
    overdue: int
    behind: dt.timedelta
    outage_since: dt.datetime | None
    heartbeats: Mapping[str, dt.datetime | None]
    late: Mapping[str, dt.datetime | None]
    disk_free: float
    watch: Literal["ok", "late", "blind"]

    @property
    def late_workers(self) -> list[str]:
        return [part for part in self.late if part in self.heartbeats]

    @property
    def minutes_behind(self) -> int:
        return int(self.behind / dt.timedelta(minutes=1))

    @property
    def disk_is_short(self) -> bool:
        return self.disk_free < LEAST_FREE


def watch_state(now: dt.datetime) -> WatchState:
    """Return what the watch does now. Raises a database error if it cannot be asked."""
    due = Page.objects.due(now).aggregate(
        count=Count("pk"),
        overdue=Count("pk", filter=Q(next_visit_at__lt=now - VISITS_LATE_AFTER)),
        oldest=Min("next_visit_at"),
    )
    pages = Page.objects.freshness()
    outage = Outage.objects.on().first()
    heartbeats = Heartbeat.of_all_parts()
    late = {part: at for part, at in heartbeats.items() if Heartbeat.is_late(at, now)}
    oldest = min(due["oldest"] or now, now)
    if outage is not None:
        late["line"] = outage.began_at
    elif has_contact() and now - oldest > VISITS_LATE_AFTER:
        late["pages"] = oldest
    sees = sees_pages(pages, now)
    if has_contact() and pages.looked_at is not None and not sees:
        late["reading"] = pages.looked_at
    return WatchState(
        pages=pages,
        due=due["count"],
        overdue=due["overdue"],
        behind=now - oldest,
        outage_since=outage.began_at if outage else None,
        heartbeats=heartbeats,
        late=late,
        disk_free=disk_free(),
        watch=_watch(late, sees=sees),
    )


def disk_free() -> float:
    """Return how much of the disk with our data is free, in percent."""
    usage = shutil.disk_usage(settings.VAR_DIR)
    return round(100 * usage.free / usage.total, 1)


def _watch(late: Mapping[str, dt.datetime | None], *, sees: bool) -> Literal["ok", "late", "blind"]:
    if "line" in late or not has_contact() or not sees:
        return "blind"
    return "late" if {"pages", "beat", "visits"}.intersection(late) else "ok"


def sees_pages(pages: Freshness, now: dt.datetime) -> bool:
    """Return whether a page was read lately, or none had to be since the last one was.

    The few pages of a small site may all rest for days.
    """
    if pages.looked_at is None or now - pages.looked_at <= BLIND_AFTER:
        return pages.looked_at is not None
    tried_in_vain = pages.visited_at is not None and pages.visited_at > pages.looked_at
    late = Page.objects.watched().filter(next_visit_at__lt=now - VISITS_LATE_AFTER)
    return not (tried_in_vain or late.exists())
