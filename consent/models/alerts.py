"""Subscriber, Subscription: who wants which news. Alert, Digest, Letter: mails to be sent."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.entries import Entry
from consent.vocabulary import (
    AlertKind,
    BounceKind,
    Frequency,
    LetterKind,
    Scope,
    SubscriberState,
    TokenPurpose,
)
from platforms.constraints import one_of
from platforms.models import CLOCK_SKEW

#: A claim older than this is of a worker that died; another may send its mails. Senders renew it
#: before each mail (consent/alerts/sending/claims.py), so it must be longer than one mail may take
#: (MOST_SECONDS in smtp.py). Chosen: a dead worker's mails are sent within two minutes.
CLAIM_LASTS = dt.timedelta(seconds=55)

#: No mail waits longer for its next try (consent/alerts/sending/delivery.py), or for its hold.
LONGEST_WAIT = dt.timedelta(hours=6)
#: Nor for its hold, for one of its first tries, or before it is looked at again.
_EARLY_TRIES = 4
LONGEST_EARLY_WAIT = dt.timedelta(minutes=10)

_Waiting = TypeVar("_Waiting", bound="Delivery")


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def reachable(self) -> SubscriberQuerySet:
        """Subscribers who get alerts now."""
        return self.filter(state=SubscriberState.ACTIVE)

    def never_confirmed(self, before: dt.datetime) -> SubscriberQuerySet:
        return self.filter(state=SubscriberState.PENDING, created_at__lt=before)

    def to_blank(self, before: dt.datetime) -> SubscriberQuerySet:
        """Subscribers who left before a day and whose address is to be deleted."""
        return self.filter(state=SubscriberState.LEFT, left_at__lt=before).exclude(address="")


class Subscriber(models.Model):
    """One address and its state. After leaving the address is deleted; the row is kept to count."""

    address = models.CharField(max_length=254, blank=True, help_text="As typed.")
    normalised = models.CharField(  # noqa: DJ001  (forgotten ones must not collide)
        max_length=254, unique=True, null=True, help_text="In small letters; empty once forgotten."
    )
    state = models.CharField(
        max_length=10, choices=SubscriberState, default=SubscriberState.PENDING
    )
    time_zone = models.CharField(max_length=40, default="UTC")
    language = models.CharField(max_length=10, default="en")
    epoch = models.PositiveSmallIntegerField(
        default=0, help_text="Raised to end all links to the manage page."
    )
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    leave_reason = models.CharField(max_length=300, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    complained_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(
        null=True, blank=True, help_text="Last said to want alerts, by confirming or when asked."
    )
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="Asked whether alerts are still wanted; no answer yet."
    )

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        constraints = [one_of("state", SubscriberState)]
        indexes = [
            # Read by the daily tasks, which ask, unsubscribe and delete subscribers.
            models.Index(fields=["state", "kept_at"], name="subscriber_state"),
        ]

    def __str__(self) -> str:
        return self.address or f"forgotten subscriber {self.pk}"


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def of_reachable(self) -> SubscriptionQuerySet:
        return self.filter(subscriber__state=SubscriberState.ACTIVE)

    def failing_views(self) -> dict[str, str]:
        """Saved views that cannot be asked, each with the reason."""
        failing = self.of_reachable().filter(scope=Scope.VIEW).exclude(fault="")
        return dict(failing.order_by("value").values_list("value", "fault"))


class Subscription(models.Model):
    """One subject that a subscriber wants alerts about, how often, and for which place."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    scope = models.CharField(max_length=12, choices=Scope)
    value = models.CharField(
        max_length=500, blank=True, help_text="Slug of the platform, data kind, query of the view."
    )
    place = models.CharField(max_length=20, blank=True, help_text="Empty: anywhere.")
    only_turned_on = models.BooleanField(
        default=False, help_text="Only what turns training on; for platforms and kinds of data."
    )
    frequency = models.CharField(max_length=14, choices=Frequency)
    reminders = models.BooleanField(default=False, help_text="Remind before a deadline.")
    fault = models.CharField(
        max_length=300,
        blank=True,
        editable=False,
        help_text="Why the view could not be asked when an entry was published last.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "scope", "value", "place"], name="subscription_once"
            ),
            one_of("scope", Scope),
            one_of("frequency", Frequency),
        ]
        indexes = [
            # Read when an entry is published, to find whom it concerns.
            models.Index(fields=["scope", "value"], name="subscription_match"),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.value}".strip()


