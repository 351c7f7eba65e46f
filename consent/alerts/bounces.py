"""Reports that come back: delivery status (RFC 3464), abuse (ARF, RFC 5965), unsubscribe by mail.

Only what came to a return address that we signed counts; nothing else in a report is believed.
"""

from __future__ import annotations

import datetime as dt
import re
from email.message import EmailMessage
from typing import Any

from django.db import transaction
from django.utils import timezone

from consent.alerts.subscribing import leave
from consent.alerts.tokens import Returned, read_return_address
from consent.alerts.vocabulary import BounceKind, SubscriberState
from consent.models import Bounce, Subscriber

#: So many transient bounces in so many days stop the mail like a permanent one.
MOST_TRANSIENT = 5
TRANSIENT_WITHIN = dt.timedelta(days=14)
#: What a server says about itself, its network, our commands or its rules (RFC 3463), such as
#: "5.7.1 relaying denied": mended here, and no reason to strike out a reader.
OURS_TO_MEND = ("5.3.", "5.5.", "5.7.")
#: A full mailbox and a mail that is not liked: lasting for the mail, not for the address.
_PASSING = (*OURS_TO_MEND, "5.2.2", "5.2.3", "5.6.")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "to")
_SIGNED_HEADERS = ("return-path", "x-failed-recipients", "original-mail-from")


def process(report: EmailMessage) -> str:
    """Act on one mail that came to a return address; return in a few words what it was."""
    named = _whose(report)
    if named is None:
        return "not about a mail of ours"
    if named.mail == "u0":
        if _is_automatic(report):
            return "an automatic answer"
        subscriber = Subscriber.objects.filter(pk=named.subscriber_id).first()
        if subscriber is not None:
            leave(subscriber)
        return "unsubscribed by mail"
    if report.get_content_type() == "multipart/report":
        kind = str(report.get_param("report-type", "")).lower()
        if kind == "feedback-report":
            came_back(named, BounceKind.COMPLAINT)
            return "complaint"
        if kind == "delivery-status":
            return _delivery_status(report, named)
    return "no report that we understand"


def is_lasting(status: str) -> bool:
    """Tell whether a refusal says that mail to this address never arrives. status: RFC 3463."""
    return status.startswith("5") and not status.startswith(_PASSING)


def status_in(words: str) -> str:
    """The enhanced code in a server's words; empty without one."""
    found = _STATUS.search(words)
    return found[0] if found else ""


def came_back(mail: Returned, kind: BounceKind, *, status: str = "", detail: str = "") -> None:
    """Keep what came back, and stop mail where it must stop. A report read again does nothing.

    A failure that two ways tell of, or one way twice, is one failure of one mail.
    """
    with transaction.atomic():
        reader = Subscriber.objects.select_for_update().filter(pk=mail.subscriber_id)
        subscriber = reader.first()
        if subscriber is None or subscriber.epoch != mail.epoch:
            return
        _bounce, is_new = Bounce.objects.get_or_create(
            subscriber=subscriber,
            mail=mail.mail,
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
        since = max(now - TRANSIENT_WITHIN, subscriber.kept_at or now - TRANSIENT_WITHIN)
        recent = subscriber.bounces.filter(kind=BounceKind.TRANSIENT, received_at__gte=since)
        failed = recent.values("mail").distinct().count()
        if kind == BounceKind.TRANSIENT and failed < MOST_TRANSIENT:
            return
        if subscriber.state in (SubscriberState.ACTIVE, SubscriberState.PAUSED):
            subscriber.state, subscriber.bounced_at = SubscriberState.BOUNCED, now
            subscriber.save(update_fields=["state", "bounced_at"])


def _delivery_status(report: EmailMessage, mail: Returned) -> str:
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _blocks(part):
            action = str(block.get("action", "")).strip().lower()
            detail = str(block.get("diagnostic-code", ""))
            status = status_in(str(block.get("status", ""))) or status_in(detail)
            if action not in ("failed", "delayed"):
                continue
            lasting = action == "failed" and is_lasting(status)
            kind = BounceKind.PERMANENT if lasting else BounceKind.TRANSIENT
            came_back(mail, kind, status=status, detail=detail)
            return f"{kind} bounce"
    return "a report without a failure"


def _blocks(part: Any) -> list[Any]:
    """The groups of fields of a delivery-status part: one for the message, one a recipient."""
    payload = part.get_payload()
    return payload if isinstance(payload, list) else []


def _whose(report: EmailMessage) -> Returned | None:
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
