"""PublishedFigures: what /numbers said, kept as it was said."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platforms.append_only import AppendOnly


class PublishedFigures(AppendOnly):
    """The figures from a moment on, until the next row. A row is added only when they differ.

    definition: its version. figures: total, operator, names by slug, and slugs by figure.
    changes: the numbers of changes in the year before (SpanCounts).
    """

    recorded_at = models.DateTimeField(default=timezone.now, unique=True)
    definition = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    changes = models.JSONField()

    class Meta(AppendOnly.Meta):
        abstract = False
        ordering = ("-recorded_at",)
        verbose_name_plural = "published figures"

    def __str__(self) -> str:
        return f"figures of {self.recorded_at:%Y-%m-%d %H:%M}"
