"""Models of the watch: Platform, Page, Host, Fetch, Gap, Snapshot, Document, Heartbeat.

LentSession is a login that a curator lends for pages behind a login. PageRuling is a log of what
curators did with pages. RecordVersion is the history of everything that readers see.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from platforms.append_only import AppendOnly
from platforms.characters import cleaned
from platforms.constraints import one_of
from platforms.days import require_within_bounds
from platforms.extraction.actions import lasting_targets
from platforms.outcomes import Outcome
from platforms.places import Where
from platforms.vocabulary import (
    HISTORY_ONLY,
    Access,
    CaptureSource,
    Category,
    FetchMode,
    Health,
    Origin,
    PageAct,
    PageKind,
    PublicChangeKind,
    VersionOrigin,
)


class CleanTexts(models.Model):
    """Base of models whose texts are saved without control characters (platforms.characters)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """Bring the columns into the form in which they are saved. Safe to repeat."""
        for field in self._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                value = self.__dict__.get(field.attname)  # None for a deferred field
                if (clean := cleaned(value)) != value:
                    setattr(self, field.attname, clean)


def create_all(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model, prepared as `save` does it, with a few statements."""
    for row in rows:
        if isinstance(row, CleanTexts):
            row.prepare()
    if rows:
        type(rows[0])._base_manager.bulk_create(rows, batch_size=500)


class Declared(CleanTexts):
    """A record that a catalog file may declare and a curator may edit afterwards.

    declared_digest: digest of the declaration it was loaded from. If the digest of the record
    differs, a curator edited it, and a file never overwrites it.
    """

    origin = models.CharField(max_length=10, choices=Origin, default=Origin.DESK, editable=False)
    declared_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class Located(models.Model):
    """A record that says where it holds, in codes (platforms.places). All empty: worldwide."""

    places = models.JSONField(default=list, blank=True, help_text="Codes: DE, US-CA, EU, EEA.")
    except_places = models.JSONField(
        default=list, blank=True, help_text="Codes taken out of the places, or of the world."
    )
    some_of = models.JSONField(
        default=list,
        blank=True,
        help_text="Codes, or world: certain places among these that sources do not name.",
    )

    class Meta:
        abstract = True

    @property
    def where(self) -> Where:
        """The places as platforms.places reads them."""
        return Where(tuple(self.places), tuple(self.except_places), tuple(self.some_of))


#: Clocks of our machines may differ by so much. A time of ours that lies further ahead was written
#: while a clock was wrong, and gates nothing.
CLOCK_SKEW = dt.timedelta(minutes=1)
#: Lifetime of a message in the queue. After that it expires and the page is queued again. Chosen.
QUEUED_FOR = dt.timedelta(minutes=10)
#: No page waits longer for its visit than the longest interval (visit_intervals) and its jitter.
LONGEST_WAIT = dt.timedelta(days=33)
#: A page that was never visited waits for a host at most: a Crawl-delay of an hour, and a claim.
LONGEST_FIRST_WAIT = dt.timedelta(hours=3)

_IS_HISTORY = Q(paused_reason__startswith=HISTORY_ONLY)


class PlatformQuerySet(models.QuerySet["Platform"]):
    def listed(self) -> PlatformQuerySet:
        """Platforms that readers see: from the catalog, or listed by a curator."""
        return self.filter(listed=True)

    def asking_for_second_review(self) -> PlatformQuerySet:
        """Platforms of which nothing is published before two editors have seen it."""
        return self.filter(second_review=True)

    def with_reading(self) -> PlatformQuerySet:
        """Annotate with the number of watched pages, the last visits, and how many fail."""
        has_session = Exists(LentSession.objects.standing().filter(platform=OuterRef("pk")))
        is_watched = Q(pages__paused_at=None) & (Q(pages__access=Access.PUBLIC) | Q(has_session))
        return self.annotate(
            page_count=models.Count("pages", filter=is_watched),
            last_looked_at=models.Max("pages__last_looked_at"),
            last_visited_at=models.Max("pages__last_visited_at"),
            failing_count=models.Count(
                "pages", filter=is_watched & Q(pages__health=Health.FAILING)
            ),
        )


class Platform(Declared):
    """A service people use (X, Instagram, Slack)."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    operator = models.CharField(max_length=160)
    operators_before = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Who ran it before, as a catalog file has them.",
    )
    owners = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Who owns the operator, as a catalog file has it, the latest first.",
    )
    category = models.CharField(max_length=20, choices=Category)
    homepage = models.URLField(max_length=500)
    aliases = models.JSONField(
        default=list, blank=True, help_text="Names and domains that people type."
    )
    summary = models.TextField(blank=True)
    note = models.TextField(blank=True)
    listed = models.BooleanField(
        default=True, help_text="Readers see it. Platforms known from imported history are not."
    )
    contact_email = models.CharField(
        max_length=200, blank=True, help_text="Where a letter of objection goes."
    )
    contact_form = models.URLField(max_length=1000, blank=True)
    contact_post = models.CharField(max_length=500, blank=True)
    contact_source = models.URLField(
        max_length=1000, blank=True, help_text="The page that names these, or a version of it."
    )
    second_review = models.BooleanField(
        default=False,
        help_text="What is published about it waits until a second editor confirms it.",
    )

    plans = models.JSONField(
        default=list, blank=True, help_text="The closed list of plans, as a catalog file has it."
    )
    plans_complete = models.BooleanField(
        default=False, help_text="All plans that are sold are in the list."
    )
    parts = models.JSONField(
        default=list, blank=True, help_text="Parts of the product to which uses may be limited."
    )
    min_age = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(21)],
        null=True,
        blank=True,
        help_text="How old people must be to have an account, in years.",
    )
    min_age_source = models.URLField(
        max_length=1000, blank=True, help_text="The page that says so, or a version of it."
    )
    min_age_elsewhere = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Another age in some places, as a catalog file has it.",
    )
    min_age_at_school = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="Who says that a school may give accounts to younger children.",
    )
    same_as = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="Ids in the lists of others, as a catalog file has them.",
    )

    objects = PlatformQuerySet.as_manager()

    class Meta(Declared.Meta):
        abstract = False
        ordering = (Lower("name"),)  # "eBay" is before "Upwork"
        permissions = (("set_second_review", "Can say whether a second reviewer is asked for"),)
        constraints = [one_of("category", Category)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("platform", args=[self.slug])

    @property
    def says_of_school(self) -> str:
        """Who says that a school may give accounts to younger children; "" if nobody does."""
        at_school = self.min_age_at_school
        return at_school.get("said_by", self.name) if at_school else ""

    @property
    def company(self) -> str:
        """The operator without what the catalog adds in parentheses, in English."""
        return self.operator.partition(" (")[0]

    @property
    def owner(self) -> str:
        """The company that owns the operator; "" if none is on record."""
        return self.owners[0]["name"] if self.owners else ""


@dataclass(frozen=True, slots=True)
class Freshness:
    """When watched pages were last seen and last tried, and how many cannot be read.

    never_read: those that were not read yet, tried or not.
    """

    looked_at: dt.datetime | None
    visited_at: dt.datetime | None
    watched: int
    failing: int
    never_read: int = 0


def _has_lent_session() -> Exists:
    """True for pages whose platform has a lent session."""
    return Exists(LentSession.objects.standing().filter(platform=OuterRef("platform")))


def _dated_ahead(now: dt.datetime) -> Q:
    """Pages whose next visit was set while our clock was ahead: it may be days too late."""
    ahead = now + CLOCK_SKEW
    return (
        Q(last_visited_at__gt=ahead)
        | Q(queued_until__gt=ahead + QUEUED_FOR)
        | Q(next_visit_at__gt=ahead + LONGEST_WAIT)
        | Q(last_visited_at=None, next_visit_at__gt=ahead + LONGEST_FIRST_WAIT)
    )


class PageQuerySet(models.QuerySet["Page"]):
    def living(self) -> PageQuerySet:
        """Pages of today: all except those that only have imported history."""
        return self.exclude(_IS_HISTORY)

    def watched(self) -> PageQuerySet:
        """Pages that workers visit: not paused, and public or with a lent session."""
        return self.filter(Q(access=Access.PUBLIC) | _has_lent_session(), paused_at=None)

    def watched_by_hand(self) -> PageQuerySet:
        """Pages that need an account without a lent session: a curator checks them by hand."""
        return self.filter(~_has_lent_session(), access=Access.ACCOUNT, paused_at=None)

    def to_confirm_by_hand(self, now: dt.datetime) -> PageQuerySet:
        """Pages watched by hand whose last check is older than HAND_CHECK_DAYS."""
        oldest = now - dt.timedelta(days=settings.HAND_CHECK_DAYS)
        return self.watched_by_hand().filter(
            Q(confirmed_by_hand_at=None) | Q(confirmed_by_hand_at__lt=oldest)
        )

    def unclaimed(self, now: dt.datetime) -> PageQuerySet:
        """Pages without a claim, or whose claim has expired because the worker died.

        A claim that begins in the time to come was made while our clock was wrong.
        """
        return self.filter(
            Q(claimed_until=None)
            | Q(claimed_until__lte=now)
            | Q(attempt_began_at__gt=now + CLOCK_SKEW)
        )

    def due(self, now: dt.datetime) -> PageQuerySet:
        """Watched pages that are due and unclaimed, the longest overdue first."""
        return (
            self.watched()
            .unclaimed(now)
            .filter(Q(next_visit_at__lte=now) | _dated_ahead(now))
            .order_by("next_visit_at", "pk")
        )

    def abandoned(self, now: dt.datetime) -> PageQuerySet:
        """Pages whose visit was never recorded: the worker died and its claim has expired."""
        return self.unclaimed(now).filter(attempt_began_at__isnull=False)

    def not_queued(self, now: dt.datetime) -> PageQuerySet:
        """Pages that are not in the queue."""
        waits = Q(
            queued_visit=F("next_visit_at"),
            queued_until__gt=now,
            queued_until__lte=now + QUEUED_FOR + CLOCK_SKEW,
        )
        return self.filter(Q(queued_visit=None) | ~waits)

    def whose_last_visit_took(self, longer_than: dt.timedelta) -> PageQuerySet:
        """Pages whose last visit took longer than this, robots.txt included."""
        last = Fetch.objects.filter(page=OuterRef("pk")).order_by("-started_at")
        took = last.annotate(took=F("finished_at") - F("started_at")).values("took")[:1]
        return self.alias(took=models.Subquery(took)).filter(took__gt=longer_than)

    def redirected(self) -> PageQuerySet:
        """Pages whose last snapshot was received from another address than the requested one."""
        elsewhere = ~Q(baseline__final_url=F("url")) & ~Q(baseline__final_url="")
        return self.watched().filter(elsewhere, baseline__source=CaptureSource.VISIT)

    def in_trouble(self) -> PageQuerySet:
        """Pages of today that cannot be read, were never read, flap, need a rule or a selector, or
        are paused."""
        return self.living().filter(
            Q(health=Health.FAILING)
            | Q(flapping_since__isnull=False)
            | Q(needs_rule_since__isnull=False)
            | Q(read_whole_since__isnull=False)
            | Q(pk__in=Page.objects.watched().filter(last_looked_at=None))
            | Q(paused_at__isnull=False)
        )

    def never_seen(self) -> PageQuerySet:
        """Pages that were visited but never read."""
        return self.filter(last_visited_at__isnull=False, last_looked_at=None)

    def with_last_fetch(self) -> PageQuerySet:
        """Pages with the outcome of their last visit, in last_outcome and last_http_status."""
        latest = Fetch.objects.filter(page=models.OuterRef("pk")).order_by("-started_at")
        return self.annotate(
            last_outcome=models.Subquery(latest.values("outcome")[:1]),
            last_http_status=models.Subquery(latest.values("http_status")[:1]),
        )

    def freshness(self) -> Freshness:
        """How old the answers of the whole site are."""
        return Freshness(
            **self.watched().aggregate(
                looked_at=models.Max("last_looked_at"),
                visited_at=models.Max("last_visited_at"),
                watched=models.Count("pk"),
                failing=models.Count("pk", filter=Q(health=Health.FAILING)),
                never_read=models.Count("pk", filter=Q(last_looked_at=None)),
            )
        )


class Page(Located, Declared):
    """One watched URL of a platform."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="pages")
    url = models.URLField(max_length=1000)
    further_urls = models.JSONField(
        default=list,
        blank=True,
        help_text="Addresses on the same host that hold the rest of the same text, in order.",
    )
    former_urls = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Earlier addresses of the page; catalog files may still use them.",
    )
    kind = models.CharField(max_length=20, choices=PageKind)
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    select = models.JSONField(
        default=list, blank=True, help_text="CSS selectors (or ranges) of the watched part."
    )
    remove = models.JSONField(default=list, blank=True, help_text="CSS selectors left out.")
    fetch_mode = models.CharField(max_length=10, choices=FetchMode, default=FetchMode.HTTP)
    access = models.CharField(max_length=10, choices=Access, default=Access.PUBLIC)
    note = models.TextField(blank=True)
    robots_override_reason = models.TextField(
        blank=True, help_text="Why this page is read although robots.txt asks us not to."
    )
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_reason = models.CharField(max_length=200, blank=True)
    confirmed_by_hand_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When a curator last checked this page in their own browser.",
    )
    news_expected_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="The day an announcement here takes effect; visited often around then.",
    )

    next_visit_at = models.DateTimeField(default=timezone.now)
    queued_visit = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The due time last handed to the queue."
    )
    queued_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its message expires."
    )
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempt_began_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When the visit under way began. It stays if the worker dies.",
    )
    attempt_visit = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The due time that names this visit."
    )
    last_visited_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_looked_at = models.DateTimeField(null=True, blank=True, editable=False)
    validators = models.JSONField(
        default=dict, blank=True, editable=False, help_text="ETag and Last-Modified to send back."
    )
    health = models.CharField(max_length=10, choices=Health, default=Health.UNREAD, editable=False)
    health_since = models.DateTimeField(null=True, blank=True, editable=False)
    gaps_in_a_row = models.PositiveIntegerField(default=0, editable=False)
    reappearances = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="How often it returned to a known state since it was last stable.",
    )
    reappeared_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it last returned to a known state."
    )
    flapping_since = models.DateTimeField(null=True, blank=True, editable=False)
    read_whole_since = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when the whole page is read, because its selectors miss.",
    )
    needs_rule_since = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when it has raised more false alarms than real changes.",
    )
    baseline = models.ForeignKey(
        "Snapshot",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="What the next visit is compared with.",
    )

    objects = PageQuerySet.as_manager()

    class Meta(Declared.Meta):
        abstract = False
        ordering = ("platform", "kind", "url")
        constraints = [
            models.UniqueConstraint(fields=["platform", "url"], name="page_once_per_platform"),
            models.CheckConstraint(
                condition=Q(paused_at=None) | ~Q(paused_reason=""), name="page_pause_has_reason"
            ),
            one_of("kind", PageKind),
            one_of("fetch_mode", FetchMode),
            one_of("access", Access),
            one_of("health", Health),
        ]
        indexes = [
            # Read every minute by PageQuerySet.due.
            models.Index(
                fields=["next_visit_at"],
                name="page_due",
                condition=Q(paused_at=None),
            ),
            # Read every minute by PageQuerySet.abandoned.
            models.Index(
                fields=["attempt_began_at"],
                name="page_attempt",
                condition=Q(attempt_began_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.title}"

    @property
    def is_history(self) -> bool:
        """Whether it is no page of today: it only has imported history (PageQuerySet.living)."""
        return self.paused_reason.startswith(HISTORY_ONLY)

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses that hold the text of this page, in its order."""
        return (self.url, *self.further_urls)

    @property
    def select_now(self) -> list[Any]:
        """The selectors in use: none while the whole page is read because they miss."""
        return [] if self.read_whole_since else self.select


class Host(models.Model):
    """A host as shared by all workers: when it may be visited next, and its robots.txt."""

    name = models.CharField(
        max_length=300, primary_key=True, help_text="Scheme, name and port: one robots.txt each."
    )
    free_at = models.DateTimeField(
        default=timezone.now, help_text="Nobody visits this host before then."
    )
    turn_at = models.DateTimeField(
        default=timezone.now, help_text="When that was written, by our clock then."
    )
    robots_status = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="HTTP status of robots.txt; empty when unreachable."
    )
    # NULL if it was never read. An empty robots.txt allows everything.
    robots_body = models.TextField(  # noqa: DJ001
        null=True,
        blank=True,
        help_text="The last robots.txt that could be read.",
    )
    robots_outcome = models.CharField(
        max_length=20,
        choices=Outcome,
        blank=True,
        help_text="Why it could not be read the last time.",
    )
    robots_detail = models.CharField(max_length=500, blank=True)
    robots_asked_at = models.DateTimeField(null=True, blank=True)
    robots_unreachable_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [one_of("robots_outcome", Outcome)]

    def __str__(self) -> str:
        return self.name


