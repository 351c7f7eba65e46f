"""The mark on uses, controls and guides that a page they are based on has changed."""

from __future__ import annotations

from django.db import models


class SourceTracked(models.Model):
    """A use, a control or a guide whose text was checked against pages.

    source_changed_at: when a change about training was first seen on one of the pages; empty again
    once somebody decides on the change or verifies the text. source_change: that change.
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
