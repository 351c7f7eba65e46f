"""Answer: whether a guide's steps worked for a reader."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Count
from django.utils import timezone

from consent.models.guides import Guide
from consent.readers.vocabulary import Worked
from consent.vocabulary import Surface
from platforms.constraints import one_of


class AnswerQuerySet(models.QuerySet["Answer"]):
    def since(self, at: dt.datetime) -> AnswerQuerySet:
        return self.filter(answered_at__gte=at)

    def not_through(self) -> AnswerQuerySet:
        """Answers of those who got no further, or only partly, the latest first."""
        return self.exclude(worked=Worked.YES).order_by("-answered_at", "-pk")

    def counted(self) -> list[tuple[str, str, int]]:
        """How many answered what for which surface ("" where they did not say)."""
        counts = self.order_by().values_list("worked", "surface").annotate(count=Count("pk"))
        return list(counts)


class Answer(models.Model):
    """What one reader said about a guide. Nothing of theirs is kept but these words.

    step: the number of the step they got no further at; none when it was no step in particular.
    note: their own words, for curators only. Erased with the answer (consent/readers/keeping.py).
    """

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="answers")
    worked = models.CharField(max_length=10, choices=Worked)
    surface = models.CharField(max_length=10, choices=Surface, blank=True)
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ("-answered_at", "-pk")
        constraints = [one_of("worked", Worked), one_of("surface", Surface)]
        indexes = [
            # Read by every guide page, and by the round that erases.
            models.Index(fields=["guide", "answered_at"], name="answer_lately"),
            models.Index(fields=["answered_at"], name="answer_age"),
        ]

    def __str__(self) -> str:
        return f"{self.guide}: {self.get_worked_display()}"
