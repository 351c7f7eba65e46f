"""Change: two snapshots that differ. Suggestion: a machine's view. Decision: a curator's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from consent.models.controls import Control
from consent.models.entries import Entry
from consent.models.guides import Guide
from consent.models.uses import Use
from consent.vocabulary import (
    ChangeStatus,
    Direction,
    DismissReason,
    Effect,
    NoSuggestion,
    PublicationStatus,
    Ruling,
)
from platforms.append_only import AppendOnly
from platforms.constraints import one_of
from platforms.days import require_within_bounds
from platforms.models import Document, Page, Platform, Snapshot

#: Platforms that count as important: those with the most entries. Chosen: a third of them.
IMPORTANT_PLATFORMS = 20
#: How long a decision can be undone. Mails wait as long (consent/alerts/fan_out/announce.py).
UNDO_FOR = dt.timedelta(minutes=10)
UNDOABLE = (
    Ruling.PUBLISH,
    Ruling.PROPOSE,
    Ruling.REVIEW,
    Ruling.DISMISS,
    Ruling.MERGE,
    Ruling.SNOOZE,
    Ruling.CHANGE,
    Ruling.WITHDRAW,
)
#: What a decision can be about besides a change and an entry: its fields by their names.
RECORDS = ("use", "control", "guide")
#: Changes that any curator may still decide on.
UNDECIDED = (ChangeStatus.WAITING, ChangeStatus.SNOOZED)

_DIRECTION_WEIGHTS = {
    Direction.LESS_CONTROL: 4.0,
    Direction.MIXED: 3.0,
    Direction.MORE_CONTROL: 2.0,
    Direction.NEUTRAL: 1.0,
}


def _weight() -> models.Expression:
    """Direction times confidence and importance for what may be relevant, then doubts."""
    direction: Any = Case(
        *(
            When(suggestion__direction=name, then=Value(weight))
            for name, weight in _DIRECTION_WEIGHTS.items()
        ),
        default=Value(1.0),
    )
    meaning: Any = Case(
        When(suggestion__relevant=True, then=direction * F("suggestion__confidence")),
        # A change without a suggestion may be anything; one found not relevant is probably noise.
        When(suggestion=None, then=Value(0.9)),
        default=(Value(1.0) - F("suggestion__confidence")) * Value(0.5),
        output_field=models.FloatField(),
    )
    weight: models.Expression = meaning
    may_matter = ~Q(suggestion__relevant=False)
    for condition, points in (
        (may_matter & Q(page__platform__in=important_platforms()), 0.6),
        (may_matter & Q(confirmed_at__isnull=False), 0.4),
        (Q(reverted_at__isnull=False), -1.0),
        (Q(burst=True), -0.5),
        (Q(page__flapping_since__isnull=False), -0.5),
    ):
        weight = weight + Case(When(condition, then=Value(points)), default=Value(0.0))
    return weight


def important_platforms(count: int = IMPORTANT_PLATFORMS) -> models.QuerySet[Any, int]:
    """The platforms with the most entries, for want of a better measure of importance."""
    counted = Entry.objects.published().exclude(platforms=None).order_by().values("platforms")
    most = counted.annotate(entries=models.Count("pk")).order_by("-entries", "platforms")
    return most.values_list("platforms", flat=True)[:count]


#: Percent of the characters before, up to and from which a change is named for its size. Chosen.
MUCH_SHORTER, MUCH_LONGER = 50, 300


class ChangeQuerySet(models.QuerySet["Change"]):
    def waiting(self) -> ChangeQuerySet:
        """The curators' queue: undecided, or snoozed until a day that has come."""
        return self.filter(
            Q(status=ChangeStatus.WAITING)
            | Q(status=ChangeStatus.SNOOZED, snoozed_until__lte=timezone.localdate())
        )

    def for_desk(self) -> ChangeQuerySet:
        """Changes with everything that the desk's list and item pages show."""
        return self.select_related(
            *("page__platform", "suggestion", "assignment__person"),
            *("before_document", "after_document", "before", "after"),
        )

    def for_item(self) -> ChangeQuerySet:
        """Changes for their own page: most that wait have no decisions and no notes to ask for."""
        from consent.models.desk_work import DeskNote

        return self.for_desk().annotate(
            has_decisions=Exists(Decision.objects.filter(change=OuterRef("pk"))),
            has_notes=Exists(DeskNote.objects.filter(change=OuterRef("pk"))),
        )

    def by_weight(self) -> ChangeQuerySet:
        """What matters most to people first (see `_weight`), then what has waited longest."""
        return self.annotate(weight=_weight()).order_by(F("weight").desc(), "detected_at", "pk")

    def of_weight(self, least: float) -> ChangeQuerySet:
        """Changes that weigh so much or more, in the order of the queue."""
        weighed: ChangeQuerySet = self.annotate(weight=_weight()).filter(weight__gte=least)
        return weighed.order_by(F("weight").desc(), "detected_at", "pk")

    def earlier_on_page(self, change: Change) -> ChangeQuerySet:
        """Changes of the same page that were observed before this one, the latest first."""
        return self.filter(page=change.page_id, observed_to__lt=change.observed_to).order_by(
            "-observed_to"
        )

    def cited_by(self, entry: Entry) -> ChangeQuerySet:
        """Changes of which an entry cites both captures.

        One of them may have another entry: the page then told two events at once.
        """
        return self.filter(
            after__cited_by__entry=entry, before=F("after__cited_by__snapshot_before")
        ).distinct()

    def without_suggestion(self) -> ChangeQuerySet:
        """Changes whose suggestion is still to be made; not those that get none."""
        return self.filter(suggestion=None, no_suggestion="")


