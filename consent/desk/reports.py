"""Reports and requests by readers: the queue, and the decision on each."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from consent.curation.decisions import AlreadyDecidedError
from consent.curation.reports import decide_report
from consent.desk.queue import shell_context
from consent.desk.views import require
from consent.models import ReaderReport, ReportRuling
from consent.vocabulary import ReportStatus
from platforms.desk.people import curator_of

_PER_PAGE = 25
_NOTE_LENGTH = 500


@require_safe
def report_queue(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Show waiting reports, the oldest first; with ?settled the decided ones, the latest first."""
    require(request, "consent.view_readerreport")
    settled = "settled" in request.GET
    reports = ReaderReport.objects.settled() if settled else ReaderReport.objects.waiting()
    context = {
        **site.each_context(request),
        **shell_context(request),
        "title": "Reader reports",
        "settled": settled,
        "undoable_report": ReportRuling.objects.undoable(curator_of(request), timezone.now()),
        "reports": Paginator(reports.with_rulings(), _PER_PAGE).get_page(request.GET.get("page")),
        # Only curators who may answer see the reader's address.
        "may_rule": request.user.has_perm("consent.change_readerreport"),
    }
    return render(request, "admin/consent/desk/reports.html", context)


@require_POST
def rule(request: HttpRequest, site: AdminSite, report_id: int) -> HttpResponseBase:
    require(request, "consent.change_readerreport")
    report = get_object_or_404(ReaderReport, pk=report_id)
    after = request.POST.get("after", "")
    if after not in ReportStatus.values:
        messages.error(request, "Nothing was done: press one of the buttons.")
        return redirect("admin:consent_readerreport_queue")
    try:
        ruling = decide_report(
            report,
            ReportStatus(after),
            seen=request.POST.get("seen", ""),
            curator=curator_of(request),
            note=request.POST.get("note", "")[:_NOTE_LENGTH].strip(),
        )
    except AlreadyDecidedError as decided:
        messages.error(request, f"{decided} Nothing was overwritten.")
    else:
        messages.success(request, f"{report}: {ruling.get_after_display()}.")
    return redirect("admin:consent_readerreport_queue")
