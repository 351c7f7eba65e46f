"""Reports that come back: delivery status (RFC 3464), abuse (ARF, RFC 5965), unsubscribe by mail.

Only what came to a return address that we signed counts; nothing else in a report is believed.
Anybody can send anything to that address, so mails are parsed by the lenient policy of the standard
library (compat32): the strict one raises IndexError and others at headers such as "To: <". Parsing
takes time that grows with the square of a header's length, so mails and headers are cut first.
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

from consent.alerts.subscriptions.lifecycle import leave
from consent.alerts.subscriptions.tokens import Returned, read_return_address
from consent.models import Bounce, Subscriber
from consent.vocabulary import BounceKind, SubscriberState

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
#: What is read of a mail. A report begins with its findings and ends with the mail it is about.
MAX_BYTES = 100_000
_MAX_HEADER = 2_000  # characters; twice what a line of a mail may have (RFC 5322)
_SIGNED_HEADERS = ("return-path", "x-failed-recipients", "original-mail-from")


class _CutHeaders(Compat32):
    """Keeps the beginning of each header."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_MAX_HEADER]


_CUT_HEADERS = _CutHeaders()


def process(raw: bytes) -> str:
    """Act on one mail that came to a return address; return in a few words what it was."""
    report = email.message_from_bytes(raw[:MAX_BYTES], policy=_CUT_HEADERS)
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
        kind = _parameter(report, "report-type").lower()
        if kind == "feedback-report":
            record_bounce(named, BounceKind.COMPLAINT)
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


def record_bounce(mail: Returned, kind: BounceKind, *, status: str = "", detail: str = "") -> None:
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
            defaults={"detail": _one_line(detail)[:300]},
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


def _one_line(words: str) -> str:
    """Drop what no database stores (NUL, halves of characters) and all line breaks."""
    printable = (char if char.isprintable() else " " for char in words)
    return " ".join("".join(printable).split())


def _delivery_status(report: Message, mail: Returned) -> str:
    for block in _blocks(report):
        action = str(block.get("action", "")).strip().lower()
        detail = str(block.get("diagnostic-code", ""))
        status = status_in(str(block.get("status", ""))) or status_in(detail)
        if action not in ("failed", "delayed"):
            continue
        lasting = action == "failed" and is_lasting(status)
        kind = BounceKind.PERMANENT if lasting else BounceKind.TRANSIENT
        record_bounce(mail, kind, status=status, detail=detail)
        return f"{kind} bounce"
    return "a report without a failure"


def _blocks(report: Message) -> Iterator[Message]:
    """The groups of fields of delivery-status parts: one for the message, one a recipient."""
    for part in report.walk():
        payload = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(payload, list):
            yield from (block for block in payload if isinstance(block, Message))


def _parameter(report: Message, name: str) -> str:
    """Return a parameter of the content type; empty without one, or where it is encoded."""
    value = report.get_param(name)
    return value if isinstance(value, str) else ""


def _whose(report: Message) -> Returned | None:
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


def _is_automatic(report: Message) -> bool:
    return str(report.get("auto-submitted", "no")).lower() != "no"
