"""The steps in a subscriber's life: sign up, confirm, change, pause, leave, be erased.

Each function may be called twice. None of them reveals to its caller whether an address is known,
so that pages answer the same for every address (signup.py).
"""

from __future__ import annotations

import datetime as dt
import hmac
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language

from consent.alerts.fan_out.announce import concerned
from consent.alerts.subscriptions import suppression_list, tokens
from consent.alerts.subscriptions.choices import MOST_VIEWS, Choices, keep
from consent.alerts.subscriptions.limits import next_chance, was_written_lately
from consent.alerts.subscriptions.mail_addresses import normalise
from consent.alerts.subscriptions.suppression_list import Act
from consent.models import Letter, Subscriber, Subscription, Token
from consent.models.alerts import LONGEST_EARLY_WAIT, LetterQuerySet
from consent.vocabulary import LetterKind, Scope, SubscriberState, TokenPurpose
from consent.web.secret_keys import hex_digests

#: Those who confirmed and did not leave.
WITH_ALERTS = (SubscriberState.ACTIVE, SubscriberState.PAUSED, SubscriberState.BOUNCED)
PAUSE = dt.timedelta(days=30)
WAITS = "waits until this address may be written to again"
WRITTEN_LATELY = "a mail of this kind went to this address lately"


def ask_to_confirm(address: str, choices: Choices) -> None:
    """Queue M1 for these choices; `issue_confirmation` decides later whether it is sent.

    Every address is treated the same, so that neither the page nor its response time reveals
    whether it is known.
    """
    data = {
        "address": address.strip(),
        "choices": choices.as_json(),
        "language": choices.language,
    }
    write(LetterKind.CONFIRM, None, address=normalise(address), data=data)


def issue_confirmation(letter: Letter) -> str:
    """Make the link of a queued M1. Return why it gets none; empty if it does.

    If another M1 went to this address within the hour, its link now gets these choices instead.
    Nothing is subscribed before the link is used, and its page lists the choices.
    """
    with transaction.atomic():
        subscriber = _subscriber_of(letter.data["address"])
        if subscriber is None:
            return "asked us never to write again"
        if was_written_lately(letter):
            live = subscriber.tokens.filter(
                purpose=TokenPurpose.CONFIRM, used_at=None, replaced_at=None
            )
            if live.update(payload=letter.data["choices"]) or _merge_into_waiting(letter):
                return WRITTEN_LATELY
            at = next_chance(letter)
            if at is None:
                return WRITTEN_LATELY
            # The link of the earlier letter was used: this is a new request, and waits. It is tried
            # every few minutes, as a mail due much later counts as written by a wrong clock.
            letter.created_at = timezone.now()
            letter.due_at = min(at, letter.created_at + LONGEST_EARLY_WAIT)
            letter.save(update_fields=["created_at", "due_at"])
            return WAITS
        letter.subscriber = subscriber
        letter.token = tokens.issue(
            subscriber, TokenPurpose.CONFIRM, letter.data["choices"], timezone.now()
        )
        letter.data = {"language": letter.data["language"]}
        letter.save(update_fields=["subscriber", "token", "data"])
    return ""


def _merge_into_waiting(letter: Letter) -> bool:
    """Put these choices into a letter that waits for the same address; False if none does."""
    waiting = Letter.objects.requested_before(letter).waiting().filter(token=None)
    return waiting.update(data=letter.data) > 0


