"""Change: two snapshots that differ. Suggestion: a machine's view. Decision: a curator's."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.entries import Entry
from consent.vocabulary import ChangeStatus, Direction, DismissReason, Ruling
from platforms.constraints import one_of
from platforms.models import Document, Page, Snapshot


class ChangeQuerySet(models.QuerySet["Change"]):
    def waiting(self) -> ChangeQuerySet:
        """The curators' queue: undecided, or snoozed until a day that has come."""
        return self.filter(
            Q(status=ChangeStatus.WAITING)
            | Q(status=ChangeStatus.SNOOZED, snoozed_until__lte=timezone.localdate())
        )

    def for_desk(self) -> ChangeQuerySet:
        """Changes with all that the desk's list and item pages show of them."""
        return self.select_related(
            "page__platform", "suggestion", "before_document", "after_document", "before", "after"
        )

    def without_suggestion(self) -> ChangeQuerySet:
        return self.filter(suggestion=None)


class Change(models.Model):
    """Two consecutive snapshots of a page whose Documents differ beyond noise. Not public."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="changes")
    before = models.ForeignKey(Snapshot, models.PROTECT, related_name="changes_after")
    after = models.OneToOneField(Snapshot, models.PROTECT, related_name="change")
    before_document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    after_document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    observed_from = models.DateTimeField(help_text="Last visit that found the page unchanged.")
    observed_to = models.DateTimeField(help_text="First visit that found it changed.")
    seen_again_at = models.DateTimeField(
        null=True, blank=True, help_text="A second look, minutes later, found it still changed."
    )
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="A look one cycle later found it still changed."
    )
    reverted_at = models.DateTimeField(
        null=True, blank=True, help_text="A later visit found the page back as it was."
    )
    burst = models.BooleanField(
        default=False, help_text="Many pages changed at once: perhaps our own doing."
    )
    status = models.CharField(max_length=10, choices=ChangeStatus, default=ChangeStatus.WAITING)
    snoozed_until = models.DateField(null=True, blank=True)
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="changes")
    detected_at = models.DateTimeField(default=timezone.now)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-detected_at",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=models.F("after")), name="change_between_two_snapshots"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "merged"]) | Q(entry__isnull=False),
                name="change_published_has_entry",
            ),
            one_of("status", ChangeStatus),
        ]
        indexes = [
            # Read by the curators' queue.
            models.Index(
                fields=["-detected_at"],
                name="change_waiting",
                condition=Q(status__in=["waiting", "snoozed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page}, {self.observed_to:%Y-%m-%d}"


class Suggestion(models.Model):
    """What the classifier thinks a Change does. Machines suggest; they never publish."""

    change = models.OneToOneField(Change, models.CASCADE, related_name="suggestion")
    classifier_version = models.PositiveIntegerField()
    relevant = models.BooleanField()
    effects = models.JSONField(default=list)
    direction = models.CharField(max_length=20, choices=Direction)
    confidence = models.FloatField()
    title = models.CharField(max_length=200, blank=True)
    passages = models.JSONField(default=list)
    dates = models.JSONField(default=list)
    settings = models.JSONField(default=list, help_text="Slugs of settings the words name.")
    trace = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1),
                name="suggestion_confidence_is_share",
            ),
            one_of("direction", Direction),
        ]

    def __str__(self) -> str:
        return ", ".join(self.effects) or ("relevant" if self.relevant else "not relevant")


class Decision(models.Model):
    """What a curator ruled on a Change, when and why. Appended, never edited."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="decisions")
    ruling = models.CharField(max_length=10, choices=Ruling)
    reason = models.CharField(max_length=20, choices=DismissReason, blank=True)
    note = models.TextField(blank=True)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    curator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-decided_at",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(ruling="dismiss") | ~Q(reason=""), name="decision_dismiss_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(ruling__in=["publish", "merge"]) | Q(entry__isnull=False),
                name="decision_publish_has_entry",
            ),
            one_of("ruling", Ruling),
            one_of("reason", DismissReason),
        ]

    def __str__(self) -> str:
        return f"{self.get_ruling_display()}: {self.change}"
