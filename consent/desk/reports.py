"""Reports and requests by readers: the queue, and the decision on each."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, reverse
from django.views.decorators.http import require_POST, require_safe

from consent.curation.decisions import AlreadyDecidedError
from consent.curation.reports import decide_report
from consent.models import Entry, Guide, ReaderReport
from consent.vocabulary import ReportStatus
from consent.web.page_language import page_at
from platforms.desk.curators import curator_of, require
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
    places = places_at_desk({report.about for report in page.object_list if report.about})
    for report in page.object_list:
        report.at_desk, report.at_desk_words = places.get(report.about, ("", ""))
    context = {
        **site.each_context(request),
        "title": "Reader reports",
        "settled": settled,
        "reports": page,
        # Only curators who may answer see the reader's address.
        "may_rule": request.user.has_perm("consent.change_readerreport"),
    }
    return render(request, "admin/consent/desk/reports.html", context)


def places_at_desk(paths: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return where the subjects of reports are edited, and words for the link, by their path.

    paths: paths of ours, which readers choose; those that lead nowhere are left out.
    """
    given = {path: found for path in paths if (found := _arguments_of(path))}

    def named(view: str, argument: str) -> set[str]:
        return {kwargs[argument] for name, kwargs in given.values() if name.startswith(view)}

    entries = Entry.objects.filter(public_id__in=named("change", "public_id"))
    guides = Guide.objects.filter(slug__in=named("guide", "slug"))
    platforms = Platform.objects.filter(slug__in=named("platform", "slug"))
    links: dict[str, tuple[str, str]] = {}
    for field, view, words, rows in (
        ("public_id", "admin:consent_entry_revise", "Correct or retract it", entries),
        ("slug", "admin:consent_guide_check", "Check the guide", guides),
        ("slug", "admin:platforms_platform_change", "The platform", platforms),
    ):
        kind = {Entry: "change", Guide: "guide", Platform: "platform"}[rows.model]
        keys = dict(rows.values_list(field, "pk"))
        for path, (name, kwargs) in given.items():
            if name.startswith(kind) and kwargs[field] in keys:
                links[path] = reverse(view, args=[keys[kwargs[field]]]), words
    return links


#: Pages of readers that are about one thing which the desk edits.
_PAGES_OF_ONE_THING = ("change", "change-by-id", "guide", "platform")


def _arguments_of(path: str) -> tuple[str, dict[str, str]] | None:
    """Return the name and the arguments of the page at a path of ours; None for other pages."""
    try:
        match = page_at(urlsplit(path).path)
    except (Resolver404, ValueError):
        return None
    if match.url_name not in _PAGES_OF_ONE_THING:
        return None
    return str(match.url_name), {name: str(value) for name, value in match.kwargs.items()}


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
