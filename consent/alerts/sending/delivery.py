"""Send the outbox: claim due mails, render them, send them, and record each one at once.

Promise: every mail is sent exactly once, with one exception: the server has accepted a mail and the
worker dies before it marks the row as sent. Each worker that dies repeats at most one mail, with
the same Message-ID, so that most mail programs show it once (docs/decisions/0008).
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection as database
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from redis.exceptions import RedisError

from consent.alerts.mails.compose import Defer, RenderFailed, Skip, render_batch
from consent.alerts.mails.emails import Mail
from consent.alerts.sending import sent_log
from consent.alerts.sending.bounces import OURS_TO_MEND, is_lasting, record_bounce, status_in
from consent.alerts.sending.claims import Claim
from consent.alerts.sending.smtp import (
    Interrupted,
    MailConnection,
    ServerUnusable,
    answer_of,
    redacted,
    short_reason,
)
from consent.alerts.subscriptions.mail_addresses import domain_of
from consent.alerts.subscriptions.tokens import read_return_address
from consent.models import Alert, Digest, Letter
from consent.models.alerts import LONGEST_WAIT, Delivery
from consent.vocabulary import BounceKind, Frequency

log = logging.getLogger(__name__)

#: Mails claimed together: shared data are loaded once for them. If a worker dies, its claimed mails
#: wait until the claims expire (CLAIM_LASTS).
BATCH = 200
#: After this time a worker releases unsent mails, long before the task is killed
#: (CELERY_TASK_TIME_LIMIT).
BATCH_SECONDS = 120
MOST_ATTEMPTS = 10
MOST_ALERTS_A_DAY = 3
#: Seconds without mail to a provider that asks us to slow down. Chosen.
COOLING = 300
#: Status codes about one address or mailbox (RFC 3463): the provider accepts mail for others.
_ABOUT_ONE_MAILBOX = ("4.1.", "4.2.")
#: What the cache raises while Redis is away, or the disk is full.
CACHE_ERRORS = (RedisError, OSError)


@dataclass(slots=True)
class Tally:
    """The result of one run."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0
    errors: Counter[str] = field(default_factory=Counter)


def send_due(*, seconds: float = 50.0, clock: Callable[[], float] = time.monotonic) -> Tally:
    """Send due mails, letters first, until none is left or the time is up."""
    tally = Tally()
    until = clock() + seconds
    connection = MailConnection()
    try:
        for model in (Letter, Alert, Digest):
            while clock() < until and (batch := claim(model)):
                _send_batch(batch, connection, tally, clock)
    except ServerUnusable as unusable:
        tally.errors[str(unusable)] += 1
        log.error("mail server unusable: %s", unusable)
    finally:
        connection.close()
    return tally


def claim(model: Any, most: int = BATCH) -> Sequence[Any]:
    """Claim mails that are due, so that no other worker sends them.

    PostgreSQL skips rows that others have locked. SQLite has one writer at a time; there the
    condition of the update decides.
    """
    while True:
        batch = _claim(model, most)
        kept = _defer_beyond_daily_limit(batch) if model is Alert and batch else batch
        if kept or not batch:
            return kept


def _claim(model: Any, most: int) -> list[Any]:
    now, mark = timezone.now(), uuid.uuid4()
    due = model.objects.outbox().due(now)
    with transaction.atomic():
        # Ordered by due_at alone, which an index provides, however many became due together.
        chosen = due.order_by("due_at")
        if database.features.has_select_for_update_skip_locked:
            chosen = chosen.select_for_update(skip_locked=True, of=("self",))
        pks = list(chosen.values_list("pk", flat=True)[:most])
        model.objects.unclaimed(now).filter(pk__in=pks).update(
            claim=mark, claimed_at=now, attempts=F("attempts") + 1
        )
    mine = model.objects.filter(claim=mark, sent_at=None).order_by("due_at", "pk")
    return list(mine.select_related(*_RELATED[model]))


_RELATED: dict[Any, tuple[str, ...]] = {
    Alert: ("subscriber", "subscription", "entry__follows"),
    Digest: ("subscriber",),
    Letter: ("subscriber", "token"),
}


