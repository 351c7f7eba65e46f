"""Setting: a control or rule. State: its value over an interval."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Window
from django.db.models.functions import RowNumber, TruncMonth
from django.utils import timezone

from consent.models.source_marks import SourceTracked
from consent.vocabulary import IN_USE, Precision, Reach, Route, StateValue
from platforms.constraints import one_of
from platforms.days import require_within_bounds
from platforms.models import CleanTexts, Declared, Page, Platform

if TYPE_CHECKING:
    from consent.models.entries import Entry


class SettingQuerySet(models.QuerySet["Setting"]):
    def audiences(self) -> list[str]:
        return list(self.order_by().values_list("audience", flat=True).distinct())

    def with_history(self) -> SettingQuerySet:
        """Settings with every state they had and the pages they rest on."""
        return self.prefetch_related(
            Prefetch("states", State.objects.select_related("opened_by")), "pages"
        )

    def values_on(self, day: dt.date) -> list[tuple[int, str | None]]:
        """Return platform and value on a day for each setting; None without a state that day."""
        state = State.objects.on(day).filter(setting=models.OuterRef("pk")).values("value")[:1]
        rows = self.order_by().annotate(value=models.Subquery(state))
        return list(rows.values_list("platform_id", "value"))

    def with_states_on(self, day: dt.date) -> SettingQuerySet:
        """Settings of all platforms with the one state in force on a day, in states_then."""
        return self.prefetch_related(
            "platform", Prefetch("states", State.objects.on(day), to_attr="states_then")
        )


class Setting(SourceTracked, Declared):
    """A control or rule: data kinds × audience × region, and the route to opt out."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="settings")
    slug = models.SlugField(max_length=80)
    former_slugs = models.JSONField(default=list, blank=True, editable=False)
    label = models.CharField(max_length=300, help_text="The exact words in the product.")
    covers = models.TextField(help_text="Which data it is about.")
    data_kinds = models.JSONField(default=list)
    audience = models.CharField(max_length=120, default="everyone")
    region = models.CharField(max_length=120, default="worldwide")
    path = models.CharField(max_length=500, blank=True, help_text="Menu path, parts joined by ›.")
    route = models.CharField(max_length=20, choices=Route)
    reach = models.CharField(max_length=20, choices=Reach, default=Reach.UNSTATED)
    deep_link = models.URLField(max_length=1000, blank=True)
    pages = models.ManyToManyField(
        Page, blank=True, related_name="settings", help_text="Pages this rests on."
    )
    note = models.TextField(blank=True)

    objects = SettingQuerySet.as_manager()

    class Meta(Declared.Meta):
        abstract = False
        ordering = ("platform", "slug")
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "slug"], name="setting_slug_once_per_platform"
            ),
            one_of("route", Route),
            one_of("reach", Reach),
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.label}"

    def has_been(self, slug: str) -> bool:
        """Whether this setting has a slug, or had it."""
        return slug == self.slug or slug in self.former_slugs


class StateQuerySet(models.QuerySet["State"]):
    def on(self, day: dt.date) -> StateQuerySet:
        """States in force on a day: starts_on is included, ends_on is not."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gt=day)
        )

    def turned_by(self, entries: Iterable[Entry]) -> StateQuerySet:
        """States that one of these entries opened or closed."""
        changed_by = list(entries)
        return self.filter(Q(opened_by__in=changed_by) | Q(closed_by__in=changed_by))

    def today(self) -> StateQuerySet:
        return self.on(timezone.localdate())

    def dated(self) -> StateQuerySet:
        """States whose first day is known."""
        return self.filter(starts_on__isnull=False)

    def turned_on_lately(self, today: dt.date, count: int) -> StateQuerySet:
        """The latest states in which use is on, one for each platform, the latest first.

        A state that follows another kind of "on" is left out: nothing was turned on then.
        """
        before = State.objects.filter(
            setting=OuterRef("setting"), ends_on=OuterRef("starts_on"), value__in=IN_USE
        )
        newest = Window(
            RowNumber(),
            partition_by=F("setting__platform"),
            order_by=(F("starts_on").desc(), F("setting").asc()),
        )
        return (
            self.on(today)
            .dated()
            .filter(~Exists(before), value__in=IN_USE, setting__platform__listed=True)
            .annotate(newest=newest)
            .filter(newest=1)
            .select_related("setting__platform")
            .order_by("-starts_on", "setting")[:count]
        )

    def of_settings(self, settings: Iterable[Setting]) -> StateQuerySet:
        """All states of these settings in their order, with the entries that opened them."""
        return self.filter(setting__in=list(settings)).select_related("opened_by")

    def flow_by_month(self, until: dt.date) -> dict[tuple[dt.date, StateValue], int]:
        """Count the dated states that began in each month, minus those that ended."""
        dated = self.order_by().dated()
        begun = dated.filter(starts_on__lte=until).annotate(month=TruncMonth("starts_on"))
        ended = dated.filter(ends_on__lte=until).annotate(month=TruncMonth("ends_on"))
        counted = begun.values_list("month", "value").annotate(count=Count("pk"))
        uncounted = ended.values_list("month", "value").annotate(count=-Count("pk"))
        flow: dict[tuple[dt.date, StateValue], int] = defaultdict(int)
        for month, value, count in counted.union(uncounted, all=True):
            flow[month, StateValue(value)] += count
        return dict(flow)


class State(CleanTexts):
    """The value of a setting from starts_on up to, but not including, ends_on.

    starts_on is empty when the first day is not known, ends_on while the state lasts. The database
    refuses overlapping states of one setting (consent/models/state_overlap.py).
    """

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="states")
    value = models.CharField(max_length=20, choices=StateValue)
    starts_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    starts_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    ends_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    ends_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    disputed = models.BooleanField(default=False, help_text="Sources disagree; the note says how.")
    note = models.TextField(blank=True)
    opened_by = models.ForeignKey(
        "consent.Entry", models.SET_NULL, null=True, blank=True, related_name="opened_states"
    )
    closed_by = models.ForeignKey(
        "consent.Entry", models.SET_NULL, null=True, blank=True, related_name="closed_states"
    )

    objects = StateQuerySet.as_manager()

    class Meta:
        ordering = ("setting", F("starts_on").asc(nulls_first=True))
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="state_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["setting"], name="state_one_open", condition=Q(ends_on=None)
            ),
            one_of("value", StateValue),
        ]

    def __str__(self) -> str:
        return f"{self.setting}: {self.get_value_display()} since {self.starts_on or 'unknown'}"

    @property
    def value_word(self) -> StateValue:
        return StateValue(self.value)
