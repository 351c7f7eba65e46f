"""WorkMail: what a curator is mailed about new work at the desk."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from consent.vocabulary import WorkFrequency
from platforms.constraints import one_of


class WorkMail(models.Model):
    """What one curator wants to be mailed about, and up to when they have been.

    least_weight: changes below it are not mailed; the queue is ordered by the same weight.
    """

    curator = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="work_mail"
    )
    frequency = models.CharField(max_length=10, choices=WorkFrequency, default=WorkFrequency.NEVER)
    changes = models.BooleanField(default=True, verbose_name="New changes")
    least_weight = models.FloatField(
        default=1.0,
        verbose_name="From this weight on",
        help_text="As the queue is ordered: 4 to 5 for a sure loss of control, 1 and less for what "
        "is neutral or doubtful, -2 for all.",
    )
    reports = models.BooleanField(default=True, verbose_name="Reports of readers")
    reviews = models.BooleanField(default=True, verbose_name="What waits for a second reviewer")
    returned = models.BooleanField(default=True, verbose_name="My drafts that were sent back")
    told_up_to = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [one_of("frequency", WorkFrequency)]

    def __str__(self) -> str:
        return f"{self.curator}: {self.get_frequency_display()}"