def confirm(token: Token) -> Subscriber | None:
    """Start the alerts of a token. None if it was used or replaced meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        used = Token.objects.filter(
            pk=token.pk, used_at=None, replaced_at=None, expires_at__gt=now
        ).update(used_at=now)
        if not used:
            return None
        subscriber = Subscriber.objects.select_for_update().get(pk=token.subscriber_id)
        choices = Choices.from_json(token.payload)
        if subscriber.state == SubscriberState.LEFT:
            # Whoever comes back gets only what they ask for now.
            subscriber.subscriptions.all().delete()
            for waiting in (subscriber.alerts, subscriber.digests, subscriber.letters):
                waiting.waiting().delete()
        subscriber.state = SubscriberState.ACTIVE
        subscriber.confirmed_at = subscriber.confirmed_at or now
        subscriber.kept_at, subscriber.asked_at = now, None
        subscriber.left_at = subscriber.bounced_at = subscriber.paused_until = None
        subscriber.time_zone, subscriber.language = choices.time_zone, choices.language
        subscriber.save()
        keep(subscriber, choices)
        write(LetterKind.WELCOME, subscriber, key=f"token-{token.pk}")
        suppression_list.record(subscriber.normalised, Act.RETURNED, now)
    return subscriber


def find_by_code(address: str, code: str) -> Token | None:
    """Return the live token whose six digits were typed; every try counts, right or wrong."""
    now = timezone.now()
    token = (
        Token.objects.filter(
            subscriber__normalised=normalise(address),
            purpose=TokenPurpose.CONFIRM,
            used_at=None,
            replaced_at=None,
            created_at__gt=now - tokens.CODE_LASTS,
        )
        .order_by("-created_at")
        .first()
    )
    expected = tokens.code_of(token) if token else "------"
    is_right = hmac.compare_digest(expected.encode(), code.strip().encode())
    # Run the query even without a token, so that the answer takes as long.
    counted = Token.objects.filter(
        pk=token.pk if token else 0, code_attempts__lt=tokens.MOST_CODE_ATTEMPTS
    ).update(code_attempts=F("code_attempts") + 1)
    return token if counted and is_right else None


def send_manage_link(address: str) -> None:
    """Queue M11 in the language of the current page.

    Whether the address has alerts is checked when it is sent.
    """
    data = {"language": get_language()}
    write(LetterKind.MANAGE, None, address=normalise(address), data=data)


def ask_new_address(subscriber: Subscriber, address: str) -> None:
    """Queue M12 to the new address; nothing changes before its link is used."""
    write(LetterKind.NEW_ADDRESS, subscriber, address=normalise(address), data={"address": address})


def issue_move(letter: Letter) -> str:
    """Make the link of a queued M12. Return why it gets none; empty if it does."""
    if letter.subscriber is None:
        return "whoever asked is gone"
    if letter.subscriber.state not in WITH_ALERTS:
        return "whoever asked has no alerts any more"
    if _is_suppressed(letter.address):
        return "asked us never to write again"
    if was_written_lately(letter):
        return WRITTEN_LATELY
    with transaction.atomic():
        letter.token = tokens.issue(
            letter.subscriber,
            TokenPurpose.NEW_ADDRESS,
            {"address": letter.data["address"]},
            timezone.now(),
        )
        letter.save(update_fields=["token"])
    return ""


def change_address(token: Token) -> Subscriber | None:
    """Move a subscriber to the address that a token confirmed, and notify the old one.

    None if the token was used or replaced meanwhile. Alerts that the new address already has
    are merged with these.
    """
    now = timezone.now()
    address = str(token.payload["address"])
    with transaction.atomic():
        used = Token.objects.filter(
            pk=token.pk, used_at=None, replaced_at=None, expires_at__gt=now
        ).update(used_at=now)
        if not used:
            return None
        subscriber = Subscriber.objects.select_for_update().get(pk=token.subscriber_id)
        old = subscriber.address
        suppression_list.record(subscriber.normalised, Act.ERASED, now)
        suppression_list.record(normalise(address), Act.RETURNED, now)
        other = Subscriber.objects.filter(normalised=normalise(address)).exclude(pk=subscriber.pk)
        for twin in other:
            if twin.state in WITH_ALERTS:
                _take_over(subscriber, twin)
            twin.delete()
        Letter.objects.filter(subscriber=None, address=subscriber.normalised or "").delete()
        subscriber.address, subscriber.normalised = address, normalise(address)
        subscriber.epoch += 1  # links in the old mailbox no longer open the manage page
        if subscriber.state == SubscriberState.BOUNCED:
            subscriber.state, subscriber.bounced_at = SubscriberState.ACTIVE, None
        subscriber.save()
        write(LetterKind.ADDRESS_CHANGED, subscriber, address=old, key=f"token-{token.pk}")
    return subscriber


def pause(subscriber: Subscriber) -> None:
    subscriber.state = SubscriberState.PAUSED
    subscriber.paused_until = timezone.now() + PAUSE
    subscriber.save(update_fields=["state", "paused_until"])


def resume(subscriber: Subscriber) -> None:
    """End a pause, or resume after bounces.

    Entries published meanwhile are not sent.
    """
    subscriber.state = SubscriberState.ACTIVE
    subscriber.paused_until = subscriber.bounced_at = None
    subscriber.save(update_fields=["state", "paused_until", "bounced_at"])
    still_wanted(subscriber)


def leave(subscriber: Subscriber) -> None:
    """End all alerts. Does nothing for subscribers who already left."""
    if subscriber.state in WITH_ALERTS:
        subscriber.state = SubscriberState.LEFT
        subscriber.left_at = timezone.now()
        subscriber.save(update_fields=["state", "left_at"])
        suppression_list.record(subscriber.normalised, Act.LEFT, subscriber.left_at)
    elif subscriber.state == SubscriberState.PENDING:
        forget(subscriber)


def undo_leave(subscriber: Subscriber) -> bool:
    """Restore a subscriber who left by mistake; False if their subscriptions were deleted."""
    if subscriber.state != SubscriberState.LEFT or not subscriber.subscriptions.exists():
        return False
    subscriber.state, subscriber.left_at, subscriber.leave_reason = SubscriberState.ACTIVE, None, ""
    if subscriber.bounced_at:
        subscriber.state = SubscriberState.BOUNCED
    elif subscriber.paused_until and subscriber.paused_until > timezone.now():
        subscriber.state = SubscriberState.PAUSED
    subscriber.save(update_fields=["state", "left_at", "leave_reason"])
    suppression_list.record(subscriber.normalised, Act.RETURNED, timezone.now())
    still_wanted(subscriber)
    return True


def remove(subscriber: Subscriber, subscription: Subscription) -> None:
    """Remove one subscription; removing the last one ends all alerts."""
    if subscriber.subscriptions.count() == 1:
        leave(subscriber)
        return
    with transaction.atomic():
        waiting = subscriber.alerts.waiting().filter(subscription=subscription, claimed_at=None)
        for alert in waiting.select_related("entry"):
            others = concerned(alert.entry).filter(subscriber=subscriber)
            another = others.exclude(pk=subscription.pk).first()
            if another is None:
                alert.delete()
            else:
                alert.subscription, alert.frequency = another, another.frequency
                alert.save(update_fields=["subscription", "frequency"])
        subscription.delete()


def still_wanted(subscriber: Subscriber) -> None:
    subscriber.kept_at, subscriber.asked_at = timezone.now(), None
    subscriber.save(update_fields=["kept_at", "asked_at"])


def forget(subscriber: Subscriber) -> None:
    """Delete a subscriber and all their data.

    If they complained of spam, keep a keyed digest of the address, so that nobody can sign them
    up again.
    """
    with transaction.atomic():
        complained = subscriber.state == SubscriberState.COMPLAINED
        known_as = subscriber.normalised
        act = Act.COMPLAINED if complained else Act.ERASED
        suppression_list.record(known_as, act, timezone.now())
        letters_of(subscriber).delete()
        subscriber.delete()
        if complained and known_as:
            Subscriber.objects.create(
                normalised=_suppressions(known_as)[0], state=SubscriberState.COMPLAINED
            )


def letters_of(subscriber: Subscriber) -> LetterQuerySet:
    """Return letters to a subscriber, including those known by address only."""
    to_address = Q(address=subscriber.normalised) if subscriber.normalised else Q()
    return Letter.objects.filter(Q(subscriber=subscriber) | to_address)


_MAIL_FIELDS = ("created_at", "sent_at", "failed_at", "last_error")


def export(subscriber: Subscriber) -> dict[str, Any]:
    """Return all data that we have about a subscriber."""
    times = ("created_at", "confirmed_at", "kept_at", "asked_at", "paused_until", "left_at")
    return {
        "address": subscriber.address,
        "state": subscriber.state,
        "time_zone": subscriber.time_zone,
        "language": subscriber.language,
        **{name: getattr(subscriber, name) for name in (*times, "bounced_at", "complained_at")},
        "leave_reason": subscriber.leave_reason,
        "subscriptions": list(
            subscriber.subscriptions.values(
                "scope",
                "value",
                "only_turned_on",
                "place",
                "frequency",
                "reminders",
                "created_at",
            )
        ),
        "alerts": list(
            subscriber.alerts.order_by("created_at").values(
                "entry__public_id", "entry__title", "kind", "frequency", *_MAIL_FIELDS
            )
        ),
        "digests": list(
            subscriber.digests.order_by("created_at").values("frequency", "up_to", *_MAIL_FIELDS)
        ),
        "other_mails": list(
            letters_of(subscriber).order_by("created_at").values("kind", "data", *_MAIL_FIELDS)
        ),
        "links": list(
            subscriber.tokens.order_by("created_at").values(
                "purpose", "payload", "created_at", "expires_at", "used_at", "replaced_at"
            )
        ),
        "mails_that_came_back": list(
            subscriber.bounces.values("kind", "status", "detail", "received_at")
        ),
    }


def write(
    kind: LetterKind,
    subscriber: Subscriber | None,
    *,
    address: str = "",
    token: Token | None = None,
    key: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Put a letter into the outbox and notify a worker after the commit."""
    Letter.objects.create(
        kind=kind,
        subscriber=subscriber,
        address=address or (subscriber.normalised if subscriber else "") or "",
        token=token,
        key=key,
        data=data or {},
        due_at=timezone.now(),
    )
    # robust: without a broker the page still answers, and the next periodic run sends the letter.
    transaction.on_commit(_wake_sender, robust=True)


