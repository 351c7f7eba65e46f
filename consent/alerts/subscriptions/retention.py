"""Daily work on subscribers: reminders, ended pauses, the yearly question, deletion."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from consent.alerts.fan_out.announce import remind
from consent.alerts.subscriptions.lifecycle import PAUSE, letters_of
from consent.models import Entry, Letter, Subscriber, Token
from consent.vocabulary import ON_REQUEST, LetterKind, Precision, SubscriberState

REMIND_DAYS = (7, 1)
#: Confirmation links work as long (tokens.TOKEN_LASTS).
PENDING_LASTS = dt.timedelta(days=7)
#: Chosen: time to undo leaving, before address and subscriptions are deleted.
BLANK_AFTER = dt.timedelta(days=28)
ASK_AFTER = dt.timedelta(days=365)
ANSWER_WITHIN = dt.timedelta(days=30)
LETTERS_KEPT = dt.timedelta(days=90)


def update_subscribers(now: dt.datetime) -> None:
    """Run all daily steps. Each may run twice."""
    end_pauses(now)
    remind_of_deadlines(timezone.localdate(now))
    ask_whether_still_wanted(now)
    unsubscribe_unresponsive(now)
    delete_expired(now)


def end_pauses(now: dt.datetime) -> int:
    return Subscriber.objects.filter(state=SubscriberState.PAUSED, paused_until__lte=now).update(
        state=SubscriberState.ACTIVE, paused_until=None
    )


def remind_of_deadlines(today: dt.date) -> int:
    """Write M5 a week and a day before deadlines that are known to the day.

    Catches up after days on which this did not run. Readers whose alert was sent on that day or
    later get none.
    """
    written = 0
    for days, until in zip(REMIND_DAYS, (*REMIND_DAYS[1:], 0), strict=True):
        entries = Entry.objects.published().filter(
            deadline_on__gt=today + dt.timedelta(days=until),
            deadline_on__lte=today + dt.timedelta(days=days),
            deadline_precision=Precision.DAY,
        )
        for entry in entries:
            written += remind(entry, days)
    return written


def ask_whether_still_wanted(now: dt.datetime) -> int:
    """Write M14 to those who last confirmed a year ago; again if it was never sent."""
    asked = 0
    not_asked = Q(asked_at=None) | Q(asked_at__lt=now - LETTERS_KEPT)
    old = Subscriber.objects.reachable().filter(not_asked, kept_at__lt=now - ASK_AFTER)
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
        asked += Subscriber.objects.filter(not_asked, pk=subscriber.pk).update(asked_at=now)
    return asked


def unsubscribe_unresponsive(now: dt.datetime) -> int:
    """End the alerts of those who did not answer M14 within thirty days."""
    was_asked = Letter.objects.filter(
        kind=LetterKind.STILL_WANTED, sent_at__lt=now - ANSWER_WITHIN, subscriber=OuterRef("pk")
    ).filter(created_at__gte=OuterRef("asked_at"))
    return Subscriber.objects.filter(
        Exists(was_asked),
        state__in=[SubscriberState.ACTIVE, SubscriberState.PAUSED],
        asked_at__isnull=False,
    ).update(state=SubscriberState.LEFT, left_at=now, leave_reason="no answer when asked")


def delete_expired(now: dt.datetime) -> None:
    """Delete unconfirmed sign-ups, data of those who left, expired links and old letters."""
    Subscriber.objects.never_confirmed(now - PENDING_LASTS).delete()
    for subscriber in Subscriber.objects.to_blank(now - BLANK_AFTER).iterator(chunk_size=1000):
        subscriber.subscriptions.all().delete()
        subscriber.tokens.all().delete()
        letters_of(subscriber).delete()
        subscriber.bounces.all().delete()
        subscriber.address, subscriber.normalised = "", None
        subscriber.save(update_fields=["address", "normalised"])
    Token.objects.filter(expires_at__lt=now - PAUSE).delete()
    requested = Letter.objects.filter(kind__in=ON_REQUEST)  # possibly to unknown addresses
    requested.filter(created_at__lt=now - PENDING_LASTS).delete()
    Letter.objects.filter(created_at__lt=now - LETTERS_KEPT).delete()
