"""ProviderStatement: what a provider declares about one model under a law."""

from __future__ import annotations

from django.db import models

from consent.vocabulary import DeclaredAnswer, Precision, ReadBy, StatementLaw
from platforms.constraints import one_of
from platforms.days import require_within_bounds
from platforms.models import Declared, Platform


class ProviderStatementQuerySet(models.QuerySet["ProviderStatement"]):
    def for_page(self, platform: Platform) -> ProviderStatementQuerySet:
        """The statements that concern a platform, the latest first, with their sources."""
        return (
            self.filter(platforms=platform)
            .prefetch_related("sources")
            .order_by(models.F("dated_on").desc(nulls_last=True), "model")
        )


class ProviderStatement(Declared):
    """Answers of a provider in a document that a law asks for, about one model.

    It is shown beside the verdict of its platforms and never sets a state.
    """

    key = models.SlugField(max_length=120, unique=True)
    provider = models.CharField(max_length=160)
    platforms = models.ManyToManyField(Platform, related_name="statements")
    law = models.CharField(max_length=30, choices=StatementLaw)
    model = models.CharField(max_length=120)
    dated_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    dated_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    chats_with_this_model = models.CharField(
        max_length=12,
        choices=DeclaredAnswer,
        help_text="Whether it was trained on people's interactions with this model.",
    )
    data_of_other_services = models.CharField(
        max_length=12,
        choices=DeclaredAnswer,
        help_text="Whether it was trained on data from the provider's other services.",
    )
    services_named = models.TextField(blank=True)
    document_url = models.URLField(max_length=1000)
    document_sha256 = models.CharField(max_length=64, blank=True)
    document_archived_url = models.URLField(max_length=1000, blank=True)
    readable = models.CharField(max_length=12, choices=ReadBy)
    note = models.TextField(blank=True)

    objects = ProviderStatementQuerySet.as_manager()

    class Meta(Declared.Meta):
        abstract = False
        ordering = ("key",)
        constraints = [
            one_of("law", StatementLaw),
            one_of("chats_with_this_model", DeclaredAnswer),
            one_of("data_of_other_services", DeclaredAnswer),
            one_of("readable", ReadBy),
        ]

    def __str__(self) -> str:
        return f"{self.provider} on {self.model}"