class LentSessionQuerySet(models.QuerySet["LentSession"]):
    def standing(self) -> LentSessionQuerySet:
        """Sessions that are not withdrawn, expired ones included: their pages report the expiry."""
        return self.filter(withdrawn_at=None)

    def ended(self, now: dt.datetime) -> LentSessionQuerySet:
        """Standing sessions past their end, or with which a page asked for a login again."""
        latest = Fetch.objects.filter(page=OuterRef("pk")).order_by("-started_at")
        refused = (
            Page.objects.filter(platform=OuterRef("platform"), access=Access.ACCOUNT)
            .filter(last_visited_at__gt=OuterRef("lent_at"))
            .annotate(outcome=models.Subquery(latest.values("outcome")[:1]))
            .filter(outcome=Outcome.SESSION_EXPIRED)
        )
        return self.standing().filter(Q(expires_at__lte=now) | Exists(refused))


class LentSession(models.Model):
    """A curator's login, lent for the pages of one platform that need an account.

    The cookies are encrypted (platforms/watch/lent_sessions.py), shown nowhere, left out of
    serialisation, and wiped when the session is withdrawn.
    """

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="lent_sessions")
    cookies = models.BinaryField(serialize=False)
    hosts = models.JSONField(default=list, help_text="The hosts that may receive the cookies.")
    lent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="lent_sessions"
    )
    lent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="After this workers no longer use it."
    )
    last_used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = LentSessionQuerySet.as_manager()

    class Meta:
        ordering = ("platform", "-lent_at")
        constraints = [
            models.UniqueConstraint(
                fields=["platform"],
                name="lent_session_one_standing",
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform}, lent {self.lent_at:%Y-%m-%d}"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def readable(self) -> SnapshotQuerySet:
        """Snapshots with the content of the page: not quarantined, or released by a curator."""
        return self.filter(Q(quarantined_as="") | Q(released_at__isnull=False))

    def with_bytes(self) -> SnapshotQuerySet:
        """Snapshots whose bytes are kept: not imported texts, nor refused states of long ago."""
        return self.exclude(sha256="").filter(
            Q(quarantined_as="") | Q(released_at__isnull=False) | Q(refused_body__isnull=False)
        )

    def stays_refused(self, now: dt.datetime) -> SnapshotQuerySet:
        """Refused snapshots of which a page has given nothing else for two days or longer.

        Those that a curator keeps refusing are left out.
        """
        still = F("first_seen_at") + dt.timedelta(days=2)
        return (
            self.filter(released_at=None, kept_refused_at=None, page__in=Page.objects.watched())
            .exclude(quarantined_as="")
            .filter(last_seen_at__gte=still, page__gaps_in_a_row__gt=0)
            .filter(
                Q(page__last_looked_at=None) | Q(page__last_looked_at__lt=F("last_seen_at")),
                last_seen_at__gte=now - dt.timedelta(days=7),
            )
            .order_by("first_seen_at")
        )

    def with_texts(self) -> SnapshotQuerySet:
        """Snapshots with their text, and the last text that was read of their page."""
        related = self.select_related("page__platform", "page__baseline")
        return related.prefetch_related("documents", "page__baseline__documents")

    def digests(self) -> Iterator[str]:
        """The digests that the archive must have: of readable snapshots with bytes."""
        named = self.readable().exclude(sha256="").order_by().values_list("sha256", flat=True)
        return named.distinct().iterator()


class Snapshot(models.Model):
    """One distinct state of a page. Never edited, except last_seen_at and a curator's ruling.

    Of a refused state the digest and the text stay, and the bytes for a while (decision 24).
    """

    page = models.ForeignKey(Page, models.PROTECT, related_name="snapshots")
    sha256 = models.CharField(max_length=64, help_text="Digest of the bytes as received.")
    size = models.PositiveBigIntegerField(help_text="Bytes as received.")
    content_type = models.CharField(max_length=200, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    final_url = models.URLField(max_length=2000)
    headers = models.JSONField(default=dict, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    quarantined_as = models.CharField(max_length=20, choices=Outcome, blank=True)
    quarantine_detail = models.CharField(max_length=500, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    kept_refused_at = models.DateTimeField(null=True, blank=True)
    refused_body = models.BinaryField(
        null=True, help_text="Bytes of a refused state: one zstd frame, not in the archive."
    )
    source = models.CharField(max_length=20, choices=CaptureSource, default=CaptureSource.VISIT)
    rendered = models.BooleanField(
        default=False, help_text="Taken from a browser after the page's scripts ran."
    )
    address_count = models.PositiveSmallIntegerField(
        default=1, help_text="From how many addresses of the page it was received."
    )
    behind_login = models.BooleanField(
        default=False, help_text="Read with a lent session: not handed out to the public."
    )
    evidence_url = models.URLField(
        max_length=1000, blank=True, help_text="Where others keep this capture."
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ("page", "first_seen_at")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "first_seen_at", "sha256"], name="snapshot_once_per_sight"
            ),
            models.UniqueConstraint(
                fields=["page", "evidence_url"],
                name="snapshot_imported_once",
                condition=~Q(evidence_url=""),
            ),
            models.CheckConstraint(
                condition=Q(last_seen_at__gte=F("first_seen_at")), name="snapshot_seen_in_order"
            ),
            one_of("quarantined_as", Outcome),
            one_of("source", CaptureSource),
        ]
        indexes = [
            # Read by the flap memory and by each page's history, newest first.
            models.Index(fields=["page", "-first_seen_at"], name="snapshot_history"),
        ]

    def __str__(self) -> str:
        return f"{self.page} at {self.first_seen_at:%Y-%m-%d %H:%M} UTC"


class Document(models.Model):
    """The text taken from a snapshot by one extractor version and one set of selectors.

    A snapshot has one for each version and set of selectors. Older ones are kept, to distinguish
    differences made by our own new rules from changes of the page (promise 5).
    """

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="documents")
    extractor_version = models.PositiveIntegerField()
    rules = models.CharField(max_length=64, help_text="Digest of the selectors used.")
    text = models.TextField()
    digest = models.CharField(max_length=64, help_text="Digest of the comparison form.")
    title = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=20, blank=True)
    links = models.JSONField(default=list, blank=True)
    missed_selectors = models.JSONField(
        null=True,
        blank=True,
        help_text="Selectors of the page that match nothing in it; null in documents made before "
        "this was stored.",
    )
    re_extraction = models.BooleanField(
        default=False, help_text="Read again by newer rules, not during the visit."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("snapshot", "created_at")
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "extractor_version", "rules"], name="document_once_per_rule"
            ),
        ]
        indexes = [
            # Read by the flap memory: has this page said this before?
            models.Index(fields=["digest"], name="document_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot}, extractor {self.extractor_version}"

    @property
    def action_targets(self) -> tuple[str, ...]:
        """Targets of links to act on one's data, as `extraction.Document.action_targets`."""
        return lasting_targets(link["url"] for link in self.links)


class FetchQuerySet(models.QuerySet["Fetch"]):
    def gaps(self) -> FetchQuerySet:
        """Visits that could not read the page."""
        return self.exclude(outcome__in=[Outcome.READ, Outcome.NOT_MODIFIED])

    def plain(self) -> FetchQuerySet:
        """Good visits at which no snapshot was seen for the first or the last time."""
        at_an_edge = Q(finished_at=F("snapshot__first_seen_at")) | Q(
            finished_at=F("snapshot__last_seen_at")
        )
        # Without a snapshot both comparisons are NULL.
        return self.filter(
            Q(snapshot=None) | ~at_an_edge, outcome__in=[Outcome.READ, Outcome.NOT_MODIFIED]
        )


class Fetch(models.Model):
    """One visit to a page with its outcome, failed ones included."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="fetches")
    visit = models.DateTimeField(
        help_text="The due time that named this visit; the same visit is recorded once."
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome)
    detail = models.CharField(max_length=500, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    final_url = models.URLField(max_length=2000, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="fetches"
    )

    objects = FetchQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)
        verbose_name_plural = "fetches"
        constraints = [
            models.UniqueConstraint(fields=["page", "visit"], name="fetch_once_per_visit"),
            one_of("outcome", Outcome),
        ]
        indexes = [
            # Read by the status page and by each page's health in the admin.
            models.Index(fields=["page", "-started_at"], name="fetch_history"),
            models.Index(fields=["-started_at"], name="fetch_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.get_outcome_display()}"


class VisitDay(models.Model):
    """Good visits to a page on one day (UTC), by outcome: what remains of their Fetch rows.

    Made by platforms/watch/pruning.py.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="visit_days")
    day = models.DateField(validators=[require_within_bounds])
    outcome = models.CharField(max_length=20, choices=Outcome)
    visits = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ("-day",)
        constraints = [
            models.UniqueConstraint(fields=["page", "day", "outcome"], name="visit_day_once"),
            one_of("outcome", Outcome),
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.visits} on {self.day}"


class GapQuerySet(models.QuerySet["Gap"]):
    def open(self) -> GapQuerySet:
        """Gaps that have not ended, of pages that workers still visit."""
        return self.filter(ended_at=None, page__in=Page.objects.watched())

    def since(self, moment: dt.datetime) -> GapQuerySet:
        """Gaps that ended at or after a moment or have not ended."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gte=moment))

    def with_pages(self) -> GapQuerySet:
        """Gaps with the related rows that lists show."""
        return self.select_related("page__platform")

    def told_since(self, moment: dt.datetime) -> GapQuerySet:
        """Gaps that curators were told of since a moment, and not in the time to come."""
        return self.filter(told_at__gt=moment, told_at__lte=timezone.now() + CLOCK_SKEW)


class Gap(models.Model):
    """A time in which a page could not be read, long enough to be shown to readers.

    Opened after several failed visits in a row, dated back to the first of them, and closed by
    one good visit (platforms/fetching/health.py).
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="gaps")
    began_at = models.DateTimeField(help_text="The first visit that failed.")
    noticed_at = models.DateTimeField(help_text="When it had lasted long enough to be shown.")
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="The first good visit afterwards."
    )
    outcome = models.CharField(
        max_length=20, choices=Outcome, help_text="Why it could not be read the last time."
    )
    detail = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ("-began_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["page"], name="gap_one_open", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="gap_ends_after_start",
            ),
            one_of("outcome", Outcome),
        ]
        indexes = [
            # Read every few minutes by consent.desk.gap_mail.
            models.Index(fields=["noticed_at"], name="gap_untold", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.get_outcome_display()} since {self.began_at:%Y-%m-%d}"


class OutageQuerySet(models.QuerySet["Outage"]):
    def on(self) -> OutageQuerySet:
        """The outage that lasts, if there is one."""
        return self.filter(ended_at=None)

    def untold(self) -> OutageQuerySet:
        """Outages that ended and that curators have not been notified of."""
        return self.filter(ended_at__isnull=False, told_at=None).order_by("began_at")

    def since(self, moment: dt.datetime) -> OutageQuerySet:
        """Outages that ended at or after a moment or last, oldest first."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gte=moment)).order_by("began_at")


class Outage(models.Model):
    """A time in which our own connection failed (platforms/watch/line.py).

    Visits were postponed, and no page is blamed.
    """

    began_at = models.DateTimeField(help_text="The first visit that was postponed.")
    last_tried_at = models.DateTimeField(help_text="When the connection was last tried in vain.")
    ended_at = models.DateTimeField(null=True, blank=True)
    postponed = models.PositiveIntegerField(default=0, help_text="Visits that were postponed.")
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ("-began_at",)
        constraints = [
            models.UniqueConstraint(
                models.Case(models.When(ended_at=None, then=models.Value(1))),
                name="outage_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="outage_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"our connection since {self.began_at:%Y-%m-%d %H:%M} UTC"


class Heartbeat(models.Model):
    """When beat, or any worker of a queue, last showed that it works (config/heartbeats.py).

    In the database, because the web servers of all machines can read it there.
    """

    #: A part that was silent for longer is late. Chosen: beat queues a task for each queue every 20
    #: seconds, a restart is no alarm, and no standstill of two minutes goes unnoticed.
    LATE_AFTER = dt.timedelta(seconds=75)

    part = models.CharField(max_length=40, primary_key=True, help_text="beat, or a queue.")
    beat_at = models.DateTimeField(help_text="When it last finished something.")

    def __str__(self) -> str:
        return f"{self.part}: {self.beat_at:%Y-%m-%d %H:%M:%S} UTC"

    @classmethod
    def of_all_parts(cls) -> dict[str, dt.datetime | None]:
        """Return the last report of beat and of each queue; None for one that never reported."""
        queues = sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)
        seen = dict(cls.objects.values_list("part", "beat_at"))
        return {part: seen.get(part) for part in ("beat", *queues)}

    @classmethod
    def is_late(cls, beat_at: dt.datetime | None, now: dt.datetime) -> bool:
        """True for a part that is silent. A time to come proves nothing: our clock went back."""
        return beat_at is None or not now - cls.LATE_AFTER <= beat_at <= now + CLOCK_SKEW

    @classmethod
    def late_parts(cls, now: dt.datetime) -> set[str]:
        return {part for part, at in cls.of_all_parts().items() if cls.is_late(at, now)}


class ScheduledTask(models.Model):
    """When beat last queued a task of CELERY_BEAT_SCHEDULE (config/beat.py)."""

    name = models.CharField(max_length=60, primary_key=True, help_text="Its key in the schedule.")
    last_run_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.last_run_at:%Y-%m-%d %H:%M:%S} UTC"


class PageRuling(AppendOnly):
    """What a curator did with a page: when, and the changed values. Append-only."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="rulings")
    act = models.CharField(max_length=10, choices=PageAct)
    before = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="page_rulings"
    )
    ruled_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnly.Meta):
        abstract = False
        ordering = ("-ruled_at", "-pk")
        constraints = [one_of("act", PageAct)]

    def __str__(self) -> str:
        return f"{self.page}: {self.get_act_display()}"

    @property
    def moved(self) -> list[tuple[str, object, object]]:
        """The changed values: name, before, after. Stored times are returned as times."""
        return [
            (name.replace("_", " "), _as_time(name, self.before.get(name)), _as_time(name, value))
            for name, value in self.after.items()
            if value != self.before.get(name)
        ]


