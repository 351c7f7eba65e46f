"""Control: a way to refuse. ControlSurface: where it is found. Offer: to whom it is offered."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Min, OuterRef, Q, Subquery

from consent.models.people import ForPeople
from consent.models.source_marks import SourceTracked
from consent.models.uses import Use
from consent.vocabulary import (
    BY_ADMIN,
    ActCovers,
    By,
    Precision,
    PublicationStatus,
    Reach,
    Refuse,
    Route,
    Surface,
)
from platforms.constraints import one_of
from platforms.days import require_within_bounds
from platforms.models import CleanTexts, Declared, Page, Platform

_ROUTES = {
    Refuse.TURN_OFF: Route.SWITCH,
    Refuse.TURN_ON: Route.SWITCH,
    Refuse.SUBMIT: Route.FORM,
    Refuse.WRITE: Route.EMAIL,
    Refuse.ASK_ADMIN: Route.ADMIN_CONSOLE,
    Refuse.SEND_PARAMETER: Route.SWITCH,
    Refuse.LEAVE: Route.SWITCH,
    Refuse.DELETE: Route.ACCOUNT_DELETION,
}


class ControlQuerySet(models.QuerySet["Control"]):
    def published(self) -> ControlQuerySet:
        return self.filter(status=PublicationStatus.PUBLISHED)

    def with_directions(self) -> ControlQuerySet:
        """Annotate `directed`, as Control.has_directions."""
        found = ControlSurface.objects.filter(control=OuterRef("pk")).order_by()
        told = Exists(found.exclude(path="", deep_link="")) | ~Q(to="")
        return self.annotate(directed=ExpressionWrapper(told, models.BooleanField()))

    def with_days_named(self) -> ControlQuerySet:
        """Annotate with the days from which records name a control; None without.

        entered_on: of its first published entry. sourced_on, guide_sourced_on: of the first dated
        source of those entries, and of its published guides.
        """
        from consent.models.entries import Entry
        from consent.models.sources import Source

        named = {"controls": OuterRef("pk"), "status": PublicationStatus.PUBLISHED}
        entries = Entry.objects.filter(**named).order_by().values("controls")
        return self.annotate(
            entered_on=Subquery(entries.annotate(day=Min("timeline_on")).values("day")),
            **{
                name: Subquery(
                    Source.objects.filter(**{f"{of}__{key}": to for key, to in named.items()})
                    .order_by()
                    .values(f"{of}__controls")
                    .annotate(day=Min("published_on"))
                    .values("day")
                )
                for name, of in (("sourced_on", "entry"), ("guide_sourced_on", "guide"))
            },
        )

    def with_details(self) -> ControlQuerySet:
        """Controls with their platform, surfaces and offers."""
        return self.select_related("platform").prefetch_related("surfaces", "offers")


class Control(SourceTracked, Declared):
    """A way to refuse (or to agree): its words in the product, and which act refuses."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="controls")
    slug = models.SlugField(max_length=80)
    former_slugs = models.JSONField(default=list, blank=True, editable=False)
    label = models.CharField(
        max_length=300, blank=True, help_text="The exact words in the product."
    )
    name = models.CharField(
        max_length=160, blank=True, help_text="Our words, if the product has none."
    )
    #: By language, each with label, path and source (LocalLabelDeclaration).
    labels = models.JSONField("labels in other languages", default=dict, blank=True)
    former_labels = models.JSONField(default=list, blank=True)
    uses = models.ManyToManyField(
        Use, related_name="controls", help_text="All uses that it refuses."
    )
    refuse = models.CharField(max_length=20, choices=Refuse, help_text="The act that refuses.")
    by = models.CharField(max_length=8, choices=By, default=By.PERSON)
    binding = models.BooleanField(
        default=True,
        help_text="Not binding: the platform decides case by case, or for some laws only.",
    )
    act_covers = models.CharField(
        max_length=20,
        choices=ActCovers,
        default=ActCovers.EVERYTHING,
        help_text="What one act covers.",
    )
    reach = models.CharField(max_length=20, choices=Reach, default=Reach.UNSTATED)
    to = models.CharField(max_length=200, blank=True, help_text="The address to write to.")
    subject = models.CharField(
        max_length=200, blank=True, help_text="The subject that the platform requires of a letter."
    )
    must_name = models.JSONField(
        default=list, blank=True, help_text="What the platform asks a letter to name."
    )
    pages = models.ManyToManyField(
        Page, blank=True, related_name="controls", help_text="Pages this rests on."
    )
    position = models.PositiveSmallIntegerField(default=0)
    frictions = models.JSONField(
        default=list, blank=True, help_text="What makes the control itself harder to use."
    )
    note = models.TextField(blank=True)
    status = models.CharField(
        max_length=10, choices=PublicationStatus, default=PublicationStatus.DRAFT
    )
    status_reason = models.CharField(
        max_length=300, blank=True, help_text="Why draft or retracted."
    )

    objects = ControlQuerySet.as_manager()

    class Meta(Declared.Meta):
        abstract = False
        ordering = ("platform", "position", "slug")
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "slug"], name="control_slug_once_per_platform"
            ),
            models.CheckConstraint(
                condition=Q(label="") ^ Q(name=""), name="control_has_label_or_name"
            ),
            one_of("refuse", Refuse),
            one_of("by", By),
            one_of("act_covers", ActCovers),
            one_of("reach", Reach),
            one_of("status", PublicationStatus),
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.words}"

    @property
    def words(self) -> str:
        """The exact words in the product, or ours where it has none."""
        return self.label or self.name

    @property
    def route(self) -> Route:
        """How a person says no, for readers of older feeds and addresses."""
        if self.by in BY_ADMIN:
            return Route.ADMIN_CONSOLE
        return _ROUTES[Refuse(self.refuse)]

    @property
    def has_directions(self) -> bool:
        """Whether a menu path, a link to it or an address to write to is known. Reads surfaces."""
        return bool(self.to) or any(each.path or each.deep_link for each in self.surfaces.all())

    def has_been(self, slug: str) -> bool:
        """Whether this control has a slug, or had it."""
        return slug == self.slug or slug in self.former_slugs


class ControlSurface(CleanTexts):
    """Where a control is found on one surface."""

    control = models.ForeignKey(Control, models.CASCADE, related_name="surfaces")
    surface = models.CharField(max_length=10, choices=Surface)
    path = models.CharField(max_length=500, blank=True, help_text="Menu path, parts joined by ›.")
    deep_link = models.URLField(max_length=1000, blank=True)

    class Meta:
        ordering = ("control", "pk")
        constraints = [
            models.UniqueConstraint(fields=["control", "surface"], name="control_surface_once"),
            one_of("surface", Surface),
        ]

    def __str__(self) -> str:
        return f"{self.control} ({self.get_surface_display()})"


class Offer(ForPeople, CleanTexts):
    """To whom a control is offered, from starts_on up to, but not including, ends_on."""

    control = models.ForeignKey(Control, models.CASCADE, related_name="offers")
    position = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    starts_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    ends_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    ends_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    opened_by = models.ForeignKey(
        "consent.Entry", models.SET_NULL, null=True, blank=True, related_name="opened_offers"
    )
    closed_by = models.ForeignKey(
        "consent.Entry", models.SET_NULL, null=True, blank=True, related_name="closed_offers"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("control", "position")
        constraints = [
            models.UniqueConstraint(fields=["control", "position"], name="offer_in_order"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="offer_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.control} ({self.position + 1})"
