"""Overview pages of the desk: page health, outbox and dates, the team's numbers."""

from __future__ import annotations

import datetime as dt

from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.desk.numbers import noisiest_pages, sample_to_review, weeks
from consent.desk.queue import shell_context
from consent.desk.views import require
from consent.models import Alert, Entry
from consent.vocabulary import PublicationStatus
from platforms.desk.visit_history import strips_of
from platforms.models import Page, Snapshot

#: How far the page of dates looks back and ahead. This and the next are chosen.
_AROUND = dt.timedelta(days=7)
_SAMPLED_FOR = dt.timedelta(days=30)
_PER_PAGE = 50


@require_safe
def health(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Show pages that cannot be read, flap, are noisy or paused, and quarantined snapshots."""
    require(request, "platforms.view_page")
    troubled = (
        Q(health="failing")
        | Q(flapping_since__isnull=False)
        | Q(needs_rule_since__isnull=False)
        | Q(paused_at__isnull=False)
    )
    troubled_pages = Page.objects.filter(troubled).with_last_fetch().select_related("platform")
    pages = Paginator(troubled_pages.order_by("health_since", "pk"), _PER_PAGE).get_page(
        request.GET.get("page")
    )
    strips = strips_of(pages.object_list, today=timezone.localdate())
    context = {
        **site.each_context(request),
        **shell_context(request),
        "title": "Page health",
        "pages": pages,
        "rows": [(page, strips[page.pk]) for page in pages.object_list],
        "quarantined": Snapshot.objects.exclude(quarantined_as="")
        .filter(released_at=None)
        .select_related("page__platform")
        .order_by("-first_seen_at")[:50],
        "counts": Page.objects.aggregate(
            failing=Count("pk", filter=Q(health="failing")),
            flapping=Count("pk", filter=Q(flapping_since__isnull=False)),
            noisy=Count("pk", filter=Q(needs_rule_since__isnull=False)),
            paused=Count("pk", filter=Q(paused_at__isnull=False)),
        ),
        "redirected": Page.objects.redirected().select_related("platform", "baseline")[:_PER_PAGE],
        "by_hand": Page.objects.to_confirm_by_hand(timezone.now()).count(),
    }
    return render(request, "admin/consent/desk/health.html", context)


@require_safe
def dates(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Show entries whose dates are near today, drafts, and mail that waits to go out."""
    require(request, "consent.view_entry")
    today = timezone.localdate()
    near = (today - _AROUND, today + _AROUND)
    entries = Entry.objects.prefetch_related("platforms")
    context = {
        **site.each_context(request),
        **shell_context(request),
        "title": "Outbox and dates",
        "today": today,
        "effective": entries.published().filter(effective_on__range=near).order_by("effective_on"),
        "deadlines": entries.published().filter(deadline_on__range=near).order_by("deadline_on"),
        "drafts": entries.filter(status=PublicationStatus.DRAFT).order_by("-updated_at")[:100],
        "outbox": Alert.objects.filter(sent_at=None, failed_at=None)
        .order_by()
        .values("entry", "entry__title", "due_at")
        .annotate(people=Count("pk"))
        .order_by("due_at")[:50],
    }
    return render(request, "admin/consent/desk/dates.html", context)


@require_safe
def numbers(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    require(request, "consent.view_decision")
    since = timezone.now() - _SAMPLED_FOR
    context = {
        **site.each_context(request),
        **shell_context(request),
        "title": "The team's numbers",
        "weeks": weeks(timezone.localdate()),
        "noisiest": noisiest_pages(since),
        "sample": sample_to_review(request.user, since),
    }
    return render(request, "admin/consent/desk/numbers.html", context)
