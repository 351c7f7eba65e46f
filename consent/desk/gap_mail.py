"""Sends curators mail about pages that can no longer be read, or can be read again. Each once.

If our own network fails, every page fails. So after one mail the next one waits, and then contains
everything that came up since.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from consent.web.links import absolute_url
from platforms.characters import without_controls
from platforms.models import Gap, Page
from platforms.signals import page_health_changed

log = logging.getLogger(__name__)

#: At most one mail in this time; consent.tasks.send_gap_mail sends the rest. Chosen.
PAUSE = dt.timedelta(minutes=10)


@receiver(page_health_changed, dispatch_uid="tell-about-gap")
def tell_after_commit(sender: type[Page], *, gap: Gap, **_: Any) -> None:
    # robust: a mail server that is down must not undo or disturb the visit.
    transaction.on_commit(tell_curators, robust=True)


def tell_curators() -> int:
    """Send one mail about all gaps that opened or closed since the last; return their number.

    Safe to run twice: gaps are claimed before the mail is sent, and released if sending fails.
    """
    now = timezone.now()
    if not Gap.objects.untold().exists() or Gap.objects.told_since(now - PAUSE).exists():
        return 0
    begun = _claim(Gap.objects.filter(told_at=None, ended_at=None), "told_at", now=now)
    ended = _claim(
        Gap.objects.filter(end_told_at=None, ended_at__isnull=False), "end_told_at", now=now
    )
    try:
        if begun or ended:
            title = without_controls(subject(begun, ended))
            text = without_controls(body(begun, ended))
            send_mail(title, text, None, [settings.CONTACT_EMAIL])
    except Exception:
        _give_back(begun, "told_at")
        _give_back(ended, "end_told_at")
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


def subject(begun: Sequence[Gap], ended: Sequence[Gap]) -> str:
    parts = []
    if begun:
        parts.append(f"{_pages(begun)} cannot be read")
    if ended:
        parts.append(f"{_pages(ended)} can be read again")
    return "; ".join(parts)


def body(begun: Sequence[Gap], ended: Sequence[Gap]) -> str:
    paragraphs = []
    if begun:
        paragraphs += ["Cannot be read:", *(_about(gap) for gap in begun)]
    if ended:
        paragraphs += ["Can be read again:", *(_about(gap) for gap in ended)]
    return "\n\n".join(paragraphs) + "\n"


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