def _defer_beyond_daily_limit(alerts: Sequence[Alert]) -> list[Alert]:
    """Return the alerts to send now; move those beyond three in 24 hours to the daily digest.

    Alerts claimed by another worker count as sent. Corrections are always sent at once.
    """
    now = timezone.now()
    recent = (
        Alert.objects.filter(
            Q(sent_at__gte=now - dt.timedelta(days=1)) | Q(sent_at=None, claimed_at__isnull=False),
            subscriber__in={alert.subscriber_id for alert in alerts},
            frequency=Frequency.AS_IT_HAPPENS,
            digest=None,
        )
        .exclude(pk__in=[alert.pk for alert in alerts])
        .order_by()
        .values_list("subscriber_id")
        .annotate(Count("pk"))
    )
    counts = Counter(dict(recent))
    kept: list[Alert] = []
    too_many: list[Alert] = []
    for alert in alerts:
        counts[alert.subscriber_id] += 1
        follows_up = alert.entry.follows_id is not None
        send_now = follows_up or counts[alert.subscriber_id] <= MOST_ALERTS_A_DAY
        (kept if send_now else too_many).append(alert)
    if too_many:
        Alert.objects.filter(pk__in=[alert.pk for alert in too_many]).update(
            frequency=Frequency.DAILY, due_at=now, claim=None, claimed_at=None, attempts=0
        )
    return kept


def _send_batch(
    batch: Sequence[Delivery], connection: MailConnection, tally: Tally, clock: Callable[[], float]
) -> None:
    """Send a claimed batch. Claims end with the call, even after errors, unless the worker dies."""
    remaining = {row.pk: row for row in batch}
    until = clock() + BATCH_SECONDS
    cooling = _Cooling(batch)
    try:
        ours = Claim(batch, clock)
        for row, mail in render_batch(batch):
            if clock() > until:
                break
            if isinstance(mail, Defer) or not ours.includes(row):
                continue  # released below
            if isinstance(mail, Skip):
                _give_up(row, mail.reason)
                tally.failed += 1
            elif isinstance(mail, RenderFailed):
                tally.errors[mail.reason] += 1
                tally.put_off += _put_off(row, mail.reason)
            elif wait := cooling.left(mail.to):
                _wait_for_provider(row, wait)
                tally.put_off += 1
            else:
                _send_one(row, mail, connection, tally, cooling)
            del remaining[row.pk]
    finally:
        # Release what was not tried, without counting an attempt.
        mine = type(batch[0])._default_manager.filter(claim=batch[0].claim, sent_at=None)
        mine.filter(pk__in=remaining).update(
            claim=None, claimed_at=None, attempts=F("attempts") - 1
        )


def _send_one(
    row: Delivery, mail: Mail, connection: MailConnection, tally: Tally, cooling: _Cooling
) -> None:
    try:
        connection.send(mail)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refused:
        _handle_refusal(row, mail, refused, tally, cooling)
    except Interrupted as broken:
        # Tried again at once it might come twice, and each minute if the server is slow to answer.
        tally.errors[str(broken)] += 1
        tally.put_off += _put_off(row, str(broken))
        if connection.interrupted > 1:
            raise ServerUnusable(str(broken)) from broken
    except (ValueError, UnicodeError) as malformed:
        _give_up(row, f"cannot be written as a mail: {malformed}")
        tally.failed += 1
    else:
        _mark_sent(row, mail)
        tally.sent += 1


def _mark_sent(row: Delivery, mail: Mail) -> None:
    now = timezone.now()
    _log_mail(row, "sent")
    sent_log.record(row._meta.model_name or "", [row.pk], now)
    sent = {"sent_at": now, "claim": None, "claimed_at": None, "last_error": ""}
    if isinstance(row, Digest):
        sent_log.record("alert", mail.tells, now)
        with transaction.atomic():
            Digest.objects.filter(pk=row.pk).update(**sent)
            Alert.objects.filter(pk__in=mail.tells).update(sent_at=now)
            # Alerts added while the digest was being sent wait for the next one.
            Alert.objects.waiting().filter(digest=row).update(digest=None)
    else:
        type(row)._default_manager.filter(pk=row.pk).update(**sent)


