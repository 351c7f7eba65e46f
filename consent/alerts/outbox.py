"""How the mail is doing: figures for the operator, and an alarm when it is stuck."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db.models import Count
from django.utils import timezone

from consent.models import Alert, Digest, Letter, Subscriber

log = logging.getLogger(__name__)

STUCK_AFTER = dt.timedelta(minutes=30)
#: One alarm in this time, however long it lasts.
ALARM_PAUSE = 6 * 3600  # seconds
_FAILURES_SHOWN_FOR = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Figures:
    """due: mails whose time has come; late: how long the oldest of them has waited."""

    due: int
    waiting: int
    late: dt.timedelta
    sent_today: int
    failures: list[tuple[str, int]]
    subscribers: list[tuple[str, int]]

    @property
    def stuck(self) -> bool:
        return self.late > STUCK_AFTER


def figures(now: dt.datetime | None = None) -> Figures:
    now = now or timezone.now()
    due, waiting, sent, oldest = 0, 0, 0, now
    failures: dict[str, int] = {}
    for model in (Letter, Alert, Digest):
        outbox = model.objects.outbox().waiting()
        waiting += outbox.count()
        late = outbox.filter(due_at__lte=now)
        due += late.count()
        first = late.order_by("due_at").first()
        oldest = min(oldest, first.due_at) if first else oldest
        sent += model._default_manager.filter(sent_at__gte=now - dt.timedelta(days=1)).count()
        for reason, count in (
            model._default_manager.filter(failed_at__gte=now - _FAILURES_SHOWN_FOR)
            .values_list("last_error")
            .annotate(Count("pk"))
            .order_by()
        ):
            failures[reason] = failures.get(reason, 0) + count
    states = Subscriber.objects.values_list("state").annotate(Count("pk")).order_by("state")
    return Figures(
        due=due,
        waiting=waiting,
        late=now - oldest,
        sent_today=sent,
        failures=sorted(failures.items(), key=lambda pair: -pair[1])[:20],
        subscribers=list(states),
    )


def raise_alarm() -> bool:
    """Mail the operator if mail is stuck and no alarm went out lately; tell whether it did."""
    found = figures()
    if not found.stuck or not cache.add("alerts-alarm", True, ALARM_PAUSE):
        return False
    minutes = int(found.late.total_seconds() // 60)
    text = (
        f"{found.due} mails are due and not sent; the oldest for {minutes} minutes.\n\n"
        "Is a worker running? Does the mail server answer? Try:\n"
        "  python manage.py send_test_mail you@example.org\n\n"
        f"Figures: {settings.SITE_URL}/admin/consent/alert/\n"
    )
    log.error("mail is stuck: %d due, the oldest for %d minutes", found.due, minutes)
    try:
        send_mail(f"Mail is stuck: {found.due} due", text, None, [settings.CONTACT_EMAIL])
    except OSError:  # smtplib's errors are of this family; the server may be what is stuck
        log.exception("the alarm about stuck mail could not be mailed either")
        cache.delete("alerts-alarm")
        return False
    return True
