"""What time does to subscribers: reminders, the yearly question, ended pauses, forgetting."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from consent.alerts.fanning import remind
from consent.alerts.subscribing import PAUSE
from consent.alerts.vocabulary import ON_REQUEST, LetterKind, SubscriberState
from consent.models import Entry, Letter, Subscriber, Token
from consent.vocabulary import Precision

REMIND_DAYS = (7, 1)
PENDING_LASTS = dt.timedelta(days=7)
BLANK_AFTER = dt.timedelta(days=28)
ASK_AFTER = dt.timedelta(days=365)
ANSWER_WITHIN = dt.timedelta(days=30)
LETTERS_KEPT = dt.timedelta(days=90)


def keep_subscribers(now: dt.datetime) -> None:
    """The daily round. Each step may run twice."""
    end_pauses(now)
    remind_of_deadlines(timezone.localdate(now))
    ask_whether_still_wanted(now)
    let_go_of_the_silent(now)
    forget_what_is_over(now)


def end_pauses(now: dt.datetime) -> int:
    return Subscriber.objects.filter(state=SubscriberState.PAUSED, paused_until__lte=now).update(
        state=SubscriberState.ACTIVE, paused_until=None
    )


def remind_of_deadlines(today: dt.date) -> int:
    """Write M5 for deadlines a week and a day ahead; only for days that are known as such."""
    written = 0
    for days in REMIND_DAYS:
        entries = Entry.objects.published().filter(
            deadline_on=today + dt.timedelta(days=days), deadline_precision=Precision.DAY
        )
        written += sum(remind(entry, days) for entry in entries)
    return written


def ask_whether_still_wanted(now: dt.datetime) -> int:
    """Write M14 to those who last said yes a year ago."""
    asked = 0
    old = Subscriber.objects.reachable().filter(kept_at__lt=now - ASK_AFTER, asked_at=None)
    for subscriber in old.iterator(chunk_size=1000):
        Letter.objects.bulk_create(
            [
                Letter(
                    kind=LetterKind.STILL_WANTED,
                    subscriber=subscriber,
                    address=subscriber.normalised or "",
                    key=f"kept-{subscriber.kept_at:%Y-%m-%d}",
                    due_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        asked += Subscriber.objects.filter(pk=subscriber.pk, asked_at=None).update(asked_at=now)
    return asked


def let_go_of_the_silent(now: dt.datetime) -> int:
    return Subscriber.objects.filter(
        state__in=[SubscriberState.ACTIVE, SubscriberState.PAUSED],
        asked_at__lt=now - ANSWER_WITHIN,
    ).update(state=SubscriberState.LEFT, left_at=now, leave_reason="no answer when asked")


def forget_what_is_over(now: dt.datetime) -> None:
    """Erase sign-ups never confirmed, blank those who left, drop used links and old letters."""
    Subscriber.objects.never_confirmed(now - PENDING_LASTS).delete()
    for subscriber in Subscriber.objects.to_blank(now - BLANK_AFTER).iterator(chunk_size=1000):
        subscriber.subscriptions.all().delete()
        subscriber.tokens.all().delete()
        Letter.objects.filter(address=subscriber.normalised or "").delete()
        subscriber.bounces.all().delete()
        subscriber.address, subscriber.normalised = "", None
        subscriber.save(update_fields=["address", "normalised"])
    Token.objects.filter(expires_at__lt=now - PAUSE).delete()
    asked_for = Letter.objects.filter(kind__in=ON_REQUEST)  # to addresses that may be nobody's
    asked_for.filter(created_at__lt=now - PENDING_LASTS).delete()
    Letter.objects.filter(created_at__lt=now - LETTERS_KEPT).delete()
