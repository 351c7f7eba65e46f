"""Revision: a public change to a published entry. Verification: a check of a guide's steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from consent.models.changes import UNDO_FOR, Decision
from consent.models.entries import Entry
from consent.models.guides import Guide, GuideSurface
from consent.vocabulary import CheckOutcome, PublicationStatus, RevisionKind, Ruling, Surface
from platforms.append_only import AppendOnly
from platforms.constraints import one_of
from platforms.models import Platform

#: Outcomes of checks after which the steps are known to be right.
WALKED = (CheckOutcome.STILL_RIGHT, CheckOutcome.STEPS_CHANGED)


class RevisionQuerySet(models.QuerySet["Revision"]):
    def for_readers(self) -> RevisionQuerySet:
        """All revisions with their entries, the latest first: the page of corrections."""
        return self.select_related("entry", "editor__shown_as").prefetch_related("entry__platforms")

    def not_seen_by_another(self) -> RevisionQuerySet:
        """Revisions that no other editor has reviewed or revised since."""
        looked = Decision.objects.standing().filter(
            entry=OuterRef("entry"), ruling=Ruling.REVIEW, decided_at__gt=OuterRef("revised_at")
        )
        revised = Revision.objects.filter(
            entry=OuterRef("entry"), revised_at__gt=OuterRef("revised_at")
        )
        return self.exclude(Exists(looked.exclude(curator=OuterRef("editor")))).exclude(
            Exists(revised.exclude(editor=OuterRef("editor")))
        )

    def for_second_reviewer(self) -> RevisionQuerySet:
        """Public revisions that wait for a second editor because a platform asks for one.

        What a catalog file says was reviewed with the file.
        """
        asking = Platform.objects.asking_for_second_review().filter(entries=OuterRef("entry"))
        return (
            self.filter(editor__isnull=False)
            .not_seen_by_another()
            .of_what_stands()
            .filter(Exists(asking))
        )

    def standing(self) -> RevisionQuerySet:
        """Revisions that nobody took back; not the ones that took others back."""
        return self.filter(undone_by=None).exclude(kind=RevisionKind.TAKEN_BACK)

    def undoable(self, editor: Any, now: dt.datetime) -> RevisionQuerySet:
        """Revisions of an editor that can still be taken back with one press, the latest first."""
        recent = self.standing().filter(editor=editor, revised_at__gt=now - UNDO_FOR)
        return recent.select_related("entry").order_by("-revised_at")

    def of_what_stands(self) -> RevisionQuerySet:
        """Revisions of entries that are still published; what was retracted is listed as such."""
        return self.filter(entry__status=PublicationStatus.PUBLISHED)


class Revision(AppendOnly):
    """A correction, a moved date or a retraction of a published entry. Public, append-only.

    changed: for each field its words before and after, as readers see them. editor: None if a
    catalog file says it.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="revisions")
    kind = models.CharField(max_length=20, choices=RevisionKind)
    reason = models.TextField(help_text="What was wrong or what happened; public.")
    changed = models.JSONField(default=list, blank=True)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
        help_text="Empty if a catalog file brought it.",
    )
    revised_at = models.DateTimeField(default=timezone.now)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", editable=False
    )
    act = models.UUIDField(
        null=True, blank=True, editable=False, help_text="Of its versions; files have none."
    )
    cancelled = models.PositiveIntegerField(
        default=0, editable=False, help_text="Mails about the entry that a retraction cancelled."
    )

    objects = RevisionQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        abstract = False
        ordering = ("-revised_at", "-pk")
        constraints = [
            one_of("kind", RevisionKind),
            models.CheckConstraint(condition=~models.Q(reason=""), name="revision_has_reason"),
        ]

    @property
    def undo_until(self) -> dt.datetime:
        """Until when it is taken back with one press; no mail about it leaves before."""
        return self.revised_at + UNDO_FOR

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_kind_display()} {self.revised_at:%Y-%m-%d}"


class VerificationQuerySet(models.QuerySet["Verification"]):
    def walked(self) -> VerificationQuerySet:
        """Checks after which the steps on the surface are known to be right."""
        return self.filter(outcome__in=WALKED)

    def of_surface(self, surface: GuideSurface) -> VerificationQuerySet:
        return self.filter(guide=surface.guide_id, surface=surface.surface)


class Verification(AppendOnly):
    """A curator's check of a guide's steps on one surface, and what it found."""

    guide = models.ForeignKey(Guide, models.PROTECT, related_name="verifications")
    surface = models.CharField(max_length=10, choices=Surface)
    outcome = models.CharField(max_length=20, choices=CheckOutcome)
    note = models.TextField(blank=True)
    act = models.UUIDField(
        null=True, blank=True, editable=False, help_text="Of the version with its steps."
    )
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="verifications"
    )
    checked_at = models.DateTimeField(default=timezone.now)

    objects = VerificationQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        abstract = False
        ordering = ("-checked_at", "-pk")
        constraints = [one_of("surface", Surface), one_of("outcome", CheckOutcome)]

    def __str__(self) -> str:
        return f"{self.guide}, {self.get_surface_display()}: {self.get_outcome_display()}"
