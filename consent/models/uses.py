"""Use: what is done with data. Branch: for whom and where. State: what holds from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.db.models import Case, Exists, F, Min, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import TruncDate

from consent.models.people import ForPeople
from consent.models.source_marks import SourceTracked
from consent.vocabulary import (
    TRAINING_PURPOSES,
    Basis,
    Earlier,
    Precision,
    PublicationStatus,
    Purpose,
    SinceIs,
    StateValue,
    Why,
)
from platforms.constraints import one_of
from platforms.days import require_within_bounds
from platforms.models import CleanTexts, Declared, Page, Platform


class UseQuerySet(models.QuerySet["Use"]):
    def published(self) -> UseQuerySet:
        return self.filter(status=PublicationStatus.PUBLISHED)

    def training(self) -> UseQuerySet:
        """Uses that count as training."""
        return self.filter(purpose__in=TRAINING_PURPOSES)

    def with_days_known(self) -> UseQuerySet:
        """Annotate with the days from which something is known about a use; None without.

        entered_on: of its first published entry. sourced_on, entry_sourced_on: of the first dated
        source of one of its states, and of those entries. An undated first state answers for no
        earlier day: nothing was known then.
        """
        from consent.models.entries import Entry
        from consent.models.sources import Source

        # What is listed under a day that is due was known when it was published.
        published_on = TruncDate("published_at", tzinfo=dt.UTC)
        known_on = Case(When(timeline_on=F("due_on"), then=published_on), default="timeline_on")
        entries = Entry.objects.published().filter(uses=OuterRef("pk")).order_by().values("uses")
        sources = Source.objects.filter(state__branch__use=OuterRef("pk")).order_by()
        of_entries = (
            Source.objects.filter(entry__uses=OuterRef("pk"))
            .filter(entry__status=PublicationStatus.PUBLISHED)
            .order_by()
        )
        return self.annotate(
            entered_on=Subquery(entries.annotate(day=Min(known_on)).values("day")),
            sourced_on=Subquery(
                sources.values("state__branch__use").annotate(day=Min("published_on")).values("day")
            ),
            entry_sourced_on=Subquery(
                of_entries.values("entry__uses").annotate(day=Min("published_on")).values("day")
            ),
        )

    def with_history(self) -> UseQuerySet:
        """Uses with their branches and every state they had."""
        states = State.objects.select_related("opened_by")
        branches = Branch.objects.prefetch_related(Prefetch("states", states))
        return self.select_related("platform").prefetch_related(Prefetch("branches", branches))


class Use(SourceTracked, Declared):
    """What is done with people's data, for one purpose. Its title says what happens."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="uses")
    slug = models.SlugField(max_length=80)
    former_slugs = models.JSONField(default=list, blank=True, editable=False)
    title = models.CharField(
        max_length=80,
        help_text="What happens, as a sentence in the present tense: never the name of a switch.",
    )
    title_if_not = models.CharField(
        max_length=80, blank=True, help_text="The sentence for where it does not happen."
    )
    titles = models.JSONField(
        default=dict,
        blank=True,
        help_text="title and title_if_not by language, besides English.",
    )
    short = models.JSONField(
        default=dict,
        blank=True,
        help_text="A phrase by language that names the use where an answer depends on the use.",
    )
    purpose = models.CharField(max_length=24, choices=Purpose)
    part = models.CharField(
        max_length=80, blank=True, help_text="The part of the product that it is limited to."
    )
    trained_by = models.CharField(
        max_length=80, blank=True, help_text="Who trains, where that is not the operator."
    )
    covers = models.TextField(help_text="Which data it is about, and which not.")
    data_kinds = models.JSONField(default=list)
    pages = models.ManyToManyField(
        Page, blank=True, related_name="uses", help_text="Pages this rests on."
    )
    position = models.PositiveSmallIntegerField(
        default=0, help_text="Its weight on the platform: the use that matters most is first."
    )
    note = models.TextField(blank=True)
    status = models.CharField(
        max_length=10, choices=PublicationStatus, default=PublicationStatus.DRAFT
    )
    status_reason = models.CharField(
        max_length=300, blank=True, help_text="Why draft or retracted."
    )

    objects = UseQuerySet.as_manager()

    class Meta(Declared.Meta):
        abstract = False
        ordering = ("platform", "position", "slug")
        permissions = (
            ("publish_record", "Can publish, change and withdraw uses, controls and guides"),
        )
        constraints = [
            models.UniqueConstraint(fields=["platform", "slug"], name="use_slug_once_per_platform"),
            one_of("purpose", Purpose),
            one_of("status", PublicationStatus),
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.title}"

    @property
    def is_training(self) -> bool:
        return self.purpose in TRAINING_PURPOSES

    def has_been(self, slug: str) -> bool:
        """Whether this use has a slug, or had it."""
        return slug == self.slug or slug in self.former_slugs


