"""StampedDay: a daily Merkle root. StampedRecord: a hash below it. TimeStamp: a stamp on it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from consent.vocabulary import StampedKind
from platforms.append_only import AppendOnly
from platforms.constraints import one_of
from platforms.days import require_within_bounds


class StampedDayQuerySet(models.QuerySet["StampedDay"]):
    def unstamped(self) -> StampedDayQuerySet:
        """Days without a stamp of an authority, the latest first: its stamp proves all before."""
        return self.filter(timestamp=None).order_by("-number")

    def with_lost(self) -> StampedDayQuerySet:
        """Annotate `is_lost`: the records went when an older backup of the database came back."""
        records = StampedRecord.objects.filter(day=models.OuterRef("pk"))
        return self.annotate(is_lost=models.Q(size__gt=0) & ~models.Exists(records))


class StampedDay(AppendOnly):
    """The root over what was recorded up to a day and is in no earlier root.

    day: the last whole day covered. previous: SHA-256 of the header of the day before, which
    chains the roots (consent/open_data/stamps/chain.py).
    """

    number = models.PositiveIntegerField(unique=True)
    day = models.DateField(validators=[require_within_bounds], unique=True)
    size = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    closed_at = models.DateTimeField(default=timezone.now)

    is_lost: bool  # of with_lost()

    objects = StampedDayQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        abstract = False
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.day}: {self.root}"


class StampedRecord(AppendOnly):
    """A leaf of a day's tree: the hash of a snapshot, text, entry, revision or decision."""

    day = models.ForeignKey(StampedDay, models.PROTECT, related_name="records")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=StampedKind)
    record_id = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta(AppendOnly.Meta):
        abstract = False
        ordering = ("day", "position")
        constraints = [
            models.UniqueConstraint(fields=["day", "position"], name="stampedrecord_in_order"),
            one_of("kind", StampedKind),
        ]
        indexes = [
            # Read when a day is closed, and by the evidence of each change.
            models.Index(fields=["kind", "record_id"], name="stampedrecord_of_record"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}: {self.sha256}"


class TimeStamp(AppendOnly):
    """The response of an authority for the header of a day, as received (RFC 3161)."""

    day = models.OneToOneField(StampedDay, models.PROTECT, related_name="timestamp")
    response = models.BinaryField()
    authority = models.CharField(max_length=300, help_text="Name in the signing certificate.")
    stamped_at = models.DateTimeField(help_text="The time that the authority states.")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.authority}, {self.stamped_at:%Y-%m-%d %H:%M}"
