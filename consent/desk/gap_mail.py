"""Sends curators mail about pages that can no longer be read, or can be read again. Each once.

After one mail the next one waits, and then contains everything that came up since. Pages that fail
in an outage of our own connection are no news about pages: the mail names the outage.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from consent.web.absolute_urls import absolute_url
from platforms.characters import without_controls
from platforms.models import Gap, Outage, Page
from platforms.signals import page_health_changed
from platforms.watch.outages import Outages, outages_since

log = logging.getLogger(__name__)

#: At most one mail in this time; consent.tasks.send_gap_mail sends the rest. Chosen.
PAUSE = dt.timedelta(minutes=10)


@receiver(page_health_changed, dispatch_uid="tell-about-gap")
def tell_after_commit(sender: type[Page], *, gap: Gap, **_: Any) -> None:
    # robust: a mail server that is down must not undo or disturb the visit.
    transaction.on_commit(tell_curators, robust=True)


def tell_curators() -> int:
    """Send one mail about all gaps and outages since the last; return the number of gaps.

    Safe to run twice: gaps are claimed before the mail is sent, and released if sending fails.
    """
    now = timezone.now()
    untold = Gap.objects.untold().exists() or Outage.objects.untold().exists()
    if not untold or Gap.objects.told_since(now - PAUSE).exists():
        return 0
    if Outage.objects.on().exists():
        return 0  # no mail would get out, and nobody knows yet which pages are to blame
    begun = _claim(Gap.objects.filter(told_at=None, ended_at=None), "told_at", now=now)
    ended = _claim(
        Gap.objects.filter(end_told_at=None, ended_at__isnull=False), "end_told_at", now=now
    )
    outages = [
        outage
        for outage in Outage.objects.untold()
        if Outage.objects.filter(pk=outage.pk, told_at=None).update(told_at=now)
    ]
    news = _News.of(begun, ended, outages)
    try:
        if news:
            title = without_controls(news.subject())
            text = without_controls(news.body())
            send_mail(title, text, None, [settings.CONTACT_EMAIL])
    except Exception:
        _give_back(begun, "told_at")
        _give_back(ended, "end_told_at")
        Outage.objects.filter(pk__in=[outage.pk for outage in outages]).update(told_at=None)
        raise
    # A gap that began and ended between two mails is only reported as ended.
    Gap.objects.filter(pk__in=[gap.pk for gap in ended], told_at=None).update(told_at=now)
    return len(begun) + len(ended)


def _claim(gaps: Any, field: str, *, now: dt.datetime) -> list[Gap]:
    """Claim gaps, and return those that nobody else had claimed."""
    return [
        gap
        for gap in gaps.with_pages().order_by("began_at")
        if Gap.objects.filter(pk=gap.pk, **{field: None}).update(**{field: now})
    ]


def _give_back(gaps: Sequence[Gap], field: str) -> None:
    Gap.objects.filter(pk__in=[gap.pk for gap in gaps]).update(**{field: None})


@dataclass(frozen=True, slots=True)
class _News:
    """What a mail is about. ours: gaps that an outage of our own connection probably explains."""

    begun: Sequence[Gap]
    ended: Sequence[Gap]
    ours: Sequence[Gap]
    outages: Sequence[Outage]

    @classmethod
    def of(cls, begun: Sequence[Gap], ended: Sequence[Gap], outages: Sequence[Outage]) -> _News:
        if not (begun or ended):
            return cls((), (), (), outages)
        gaps = [*begun, *ended]
        found = outages_since(min(gap.began_at for gap in gaps))
        ours = [gap for gap in gaps if _is_explained(gap, found)]
        return cls(
            [gap for gap in begun if gap not in ours],
            [gap for gap in ended if gap not in ours],
            ours,
            outages,
        )

    def __bool__(self) -> bool:
        return bool(self.begun or self.ended or self.ours or self.outages)

    def subject(self) -> str:
        parts = []
        if self.begun:
            parts.append(f"{_pages(self.begun)} cannot be read")
        if self.ended:
            parts.append(f"{_pages(self.ended)} can be read again")
        if not parts:
            parts.append("our own connection failed")
        first, *others = parts
        return "; ".join([first[0].upper() + first[1:], *others])

    def body(self) -> str:
        paragraphs = []
        if self.begun:
            paragraphs += ["Cannot be read:", *(_about(gap) for gap in self.begun)]
        if self.ended:
            paragraphs += ["Can be read again:", *(_about(gap) for gap in self.ended)]
        if self.outages or self.ours:
            paragraphs.append("Our own connection failed. This says nothing about any page.")
        paragraphs += [
            f"  {outage.began_at:%d %b %Y %H:%M} to {outage.ended_at:%d %b %Y %H:%M} UTC, "
            f"{outage.postponed} visits postponed"
            for outage in self.outages
        ]
        if self.ours:
            names = "\n".join(f"  {gap.page}" for gap in self.ours)
            paragraphs.append(f"Probably not reached because of that:\n{names}")
        return "\n\n".join(paragraphs) + "\n"


def _is_explained(gap: Gap, outages: Outages) -> bool:
    last_failed_at = gap.ended_at or gap.page.last_visited_at or gap.began_at
    return outages.explain(gap.outcome, gap.began_at, last_failed_at)


def _about(gap: Gap) -> str:
    reason = (
        f"{gap.get_outcome_display()} ({gap.detail})" if gap.detail else (gap.get_outcome_display())
    )
    until = f" until {gap.ended_at:%d %b %Y %H:%M} UTC" if gap.ended_at else ""
    desk = absolute_url(reverse("admin:platforms_page_change", args=[gap.page_id]))
    return (
        f"{gap.page}\n  {gap.page.url}\n  {reason}\n"
        f"  since {gap.began_at:%d %b %Y %H:%M} UTC{until}\n  {desk}"
    )


def _pages(gaps: Sequence[Gap]) -> str:
    return "1 page" if len(gaps) == 1 else f"{len(gaps)} pages"