class Token(models.Model):
    """A link that works once, for one purpose. Only its digest is stored."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="tokens")
    purpose = models.CharField(max_length=12, choices=TokenPurpose)
    nonce = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    payload = models.JSONField(default=dict, help_text="What it confirms.")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    code_attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [one_of("purpose", TokenPurpose)]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} of {self.created_at:%Y-%m-%d}"


class DeliveryQuerySet(models.QuerySet[_Waiting]):
    def waiting(self) -> DeliveryQuerySet[_Waiting]:
        """Mails neither sent nor given up."""
        return self.filter(sent_at=None, failed_at=None)

    def due(self, now: dt.datetime) -> DeliveryQuerySet[_Waiting]:
        """Mails to be sent now that no living worker has claimed."""
        # Later ones were written by a wrong clock.
        longest, longest_early = (
            now + wait + CLOCK_SKEW for wait in (LONGEST_WAIT, LONGEST_EARLY_WAIT)
        )
        return self.unclaimed(now).filter(
            Q(due_at__lte=now)
            | Q(due_at__gt=longest)
            | Q(due_at__gt=longest_early, attempts__lte=_EARLY_TRIES)
        )

    def unclaimed(self, now: dt.datetime) -> DeliveryQuerySet[_Waiting]:
        """Mails waiting without a claim, or whose claim has expired because the worker died."""
        return self.waiting().filter(
            Q(claimed_at=None)
            | Q(claimed_at__lt=now - CLAIM_LASTS)
            | Q(claimed_at__gt=now + CLOCK_SKEW)
        )


class Delivery(models.Model):
    """One mail to one person, sent once by the worker that claims it."""

    due_at = models.DateTimeField(help_text="Not before: the hold, or the next try.")
    claim = models.UUIDField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class AlertQuerySet(DeliveryQuerySet["Alert"]):
    def outbox(self) -> AlertQuerySet:
        """Alerts that are mails of their own."""
        return self.filter(
            frequency=Frequency.AS_IT_HAPPENS, subscriber__state=SubscriberState.ACTIVE
        )

    def for_digest(self, frequency: str, up_to: dt.datetime) -> AlertQuerySet:
        """Alerts for the digest that ends at up_to."""
        return self.waiting().filter(  # type: ignore[return-value] # keeps our own class
            digest=None,
            frequency=frequency,
            due_at__lte=up_to,
            subscriber__state=SubscriberState.ACTIVE,
        )

    def notified(self, entry_id: int) -> AlertQuerySet:
        """Alerts of an entry that reached their subscriber, or are on their way."""
        on_its_way = Q(claimed_at__isnull=False) | Q(digest__claimed_at__isnull=False)
        return self.filter(Q(sent_at__isnull=False) | Q(on_its_way, failed_at=None), entry=entry_id)


class Alert(Delivery):
    """The mail about one entry to one subscriber, sent once, by itself or in a digest."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="alerts")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="alerts")
    subscription = models.ForeignKey(
        Subscription, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=12, choices=AlertKind)
    frequency = models.CharField(max_length=14, choices=Frequency)
    digest = models.ForeignKey(
        "consent.Digest", models.SET_NULL, null=True, blank=True, related_name="alerts"
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "subscriber"], name="alert_once"),
            one_of("kind", AlertKind),
            one_of("frequency", Frequency),
        ]
        indexes = [
            # Read by the sending workers and by whoever makes digests.
            models.Index(
                fields=["frequency", "due_at"],
                name="alert_waiting",
                condition=Q(sent_at=None, failed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.entry}"


class DigestQuerySet(DeliveryQuerySet["Digest"]):
    def outbox(self) -> DigestQuerySet:
        return self.filter(subscriber__state=SubscriberState.ACTIVE)


class Digest(Delivery):
    """The alerts of one subscriber up to a moment, in one mail."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="digests")
    frequency = models.CharField(max_length=14, choices=Frequency)
    up_to = models.DateTimeField()

    objects = DigestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "frequency", "up_to"], name="digest_once"
            ),
            one_of("frequency", Frequency),
        ]
        indexes = [
            # Read by the sending workers.
            models.Index(
                fields=["due_at"], name="digest_waiting", condition=Q(sent_at=None, failed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_frequency_display()}, up to {self.up_to:%Y-%m-%d %H:%M} UTC"


class LetterQuerySet(DeliveryQuerySet["Letter"]):
    def outbox(self) -> LetterQuerySet:
        """Letters whose reader still wants them; those sent on request always go."""
        from consent.vocabulary import ON_REQUEST

        return self.filter(Q(kind__in=ON_REQUEST) | Q(subscriber__state=SubscriberState.ACTIVE))

    def requested_before(self, letter: Letter) -> LetterQuerySet:
        """Earlier letters of its kind to its address, except those that were dropped."""
        return self.filter(
            kind=letter.kind, address__iexact=letter.address, failed_at=None, pk__lt=letter.pk
        )


class Letter(Delivery):
    """A mail that is not about one new entry: confirm, welcome, reminders, notices."""

    kind = models.CharField(max_length=16, choices=LetterKind)
    address = models.CharField(max_length=254, db_index=True)
    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, null=True, blank=True, related_name="letters"
    )
    token = models.ForeignKey(Token, models.CASCADE, null=True, blank=True, related_name="letters")
    key = models.CharField(max_length=120, help_text="What makes a second one a repetition.")
    data = models.JSONField(default=dict)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "address", "key"], name="letter_once"),
            one_of("kind", LetterKind),
        ]
        indexes = [
            # Read by the sending workers.
            models.Index(
                fields=["due_at"], name="letter_waiting", condition=Q(sent_at=None, failed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = self.key or uuid.uuid4().hex
        super().save(*args, **kwargs)


class Bounce(models.Model):
    """A report by a mail server or a reader's provider about one of our mails."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="bounces")
    kind = models.CharField(max_length=10, choices=BounceKind)
    status = models.CharField(max_length=20, blank=True, help_text="Enhanced code, RFC 3463.")
    detail = models.CharField(max_length=300, blank=True)
    mail = models.CharField(max_length=40, help_text="The mail it is about, such as a12.")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-received_at",)
        constraints = [
            # The same report read twice counts once.
            models.UniqueConstraint(fields=["mail", "kind", "status"], name="bounce_once"),
            one_of("kind", BounceKind),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.status}".strip()
