"""PublishedFigures: what /numbers said, kept as it was said."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from platforms.append_only import AppendOnly
from platforms.days import require_within_bounds


class PublishedFigures(AppendOnly):
    """The figures of a day from a moment on, until the next row. Rows are added when they differ.

    day: that of recorded_at; of the first row the day before. definition: its version. figures:
    total, operator, names by slug, and slugs by figure. changes: the numbers of changes in the
    year before (SpanCounts).
    """

    day = models.DateField(validators=[require_within_bounds])
    recorded_at = models.DateTimeField(default=timezone.now)
    definition = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    changes = models.JSONField()

    class Meta(AppendOnly.Meta):
        abstract = False
        ordering = ("-day", "-recorded_at")
        constraints = [
            models.UniqueConstraint(fields=["day", "recorded_at"], name="figures_of_a_moment")
        ]
        verbose_name_plural = "published figures"

    def __str__(self) -> str:
        return f"figures of {self.recorded_at:%Y-%m-%d %H:%M}"
