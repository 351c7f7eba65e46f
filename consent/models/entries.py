"""Entry: a record on the timeline. Reference: a law or a regulator that entries name."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings as configured
from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncQuarter
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify

from consent.models.controls import Control
from consent.models.people import ForPeople
from consent.models.uses import Use
from consent.vocabulary import (
    ENFORCEMENT_EFFECTS,
    TRAINING_PURPOSES,
    Basis,
    Confidence,
    Direction,
    Effect,
    EffectPrecision,
    Precision,
    PublicationStatus,
    Purpose,
    ReferenceKind,
    RevisionKind,
    Topic,
)
from platforms.constraints import one_of
from platforms.days import require_within_bounds
from platforms.models import Declared, Platform
from platforms.record_versions import Shown


class Reference(Declared):
    """A regulator, court, law or watchdog that entries name."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, choices=ReferenceKind)
    place = models.CharField(max_length=10, help_text="Its country, or EU: a code.")
    url = models.URLField(max_length=500)

    class Meta(Declared.Meta):
        abstract = False
        ordering = ("name",)
        constraints = [one_of("kind", ReferenceKind)]

    def __str__(self) -> str:
        return self.name


class EntryQuerySet(models.QuerySet["Entry"]):
    def published(self) -> EntryQuerySet:
        return self.filter(status=PublicationStatus.PUBLISHED)

    def reviewed_twice(self) -> EntryQuerySet:
        """Entries that two editors have reviewed."""
        return self.filter(second_reviewer__isnull=False)

    def awaiting_second_review(self) -> EntryQuerySet:
        """Drafts that one editor has approved and that wait for a second, the oldest first."""
        return self.filter(status=PublicationStatus.DRAFT, reviewer__isnull=False).order_by(
            "reviewed_at"
        )

    def on_record(self) -> EntryQuerySet:
        """Entries that have a public page: published ones, and those retracted after that."""
        return self.filter(
            published_at__isnull=False,
            status__in=(PublicationStatus.PUBLISHED, PublicationStatus.RETRACTED),
        )

    def newest_first(self, by: str = "timeline_on") -> EntryQuerySet:
        """Timeline order: by the date that matters to people, then by key for a stable order.

        by, here and below: the field that entries are ordered, parted and counted by.
        """
        return self.order_by(F(by).desc(), "key")

    def listing(self, field: str, *values: str) -> EntryQuerySet:
        """Entries whose JSON list (effects, data_kinds, places) contains one of these values.

        As text, since SQLite cannot ask that of JSON. SQLite keeps the JSON that Python wrote,
        with escapes for letters beyond ASCII; PostgreSQL writes them out.
        """
        as_text = f"{field}_text"
        held = Q()
        for value in values:
            held |= Q(**{f"{as_text}__contains": json.dumps(value)})
            held |= Q(**{f"{as_text}__contains": f'"{value}"'})
        found: EntryQuerySet = self.annotate(**{as_text: Cast(field, models.TextField())})
        return found.filter(held)

    def between(self, first: dt.date, last: dt.date) -> EntryQuerySet:
        """Entries sorted under a day from first to last."""
        return self.filter(timeline_on__range=(first, last))

    def per_direction(self) -> dict[Direction, int]:
        """The number of entries for each direction."""
        counted = self.order_by().values_list("direction").annotate(Count("pk"))
        return {Direction(direction): count for direction, count in counted}

    def busiest_platforms(self, count: int) -> list[int]:
        """The keys of the listed platforms that most of these entries are about, most first."""
        named = self.filter(platforms__listed=True).order_by()
        counted = named.values_list("platforms", "platforms__name").annotate(number=Count("pk"))
        return [pk for pk, *_ in counted.order_by("-number", "platforms__name")[:count]]

    def per_quarter_of(
        self, platforms: Iterable[Platform]
    ) -> dict[tuple[int, dt.date, Direction], int]:
        """How many entries these platforms had, by quarter and direction."""
        counted = (
            self.filter(platforms__in=list(platforms))
            .order_by()
            .annotate(quarter=TruncQuarter("timeline_on"))
            .values_list("platforms", "quarter", "direction")
            .annotate(Count("pk"))
        )
        return {
            (platform, quarter, Direction(direction)): count
            for platform, quarter, direction, count in counted
        }

    def with_notice(self) -> EntryQuerySet:
        """Entries whose days of announcement and of effect are both known, with told_on.

        told_on: the day of the announcement, from the entry itself or else from the earliest entry
        that announced it.
        """
        day = Precision.DAY
        earliest = (
            Entry.objects.published()
            .filter(outcome=OuterRef("pk"), announced_on__isnull=False)
            .order_by("announced_on", "key")
        )
        known = Case(
            When(announced_on__isnull=False, announced_precision=day, then="announced_on"),
            When(
                announced_on=None,
                # Without this SQLite may go through all entries for each that nobody announced.
                pk__in=Entry.objects.filter(outcome__isnull=False).order_by().values("outcome"),
                then=Subquery(
                    earliest.values(
                        told_on=Case(When(announced_precision=day, then="announced_on"))
                    )[:1]
                ),
            ),
            output_field=models.DateField(),
        )
        dated: EntryQuerySet = self.filter(effective_precision=day).annotate(told_on=known)
        return dated.filter(Q(effective_on__isnull=False) & Q(told_on__isnull=False))

    def spread_of_notice(self) -> dict[int, int]:
        """How many entries had how many days between announcement and effect."""
        notice = ExpressionWrapper(
            F("effective_on") - F("told_on"), output_field=models.DurationField()
        )
        counted = self.with_notice().order_by().annotate(notice=notice).values_list("notice")
        return {notice.days: count for notice, count in counted.annotate(Count("pk"))}

    def corrections(self) -> EntryQuerySet:
        """Published entries in which we correct ourselves, newest first."""
        return self.for_timeline().listing("effects", Effect.CORRECTION)

    def retracted(self) -> EntryQuerySet:
        """Entries that were published and then retracted, the latest first."""
        return self.filter(status=PublicationStatus.RETRACTED, published_at__isnull=False).order_by(
            "-updated_at"
        )

    def announced(self, today: dt.date) -> EntryQuerySet:
        """Entries that are not in effect on a day, as far as is known, and were not called off.

        What is due counts until an outcome is on record, even when its day has passed.
        """
        return self.filter(_not_yet(today)).exclude(_put_off())

    def in_effect(self, today: dt.date) -> EntryQuerySet:
        """Entries in effect on a day; one without an effective date counts unless announced."""
        return self.exclude(_not_yet(today)).exclude(_put_off())

    def put_off(self) -> EntryQuerySet:
        """Entries about a postponement, pause or withdrawal, or put off by a later entry."""
        return self.filter(_put_off())

    def corrected(self) -> EntryQuerySet:
        """Published entries that we corrected in public."""
        return self.filter(_revised_as(RevisionKind.CORRECTION))

    def counted(self) -> EntryQuerySet:
        """Entries that count as events; those of the topic "other" never do."""
        return self.exclude(topic=Topic.OTHER)

    def with_topics(self) -> EntryQuerySet:
        """Entries with what `subject` and `is_about_training` ask for."""
        training_first = Case(When(purpose__in=TRAINING_PURPOSES, then=0), default=1)
        uses = Use.objects.filter(entries=OuterRef("pk")).order_by(training_first, "purpose")
        found: EntryQuerySet = self.annotate(purpose_of_uses=Subquery(uses.values("purpose")[:1]))
        return found

    def about_training(self) -> EntryQuerySet:
        """Changes of training, and acts and suits about it; see Entry.is_about_training."""
        acts = Q(topic=Topic.ENFORCEMENT, purpose_of_uses__in=TRAINING_PURPOSES)
        return self.with_topics().filter(Q(topic=Topic.TRAINING) | acts)

    def for_rows(self) -> EntryQuerySet:
        """Entries with everything that a row of the timeline shows, and their number of sources."""
        from consent.models.sources import Source

        sources = Source.objects.filter(entry=OuterRef("pk")).order_by().values("entry")
        counted = Subquery(sources.annotate(count=Count("pk")).values("count"))
        found: EntryQuerySet = self.annotate(source_count=Coalesce(counted, 0))
        found = found.with_topics()
        return found.select_related("outcome").only(
            *("public_id", "title", "topic", "direction", "effects", "status", "origin", "basis"),
            *("result", "told", "outcome__status"),
            *("places", "except_places", "some_of", "people", "plans", "who"),
            *("announced_on", "announced_precision", "effective_on", "effective_precision"),
            *("decided_on", "decided_precision", "due_on", "due_precision"),
            *("deadline_on", "deadline_precision", "observed_to", "published_at", "timeline_on"),
        )

    def pks(self) -> models.QuerySet[Entry, int]:
        return self.values_list("pk", flat=True)

    def latest_published_first(self) -> EntryQuerySet:
        """Feed order: the latest published first, whatever date an entry is about."""
        return self.prefetch_related("platforms").order_by("-published_at", "key")

    def of_platform(self, slug: str) -> EntryQuerySet:
        return self.filter(platforms__slug=slug)

    def for_timeline(self) -> EntryQuerySet:
        """Published entries, newest first."""
        return self.published().newest_first()

    def upcoming(self, today: dt.date) -> EntryQuerySet:
        """Entries that take effect, or are due, after a day and have no outcome; farthest first."""
        found: EntryQuerySet = self.filter(_coming(today)).annotate(
            coming_on=Coalesce("effective_on", "due_on")
        )
        return found.order_by(F("coming_on").desc(), F("key").desc())

    def overdue(self, today: dt.date) -> EntryQuerySet:
        """Entries due by a day of which no outcome is on record, the longest overdue first.

        What was put off or called off is not among them.
        """
        due = self.announced(today).filter(effective_on=None, due_on__lte=today)
        settled = Q(outcome__status=PublicationStatus.PUBLISHED)
        return due.exclude(settled).exclude(_put_off()).order_by("due_on", "key")

    def with_deadline_from(self, today: dt.date) -> EntryQuerySet:
        """Entries whose last day to say no is today or later, the nearest first."""
        return self.filter(deadline_on__gte=today).order_by("deadline_on", "key")

    def so_far(self, today: dt.date) -> EntryQuerySet:
        """Entries that are not upcoming."""
        return self.exclude(pk__in=self.order_by().filter(_coming(today)).values("pk"))

    def from_day(self, day: dt.date, by: str = "timeline_on") -> EntryQuerySet:
        return self.filter(**{f"{by}__gte": _beginning(day, by)})

    def to_day(self, day: dt.date, by: str = "timeline_on") -> EntryQuerySet:
        return self.filter(**{f"{by}__lt": _beginning(day + dt.timedelta(days=1), by)})

    def per_month(self, by: str = "timeline_on") -> dict[dt.date, int]:
        """The number of entries in each month, by its first day; empty months are left out."""
        # Days are put together here: SQLite would call a function for each entry to find its month.
        days = self.exclude(**{by: None}).order_by().values_list(by)
        counted: Counter[dt.date] = Counter()
        for day, count in days.annotate(Count("pk", distinct=True)):
            counted[dt.date(day.year, day.month, 1)] += count
        return counted

    def older_than(self, entry: Entry, by: str = "timeline_on") -> EntryQuerySet:
        """Entries that follow this one in timeline order."""
        at = getattr(entry, by)
        return self.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "key__gt": entry.key}))

    def newer_than(self, entry: Entry) -> EntryQuerySet:
        """Entries that come before this one in timeline order."""
        return self.filter(
            Q(timeline_on__gt=entry.timeline_on)
            | Q(timeline_on=entry.timeline_on, key__lt=entry.key)
        )

    def for_change_page(self) -> EntryQuerySet:
        """Entries with their evidence: sources, passages, raw differences."""
        from consent.models.changes import Change
        from consent.models.revisions import Revision
        from consent.models.sources import Source

        sources = Source.objects.select_related("snapshot").prefetch_related("passages")
        standing = Entry.objects.published().newest_first()
        return self.select_related(
            "reviewer__shown_as", "second_reviewer__shown_as", "follows", "outcome"
        ).prefetch_related(
            "platforms",
            Prefetch("followed_by", standing),
            Prefetch("announcements", standing),
            "references",
            Prefetch("sources", sources),
            Prefetch("changes", Change.objects.select_related(*_COMPARED)),
            Prefetch("revisions", Revision.objects.select_related("editor__shown_as")),
        )


