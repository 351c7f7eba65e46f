"""What rests on pages, and learns when one of them changed."""

from __future__ import annotations

from django.db import models


class SourceTracked(models.Model):
    """A guide or a setting whose words were checked against pages.

    source_changed_at: when one of them was first seen changed in a way that concerns training,
    and nobody has ruled on it or verified the words since. source_change: that change, with its
    passages.
    """

    source_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    source_change = models.ForeignKey(
        "consent.Change",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True
