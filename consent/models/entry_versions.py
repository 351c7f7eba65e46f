"""EntryVersion: the number of an entry's last public change, for programs that follow them all.

ListChange: when a list of the API last changed.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from consent.models.entries import Entry


class EntryVersion(models.Model):
    """The last public change of an entry.

    Numbers rise in the order of commits: each is drawn under the lock of EntryCounter, which is
    held until the transaction ends. A program that saw number n has missed none below it.
    public_id: the entry's own. It stays when the entry is deleted, so that programs learn of it.
    digest: of the public record; empty if the entry has no public page any more.
    """

    entry = models.OneToOneField(Entry, models.SET_NULL, null=True, related_name="public_version")
    public_id = models.CharField(max_length=10, unique=True)
    number = models.BigIntegerField(unique=True)
    version = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1, version__gte=1), name="entryversion_counts_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id}, version {self.version}"


class EntryCounter(models.Model):
    """The last number that was drawn, in a single row."""

    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="entrycounter_has_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.last}"


class ListChange(models.Model):
    """When what a list of the API contains last changed.

    digest: of its records after the last load of the catalog; empty if a curator changed something
    since, until the next load.
    """

    name = models.CharField(max_length=20, primary_key=True)
    digest = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.changed_at:%Y-%m-%d %H:%M}"
