"""Who works on what at the desk, and notes between colleagues. Nothing here is public."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.changes import Change
from consent.models.entries import Entry


def _about_one() -> Q:
    return Q(change__isnull=False, entry=None) | Q(change=None, entry__isnull=False)


class Assignment(models.Model):
    """Who has a change, or a draft without one: whoever took it or saved its draft last."""

    change = models.OneToOneField(
        Change, models.CASCADE, null=True, blank=True, related_name="assignment"
    )
    entry = models.OneToOneField(
        Entry, models.CASCADE, null=True, blank=True, related_name="assignment"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=_about_one(), name="assignment_about_one")]

    def __str__(self) -> str:
        return f"{self.person} since {self.since:%Y-%m-%d %H:%M}"


class DeskNote(models.Model):
    """A note of one curator for the others, on a change or on a draft without one."""

    change = models.ForeignKey(
        Change, models.CASCADE, null=True, blank=True, related_name="desk_notes"
    )
    entry = models.ForeignKey(
        Entry, models.CASCADE, null=True, blank=True, related_name="desk_notes"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk_notes")
    text = models.CharField(max_length=1000)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("written_at", "pk")
        constraints = [models.CheckConstraint(condition=_about_one(), name="desk_note_about_one")]

    def __str__(self) -> str:
        return f"{self.author}: {self.text}"
