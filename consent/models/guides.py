"""Guide: steps to opt out, per surface, each with the date of its last verification."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from consent.models.controls import Control
from consent.models.entries import Entry
from consent.models.source_marks import SourceTracked
from consent.models.sources import Source
from consent.models.walks import Walk, trust_in, verified_on
from consent.vocabulary import PublicationStatus, Surface, Trust
from platforms.constraints import one_of
from platforms.days import require_within_bounds
from platforms.models import CleanTexts, Declared, Page, Platform


class GuideQuerySet(models.QuerySet["Guide"]):
    def published(self) -> GuideQuerySet:
        return self.filter(status=PublicationStatus.PUBLISHED)

    def widest_first(self) -> GuideQuerySet:
        """Those for most controls first, then those for most surfaces: the main way to say no."""
        return self.annotate(
            control_count=Count("controls", distinct=True),
            surface_count=Count("surfaces", distinct=True),
        ).order_by("-control_count", "-surface_count", "title")

    def of_entry(self, entry: Entry) -> GuideQuerySet:
        """Guides for the controls that an entry names, or that reach the uses it is about."""
        return self.filter(Q(controls__entries=entry) | Q(controls__uses__entries=entry)).distinct()

    def for_page(self) -> GuideQuerySet:
        return (
            self.published()
            .select_related("platform", "source_change__entry")
            .prefetch_related(
                "surfaces__steps",
                Prefetch("controls", Control.objects.select_related("platform")),
                "controls__surfaces",
                "controls__offers",
                Prefetch("controls__pages", Page.objects.only("url", "access")),
                Prefetch("sources", Source.objects.select_related("snapshot")),
                "sources__passages",
            )
        )

    def resting_on(self, page: Page) -> GuideQuerySet:
        """Guides that name a page as their source, themselves or through their controls."""
        return self.filter(Q(pages=page) | Q(controls__pages=page)).distinct()


class Guide(SourceTracked, Declared):
    """How to opt out: preparation, the steps on each surface, and what it does not do."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="guides")
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=120)
    controls = models.ManyToManyField(Control, blank=True, related_name="guides")
    pages = models.ManyToManyField(
        Page, blank=True, related_name="guides", help_text="Pages these steps rest on."
    )
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    who = models.CharField(
        max_length=200, blank=True, help_text="If not for all whom the control is for."
    )
    plans = models.JSONField(default=list, blank=True, help_text="If steps differ by plan.")
    before_you_start = models.JSONField(default=list, blank=True)
    frictions = models.JSONField(
        default=list, blank=True, help_text="What makes it harder than one switch."
    )
    how_to_check = models.TextField(blank=True)
    caveats = models.JSONField(default=list, help_text="What this does not do.")
    note = models.TextField(blank=True)
    status = models.CharField(
        max_length=10, choices=PublicationStatus, default=PublicationStatus.DRAFT
    )
    status_reason = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = GuideQuerySet.as_manager()

    class Meta(Declared.Meta):
        abstract = False
        ordering = ("platform", "title")
        constraints = [one_of("status", PublicationStatus)]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("guide", args=[self.slug])

    def walks(self) -> list[Walk]:
        return [surface.walk() for surface in self.surfaces.all()]

    def verified_on(self) -> dt.date | None:
        return verified_on(self.walks())

    def broken_surfaces(self) -> list[GuideSurface]:
        return [surface for surface in self.surfaces.all() if surface.is_reported_broken()]

    def changed_since_walked(self) -> bool:
        """Return whether a page changed after a surface was verified; False if none ever was."""
        walked = any(surface.verified_on for surface in self.surfaces.all())
        return walked and self.source_changed_at is not None

    def is_doubtful(self) -> bool:
        """Return whether the steps may be wrong: a page changed, or readers reported them."""
        return self.source_changed_at is not None or bool(self.broken_surfaces())

    def is_walked_in_part(self) -> bool:
        """Return whether some of its surfaces were verified, and others never were."""
        verified = [surface.verified_on is not None for surface in self.surfaces.all()]
        return any(verified) and not all(verified)

    def fewest_steps(self) -> int:
        """Return the number of steps on the surface with the fewest; 0 if there are no steps."""
        return min(self._step_counts(), default=0)

    def most_steps(self) -> int:
        """Return the number of steps on the surface with the most; 0 if there are no steps."""
        return max(self._step_counts(), default=0)

    def _step_counts(self) -> list[int]:
        """Return the numbers of steps of the surfaces that have any."""
        counts = [len(surface.steps.all()) for surface in self.surfaces.all()]
        return [count for count in counts if count]

    def trust(self, today: dt.date | None = None) -> Trust:
        """Return how reliable the steps are on a day."""
        return trust_in(
            self.walks(),
            source_changed=self.source_changed_at is not None,
            today=today or timezone.localdate(),
        )


class GuideSurface(CleanTexts):
    """The steps on one surface, and when someone last verified them."""

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="surfaces")
    surface = models.CharField(max_length=10, choices=Surface)
    verified_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    verified_by = models.CharField(max_length=20, blank=True, help_text="Initials.")
    reported_broken_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When readers had said often enough that these steps do not work.",
    )

    class Meta:
        ordering = ("guide", "pk")
        constraints = [
            models.UniqueConstraint(fields=["guide", "surface"], name="guide_surface_once"),
            one_of("surface", Surface),
        ]

    def __str__(self) -> str:
        return f"{self.guide} ({self.get_surface_display()})"

    def walk(self) -> Walk:
        return Walk(Surface(self.surface), self.verified_on, self.reported_broken_at)

    def is_reported_broken(self) -> bool:
        return self.walk().is_reported_broken()


class GuideStep(CleanTexts):
    """One act, and what should be seen after it."""

    surface = models.ForeignKey(GuideSurface, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    act = models.TextField()
    expect = models.TextField(blank=True)

    class Meta:
        ordering = ("surface", "position")
        constraints = [
            models.UniqueConstraint(fields=["surface", "position"], name="guide_step_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.act}"
