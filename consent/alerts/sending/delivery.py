"""The outbox is emptied: claim some mails, put them together, send them, note each one at once.

Promise: every mail is sent, and none twice, except in one window: the server has accepted a mail
and the worker dies before its row says so. That is one mail for each worker that dies, and its
Message-ID is the same, so that most readers' programs show it once (docs/decisions/0008).
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
from consent.alerts.sending.bounces import OURS_TO_MEND, is_lasting, record_bounce, status_in
from consent.alerts.sending.smtp import (
    Interrupted,
    MailConnection,
    ServerUnusable,
    answer_of,
    redacted,
)
from consent.alerts.subscriptions.addresses import domain_of
from consent.alerts.subscriptions.tokens import read_return_address
from consent.models import Alert, Digest, Letter
from consent.models.alerts import CLAIM_LASTS, Delivery
from consent.vocabulary import BounceKind, Frequency

log = logging.getLogger(__name__)

#: What a batch shares is read once for it; what a worker that dies had claimed waits ten minutes.
BATCH = 200
#: A worker lets go of what it has not sent in this time, long before others may take it over and
#: before its task is killed for lasting too long (CELERY_TASK_TIME_LIMIT).
BATCH_SECONDS = CLAIM_LASTS.total_seconds() / 5
MOST_ATTEMPTS = 10
MOST_ALERTS_A_DAY = 3
#: How long a provider that asks us to slow down is left alone.
COOLING = 300  # seconds
#: How long what is known of a batch's readers holds while it is sent.
_ASK_AGAIN = 2  # seconds
#: Answers about one address or mailbox (RFC 3463): its provider takes mail for others.
_THEIRS_ALONE = ("4.1.", "4.2.")
_CACHE_AWAY = (RedisError, OSError)


@dataclass(slots=True)
class Tally:
    """What one run came to."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0
    errors: Counter[str] = field(default_factory=Counter)


def send_due(*, seconds: float = 50.0, clock: Callable[[], float] = time.monotonic) -> Tally:
    """Send what is due, letters first, until nothing is or the time is up."""
    tally = Tally()
    until = clock() + seconds
    post = MailConnection()
    try:
        for model in (Letter, Alert, Digest):
            while clock() < until and (batch := claim(model)):
                _send_batch(batch, post, tally, clock)
    except ServerUnusable as unusable:
        tally.errors[str(unusable)] += 1
        log.error("mail server unusable: %s", unusable)
    finally:
        post.close()
    return tally


def claim(model: Any, most: int = BATCH) -> Sequence[Any]:
    """Take mails that are due, so that no other worker sends them.

    PostgreSQL skips what others hold locked. SQLite has one writer at a time; there the
    condition in the update decides.
    """
    while True:
        batch = _claim(model, most)
        kept = _within_the_day(batch) if model is Alert and batch else batch
        if kept or not batch:
            return kept


def _claim(model: Any, most: int) -> list[Any]:
    now, mark = timezone.now(), uuid.uuid4()
    due = model.objects.outbox().due(now)
    with transaction.atomic():
        # No further order: an index brings these at once, however many became due together.
        chosen = due.order_by("due_at")
        if database.features.has_select_for_update_skip_locked:
            chosen = chosen.select_for_update(skip_locked=True, of=("self",))
        pks = list(chosen.values_list("pk", flat=True)[:most])
        unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)
        model.objects.waiting().filter(unclaimed, pk__in=pks).update(
            claim=mark, claimed_at=now, attempts=F("attempts") + 1
        )
    mine = model.objects.filter(claim=mark, sent_at=None).order_by("due_at", "pk")
    return list(mine.select_related(*_NEEDED[model]))


_NEEDED: dict[Any, tuple[str, ...]] = {
    Alert: ("subscriber", "subscription", "entry__follows"),
    Digest: ("subscriber",),
    Letter: ("subscriber", "token"),
}


