"""The public side of reports and requests: a number each, and what became of them.

What readers wrote is never public. A requested platform is named only if it is a known service.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import ceil
from statistics import median

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from consent.ledger.facts import listed_platforms
from consent.models import ReaderReport
from consent.models.feedback import ReaderReportQuerySet
from consent.public.feedback.own_pages import own_path
from consent.search.brands import BRANDS
from consent.search.names import exactly_named
from consent.search.plain_words import words
from consent.vocabulary import ReportKind, ReportStatus

#: Chosen: about a year of a busy site. The numbers go on.
_SHOWN = 300
_SETTLED = (ReportStatus.ACTED_ON, ReportStatus.ANSWERED, ReportStatus.DECLINED)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """about: a page of ours. name: a known service; "" for any other words."""

    report: ReaderReport
    about: str
    name: str

    @property
    def is_request(self) -> bool:
        return self.report.kind == ReportKind.PLATFORM


@require_safe
@cache_control(public=True, max_age=0)
def report_queue(request: HttpRequest) -> HttpResponse:
    """Not kept: whoever has just sent a report finds its number here."""
    public = ReaderReport.objects.exclude(status=ReportStatus.SPAM)
    counted = Counter(public.values_list("status", flat=True))
    context = {
        "lines": [_line(report) for report in public.order_by("-pk")[:_SHOWN]],
        "waiting": counted[ReportStatus.OPEN],
        "settled": sum(counted[status] for status in _SETTLED),
        "acted_on": counted[ReportStatus.ACTED_ON],
        "asked_for": _asked_for(public.filter(kind=ReportKind.PLATFORM)),
    }
    return render(request, "readers/reports.html", context)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many reports wait for a curator. days: within which half were decided; None of none."""

    number: int
    days: int | None


def waiting_now() -> Waiting:
    reports = ReaderReport.objects.exclude(status=ReportStatus.SPAM)
    settled = reports.settled().values_list("sent_at", "settled_at")[:_SHOWN]
    took = [(decided - sent).days for sent, decided in settled if decided]
    return Waiting(reports.waiting().count(), ceil(median(took)) if took else None)


def _line(report: ReaderReport) -> QueueLine:
    about = own_path(report.about) if report.about else ""
    return QueueLine(report, about, known_name(report.name))


def _asked_for(requests: ReaderReportQuerySet) -> list[tuple[str, int]]:
    """Return the known services that were requested, with how often, most often first."""
    names = requests.values_list("name", flat=True)
    counted = Counter(filter(None, map(known_name, names)))
    return counted.most_common()


def known_name(typed: str) -> str:
    """Return the name of a known service that was typed; "" for any other words."""
    plain = words(typed)
    if platform := exactly_named(plain, listed_platforms()):
        return platform.name
    return BRANDS.get(" ".join(plain), "")
