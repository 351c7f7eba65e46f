"""Answer: whether a guide worked. ReaderReport: what is wrong or missing, and what came of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from consent.models.changes import UNDO_FOR
from consent.models.guides import Guide
from consent.vocabulary import ReportKind, ReportStatus, Surface, Worked
from platforms.append_only import AppendOnly
from platforms.constraints import one_of


class AnswerQuerySet(models.QuerySet["Answer"]):
    def since(self, at: dt.datetime) -> AnswerQuerySet:
        return self.filter(answered_at__gte=at)

    def not_through(self) -> AnswerQuerySet:
        """Answers "no" and "partly", the latest first."""
        return self.exclude(worked=Worked.YES).order_by("-answered_at", "-pk")

    def counted(self) -> list[tuple[str, str, int]]:
        """Return answer, surface ("" if not given) and the number of such answers."""
        counts = self.order_by().values_list("worked", "surface").annotate(count=Count("pk"))
        return list(counts)


class Answer(models.Model):
    """One reader's answer about a guide. Nothing else about the reader is stored.

    step: the number of the step they got no further at; none when it was no step in particular.
    note: their own words, for curators only. Erased with the answer
    (consent/public/feedback/retention.py).
    """

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="answers")
    worked = models.CharField(max_length=10, choices=Worked)
    surface = models.CharField(max_length=10, choices=Surface, blank=True)
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ("-answered_at", "-pk")
        constraints = [one_of("worked", Worked), one_of("surface", Surface)]
        indexes = [
            # Read by every guide page, and by the round that erases.
            models.Index(fields=["guide", "answered_at"], name="answer_lately"),
            models.Index(fields=["answered_at"], name="answer_age"),
        ]

    def __str__(self) -> str:
        return f"{self.guide}: {self.get_worked_display()}"


class ReaderReportQuerySet(models.QuerySet["ReaderReport"]):
    def waiting(self) -> ReaderReportQuerySet:
        """The desk's queue: reports that nobody has decided on, the oldest first."""
        return self.filter(status=ReportStatus.OPEN).order_by("sent_at", "pk")

    def settled(self) -> ReaderReportQuerySet:
        return self.exclude(status=ReportStatus.OPEN).order_by("-settled_at", "-pk")

    def with_rulings(self) -> ReaderReportQuerySet:
        return self.prefetch_related("rulings__curator")


class ReaderReport(models.Model):
    """A reader's report of an error on a page, or request for a platform. Never public.

    about: a path of ours, "" where none was named. name: of the platform that is missed. url: the
    reader's source, or the platform's help page. address: only for an answer. What the reader
    wrote is erased in time (consent/public/feedback/retention.py); the row stays for the log.
    """

    kind = models.CharField(max_length=10, choices=ReportKind)
    about = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    url = models.URLField(max_length=1000, blank=True)
    address = models.EmailField(blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)

    at_desk: str  # of the desk's queue: where what it is about is edited
    at_desk_words: str

    objects = ReaderReportQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at", "-pk")
        constraints = [
            one_of("kind", ReportKind),
            one_of("status", ReportStatus),
            models.CheckConstraint(
                condition=Q(status="open", settled_at=None)
                | (~Q(status="open") & Q(settled_at__isnull=False)),
                name="readerreport_settled_has_time",
            ),
        ]
        indexes = [
            # Read by the desk's queue, and counted on every page of the desk.
            models.Index(fields=["sent_at"], name="readerreport_open", condition=Q(status="open")),
        ]

    def __str__(self) -> str:
        what = self.name or self.about or "no page named"
        return f"{self.get_kind_display()}: {what}, {self.sent_at:%Y-%m-%d}"


class ReportRulingQuerySet(models.QuerySet["ReportRuling"]):
    def of_late(self, curator: Any, now: dt.datetime) -> ReportRulingQuerySet:
        """A curator's own rulings of the last ten minutes (UNDO_FOR)."""
        return self.filter(curator=curator, ruled_at__gt=now - UNDO_FOR)

    def undoable(self, curator: Any, now: dt.datetime) -> ReportRuling | None:
        """A curator's last decision, if recent and no later one was made on the report.

        Taking it back is a ruling as any other, but is not offered to be taken back in turn.
        """
        found = self.of_late(curator, now).select_related("report").first()
        if found is None or found.after == ReportStatus.OPEN or found.report.status != found.after:
            return None
        return found


class ReportRuling(AppendOnly):
    """What a curator decided on a report, and when. Append-only."""

    report = models.ForeignKey(ReaderReport, models.PROTECT, related_name="rulings")
    before = models.CharField(max_length=10, choices=ReportStatus)
    after = models.CharField(max_length=10, choices=ReportStatus)
    note = models.TextField(blank=True)
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="report_rulings"
    )
    ruled_at = models.DateTimeField(default=timezone.now)

    objects = ReportRulingQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        abstract = False
        ordering = ("-ruled_at", "-pk")
        constraints = [
            one_of("before", ReportStatus),
            one_of("after", ReportStatus),
            models.CheckConstraint(
                condition=~Q(before=models.F("after")), name="reportruling_moves_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_after_display()}"

    @property
    def undo_until(self) -> dt.datetime:
        return self.ruled_at + UNDO_FOR