def _within_the_day(alerts: Sequence[Alert]) -> list[Alert]:
    """Move what is beyond three alerts in 24 hours to the next daily digest.

    What another worker holds counts as sent. Corrections are owed at once and pass.
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
    told = Counter(dict(recent))
    kept: list[Alert] = []
    too_many: list[Alert] = []
    for alert in alerts:
        told[alert.subscriber_id] += 1
        owed = alert.entry.follows_id is not None
        within = owed or told[alert.subscriber_id] <= MOST_ALERTS_A_DAY
        (kept if within else too_many).append(alert)
    if too_many:
        Alert.objects.filter(pk__in=[alert.pk for alert in too_many]).update(
            frequency=Frequency.DAILY, due_at=now, claim=None, claimed_at=None, attempts=0
        )
    return kept


def _send_batch(
    batch: Sequence[Delivery], post: MailConnection, tally: Tally, clock: Callable[[], float]
) -> None:
    """Send a claimed batch; whatever happens, no claim outlives the call unless the worker dies."""
    left = {row.pk: row for row in batch}
    until = clock() + BATCH_SECONDS
    cooling = _Cooling(batch)
    wanted = _Wanted(batch, clock)
    try:
        for row, mail in render_batch(batch):
            if clock() > until:
                break
            if isinstance(mail, Defer) or not wanted.still(row):
                continue  # let go of below
            if isinstance(mail, Skip):
                _give_up(row, mail.reason)
                tally.failed += 1
            elif isinstance(mail, RenderFailed):
                tally.errors[mail.reason] += 1
                tally.put_off += _put_off(row, mail.reason)
            elif wait := cooling.left(mail.to):
                _let_cool(row, wait)
                tally.put_off += 1
            else:
                _send_one(row, mail, post, tally, cooling)
            del left[row.pk]
    finally:
        # Not tried: these go back as they were.
        mine = type(batch[0])._default_manager.filter(claim=batch[0].claim, sent_at=None)
        mine.filter(pk__in=left).update(claim=None, claimed_at=None, attempts=F("attempts") - 1)


def _send_one(
    row: Delivery, mail: Mail, post: MailConnection, tally: Tally, cooling: _Cooling
) -> None:
    try:
        post.send(mail)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refused:
        _refused(row, mail, refused, tally, cooling)
    except Interrupted as broken:
        # Tried again at once it might come twice, and each minute if the server is slow to answer.
        tally.errors[str(broken)] += 1
        tally.put_off += _put_off(row, str(broken))
        if post.interrupted > 1:
            raise ServerUnusable(str(broken)) from broken
    except (ValueError, UnicodeError) as malformed:
        _give_up(row, f"cannot be written as a mail: {malformed}")
        tally.failed += 1
    else:
        _note_sent(row, mail)
        tally.sent += 1


def _note_sent(row: Delivery, mail: Mail) -> None:
    now = timezone.now()
    sent = {"sent_at": now, "claim": None, "claimed_at": None, "last_error": ""}
    if isinstance(row, Digest):
        with transaction.atomic():
            Digest.objects.filter(pk=row.pk).update(**sent)
            Alert.objects.filter(pk__in=mail.tells).update(sent_at=now)
            # What joined the digest while it was on its way waits to be bundled again.
            Alert.objects.waiting().filter(digest=row).update(digest=None)
    else:
        type(row)._default_manager.filter(pk=row.pk).update(**sent)


def _refused(
    row: Any,
    mail: Mail,
    refused: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError,
    tally: Tally,
    cooling: _Cooling,
) -> None:
    """Try again later or give up; keep what was the recipient's fault as a bounce."""
    code, words = answer_of(refused)
    reason = f"{code} {redacted(words)}"
    status = status_in(reason) or str(code)
    about_recipient = isinstance(refused, smtplib.SMTPRecipientsRefused)
    tally.errors[reason[:300]] += 1
    if code < 500 and not status.startswith(_THEIRS_ALONE):
        cooling.begin(mail.to)
    lasting = code >= 500 and not status.startswith(OURS_TO_MEND)
    if lasting:
        _give_up(row, reason)
    elif _put_off(row, reason):
        tally.put_off += 1
        return
    tally.failed += 1
    if about_recipient and (named := read_return_address(mail.returns_to)):
        kind = BounceKind.PERMANENT if is_lasting(status) else BounceKind.TRANSIENT
        record_bounce(named, kind, status=status, detail=reason)


def _put_off(row: Delivery, reason: str) -> bool:
    """Try again later; give up after the last attempt, and return False then."""
    if row.attempts >= MOST_ATTEMPTS:
        _give_up(row, reason)
        return False
    _later(row, reason, _back_off(row.attempts))
    return True


def _let_cool(row: Delivery, seconds: float) -> None:
    """Wait for the recipient's provider. It was not tried, so that it costs no attempt."""
    _later(row, "their server asks us to slow down", seconds, attempts=F("attempts") - 1)


def _later(row: Delivery, reason: str, seconds: float, **more: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(
        claim=None,
        claimed_at=None,
        last_error=reason[:300],
        due_at=timezone.now() + dt.timedelta(seconds=seconds),
        **more,
    )


def _give_up(row: Delivery, reason: str) -> None:
    now = timezone.now()
    given_up = {"last_error": reason[:300], "failed_at": now}
    type(row)._default_manager.filter(pk=row.pk).update(claim=None, claimed_at=None, **given_up)
    if isinstance(row, Digest):
        Alert.objects.waiting().filter(digest=row).update(**given_up)


def _back_off(attempts: int) -> float:
    """Seconds until the next try: one minute, two, four … six hours."""
    return float(min(60 * 2 ** max(attempts - 1, 0), 6 * 3600))


class _Wanted:
    """Which mails of a batch are still to be sent: asked anew while a slow server takes its time.

    Who leaves or is erased in the middle of a batch gets nothing a moment later.
    """

    def __init__(self, batch: Sequence[Delivery], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._batch = batch
        self._asked = clock()
        self._pks = {row.pk for row in batch}

    def still(self, row: Delivery) -> bool:
        if self._clock() - self._asked > _ASK_AGAIN:
            outbox = type(row).objects.outbox()  # type: ignore[attr-defined] # each has its own
            self._pks = set(
                outbox.filter(pk__in=self._pks, claim=row.claim).values_list("pk", flat=True)
            )
            self._asked = self._clock()
        return row.pk in self._pks


class _Cooling:
    """Providers that asked us to slow down, as all workers know them, asked once for a batch."""

    def __init__(self, batch: Sequence[Any]) -> None:
        addresses = (
            row.address if isinstance(row, Letter) else row.subscriber.address for row in batch
        )
        self._until: dict[str, float] = {}
        try:
            self._until |= cache.get_many({_cooling_key(each) for each in addresses})
        except _CACHE_AWAY as away:
            log.warning("sending without knowing who asked us to slow down: %s", away)

    def left(self, to: str) -> float:
        """Seconds until the provider of an address may be written to again."""
        until = self._until.get(_cooling_key(to))
        return max(0.0, until - time.time()) if until else 0.0

    def begin(self, to: str) -> None:
        self._until[_cooling_key(to)] = until = time.time() + COOLING
        try:
            cache.set(_cooling_key(to), until, COOLING)
        except _CACHE_AWAY as away:
            log.warning("other workers do not hear that %s is busy: %s", domain_of(to), away)


def _cooling_key(to: str) -> str:
    return f"mail-cooling:{domain_of(to)}"
