"""What happens to a subscriber: asked, confirmed, changed, paused, gone, forgotten.

Every step is a function that may be called twice. None of them tells its caller whether an
address was known before: the answers of the pages are the same (signup.py).
"""

from __future__ import annotations

import datetime as dt
import hmac
from functools import partial
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from consent.alerts.fan_out.announce import concerned
from consent.alerts.subscriptions import tokens
from consent.alerts.subscriptions.addresses import normalise
from consent.alerts.subscriptions.choices import MOST_VIEWS, Choices, keep
from consent.alerts.subscriptions.limits import next_chance, was_written_lately
from consent.models import Letter, Subscriber, Subscription, Token
from consent.models.alerts import LetterQuerySet
from consent.vocabulary import LetterKind, Scope, SubscriberState, TokenPurpose

#: Those who confirmed and did not leave.
WITH_ALERTS = (SubscriberState.ACTIVE, SubscriberState.PAUSED, SubscriberState.BOUNCED)
PAUSE = dt.timedelta(days=30)
WAITS = "waits until this address may be written to again"
WRITTEN_LATELY = "a mail of this kind went to this address lately"


def ask_to_confirm(address: str, choices: Choices) -> None:
    """Promise M1 for these choices. What comes of it is found out when it is sent
    (`issue_confirmation`).

    The same is done for every address, so that neither the page nor its time tells who is known.
    """
    data = {
        "address": address.strip(),
        "choices": choices.as_json(),
        "language": choices.language,
    }
    write(LetterKind.CONFIRM, None, address=normalise(address), data=data)


def issue_confirmation(letter: Letter) -> str:
    """Make the link of a promised M1; return why there is none, empty if there is.

    Within the hour the letter on its way keeps its link; the link then stands for the choices
    made last. Nothing is subscribed before the link is used, and its page lists the choices.
    """
    with transaction.atomic():
        subscriber = _subscriber_of(letter.data["address"])
        if subscriber is None:
            return "asked us never to write again"
        if was_written_lately(letter):
            live = subscriber.tokens.filter(
                purpose=TokenPurpose.CONFIRM, used_at=None, replaced_at=None
            )
            if live.update(payload=letter.data["choices"]) or _joined(letter):
                return WRITTEN_LATELY
            at = next_chance(letter)
            if at is None:
                return WRITTEN_LATELY
            # The link of the earlier letter was used: this wish is another, and waits its turn.
            letter.created_at = letter.due_at = at
            letter.save(update_fields=["created_at", "due_at"])
            return WAITS
        letter.subscriber = subscriber
        letter.token = tokens.issue(
            subscriber, TokenPurpose.CONFIRM, letter.data["choices"], timezone.now()
        )
        letter.data = {"language": letter.data["language"]}
        letter.save(update_fields=["subscriber", "token", "data"])
    return ""


def _joined(letter: Letter) -> bool:
    """Let a letter that waits for the same address carry these choices."""
    waiting = Letter.objects.requested_before(letter).waiting().filter(token=None)
    return waiting.update(data=letter.data) > 0


def confirm(token: Token) -> Subscriber | None:
    """Start the alerts that a token stands for. None if it was used or replaced meanwhile."""
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
            # Who comes back gets what they ask for now, not what they once left.
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
    right = hmac.compare_digest(expected.encode(), code.strip().encode())
    # Asked of the database even if there is none: the answer takes as long then.
    counted = Token.objects.filter(
        pk=token.pk if token else 0, code_attempts__lt=tokens.MOST_CODE_ATTEMPTS
    ).update(code_attempts=F("code_attempts") + 1)
    return token if counted and right else None


def send_manage_link(address: str) -> None:
    """Promise M11, in the language of the page that asks for it.

    Whether there is anybody to write to is looked up when it is sent.
    """
    data = {"language": get_language()}
    write(LetterKind.MANAGE, None, address=normalise(address), data=data)


def ask_new_address(subscriber: Subscriber, address: str) -> None:
    """Promise M12 to the new address; nothing changes before its link is used."""
    write(LetterKind.NEW_ADDRESS, subscriber, address=normalise(address), data={"address": address})


