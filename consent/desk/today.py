"""The front page of the desk: what waits for this person today, and what happened meanwhile."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from consent.desk.guide_checks import Due, guides_due
from consent.desk.overviews import counts_of_health
from consent.models import Alert, Change, Decision, Entry, Letter, ReaderReport, WorkMail
from consent.vocabulary import LetterKind, PublicationStatus, Ruling
from platforms.desk.curators import curator_of

#: Rows of one list; the rest is a number. Chosen: all lists together fit two screens.
_SHOWN = 5
#: How far back "since you were here" looks for somebody who has decided nothing yet.
_LATELY = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Rows:
    """The first rows of a list, and how many there are. whole: where all of them are."""

    shown: Sequence[Any]
    count: int
    whole: str

    @property
    def more(self) -> int:
        return self.count - len(self.shown)

    @classmethod
    def of(cls, rows: Sequence[Any], whole: str) -> Rows:
        return cls(rows[:_SHOWN], len(rows), reverse(f"admin:{whole}"))


@dataclass(frozen=True, slots=True)
class Mail:
    """Mails about one thing that wait. at: when the first may leave."""

    words: str
    people: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What happened since somebody's last decision on an earlier day.

    decided: by others, the decision in words and how many.
    """

    since: dt.datetime
    is_last_decision: bool
    detected: int
    reports: int
    decided: Sequence[tuple[str, int]]
    published: Rows


def today_of(request: HttpRequest) -> dict[str, Any]:
    """Return what the front page shows to this person: only what they may see elsewhere."""
    user, now = curator_of(request), timezone.now()
    today = timezone.localdate(now)
    found: dict[str, Any] = {"now": now}
    if user.has_perm("platforms.view_page"):
        found |= counts_of_health(now)
    if user.has_perm("consent.view_change"):
        found["weightiest"] = _weightiest()
        is_asked = bool(user.email) and not WorkMail.objects.filter(curator=user).exists()
        found["ask_about_mail"] = is_asked
    if user.has_perm("consent.view_entry"):
        found |= _drafts_for(user)
        found["due"] = Rows.of(list(due_by(today)), "consent_change_dates")
        found["mail"] = sorted(mail_that_waits(), key=lambda mail: mail.at)[:_SHOWN]
    if user.has_perm("consent.view_guide"):
        urgent: list[Due] = [each for each in guides_due(today) if each.is_urgent]
        found["guides"] = Rows.of(urgent, "consent_guide_queue")
    if user.has_perm("consent.view_decision"):
        found["meanwhile"] = _meanwhile(user, now)
    return found


def _weightiest() -> Rows:
    waiting = Change.objects.waiting()
    first = waiting.by_weight().select_related("page__platform", "suggestion", "assignment__person")
    return Rows(
        list(first.defer("page__select", "page__remove")[:_SHOWN]),
        waiting.count(),
        reverse("admin:consent_change_changelist"),
    )


def _drafts_for(user: User) -> dict[str, Rows]:
    """Return all drafts that wait for no reviewer, and this person's own that were sent back."""
    drafts = list(open_drafts())
    returned = set(
        Decision.objects.standing()
        .filter(ruling=Ruling.RETURN, entry__in=[draft.pk for draft in drafts])
        .filter(entry__decisions__ruling=Ruling.PROPOSE, entry__decisions__curator=user)
        .values_list("entry", flat=True)
    )
    return {
        "sent_back": Rows.of([d for d in drafts if d.pk in returned], "consent_change_dates"),
        "drafts": Rows.of([d for d in drafts if d.pk not in returned], "consent_change_dates"),
    }


def open_drafts() -> Any:
    """Return the drafts of entries that wait for no second reviewer, the latest first."""
    drafts = Entry.objects.filter(status=PublicationStatus.DRAFT, reviewer=None)
    found = drafts.select_related("assignment__person")
    return found.prefetch_related("changes__assignment__person").order_by("-updated_at", "pk")


def due_by(day: dt.date) -> Any:
    """Return what was announced for a day up to this one and that nobody has seen yet."""
    due = Entry.objects.published().filter(due_on__lte=day, effective_on=None, outcome=None)
    return due.order_by("due_on", "pk")


def mail_that_waits() -> list[Mail]:
    """Return the mails to readers that have not left, by what they are about."""
    unsent = {"sent_at": None, "failed_at": None}
    alerts = Alert.objects.filter(**unsent).order_by().values_list("entry__title", "due_at")
    found = [
        Mail(title, people, at)
        for title, at, people in alerts.annotate(people=Count("pk")).order_by("due_at")[:50]
    ]
    letters = Letter.objects.filter(**unsent, kind__in=_ABOUT_RECORDS).order_by()
    grouped = letters.values_list("kind", "due_at").annotate(people=Count("pk"))
    return found + [
        Mail(str(LetterKind(kind).label), people, at)
        for kind, at, people in grouped.order_by("due_at")[:50]
    ]


#: Letters about what was published or revised; not those that a reader's own act brings.
_ABOUT_RECORDS = (LetterKind.REVISED, LetterKind.NEW_STEPS, LetterKind.NOT_WATCHED)


def _meanwhile(user: User, now: dt.datetime) -> Meanwhile:
    midnight = dt.datetime.combine(timezone.localdate(now), dt.time(), tzinfo=dt.UTC)
    own = Decision.objects.filter(curator=user, decided_at__lt=midnight)
    last = own.values_list("decided_at", flat=True).first()
    since = last or now - _LATELY
    decisions = Decision.objects.filter(decided_at__gt=since).exclude(curator=user)
    rulings = Counter(decisions.order_by().values_list("ruling", flat=True))
    published = Entry.objects.published().filter(published_at__gt=since).exclude(reviewer=user)
    counts = Change.objects.aggregate(detected=Count("pk", filter=Q(detected_at__gt=since)))
    return Meanwhile(
        since=since,
        is_last_decision=last is not None,
        detected=counts["detected"],
        reports=ReaderReport.objects.filter(sent_at__gt=since).count()
        if user.has_perm("consent.view_readerreport")
        else 0,
        decided=[(str(Ruling(name).label), number) for name, number in rulings.most_common()],
        published=Rows.of(list(published.order_by("-published_at")), "consent_entry_changelist"),
    )
