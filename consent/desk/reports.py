"""Reports and requests by readers: the queue, and the decision on each."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from consent.curation.decisions import AlreadyDecidedError
from consent.curation.reports import decide_report
from consent.desk.queue import shell_context
from consent.desk.views import require
from consent.models import Entry, Guide, ReaderReport, ReportRuling
from consent.vocabulary import ReportStatus
from platforms.desk.people import curator_of
from platforms.models import Platform

_PER_PAGE = 25
_NOTE_LENGTH = 500


@require_safe
def report_queue(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Show waiting reports, the oldest first; with ?settled the decided ones, the latest first."""
    require(request, "consent.view_readerreport")
    settled = "settled" in request.GET
    reports = ReaderReport.objects.settled() if settled else ReaderReport.objects.waiting()
    page = Paginator(reports.with_rulings(), _PER_PAGE).get_page(request.GET.get("page"))
    for report in page.object_list:
        report.at_desk, report.at_desk_words = place_at_desk(report.about)
    context = {
        **site.each_context(request),
        **shell_context(request),
        "title": "Reader reports",
        "settled": settled,
        "undoable_report": ReportRuling.objects.undoable(curator_of(request), timezone.now()),
        "reports": page,
        # Only curators who may answer see the reader's address.
        "may_rule": request.user.has_perm("consent.change_readerreport"),
    }
    return render(request, "admin/consent/desk/reports.html", context)


def place_at_desk(about: str) -> tuple[str, str]:
    """Return where the subject of a report is edited, and words for the link; "" if nowhere.

    about: a path of ours, which readers choose.
    """
    try:
        match = resolve(urlsplit(about).path) if about else None
    except Resolver404:
        match = None
    given = match.kwargs if match else {}
    if "public_id" in given:
        entry = Entry.objects.filter(public_id=given["public_id"]).first()
        if entry is not None:
            return reverse("admin:consent_entry_revise", args=[entry.pk]), "Correct or retract it"
    slug = given.get("platform") or given.get("slug")
    if match is not None and match.url_name == "guide":
        guide = Guide.objects.filter(slug=given.get("slug", "")).first()
        if guide is not None:
            return reverse("admin:consent_guide_check", args=[guide.pk]), "Check the guide"
    platform = Platform.objects.filter(slug=slug or "").first()
    if platform is not None:
        return reverse("admin:platforms_platform_change", args=[platform.pk]), "The platform"
    return "", ""


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