#: What is drawn of a change.
_COMPARED = ("page", "before", "after", "before_document", "after_document", "suggestion")


def _beginning(day: dt.date, by: str) -> dt.date | dt.datetime:
    """Return a day as it compares with a date field, or its first moment for a datetime field."""
    if isinstance(Entry._meta.get_field(by), models.DateTimeField):
        return dt.datetime.combine(day, dt.time(), dt.UTC)
    return day


def _not_yet(today: dt.date) -> Q:
    """Match what takes effect later, is due, or is only announced, and has no outcome yet."""
    announced = Entry.objects.listing("effects", Effect.ANNOUNCED).order_by().values("pk")
    waiting = Q(effective_on__gt=today) | Q(effective_on=None, due_on__isnull=False)
    settled = Entry.objects.filter(
        outcome__in=Entry.objects.published().exclude(waiting).order_by().values("pk")
    )
    return (waiting | Q(effective_on=None, pk__in=announced)) & ~Q(
        pk__in=settled.order_by().values("pk")
    )


def _coming(today: dt.date) -> Q:
    """Match what takes effect, or is due, after a day and was neither settled nor called off."""
    with_outcome = Entry.objects.filter(outcome__isnull=False).order_by()
    settled = with_outcome.filter(outcome__status=PublicationStatus.PUBLISHED)
    called_off = _calling_off().filter(follows__isnull=False)
    return (
        (Q(effective_on__gt=today) | Q(effective_on=None, due_on__gt=today))
        & ~Q(pk__in=settled.values("pk"))
        & ~Q(pk__in=called_off.values("follows"))
    )


