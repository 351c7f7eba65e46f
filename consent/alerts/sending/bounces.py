"""Handle incoming reports: delivery status (RFC 3464), abuse (RFC 5965), unsubscribe by mail.

Only a return address with our signature identifies a mail; a report's other claims do not count.
Anybody can send anything to that address, so mails are parsed with the lenient policy compat32: the
default one raises IndexError and others for headers such as "To: <". Parsing time grows with the
square of a header's length, so mails and headers are truncated first.
"""

from __future__ import annotations

import datetime as dt
import email
import re
from collections.abc import Iterator
from email.message import Message
from email.policy import Compat32

from django.db import transaction
from django.utils import timezone

from consent.alerts.subscriptions import suppression_list
from consent.alerts.subscriptions.lifecycle import leave
from consent.alerts.subscriptions.suppression_list import Act
from consent.alerts.subscriptions.tokens import Returned, read_return_address
from consent.models import Bounce, Subscriber
from consent.vocabulary import BounceKind, SubscriberState

#: So many mails with transient bounces in so many days count as a permanent bounce. Chosen.
MOST_TRANSIENT = 5
TRANSIENT_WITHIN = dt.timedelta(days=14)
#: Status codes (RFC 3463) about the mail system, our commands or policy, such as "5.7.1 relaying
#: denied". We have to fix the cause; the subscriber's address is not to blame.
OURS_TO_MEND = ("5.3.", "5.5.", "5.7.")
#: In addition a full mailbox, a too long mail and its content: permanent for this mail only.
_NOT_ABOUT_ADDRESS = (*OURS_TO_MEND, "5.2.2", "5.2.3", "5.6.")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "to")
#: Bytes of a report that are parsed: the results come first, the original mail last.
MAX_BYTES = 100_000
_MAX_HEADER = 2_000  # characters; twice what a line of a mail may have (RFC 5322)
_SIGNED_HEADERS = ("return-path", "x-failed-recipients", "original-mail-from")


class _CutHeaders(Compat32):
    """Policy that truncates each header."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER]


_CUT_HEADERS = _CutHeaders()


def process(raw: bytes) -> str:
    """Handle one mail to a return address; return in a few words what it was."""
    report = email.message_from_bytes(raw[:MAX_BYTES], policy=_CUT_HEADERS)
    returned = _find_return_address(report)
    if returned is None:
        return "not about a mail of ours"
    if returned.mail == "u0":
        if _is_automatic(report):
            return "an automatic answer"
        subscriber = Subscriber.objects.filter(pk=returned.subscriber_id).first()
        if subscriber is not None:
            leave(subscriber)
        return "unsubscribed by mail"
    if report.get_content_type() == "multipart/report":
        kind = _parameter(report, "report-type").lower()
        if kind == "feedback-report":
            record_bounce(returned, BounceKind.COMPLAINT)
            return "complaint"
        if kind == "delivery-status":
            return _record_delivery_status(report, returned)
    return "no report that we understand"


def is_lasting(status: str) -> bool:
    """Return whether a status (RFC 3463) means that the address will never accept mail."""
    return status.startswith("5") and not status.startswith(_NOT_ABOUT_ADDRESS)


def status_in(words: str) -> str:
    """Return the enhanced status code in a server's answer; empty without one."""
    match = _STATUS.search(words)
    return match[0] if match else ""


def record_bounce(mail: Returned, kind: BounceKind, *, status: str = "", detail: str = "") -> None:
    """Store a bounce or complaint, and stop mail to the subscriber if necessary.

    May be called twice: repeated reports, or reports by mail and webhook, count once for each mail.
    """
    with transaction.atomic():
        locked = Subscriber.objects.select_for_update()
        subscriber = locked.filter(pk=mail.subscriber_id).first()
        if subscriber is None or subscriber.epoch != mail.epoch:
            return
        _bounce, is_new = Bounce.objects.get_or_create(
            subscriber=subscriber,
            mail=mail.mail,
            kind=kind,
            status=status[:20],
            defaults={"detail": _one_line(detail)[:300]},
        )
        if not is_new:
            return
        now = timezone.now()
        if kind == BounceKind.COMPLAINT:
            subscriber.state, subscriber.complained_at = SubscriberState.COMPLAINED, now
            subscriber.save(update_fields=["state", "complained_at"])
            suppression_list.record(subscriber.normalised, Act.COMPLAINED, now)
            return
        since = max(now - TRANSIENT_WITHIN, subscriber.kept_at or now - TRANSIENT_WITHIN)
        recent = subscriber.bounces.filter(kind=BounceKind.TRANSIENT, received_at__gte=since)
        failed = recent.values("mail").distinct().count()
        if kind == BounceKind.TRANSIENT and failed < MOST_TRANSIENT:
            return
        if subscriber.state in (SubscriberState.ACTIVE, SubscriberState.PAUSED):
            subscriber.state, subscriber.bounced_at = SubscriberState.BOUNCED, now
            subscriber.save(update_fields=["state", "bounced_at"])


def _one_line(words: str) -> str:
    """Replace line breaks and what no database stores (NUL, lone surrogates) by spaces."""
    printable = (char if char.isprintable() else " " for char in words)
    return " ".join("".join(printable).split())


def _record_delivery_status(report: Message, mail: Returned) -> str:
    for block in _blocks(report):
        action = str(block.get("action", "")).strip().lower()
        detail = str(block.get("diagnostic-code", ""))
        status = status_in(str(block.get("status", ""))) or status_in(detail)
        if action not in ("failed", "delayed"):
            continue
        is_permanent = action == "failed" and is_lasting(status)
        kind = BounceKind.PERMANENT if is_permanent else BounceKind.TRANSIENT
        record_bounce(mail, kind, status=status, detail=detail)
        return f"{kind} bounce"
    return "a report without a failure"


def _blocks(report: Message) -> Iterator[Message]:
    """Yield the field groups of delivery-status parts: first of the message, then of recipients."""
    for part in report.walk():
        payload = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(payload, list):
            yield from (block for block in payload if isinstance(block, Message))


def _parameter(report: Message, name: str) -> str:
    """Return a parameter of the content type; empty if it is missing or encoded."""
    value = report.get_param(name)
    return value if isinstance(value, str) else ""


def _find_return_address(report: Message) -> Returned | None:
    """Find our signed address: the report's recipient, or the sender of the returned mail."""
    for name in _RECIPIENT_HEADERS:
        for value in report.get_all(name, []):
            for word in str(value).replace(",", " ").split():
                if returned := read_return_address(word):
                    return returned
    for part in report.walk():
        for name in _SIGNED_HEADERS:
            for value in part.get_all(name, []):
                if returned := read_return_address(str(value)):
                    return returned
    return None


def _is_automatic(report: Message) -> bool:
    return str(report.get("auto-submitted", "no")).lower() != "no"