class Branch(ForPeople, CleanTexts):
    """The people in some places for whom one history of states holds."""

    use = models.ForeignKey(Use, models.CASCADE, related_name="branches")
    position = models.PositiveSmallIntegerField(default=0)
    who_narrows = models.BooleanField(
        default=False,
        help_text="The group in words is a part of these people and plans, not all of them.",
    )
    adults = models.BooleanField(default=False, help_text="The source speaks of adults only.")
    only_kinds = models.JSONField(
        default=list,
        blank=True,
        help_text="Kinds of data that its source names, if fewer than the use has.",
    )
    former_slugs = models.JSONField(
        default=list, blank=True, help_text="Slugs whose addresses lead to this branch."
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("use", "position")
        constraints = [
            models.UniqueConstraint(fields=["use", "position"], name="branch_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.use} ({self.position + 1})"


class StateQuerySet(models.QuerySet["State"]):
    def of_uses(self, uses: Iterable[Use]) -> StateQuerySet:
        """All states of these uses in their order, with the entries that opened them."""
        return self.filter(branch__use__in=list(uses)).select_related("branch", "opened_by")


class State(CleanTexts):
    """What a use is, for one branch, from starts_on until the next state of the branch begins.

    starts_on is empty only for a first state whose start is not known. A state is never
    overwritten. One that an entry opens which is due and not yet seen is pending: the state before
    it goes on.
    """

    branch = models.ForeignKey(Branch, models.CASCADE, related_name="states")
    value = models.CharField(max_length=20, choices=StateValue)
    starts_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    starts_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    since_is = models.CharField(max_length=12, choices=SinceIs, default=SinceIs.EXACT)
    opened_by = models.ForeignKey(
        "consent.Entry", models.SET_NULL, null=True, blank=True, related_name="opened_states"
    )
    basis = models.CharField(
        max_length=10, choices=Basis, blank=True, help_text="For a state that no entry opens."
    )
    said_by = models.CharField(
        max_length=160, blank=True, help_text="Who says so, where that is not the operator."
    )
    why = models.CharField(
        max_length=20, choices=Why, blank=True, help_text="Why it is unclear, if it is."
    )
    earlier = models.CharField(
        max_length=20,
        choices=Earlier,
        blank=True,
        help_text="What became of data given while it was on. Left empty: not known.",
    )
    disputed = models.BooleanField(default=False, help_text="Sources disagree; the note says how.")
    note = models.TextField(blank=True)

    objects = StateQuerySet.as_manager()

    class Meta:
        ordering = ("branch", F("starts_on").asc(nulls_first=True))
        constraints = [
            models.UniqueConstraint(fields=["branch", "starts_on"], name="state_begins_once"),
            models.UniqueConstraint(
                fields=["branch"], name="state_one_undated", condition=Q(starts_on=None)
            ),
            one_of("value", StateValue),
            one_of("since_is", SinceIs),
            one_of("basis", Basis),
            one_of("why", Why),
            one_of("earlier", Earlier),
        ]

    def __str__(self) -> str:
        since = self.starts_on or "unknown"
        return f"{self.branch.use}: {self.get_value_display()} since {since}"

    @property
    def value_word(self) -> StateValue:
        return StateValue(self.value)

    @property
    def is_pending(self) -> bool:
        """Whether it was announced for a day and has not been seen yet."""
        entry = self.opened_by
        return entry is not None and entry.due_on is not None and entry.effective_on is None


def followed(states: StateQuerySet) -> StateQuerySet:
    """Those of these states after which another state of the same branch begins."""
    same_branch = State.objects.filter(branch=OuterRef("branch"))
    later = same_branch.filter(starts_on__gt=OuterRef("starts_on"))
    dated = same_branch.filter(starts_on__isnull=False)
    return states.filter(
        Q(Exists(later), starts_on__isnull=False) | Q(Exists(dated), starts_on__isnull=True)
    )