def _put_off() -> Q:
    calling_off = _calling_off()
    return (
        Q(pk__in=_about_putting_off().values("pk"))
        | Q(pk__in=calling_off.exclude(follows=None).values("follows"))
        | Q(outcome__in=calling_off.values("pk"))
        | _revised_as(RevisionKind.POSTPONEMENT)
    )


def _calling_off() -> EntryQuerySet:
    """Published entries that say that something was put off, paused or withdrawn."""
    return _about_putting_off().published()


def _about_putting_off() -> EntryQuerySet:
    effects = (Effect.POSTPONED, Effect.PAUSED, Effect.WITHDRAWN)
    return Entry.objects.listing("effects", *effects).order_by()


def _revised_as(kind: RevisionKind) -> Q:
    from consent.models.revisions import Revision

    return Q(Exists(Revision.objects.standing().filter(entry=OuterRef("pk"), kind=kind)))


class Entry(ForPeople, Declared):
    """A published (or drafted) record on the timeline, one real-world event each.

    Dates never mix. Each has its own precision; timeline_on, the date it is sorted under, is the
    first known of effective, decided, announced, due, observed and published. Due is what was
    announced for a day and has not been seen; once seen, it becomes effective.
    """

    key = models.SlugField(
        max_length=120, unique=True, help_text="Stable name in catalog files; never changed."
    )
    public_id = models.CharField(max_length=10, unique=True, editable=False)
    title = models.CharField(max_length=140, help_text="One sentence, present tense, neutral.")
    summary = models.TextField()
    result = models.CharField(
        max_length=140,
        blank=True,
        help_text="What an act of an authority or a court decided, in a few words.",
    )
    platforms = models.ManyToManyField(Platform, related_name="entries")
    topic = models.CharField(max_length=12, choices=Topic, default=Topic.TRAINING)
    uses = models.ManyToManyField(Use, blank=True, related_name="entries")
    controls = models.ManyToManyField(Control, blank=True, related_name="entries")
    references = models.ManyToManyField(Reference, blank=True, related_name="entries")
    follows = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_by",
        help_text="The entry that this one corrects, postpones, withdraws or complies with.",
    )
    outcome = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="announcements",
        help_text="Of an announcement: the entry that settled it.",
    )
    effects = models.JSONField(default=list)
    direction = models.CharField(max_length=20, choices=Direction)
    data_kinds = models.JSONField(default=list, blank=True)
    told = models.JSONField(
        default=list, blank=True, help_text="How the people concerned were told; empty: not known."
    )
    confidence = models.CharField(max_length=10, choices=Confidence)
    basis = models.CharField(max_length=10, choices=Basis)
    note = models.TextField(blank=True, help_text="Doubts and disagreements of sources; public.")

    announced_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    announced_precision = models.CharField(
        max_length=10, choices=EffectPrecision, default=EffectPrecision.DAY
    )
    decided_on = models.DateField(
        validators=[require_within_bounds],
        null=True,
        blank=True,
        help_text="Day of an act of an authority, a court or a complainant.",
    )
    decided_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    due_on = models.DateField(
        validators=[require_within_bounds],
        null=True,
        blank=True,
        help_text="Announced for this day, not seen yet.",
    )
    due_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    effective_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    effective_precision = models.CharField(
        max_length=10, choices=EffectPrecision, default=EffectPrecision.DAY
    )
    deadline_on = models.DateField(validators=[require_within_bounds], null=True, blank=True)
    deadline_precision = models.CharField(max_length=10, choices=Precision, default=Precision.DAY)
    observed_from = models.DateTimeField(
        validators=[require_within_bounds],
        null=True,
        blank=True,
        help_text="Last visit that found the page unchanged.",
    )
    observed_to = models.DateTimeField(
        validators=[require_within_bounds],
        null=True,
        blank=True,
        help_text="First visit that found it changed.",
    )
    timeline_on = models.DateField(null=True, editable=False)

    status = models.CharField(
        max_length=10, choices=PublicationStatus, default=PublicationStatus.DRAFT
    )
    status_reason = models.CharField(
        max_length=300, blank=True, help_text="Why draft or retracted."
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    quiet = models.BooleanField(
        default=False, help_text="Published without a mail to anybody; feeds show it all the same."
    )
    reviewer = models.ForeignKey(
        configured.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The editor who published it, or would; public once the entry is.",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    second_reviewer = models.ForeignKey(
        configured.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Another editor who looked at it and stands for it; public.",
    )
    second_reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    source_count: int  # of for_rows
    told_on: dt.date  # of with_notice
    version: Shown | None = None  # set where feeds and calendars show it

    objects = EntryQuerySet.as_manager()

    class Meta(Declared.Meta):
        abstract = False
        ordering = (Coalesce("timeline_on", "created_at").desc(),)
        verbose_name_plural = "entries"
        permissions = (("publish_entry", "Can publish, correct and retract entries"),)
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=PublicationStatus.PUBLISHED) | Q(published_at__isnull=False),
                name="entry_published_has_time",
            ),
            models.CheckConstraint(
                condition=Q(second_reviewer__isnull=True) | ~Q(reviewer=F("second_reviewer")),
                name="entry_reviewed_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(second_reviewer__isnull=True) | Q(reviewer__isnull=False),
                name="entry_second_follows_first",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | Q(reviewed_at__isnull=False),
                name="entry_review_has_time",
            ),
            models.CheckConstraint(
                condition=Q(second_reviewer__isnull=True) | Q(second_reviewed_at__isnull=False),
                name="entry_second_review_has_time",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(effective_on=None),
                name="entry_due_or_effective",
            ),
            one_of("topic", Topic),
            one_of("direction", Direction),
            one_of("confidence", Confidence),
            one_of("basis", Basis),
            one_of("status", PublicationStatus),
        ]
        indexes = [
            # Read by the desk's queue of second reviews, on every one of its pages.
            models.Index(
                fields=["reviewed_at"],
                name="entry_awaiting_second",
                condition=Q(status="draft", reviewer__isnull=False),
            ),
            # Read by the timeline, the home page and the feeds; by what counts entries, alone.
            models.Index(
                fields=["status", "-timeline_on", "key", "effects"], name="entry_in_timeline"
            ),
            # Read by what is to come, on home, timeline and calendar: a few entries of thousands.
            models.Index(fields=["effective_on"], name="entry_effective_on"),
            models.Index(
                fields=["due_on"], name="entry_due_on", condition=Q(effective_on__isnull=True)
            ),
            # Read by the same, to leave out what was called off.
            models.Index(
                fields=["follows"], name="entry_that_follows", condition=Q(follows__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> Purpose | None:
        """The purpose of its uses, training before others; None without uses. See with_topics."""
        purpose = getattr(self, "purpose_of_uses", None)
        return Purpose(purpose) if purpose else None

    @property
    def is_about_training(self) -> bool:
        """Whether it is, or is an act or a suit about a use for training. See with_topics."""
        concerns = self.subject in TRAINING_PURPOSES
        return self.topic == Topic.TRAINING or (self.topic == Topic.ENFORCEMENT and concerns)

    @property
    def is_act(self) -> bool:
        """Whether an authority, a court or a complainant acted."""
        return not set(ENFORCEMENT_EFFECTS).isdisjoint(self.effects)

    @property
    def has_direction(self) -> bool:
        """Whether it says something about control: "neutral" beside a fine says nothing."""
        return not (self.is_act and self.direction == Direction.NEUTRAL)

    def get_absolute_url(self) -> str:
        return entry_address(self.public_id, self.title)

    @property
    def slug(self) -> str:
        return _slug(self.title)

    @property
    def is_dated(self) -> bool:
        """Whether there is a day to list it under besides that of its publication."""
        days = (self.effective_on, self.decided_on, self.announced_on, self.due_on)
        return any((*days, self.observed_to))

    def prepare(self) -> None:
        """Derive the public id (from the key, so that a reload keeps addresses) and sort date."""
        self.public_id = public_id_of(self.key)
        observed, published = self.observed_to, self.published_at
        self.timeline_on = (
            self.effective_on
            or self.decided_on
            or self.announced_on
            or self.due_on
            or (observed.date() if observed else None)
            or (published.date() if published else None)
        )
        super().prepare()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "public_id", "timeline_on"}
        super().save(*args, **kwargs)

    @property
    def awaits_second_review(self) -> bool:
        return self.status == PublicationStatus.DRAFT and self.reviewer_id is not None

    @property
    def held_by(self) -> Any:
        """Who works on it, or on the change that it is the draft of; None if nobody does."""
        for about in (self, *self.changes.all()):
            if (assignment := getattr(about, "assignment", None)) is not None:
                return assignment.person
        return None

    @cached_property
    def compared_changes(self) -> list[Any]:
        """Its changes, and the one that it cites as telling a second event (`Change.cited_by`)."""
        from consent.models.changes import Change

        own = list(self.changes.all())
        known = {change.after_id for change in own}
        cited = [source for source in self.sources.all() if source.snapshot_before_id]
        if all(source.snapshot_id in known for source in cited):
            return own
        more = Change.objects.cited_by(self).exclude(entry=self)
        return own + list(more.select_related(*_COMPARED))

    def asks_for_second_review(self) -> bool:
        """Return whether one of its platforms asks for a second editor."""
        return self.platforms.asking_for_second_review().exists()

    def has_words(self) -> bool:
        """Return whether a source shows words that the entry rests on. Reads them all."""
        return any(
            passage.words for source in self.sources.all() for passage in source.passages.all()
        )

    def has_snapshots(self) -> bool:
        """Return whether a change or a source of it has snapshots of ours. Reads them all."""
        return bool(self.changes.all()) or any(
            source.snapshot_id or source.snapshot_before_id for source in self.sources.all()
        )

    @property
    def effect_labels(self) -> list[str]:
        return [str(Effect(effect).label) for effect in self.effects]


def public_id_of(key: str) -> str:
    """Return the id of the entry with a key: it never changes, and outlives the entry."""
    return hashlib.blake2s(key.encode(), digest_size=5).hexdigest()


def entry_address(public_id: str, title: str) -> str:
    """Return the path of an entry's page in the language in use."""
    from django.urls import reverse

    return reverse("change", args=[public_id, _slug(title)])


def _slug(title: str) -> str:
    return slugify(title)[:80].rstrip("-")
