"""Sample: something that raised no entry, drawn by chance to be read again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.changes import Change
from consent.vocabulary import SampleKind, SampleVerdict
from platforms.constraints import one_of
from platforms.days import require_within_bounds
from platforms.models import Page


class SampleQuerySet(models.QuerySet["Sample"]):
    def unread(self) -> SampleQuerySet:
        return self.filter(verdict="")

    def readable_by(self, curator_id: int) -> SampleQuerySet:
        """Leave out what this curator dismissed: somebody else reads that again."""
        return self.exclude(dismissed_by=curator_id)


class Sample(models.Model):
    """One page without a change, or one dismissed change, to be read again by a person.

    month: its first day; what happened in it was drawn from. population: how many there were to
    draw from. change, dismissed_by: of a dismissed change only.
    """

    month = models.DateField(validators=[require_within_bounds])
    kind = models.CharField(max_length=12, choices=SampleKind)
    page = models.ForeignKey(Page, models.PROTECT, related_name="samples")
    change = models.ForeignKey(
        Change, models.PROTECT, null=True, blank=True, related_name="samples"
    )
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    population = models.PositiveIntegerField()
    drawn_at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(max_length=10, choices=SampleVerdict, blank=True)
    note = models.CharField(max_length=500, blank=True)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="samples"
    )
    read_at = models.DateTimeField(null=True, blank=True)

    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ("-month", "kind", "pk")
        constraints = [
            one_of("kind", SampleKind),
            one_of("verdict", SampleVerdict),
            models.UniqueConstraint(
                fields=["month", "page"],
                condition=Q(change=None),
                name="sample_page_once_a_month",
            ),
            models.UniqueConstraint(
                fields=["month", "change"],
                condition=~Q(change=None),
                name="sample_change_once_a_month",
            ),
            models.CheckConstraint(
                condition=Q(kind=SampleKind.DISMISSED, change__isnull=False)
                | Q(kind=SampleKind.NOT_RAISED, change=None),
                name="sample_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", read_at=None) | (~Q(verdict="") & Q(read_at__isnull=False)),
                name="sample_read_with_verdict",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=SampleVerdict.MISSED) | ~Q(note=""),
                name="sample_missed_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}, {self.get_kind_display()}: {self.change or self.page}"
