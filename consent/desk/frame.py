"""The frame of every desk page: the bar of queues and the undo button."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from consent.desk.own_list import within
from consent.models import Change, Decision, Entry, ReaderReport, ReportRuling, Revision
from platforms.models import LentSession, Page, Platform


@dataclass(frozen=True, slots=True)
class Queue:
    """A link of the bar. right: what its page asks for. counted: `_waiting` has its number."""

    key: str
    label: str
    view: str
    right: str
    counted: bool = False


_QUEUES = (
    Queue("today", "Today", "index", "consent.view_change"),
    Queue("changes", "Changes", "consent_change_changelist", "consent.view_change", True),
    Queue("guides", "Guides", "consent_guide_queue", "consent.view_guide"),
    Queue("health", "Page health", "consent_change_health", "platforms.view_page", True),
    Queue("dates", "Outbox and dates", "consent_change_dates", "consent.view_entry"),
    Queue("reviews", "Second review", "consent_entry_reviews", "consent.view_entry", True),
    Queue(
        "reports",
        "Reader reports",
        "consent_readerreport_queue",
        "consent.view_readerreport",
        True,
    ),
    Queue("numbers", "Numbers", "consent_change_numbers", "consent.view_decision"),
    Queue("mail", "Mail to you", "consent_change_mail", "consent.view_change"),
    Queue("records", "Records", "records", "consent.view_change"),
)
#: The queue that a page belongs to, by the beginning of its name; the first that fits.
_QUEUE_OF_PAGE = (
    ("consent_change_health", "health"),
    ("consent_change_readings", "health"),
    ("consent_page_right", "health"),
    ("consent_change_dates", "dates"),
    ("consent_change_numbers", "numbers"),
    ("consent_change_samples", "numbers"),
    ("consent_sample", "numbers"),
    ("consent_change_mail", "mail"),
    ("consent_change_", "changes"),
    ("consent_entry_review", "reviews"),
    ("consent_entry_", "dates"),
    ("consent_guide", "guides"),
    ("consent_readerreport_", "reports"),
    ("platforms_page_", "health"),
    ("platforms_snapshot_", "health"),
    ("platforms_gap_", "health"),
    ("platforms_lentsession_", "health"),
    ("index", "today"),
    ("", "records"),
)


@dataclass(frozen=True, slots=True)
class QueueLink:
    """A link of the bar as it is shown. count: of what waits; None where nothing is counted."""

    label: str
    address: str
    count: int | None
    is_here: bool


class Bar:
    """What every desk page shows around its content. The database is asked once it is shown."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def links(self) -> list[QueueLink]:
        """The queues that this person may see, with the number of what waits in each."""
        open_to_them = [queue for queue in _QUEUES if self._request.user.has_perm(queue.right)]
        here = self._queue_of_this_page()
        return [
            QueueLink(
                label=queue.label,
                address=reverse(f"admin:{queue.view}"),
                count=self._counts[queue.key] if queue.counted else None,
                is_here=queue.key == here,
            )
            for queue in open_to_them
        ]

    @property
    def reports_waiting(self) -> int:
        return self._counts["reports"]

    @property
    def being_read(self) -> int:
        """How many waiting changes have no suggestion yet."""
        return self._counts["being_read"]

    @property
    def ended_sessions(self) -> int:
        """How many lent sessions have ended, for those who see the health of pages."""
        return self._counts["sessions"] if self._request.user.has_perm("platforms.view_page") else 0

    @cached_property
    def undoable(self) -> Decision | Revision | ReportRuling | None:
        """The last thing that this person decided, while it can be undone."""
        user, now = self._request.user, timezone.now()
        # Mostly there is nothing, and each of the three costs a query.
        if not self._counts["undoable"] or not user.is_authenticated:
            return None
        may_revise = user.has_perm("consent.publish_entry")
        may_settle = user.has_perm("consent.change_readerreport")
        made: list[tuple[Any, Any]] = []
        if may_revise and (revision := Revision.objects.undoable(user, now).first()):
            made.append((revision.revised_at, revision))
        if decision := Decision.objects.undoable(user, now).first():
            made.append((decision.decided_at, decision))
        if may_settle and (ruling := ReportRuling.objects.undoable(user, now)):
            made.append((ruling.ruled_at, ruling))
        return max(made, key=lambda pair: pair[0])[1] if made else None

    @property
    def undoable_kind(self) -> str:
        """The name of the model of `undoable`; "" if nothing can be undone."""
        return str(self.undoable._meta.model_name) if self.undoable else ""

    @cached_property
    def undo_address(self) -> str:
        """The address that undoes the decision and keeps the list of this page."""
        if not isinstance(self.undoable, Decision):
            return ""
        return undo_address(self.undoable) + within(self._request)

    @cached_property
    def undoable_count(self) -> int:
        """How many decisions are undone together with the last; 0 if it stands alone."""
        if not isinstance(self.undoable, Decision) or self.undoable.batch is None:
            return 0
        return Decision.objects.standing().filter(batch=self.undoable.batch).count()

    @cached_property
    def _counts(self) -> Counter[str]:
        """The numbers of all queues: every page of the desk shows them.

        Where no platform asks for a second reviewer, entries alone can wait for one. Django takes a
        tenth of a page's time to write the queries for the rest.
        """
        counts = _numbers(_waiting(self._request.user))
        if counts["asking"]:
            counts += _numbers(
                {
                    "reviews": (
                        Revision.objects.for_second_reviewer(),
                        Decision.objects.for_second_reviewer(),
                        Decision.objects.merges_for_second_reviewer(),
                    )
                }
            )
        return counts

    def _queue_of_this_page(self) -> str:
        match = self._request.resolver_match
        name = (match.url_name if match else None) or ""
        return next(key for beginning, key in _QUEUE_OF_PAGE if name.startswith(beginning))


def _waiting(user: Any) -> dict[str, tuple[QuerySet[Any, Any], ...]]:
    """Return what waits in each queue that has a number, but revisions and decisions.

    Also the lent sessions that ended, the platforms that ask for a second reviewer, and what this
    person did of late.
    """
    now = timezone.now()
    return {
        "changes": (Change.objects.waiting(),),
        "being_read": (Change.objects.waiting().without_suggestion(),),
        "health": (Page.objects.in_trouble(),),
        "reviews": (Entry.objects.awaiting_second_review(),),
        "reports": (ReaderReport.objects.waiting(),),
        "sessions": (LentSession.objects.ended(now),),
        "asking": (Platform.objects.asking_for_second_review(),),
        "undoable": (
            Decision.objects.of_late(user, now),
            Revision.objects.undoable(user, now),
            ReportRuling.objects.of_late(user, now),
        ),
    }


def _numbers(found: dict[str, tuple[QuerySet[Any, Any], ...]]) -> Counter[str]:
    """Count what was found under each key, with one query."""
    first, *others = (
        rows.order_by()
        .annotate(queue=Value(key))
        .values("queue")
        .annotate(number=Count("pk"))
        .values_list("queue", "number")
        for key, each in found.items()
        for rows in each
    )
    counts: Counter[str] = Counter()
    for key, number in first.union(*others, all=True):
        counts[key] += number
    return counts


def undo_address(decision: Decision) -> str:
    """Return the URL that undoes a decision."""
    if decision.batch is not None:
        return reverse("admin:consent_change_undo_batch")
    if decision.change_id is not None:
        return reverse("admin:consent_change_undo", args=[decision.change_id])
    about = decision.about
    return reverse(f"admin:consent_{about._meta.model_name}_undo", args=[about.pk])