def _wake_sender() -> None:
    current_app.send_task("consent.tasks.send_mails")


def _subscriber_of(address: str) -> Subscriber | None:
    """Get or create the subscriber of an address, locked; None if the address is suppressed."""
    known_as = normalise(address)
    if _is_suppressed(known_as):
        return None
    try:
        with transaction.atomic():
            subscriber, _ = Subscriber.objects.get_or_create(
                normalised=known_as, defaults={"address": address.strip()}
            )
    except IntegrityError:  # two requests for one address at once
        subscriber = Subscriber.objects.get(normalised=known_as)
    return Subscriber.objects.select_for_update().get(pk=subscriber.pk)


def _is_suppressed(known_as: str) -> bool:
    return Subscriber.objects.filter(
        normalised__in=[known_as, *_suppressions(known_as)], state=SubscriberState.COMPLAINED
    ).exists()


def _suppressions(known_as: str) -> list[str]:
    """Return what stands for an erased address, under the present key and each former one."""
    digests = hex_digests("default-on.alerts.suppressed", known_as)
    return [f"digest:{digest}" for digest in digests]


def _take_over(subscriber: Subscriber, twin: Subscriber) -> None:
    """Move another subscriber's subscriptions here."""
    have = set(subscriber.subscriptions.values_list("scope", "value", "place"))
    for subscription in twin.subscriptions.all():
        views = sum(scope == Scope.VIEW for scope, _value, _place in have)
        full = subscription.scope == Scope.VIEW and views >= MOST_VIEWS
        known_as = (subscription.scope, subscription.value, subscription.place)
        if known_as not in have and not full:
            have.add(known_as)
            subscription.subscriber = subscriber
            subscription.save(update_fields=["subscriber"])