class Change(models.Model):
    """Two consecutive snapshots of a page whose Documents differ beyond noise. Not public."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="changes")
    before = models.ForeignKey(Snapshot, models.PROTECT, related_name="changes_after")
    after = models.OneToOneField(Snapshot, models.PROTECT, related_name="change")
    before_document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    after_document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    observed_from = models.DateTimeField(help_text="Last visit that found the page unchanged.")
    observed_to = models.DateTimeField(help_text="First visit that found it changed.")
    seen_again_at = models.DateTimeField(
        null=True, blank=True, help_text="A second look, minutes later, found it still changed."
    )
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="A look one cycle later found it still changed."
    )
    reverted_at = models.DateTimeField(
        null=True, blank=True, help_text="A later visit found the page back as it was."
    )
    repeats = models.PositiveIntegerField(
        default=1, help_text="How often the page changed in this way, back and forth."
    )
    percent_left = models.PositiveIntegerField(
        default=100, help_text="Characters of the new text, in percent of the text before."
    )
    gist = models.CharField(
        max_length=300, blank=True, help_text="How many words differ, where, and a sentence of it."
    )
    burst = models.BooleanField(
        default=False, help_text="Many pages changed at once: perhaps our own doing."
    )
    status = models.CharField(max_length=10, choices=ChangeStatus, default=ChangeStatus.WAITING)
    snoozed_until = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="changes")
    detected_at = models.DateTimeField(default=timezone.now)
    suggestion_attempts = models.PositiveSmallIntegerField(default=0)
    no_suggestion = models.CharField(
        max_length=10,
        choices=NoSuggestion,
        blank=True,
        help_text="Why the machine makes no suggestion; empty while one may still come.",
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-detected_at",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=models.F("after")), name="change_between_two_snapshots"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "merged", "proposed"])
                | Q(entry__isnull=False),
                name="change_published_has_entry",
            ),
            one_of("status", ChangeStatus),
            one_of("no_suggestion", NoSuggestion),
        ]
        indexes = [
            # Read by the curators' queue.
            models.Index(
                fields=["-detected_at"],
                name="change_waiting",
                condition=Q(status__in=["waiting", "snoozed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page}, {self.observed_to:%Y-%m-%d}"

    @property
    def further_entries(self) -> models.QuerySet[Entry]:
        """Entries about something else that it tells: they cite both of its captures."""
        citing = Entry.objects.filter(
            sources__snapshot=self.after_id, sources__snapshot_before=self.before_id
        )
        return citing.exclude(pk=self.entry_id or 0).order_by("pk").distinct()

    @property
    def in_brief(self) -> str:
        """What the machine reads in it, or else what differs."""
        suggestion = getattr(self, "suggestion", None)
        if self.is_being_read:
            return "Being read"
        return (suggestion and suggestion.headline) or self.gist or "Read the difference"

    @property
    def is_being_read(self) -> bool:
        """Whether its suggestion is still to be made (`without_suggestion`)."""
        return not self.no_suggestion and getattr(self, "suggestion", None) is None

    @property
    def size_words(self) -> str:
        """What the text became, if that is the first thing to know about the change; else ""."""
        if self.percent_left <= MUCH_SHORTER:
            return f"Much shorter ({self.percent_left} % of before)"
        if self.percent_left >= MUCH_LONGER:
            return f"Much longer ({self.percent_left / 100:.0f} times)"
        return ""


#: Below this confidence the desk says "not sure"; three in four are right from here on.
SURE_FROM = 0.75
#: Below this one its headline asks instead of telling, and no state is filled in.
ASKS_BELOW = 0.6


class Suggestion(models.Model):
    """What the classifier thinks a Change does. Machines suggest; they never publish."""

    change = models.OneToOneField(Change, models.CASCADE, related_name="suggestion")
    classifier_version = models.PositiveIntegerField()
    relevant = models.BooleanField()
    effects = models.JSONField(default=list)
    direction = models.CharField(max_length=20, choices=Direction)
    confidence = models.FloatField()
    title = models.CharField(max_length=200, blank=True)
    passages = models.JSONField(default=list)
    dates = models.JSONField(default=list)
    settings = models.JSONField(default=list, help_text="Slugs of settings the words name.")
    trace = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1),
                name="suggestion_confidence_is_share",
            ),
            one_of("direction", Direction),
        ]

    def __str__(self) -> str:
        return ", ".join(self.effects) or ("relevant" if self.relevant else "not relevant")

    @property
    def is_sure(self) -> bool:
        """Whether the machine holds its own view for likely enough to go by."""
        return self.confidence >= SURE_FROM

    @property
    def nothing_found(self) -> str:
        """What the desk says of a change that is relevant to nothing."""
        if self.change.percent_left >= MUCH_LONGER:
            return "most of the text is new"
        return "not about training"

    @property
    def asks(self) -> bool:
        """Whether the headline asks instead of telling."""
        return self.confidence < ASKS_BELOW

    @property
    def headline(self) -> str:
        """What the desk shows of the change in one sentence."""
        if not (self.title and self.asks):
            return self.title
        is_about_whom = self.effects and {*self.effects} <= {
            Effect.SCOPE_WIDENED,
            Effect.SCOPE_NARROWED,
        }
        question = "Check who is covered:" if is_about_whom else "Is this so?"
        return f"{question} {self.title}"

    @property
    def concerned(self) -> list[str]:
        """The uses and controls of the catalog that the change seems to be about, in words."""
        if not self.settings:
            return []
        platform = self.change.page.platform_id
        uses = Use.objects.filter(platform=platform).order_by()
        controls = Control.objects.filter(platform=platform).order_by()
        named = uses.values_list("slug", "former_slugs", "title", Value("")).union(
            controls.values_list("slug", "former_slugs", "label", "name"), all=True
        )
        slugs = set(self.settings)
        return [title or name for slug, former, title, name in named if slugs & {slug, *former}]

    @property
    def effect_labels(self) -> list[str]:
        """The effects in words; an effect that no longer exists is shown as stored."""
        labels = dict(Effect.choices)
        return [str(labels.get(effect, effect)) for effect in self.effects]


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> DecisionQuerySet:
        """Decisions that nobody undid."""
        return self.exclude(ruling=Ruling.UNDO).filter(undone_by=None)

    def of_late(self, curator: Any, now: dt.datetime) -> DecisionQuerySet:
        """A curator's own decisions of the last ten minutes (UNDO_FOR), even if undone."""
        return self.filter(curator=curator, decided_at__gt=now - UNDO_FOR)

    def undoable(self, curator: Any, now: dt.datetime) -> DecisionQuerySet:
        """A curator's own decisions that can still be undone, the latest first."""
        later = Decision.objects.filter(pk__gt=OuterRef("pk"))
        since = Exists(later.filter(change=OuterRef("change")))
        since_without = Exists(later.filter(entry=OuterRef("entry")))
        found = (
            self.standing()
            .of_late(curator, now)
            .filter(ruling__in=UNDOABLE)
            .exclude(since)
            .exclude(since_without, change__isnull=True)
        )
        for name in RECORDS:
            found = found.exclude(Exists(later.filter(**{name: OuterRef(name)})))
        return found.select_related("change__page__platform", "entry", *RECORDS)

    def for_second_reviewer(self) -> DecisionQuerySet:
        """Changes of public records that wait for a second editor because a platform asks for one.

        They wait until another editor reviews or changes the record. With the record.
        """
        public = Q()
        for name in RECORDS:
            status, asks = f"{name}__status", f"{name}__platform__second_review"
            public |= Q(**{status: PublicationStatus.PUBLISHED, asks: True})
        found = self.standing().filter(public, ruling=Ruling.CHANGE)
        by_others = (
            Decision.objects.standing()
            .filter(ruling__in=(Ruling.REVIEW, Ruling.CHANGE), pk__gt=OuterRef("pk"))
            .exclude(curator=OuterRef("curator"))
        )
        for name in RECORDS:
            found = found.exclude(Exists(by_others.filter(**{name: OuterRef(name)})))
        return found.select_related("curator", *(f"{name}__platform" for name in RECORDS))

    def merges_for_second_reviewer(self) -> DecisionQuerySet:
        """Merges into public entries that wait for a second editor because a platform asks for one.

        The comparison of a merged change is on the page of its entry. What was confirmed together
        with the entry was seen by two.
        """
        asking = Platform.objects.asking_for_second_review().filter(entries=OuterRef("entry"))
        looked = Decision.objects.standing().filter(
            entry=OuterRef("entry"), ruling=Ruling.REVIEW, pk__gt=OuterRef("pk")
        )
        return (
            self.standing()
            .filter(Exists(asking), ruling=Ruling.MERGE, change__entry=F("entry"))
            .filter(entry__status=PublicationStatus.PUBLISHED)
            .exclude(held__has_key="told_together")
            .exclude(Exists(looked.exclude(curator=OuterRef("curator"))))
            .select_related("curator", "entry", "change__page__platform")
        )

    def last_words(self) -> DecisionQuerySet:
        """The decision in force for each change: the latest that was not undone."""
        ruled = self.standing().exclude(ruling=Ruling.CONFIRM)
        later = (
            Decision.objects.standing()
            .exclude(ruling=Ruling.CONFIRM)
            .filter(change=OuterRef("change"), pk__gt=OuterRef("pk"))
        )
        return ruled.filter(change__isnull=False).exclude(Exists(later))