def issue_move(letter: Letter) -> str:
    """Make the link of a promised M12; return why there is none, empty if there is."""
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
    """Move a subscriber to the address that a token confirmed, and tell the old one.

    None if the token was used or replaced meanwhile. If the new address has alerts of its own,
    they are joined with these.
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
    """End a pause, or begin anew after mail came back.

    What was published meanwhile is not sent afterwards.
    """
    subscriber.state = SubscriberState.ACTIVE
    subscriber.paused_until = subscriber.bounced_at = None
    subscriber.save(update_fields=["state", "paused_until", "bounced_at"])
    still_wanted(subscriber)


def leave(subscriber: Subscriber) -> None:
    """End all alerts. Who already left stays gone."""
    if subscriber.state in WITH_ALERTS:
        subscriber.state = SubscriberState.LEFT
        subscriber.left_at = timezone.now()
        subscriber.save(update_fields=["state", "left_at"])
    elif subscriber.state == SubscriberState.PENDING:
        forget(subscriber)


def undo_leave(subscriber: Subscriber) -> bool:
    """Bring back who left by mistake, as they were; False once nothing is left to bring back."""
    if subscriber.state != SubscriberState.LEFT or not subscriber.subscriptions.exists():
        return False
    subscriber.state, subscriber.left_at, subscriber.leave_reason = SubscriberState.ACTIVE, None, ""
    if subscriber.bounced_at:
        subscriber.state = SubscriberState.BOUNCED
    elif subscriber.paused_until and subscriber.paused_until > timezone.now():
        subscriber.state = SubscriberState.PAUSED
    subscriber.save(update_fields=["state", "left_at", "leave_reason"])
    still_wanted(subscriber)
    return True


def remove(subscriber: Subscriber, subscription: Subscription) -> None:
    """Remove one subscription; without any, the subscriber has left."""
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
    """Erase a subscriber with everything about them.

    Of one who complained, a keyed digest of the address stays, so that nobody can sign them up
    again.
    """
    with transaction.atomic():
        complained = subscriber.state == SubscriberState.COMPLAINED
        known_as = subscriber.normalised
        letters_of(subscriber).delete()
        subscriber.delete()
        if complained and known_as:
            Subscriber.objects.create(
                normalised=_suppression(known_as), state=SubscriberState.COMPLAINED
            )


def letters_of(subscriber: Subscriber) -> LetterQuerySet:
    """Those to a subscriber, and those that a form promised to the address and no more."""
    to_address = Q(address=subscriber.normalised) if subscriber.normalised else Q()
    return Letter.objects.filter(Q(subscriber=subscriber) | to_address)


_OF_A_MAIL = ("created_at", "sent_at", "failed_at", "last_error")


def export(subscriber: Subscriber) -> dict[str, Any]:
    """Everything we hold about a subscriber."""
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
                "scope", "value", "place", "frequency", "reminders", "created_at"
            )
        ),
        "alerts": list(
            subscriber.alerts.order_by("created_at").values(
                "entry__public_id", "entry__title", "kind", "frequency", *_OF_A_MAIL
            )
        ),
        "digests": list(
            subscriber.digests.order_by("created_at").values("frequency", "up_to", *_OF_A_MAIL)
        ),
        "other_mails": list(
            letters_of(subscriber).order_by("created_at").values("kind", "data", *_OF_A_MAIL)
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
    """Put a letter into the outbox and let a worker know once it is committed."""
    Letter.objects.create(
        kind=kind,
        subscriber=subscriber,
        address=address or (subscriber.normalised if subscriber else "") or "",
        token=token,
        key=key,
        data=data or {},
        due_at=timezone.now(),
    )
    # robust: without a broker the letter waits for the next minute's turn, and the page answers.
    transaction.on_commit(partial(current_app.send_task, "consent.tasks.send_mails"), robust=True)


def _subscriber_of(address: str) -> Subscriber | None:
    """Return whoever has this address, locked, or a new one; None if it wants no mail of ours."""
    known_as = normalise(address)
    if _is_suppressed(known_as):
        return None
    try:
        with transaction.atomic():
            subscriber, _ = Subscriber.objects.get_or_create(
                normalised=known_as, defaults={"address": address.strip()}
            )
    except IntegrityError:  # two forms for one address at once
        subscriber = Subscriber.objects.get(normalised=known_as)
    return Subscriber.objects.select_for_update().get(pk=subscriber.pk)


def _is_suppressed(known_as: str) -> bool:
    return Subscriber.objects.filter(
        normalised__in=[known_as, _suppression(known_as)], state=SubscriberState.COMPLAINED
    ).exists()


def _suppression(known_as: str) -> str:
    return "digest:" + salted_hmac("default-on.alerts.suppressed", known_as).hexdigest()


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
