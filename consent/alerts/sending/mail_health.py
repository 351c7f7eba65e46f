"""Figures about mail for the operator, and alarms when mail is stuck."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import time
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db.models import Count, Min, Q
from django.utils import timezone

from consent.alerts.sending.delivery import CACHE_ERRORS
from consent.models import Alert, Digest, Letter, Subscriber, Subscription
from consent.web.absolute_urls import absolute_url
from platforms.watch.state import LEAST_FREE, disk_free

log = logging.getLogger(__name__)

#: Chosen: far longer than any batch, soon enough to be fixed the same day.
STUCK_AFTER = dt.timedelta(minutes=30)
#: Seconds between two alarms about the same trouble.
ALARM_PAUSE = 6 * 3600
#: The same for saved views whose query fails; longer, since only the operator can fix those.
VIEWS_ALARM_PAUSE = 7 * 24 * 3600
DISK_ALARM_PAUSE = 24 * 3600
_VIEWS_SHOWN = 20
#: If servers refused or deferred so many mails, and more than they accepted in the last hour, the
#: cause is the mail server or our reputation, not single addresses. Chosen.
MANY_REFUSED = 5
_LATELY = dt.timedelta(hours=1)
_FAILURES_SHOWN_FOR = dt.timedelta(days=7)
_REASONS_SHOWN = 20
#: Errors that need the operator: a server's answer begins with its code, a broken connection with
#: "SMTP"; the last one is a bug of ours.
_REFUSED = Q(last_error__regex=r"^([45]\d\d|SMTP|cannot be put together)")
_KINDS: tuple[Any, ...] = (Letter, Alert, Digest)
#: Until when this process mails no alarm of a name, by time.time.
_pauses: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Queue:
    """Mails of one kind.

    due: ready to be sent; late: how long the oldest of those has waited; refused: deferred by a
    server and still waiting, or given up within the last hour; accepted: within the last hour.
    """

    kind: str
    waiting: int
    due: int
    late: dt.timedelta
    sent_today: int
    refused: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Figures:
    """failures: errors of the last seven days with counts; subscribers: counts by state."""

    queues: tuple[Queue, ...]
    failures: list[tuple[str, int]]
    subscribers: list[tuple[str, int]]

    @property
    def due(self) -> int:
        return sum(queue.due for queue in self.queues)

    @property
    def waiting(self) -> int:
        return sum(queue.waiting for queue in self.queues)

    @property
    def sent_today(self) -> int:
        return sum(queue.sent_today for queue in self.queues)

    @property
    def late(self) -> dt.timedelta:
        return max(queue.late for queue in self.queues)

    @property
    def refused(self) -> int:
        return sum(queue.refused for queue in self.queues)

    @property
    def mostly_refused(self) -> bool:
        accepted = sum(queue.accepted for queue in self.queues)
        return self.refused >= MANY_REFUSED and self.refused > accepted

    @property
    def stuck(self) -> bool:
        return self.late > STUCK_AFTER or self.mostly_refused


def figures(now: dt.datetime | None = None) -> Figures:
    now = now or timezone.now()
    failures: Counter[str] = Counter()
    for model in _KINDS:
        failed = model._default_manager.filter(failed_at__gte=now - _FAILURES_SHOWN_FOR)
        failures.update(dict(failed.order_by().values_list("last_error").annotate(Count("pk"))))
    states = Subscriber.objects.values_list("state").annotate(Count("pk")).order_by("state")
    return Figures(
        queues=tuple(_queue(model, now) for model in _KINDS),
        failures=failures.most_common(_REASONS_SHOWN),
        subscribers=list(states),
    )


def longest_wait(now: dt.datetime) -> dt.timedelta:
    """Return how long the oldest due mail has waited; zero if none is due."""
    oldest = [
        model.objects.outbox().waiting().filter(due_at__lte=now).aggregate(oldest=Min("due_at"))
        for model in _KINDS
    ]
    return max(now - (row["oldest"] or now) for row in oldest)


def _queue(model: Any, now: dt.datetime) -> Queue:
    is_due = Q(due_at__lte=now)
    waiting = (
        model.objects.outbox()
        .waiting()
        .aggregate(
            waiting=Count("pk"),
            due=Count("pk", filter=is_due),
            oldest=Min("due_at", filter=is_due),
            put_off=Count("pk", filter=_REFUSED),
        )
    )
    sent_today = Q(sent_at__gte=now - dt.timedelta(days=1))
    given_up = Q(_REFUSED, failed_at__gte=now - _LATELY)
    done = model._default_manager.filter(sent_today | given_up).aggregate(
        sent=Count("pk", filter=sent_today),
        accepted=Count("pk", filter=Q(sent_at__gte=now - _LATELY)),
        given_up=Count("pk", filter=given_up),
    )
    return Queue(
        kind=model._meta.model_name,
        waiting=waiting["waiting"],
        due=waiting["due"],
        late=now - (waiting["oldest"] or now),
        sent_today=done["sent"],
        refused=waiting["put_off"] + done["given_up"],
        accepted=done["accepted"],
    )


def raise_alarm() -> bool:
    """Mail the operator all alarms that were not sent lately; return whether one was sent."""
    return any([_alarm_about_stuck_mail(), _alarm_about_failing_views()])


def alarm_about_disk() -> bool:
    """Mail the operator if less than LEAST_FREE percent of the disk is free, once a day."""
    free = disk_free()
    if free >= LEAST_FREE:
        return False
    text = (
        f"Only {free:.0f} % of the disk with this site's data is free. When it is full,\n"
        "no page is read and no mail is sent. What takes space: docs/operating.md.\n"
    )
    return _mail_operator("disk-alarm", DISK_ALARM_PAUSE, f"{free:.0f} % of the disk free", text)


def _alarm_about_stuck_mail() -> bool:
    mail = figures()
    if not mail.stuck:
        return False
    minutes = int(mail.late.total_seconds() // 60)
    refused = f"Servers refused or put off {mail.refused} mails.\n" if mail.refused else ""
    text = (
        f"{mail.due} mails are due and not sent; the oldest for {minutes} minutes.\n{refused}\n"
        "Is a worker running? Does the mail server answer? Try:\n"
        "  python manage.py send_test_mail you@example.org\n\n"
        f"Figures: {absolute_url('/admin/consent/alert/')}\n"
    )
    stuck = mail.due or mail.refused
    subject = f"Mail is stuck: {stuck} {'due' if mail.due else 'refused'}"
    return _mail_operator("alerts-alarm", ALARM_PAUSE, subject, text)


def _alarm_about_failing_views() -> bool:
    failing = Subscription.objects.failing_views()
    if not failing:
        return False
    lines = [f"  {view}\n    {reason}\n" for view, reason in islice(failing.items(), _VIEWS_SHOWN)]
    text = (
        "When an entry was published last, these saved views could not be asked. Their subscribers "
        "hear nothing until they can be asked again, or are removed.\n\n"
        f"{''.join(lines)}\n"
        f"Subscriptions: {absolute_url('/admin/consent/subscriber/')}\n"
    )
    noun = "view" if len(failing) == 1 else "views"
    subject = f"{len(failing)} saved {noun} cannot be asked"
    return _mail_operator("views-alarm", VIEWS_ALARM_PAUSE, subject, text)


def _mail_operator(name: str, pause: int, subject: str, text: str) -> bool:
    """Mail an alarm and log it, unless one of this name went out within the pause (seconds)."""
    if not _begin_pause(name, pause):
        return False
    log.error("%s", subject)
    try:
        send_mail(subject, text, None, [settings.CONTACT_EMAIL])
    except OSError:  # smtplib's errors are of this family; the server may be what is stuck
        log.exception("this alarm could not be mailed either")
        _end_pause(name)
        return False
    return True


def _begin_pause(name: str, pause: int) -> bool:
    """Begin the pause of an alarm; False if it has begun already.

    Kept in the cache, for all workers. On a full disk, or while Redis is away, in this process:
    then the alarm matters most.
    """
    if 0 < _pauses.get(name, 0.0) - time.time() <= pause:  # longer: our clock was wrong
        return False
    try:
        return cache.add(name, True, pause)
    except CACHE_ERRORS as error:
        log.warning("cannot note for other workers that an alarm is mailed: %s", error)
        _pauses[name] = time.time() + pause
        return True


def _end_pause(name: str) -> None:
    _pauses.pop(name, None)
    with contextlib.suppress(*CACHE_ERRORS):
        cache.delete(name)