def _handle_refusal(
    row: Any,
    mail: Mail,
    refused: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError,
    tally: Tally,
    cooling: _Cooling,
) -> None:
    """Try again later or give up; record a bounce if the recipient was refused."""
    code, words = answer_of(refused)
    reason = f"{code} {redacted(words)}"
    status = status_in(reason) or str(code)
    about_recipient = isinstance(refused, smtplib.SMTPRecipientsRefused)
    tally.errors[reason[:300]] += 1
    if code < 500 and not status.startswith(_ABOUT_ONE_MAILBOX):
        cooling.begin(mail.to)
    is_permanent = code >= 500 and not status.startswith(OURS_TO_MEND)
    if is_permanent:
        _give_up(row, reason)
    elif _put_off(row, reason):
        tally.put_off += 1
        return
    tally.failed += 1
    if about_recipient and (returned := read_return_address(mail.returns_to)):
        kind = BounceKind.PERMANENT if is_lasting(status) else BounceKind.TRANSIENT
        record_bounce(returned, kind, status=status, detail=reason)


def _put_off(row: Delivery, reason: str) -> bool:
    """Try again later; give up after the last attempt, and return False then."""
    if row.attempts >= MOST_ATTEMPTS:
        _give_up(row, reason)
        return False
    _reschedule(row, reason, _back_off(row.attempts))
    return True


def _wait_for_provider(row: Delivery, seconds: float) -> None:
    """Postpone a mail whose provider asks us to slow down. This counts as no attempt."""
    _reschedule(row, "their server asks us to slow down", seconds, attempts=F("attempts") - 1)


def _reschedule(row: Delivery, reason: str, seconds: float, **changes: Any) -> None:
    _log_mail(row, "put off", reason)
    type(row)._default_manager.filter(pk=row.pk).update(
        claim=None,
        claimed_at=None,
        last_error=reason[:300],
        due_at=timezone.now() + dt.timedelta(seconds=seconds),
        **changes,
    )


def _give_up(row: Delivery, reason: str) -> None:
    now = timezone.now()
    _log_mail(row, "given up", reason)
    given_up = {"last_error": reason[:300], "failed_at": now}
    type(row)._default_manager.filter(pk=row.pk).update(claim=None, claimed_at=None, **given_up)
    if isinstance(row, Digest):
        Alert.objects.waiting().filter(digest=row).update(**given_up)


def _log_mail(row: Delivery, result: str, reason: str = "") -> None:
    """Log a mail by the number of its row, never by its recipient."""
    fields = {
        "kind": row._meta.model_name,
        "id": row.pk,
        "result": result,
        "attempt": row.attempts,
        "reason": short_reason(reason),
    }
    log.info("mail", extra={"fields": fields})


def _back_off(attempts: int) -> float:
    """Return the seconds until the next attempt: one minute, two, four … six hours."""
    return float(min(60 * 2 ** max(attempts - 1, 0), LONGEST_WAIT.total_seconds()))


class _Cooling:
    """Providers that asked us to slow down; shared between workers, loaded once for a batch."""

    def __init__(self, batch: Sequence[Any]) -> None:
        addresses = (
            row.address if isinstance(row, Letter) else row.subscriber.address for row in batch
        )
        self._until: dict[str, float] = {}
        try:
            self._until |= cache.get_many({_cooling_key(address) for address in addresses})
        except CACHE_ERRORS as error:
            log.warning("cannot read which providers asked us to slow down: %s", error)

    def left(self, to: str) -> float:
        """Return the seconds until mail may be sent to the provider of an address again."""
        until = self._until.get(_cooling_key(to))
        wait = until - time.time() if until else 0.0
        return wait if 0.0 < wait <= COOLING else 0.0  # longer: our clock was wrong

    def begin(self, to: str) -> None:
        self._until[_cooling_key(to)] = until = time.time() + COOLING
        try:
            cache.set(_cooling_key(to), until, COOLING)
        except CACHE_ERRORS as error:
            log.warning("cannot notify other workers that %s is busy: %s", domain_of(to), error)


def _cooling_key(to: str) -> str:
    return f"mail-cooling:{domain_of(to)}"