def _as_time(name: str, value: Any) -> Any:
    """Read the value of a time field back from the JSON of the log."""
    if name.endswith("_at") and isinstance(value, str):
        return parse_datetime(value) or value
    return value


class RecordVersion(AppendOnly):
    """A public record as readers could see it from a moment on. Append-only.

    act: shared by all versions that one act wrote. number: rises in the order of commits.
    version: counts from 1, "as first shown". key: the record's name at that time. declaration: as a
    catalog file would declare it, with all defaults; empty if readers no longer see the record.
    held: what files leave out on purpose (typed words, snapshots, reviewers); never handed out.
    digest: of all that readers see of it, also through other records; empty if they see nothing.
    """

    act = models.UUIDField()
    number = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=12)
    record_id = models.BigIntegerField()
    key = models.CharField(max_length=1100)
    version = models.PositiveIntegerField()
    format = models.PositiveSmallIntegerField()
    declaration = models.JSONField()
    held = models.JSONField()
    digest = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=10, choices=VersionOrigin)
    act_kind = models.CharField(max_length=12, choices=PublicChangeKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    public_reason = models.TextField(blank=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AppendOnly.Meta):
        abstract = False
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record_id", "version"], name="recordversion_counts_versions"
            ),
            one_of("origin", VersionOrigin),
            one_of("act_kind", PublicChangeKind),
        ]
        indexes = [
            # Read by each act, for the newest versions of what it concerns.
            models.Index(fields=["kind", "record_id", "number"], name="recordversion_newest"),
            # Read where an act is undone.
            models.Index(fields=["act"], name="recordversion_of_act"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}, version {self.version}"


def _new_epoch() -> str:
    return secrets.token_hex(4)


class VersionCounter(models.Model):
    """The last number of a RecordVersion, in a single row.

    Its lock is held until the transaction ends, so a program that saw number n missed none below.
    epoch: names the database that counts; a restored one begins another.
    """

    last = models.BigIntegerField(default=0)
    epoch = models.CharField(max_length=8, default=_new_epoch)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="versioncounter_has_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.epoch}.{self.last}"


class OpenAct(models.Model):
    """A record that an act under way is about: the triggers allow changes of it (guards.py).

    act: the one that the versions name. record: a model's label ("consent.entry"); empty for any
    record. It is never committed: closed_before refers to a row that does not exist, and the
    database checks that when the transaction ends, so this row must be deleted before.
    """

    act = models.UUIDField()
    record = models.CharField(max_length=60, blank=True)
    record_id = models.BigIntegerField(null=True, blank=True)
    closed_before = models.ForeignKey(RecordVersion, models.DO_NOTHING, related_name="+")

    def __str__(self) -> str:
        return f"open: {self.record} {self.record_id or ''}"
