"""Source: the evidence of a claim. Passage: the words in it that the claim rests on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from consent.vocabulary import PassageSide, Precision
from platforms.constraints import one_of
from platforms.days import require_within_bounds
from platforms.models import CleanTexts, Snapshot


def _one_of_these(*owners: str) -> Q:
    """Match rows that have exactly one of these owners."""
    condition = Q()
    for owner in owners:
        condition |= Q(**{f"{name}__isnull": name != owner for name in owners})
    return condition


class Source(CleanTexts):
    """Evidence of an entry, a guide, a state or a provider's statement.

    It is an outside page, or our own snapshot.
    """

    entry = models.ForeignKey(
        "consent.Entry", models.CASCADE, null=True, blank=True, related_name="sources"
    )
    guide = models.ForeignKey(
        "consent.Guide", models.CASCADE, null=True, blank=True, related_name="sources"
    )
    state = models.ForeignKey(
        "consent.State", models.CASCADE, null=True, blank=True, related_name="sources"
    )
    statement = models.ForeignKey(
        "consent.ProviderStatement", models.CASCADE, null=True, blank=True, related_name="sources"
    )
    position = models.PositiveSmallIntegerField(default=0)
    url = models.URLField(max_length=1000)
    publisher = models.CharField(max_length=160)
    title = models.CharField(max_length=300, blank=True)
    published_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    published_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    archived_url = models.URLField(max_length=1000, blank=True)
    seen_via = models.CharField(
        max_length=300, blank=True, help_text="Cited there; the page itself was not read."
    )
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="cited_by"
    )
    snapshot_before = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="+"
    )
    extractor = models.CharField(
        max_length=40, blank=True, help_text="Version of the text that passages count in."
    )

    class Meta:
        ordering = ("position", "pk")
        indexes = [
            # For UseQuerySet.with_days_known. Few sources are of states, so SQLite thinks little
            # of the index of the foreign key and reads all sources for each use.
            models.Index(
                fields=["state"], condition=Q(state__isnull=False), name="source_of_state"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=_one_of_these("entry", "guide", "state", "statement"),
                name="source_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.url}"


class PassageQuerySet(models.QuerySet["Passage"]):
    def without_words(self) -> PassageQuerySet:
        """Passages that point into a text which was not at hand yet, with their records."""
        return (
            self.filter(starts_at__isnull=False, words="")
            .select_related("source__entry", "source__guide", "source__state__branch__use")
            .select_related("source__snapshot", "source__snapshot_before")
            .order_by("source", "position")
        )


class Passage(CleanTexts):
    """Words that a claim rests on: a span in a text that an archive keeps, or typed by a curator.

    starts_at, ends_at: code points in the text of that side, the end not included; empty for words
    that were typed. sha256: of the UTF-8 bytes of the words. words: the words themselves, once the
    text is at hand and its hash agrees.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="passages")
    position = models.PositiveSmallIntegerField(default=0)
    side = models.CharField(max_length=10, choices=PassageSide, default=PassageSide.AFTER)
    starts_at = models.PositiveIntegerField(null=True, blank=True)
    ends_at = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    words = models.TextField(blank=True)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ("source", "position")
        constraints = [
            models.UniqueConstraint(fields=["source", "position"], name="passage_in_order"),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) & ~Q(words="")
                | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="passage_has_span_or_words",
            ),
            one_of("side", PassageSide),
        ]

    def __str__(self) -> str:
        return self.words or f"{self.starts_at}-{self.ends_at}"
