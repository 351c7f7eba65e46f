"""How the mail is doing: figures for the operator, and alarms when something needs them."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db.models import Count, Min, Q
from django.utils import timezone

from consent.models import Alert, Digest, Letter, Subscriber, Subscription
from consent.web.links import absolute_url

log = logging.getLogger(__name__)

STUCK_AFTER = dt.timedelta(minutes=30)
#: One alarm in this time, however long it lasts.
ALARM_PAUSE = 6 * 3600  # seconds
#: The same for saved views that cannot be asked: these wait for the operator, not for a server.
VIEWS_ALARM_PAUSE = 7 * 24 * 3600
_VIEWS_SHOWN = 20
#: So many mails refused or put off by servers, and more than were accepted in the last hour, are
#: no matter of a few readers: the server, or our name with it, is the trouble.
MANY_REFUSED = 5
_LATELY = dt.timedelta(hours=1)
_FAILURES_SHOWN_FOR = dt.timedelta(days=7)
_REASONS_SHOWN = 20
#: Reasons that are a server's answer begin with its code, or tell that it gave none; a mail that we
#: could not write needs the operator as well.
_REFUSED = Q(last_error__regex=r"^([45]\d\d|SMTP|cannot be put together)")
_KINDS: tuple[Any, ...] = (Letter, Alert, Digest)


@dataclass(frozen=True, slots=True)
class Queue:
    """Mails of one kind.

    due: their time has come; late: how long the oldest of them has waited; refused: put off by a
    server and still waiting, or given up lately because of one; accepted: lately too.
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
    """failures: reasons of the last seven days, the commonest first; subscribers: by state."""

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
    """How long the mail that is due longest has waited; nothing when none is due."""
    oldest = [
        model.objects.outbox().waiting().filter(due_at__lte=now).aggregate(oldest=Min("due_at"))
        for model in _KINDS
    ]
    return max(now - (each["oldest"] or now) for each in oldest)


def _queue(model: Any, now: dt.datetime) -> Queue:
    is_due = Q(due_at__lte=now)
    found = (
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
    over = model._default_manager.filter(sent_today | given_up).aggregate(
        sent=Count("pk", filter=sent_today),
        accepted=Count("pk", filter=Q(sent_at__gte=now - _LATELY)),
        given_up=Count("pk", filter=given_up),
    )
    return Queue(
        kind=model._meta.model_name,
        waiting=found["waiting"],
        due=found["due"],
        late=now - (found["oldest"] or now),
        sent_today=over["sent"],
        refused=found["put_off"] + over["given_up"],
        accepted=over["accepted"],
    )


def raise_alarm() -> bool:
    """Mail the operator what needs them and was not mailed lately; tell whether anything was."""
    return any([_tell_of_stuck_mail(), _tell_of_failing_views()])


def _tell_of_stuck_mail() -> bool:
    found = figures()
    if not found.stuck:
        return False
    minutes = int(found.late.total_seconds() // 60)
    refused = f"Servers refused or put off {found.refused} mails.\n" if found.refused else ""
    text = (
        f"{found.due} mails are due and not sent; the oldest for {minutes} minutes.\n{refused}\n"
        "Is a worker running? Does the mail server answer? Try:\n"
        "  python manage.py send_test_mail you@example.org\n\n"
        f"Figures: {absolute_url('/admin/consent/alert/')}\n"
    )
    stuck = found.due or found.refused
    subject = f"Mail is stuck: {stuck} {'due' if found.due else 'refused'}"
    return _mail_operator("alerts-alarm", ALARM_PAUSE, subject, text)


def _tell_of_failing_views() -> bool:
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
    if not cache.add(name, True, pause):
        return False
    log.error("%s", subject)
    try:
        send_mail(subject, text, None, [settings.CONTACT_EMAIL])
    except OSError:  # smtplib's errors are of this family; the server may be what is stuck
        log.exception("this alarm could not be mailed either")
        cache.delete(name)
        return False
    return True