def _about_one_thing() -> Q:
    """A change or an entry (or an entry for a change), or else a use, a control or a guide."""
    of_no_record = Q(**dict.fromkeys(RECORDS))
    condition = of_no_record & (Q(change__isnull=False) | Q(entry__isnull=False))
    for name in RECORDS:
        others = {other: None for other in (*RECORDS, "change", "entry") if other != name}
        condition |= Q(**{f"{name}__isnull": False}, **others)
    return condition


class Decision(AppendOnly):
    """What a curator decided, when and why: on a Change, an Entry, a Use, a Control or a Guide.

    Append-only. What it changed for readers is in the versions of its act. held: what undoing needs
    of changes and drafts, which have no versions (consent/curation/decision_state.py).
    """

    change = models.ForeignKey(
        Change, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    ruling = models.CharField(max_length=10, choices=Ruling)
    reason = models.CharField(max_length=20, choices=DismissReason, blank=True)
    note = models.TextField(blank=True)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    use = models.ForeignKey(Use, models.PROTECT, null=True, blank=True, related_name="decisions")
    control = models.ForeignKey(
        Control, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    guide = models.ForeignKey(
        Guide, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    curator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(default=timezone.now)
    act = models.UUIDField(
        null=True, blank=True, editable=False, help_text="Of the versions that it led to."
    )
    held = models.JSONField(default=dict, blank=True, editable=False)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    batch = models.UUIDField(
        null=True, blank=True, editable=False, help_text="Shared by what was decided together."
    )

    objects = DecisionQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        abstract = False
        ordering = ("-decided_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(ruling="dismiss") | ~Q(reason=""), name="decision_dismiss_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(ruling__in=["publish", "merge", "propose", "return", "review"])
                | Q(change=None)
                | Q(entry__isnull=False),
                name="decision_publish_has_entry",
            ),
            models.CheckConstraint(condition=_about_one_thing(), name="decision_about_something"),
            models.CheckConstraint(
                condition=Q(ruling="undo", undoes__isnull=False)
                | (~Q(ruling="undo") & Q(undoes=None)),
                name="decision_undo_names_what",
            ),
            one_of("ruling", Ruling),
            one_of("reason", DismissReason),
        ]
        indexes = [
            # Read by the undo bar of every desk page.
            models.Index(fields=["curator", "-decided_at"], name="decision_latest_of_curator"),
            # Read where a batch is undone.
            models.Index(
                fields=["batch"], name="decision_of_batch", condition=Q(batch__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ruling_display()}: {self.about}"

    @property
    def record(self) -> Use | Control | Guide | None:
        """The use, control or guide that it is about, if it is about one."""
        return self.use or self.control or self.guide

    @property
    def about(self) -> Any:
        return self.change or self.entry or self.record

    @property
    def undo_until(self) -> dt.datetime:
        return self.decided_at + UNDO_FOR
