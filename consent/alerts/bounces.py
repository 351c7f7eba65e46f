"""Reports that come back: delivery status (RFC 3464), abuse (ARF, RFC 5965), unsubscribe by mail.

Only what came to a return address that we signed counts; nothing else in a report is believed.
"""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from typing import Any

from django.db import transaction
from django.utils import timezone

from consent.alerts.subscribing import leave
from consent.alerts.tokens import read_return_address
from consent.alerts.vocabulary import BounceKind, SubscriberState
from consent.models import Bounce, Subscriber

#: So many transient bounces in so many days stop the mail like a permanent one.
MOST_TRANSIENT = 5
TRANSIENT_WITHIN = dt.timedelta(days=14)
_RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "to")
_SIGNED_HEADERS = ("return-path", "x-failed-recipients", "original-mail-from")


def process(report: EmailMessage) -> str:
    """Act on one mail that came to a return address; return in a few words what it was."""
    named = _whose(report)
    if named is None:
        return "not about a mail of ours"
    mail, subscriber_id = named
    if mail == "u0":
        if _is_automatic(report):
            return "an automatic answer"
        subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
        if subscriber is not None:
            leave(subscriber)
        return "unsubscribed by mail"
    if report.get_content_type() == "multipart/report":
        kind = str(report.get_param("report-type", "")).lower()
        if kind == "feedback-report":
            came_back(subscriber_id, mail, BounceKind.COMPLAINT)
            return "complaint"
        if kind == "delivery-status":
            return _delivery_status(report, mail, subscriber_id)
    return "no report that we understand"


def came_back(
    subscriber_id: int, mail: str, kind: BounceKind, *, status: str = "", detail: str = ""
) -> None:
    """Keep what came back, and stop mail where it must stop. A report read again does nothing."""
    with transaction.atomic():
        subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
        if subscriber is None:
            return
        _bounce, is_new = Bounce.objects.get_or_create(
            subscriber=subscriber,
            mail=mail,
            kind=kind,
            status=status[:20],
            defaults={"detail": " ".join(detail.split())[:300]},
        )
        if not is_new:
            return
        now = timezone.now()
        if kind == BounceKind.COMPLAINT:
            subscriber.state, subscriber.complained_at = SubscriberState.COMPLAINED, now
            subscriber.save(update_fields=["state", "complained_at"])
            return
        recent = subscriber.bounces.filter(
            kind=BounceKind.TRANSIENT, received_at__gte=now - TRANSIENT_WITHIN
        )
        if kind == BounceKind.TRANSIENT and recent.count() < MOST_TRANSIENT:
            return
        if subscriber.state in (SubscriberState.ACTIVE, SubscriberState.PAUSED):
            subscriber.state, subscriber.bounced_at = SubscriberState.BOUNCED, now
            subscriber.save(update_fields=["state", "bounced_at"])


def _delivery_status(report: EmailMessage, mail: str, subscriber_id: int) -> str:
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _blocks(part):
            action = str(block.get("action", "")).strip().lower()
            status = str(block.get("status", "")).strip().split(" ")[0]
            if action not in ("failed", "delayed"):
                continue
            lasting = action == "failed" and status.startswith("5")
            kind = BounceKind.PERMANENT if lasting else BounceKind.TRANSIENT
            detail = str(block.get("diagnostic-code", ""))
            came_back(subscriber_id, mail, kind, status=status, detail=detail)
            return f"{kind} bounce"
    return "a report without a failure"


def _blocks(part: Any) -> list[Any]:
    """The groups of fields of a delivery-status part: one for the message, one a recipient."""
    payload = part.get_payload()
    return payload if isinstance(payload, list) else []


def _whose(report: EmailMessage) -> tuple[str, int] | None:
    """Find the signed address: where the report was sent, or what the returned mail came from."""
    for name in _RECIPIENT_HEADERS:
        for value in report.get_all(name, []):
            for word in str(value).replace(",", " ").split():
                if found := read_return_address(word):
                    return found
    for part in report.walk():
        for name in _SIGNED_HEADERS:
            for value in part.get_all(name, []):
                if found := read_return_address(str(value)):
                    return found
    return None


def _is_automatic(report: EmailMessage) -> bool:
    return str(report.get("auto-submitted", "no")).lower() != "no"
