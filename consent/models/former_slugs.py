"""FormerSlug: an earlier slug of a platform or guide, so that old links keep working."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.guides import Guide
from platforms.models import Platform


class FormerSlugQuerySet(models.QuerySet["FormerSlug"]):
    def platform_once_called(self, slug: str) -> Platform | None:
        """Return the listed platform that had this slug."""
        return Platform.objects.listed().filter(former_slugs__slug=slug).first()

    def guide_once_called(self, slug: str) -> Guide | None:
        return Guide.objects.published().filter(former_slugs__slug=slug).first()

    def remember(self, record: Platform | Guide, slug: str) -> None:
        """Redirect a slug to a record from now on, whatever record it led to before."""
        belongs: dict[str, Any] = {
            "platform": record if isinstance(record, Platform) else None,
            "guide": record if isinstance(record, Guide) else None,
        }
        of_kind = self.filter(slug=slug, platform__isnull=belongs["platform"] is None)
        of_kind.delete()
        self.create(slug=slug, **belongs)


class FormerSlug(models.Model):
    """A slug that a platform or a guide had."""

    slug = models.SlugField(max_length=120)
    platform = models.ForeignKey(
        Platform, models.CASCADE, null=True, blank=True, related_name="former_slugs"
    )
    guide = models.ForeignKey(
        Guide, models.CASCADE, null=True, blank=True, related_name="former_slugs"
    )
    left_at = models.DateTimeField(default=timezone.now)

    objects = FormerSlugQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(platform__isnull=False, guide__isnull=True)
                | Q(platform__isnull=True, guide__isnull=False),
                name="former_slug_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["slug"],
                name="former_slug_of_one_platform",
                condition=Q(platform__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["slug"], name="former_slug_of_one_guide", condition=Q(guide__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} → {self.platform or self.guide}"
