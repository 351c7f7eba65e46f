"""Overview pages of the desk: page health, outbox and dates, the team's numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from consent.curation import decisions, revisions
from consent.desk.acting import try_act
from consent.desk.entry_sheet import linked
from consent.desk.team_numbers import WEEKS, noisiest_pages, tallies_by_effect, weeks
from consent.ledger.miss_rates import miss_rates
from consent.models import Alert, Change, Decision, Entry, Sample
from consent.vocabulary import PublicationStatus, Ruling
from platforms.desk.curators import curator_of, require
from platforms.desk.visit_history import strips_of
from platforms.models import LentSession, Page, Snapshot
from platforms.watch.state import watch_state

#: How far the page of dates looks back and ahead. This and the next are chosen.
_AROUND = dt.timedelta(days=7)
_NOISY_WITHIN = dt.timedelta(days=30)
_PER_PAGE = 50
#: A text that lost this share within this time may be an error page or a broken selector. Chosen.
_SHRUNK_BY, _SHRUNK_WITHIN = 0.4, dt.timedelta(days=14)


@require_safe
def health(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Show pages that cannot be read, flap, are noisy or paused, and quarantined snapshots."""
    require(request, "platforms.view_page")
    everything, now = "all" in request.GET, timezone.now()
    listed = Page.objects.all() if everything else Page.objects.in_trouble()
    listed = listed.with_last_fetch().select_related("platform")
    order = ("platform__name", "title", "pk") if everything else ("health_since", "pk")
    pages = Paginator(listed.order_by(*order), _PER_PAGE).get_page(request.GET.get("page"))
    strips = strips_of(pages.object_list, today=timezone.localdate())
    context = {
        **site.each_context(request),
        "title": "Page health",
        "everything": everything,
        "now": now,
        "ended_sessions": LentSession.objects.ended(now).select_related("platform", "lent_by"),
        "shrunken": _shrunken_texts(),
        "pages": pages,
        "rows": [(page, strips[page.pk]) for page in pages.object_list],
        "quarantined": Snapshot.objects.exclude(quarantined_as="")
        .filter(released_at=None)
        .select_related("page__platform")
        .prefetch_related("documents")
        .order_by("-first_seen_at")[:50],
        **counts_of_health(now),
        "stays_refused": Snapshot.objects.stays_refused(now).with_texts(),
        "redirected": Page.objects.redirected().select_related("platform", "baseline")[:_PER_PAGE],
    }
    return render(request, "admin/consent/desk/health.html", context)


def counts_of_health(now: dt.datetime) -> dict[str, Any]:
    """Return what admin/consent/desk/_health.html shows."""
    return {
        "watch": watch_state(now),
        "counts": Page.objects.living().aggregate(
            failing=Count("pk", filter=Q(pk__in=Page.objects.watched(), health="failing")),
            flapping=Count("pk", filter=Q(flapping_since__isnull=False)),
            noisy=Count("pk", filter=Q(needs_rule_since__isnull=False)),
            lost=Count("pk", filter=Q(read_whole_since__isnull=False)),
            paused=Count("pk", filter=Q(paused_at__isnull=False)),
        ),
        "by_hand": Page.objects.to_confirm_by_hand(now).count(),
    }


_FOUND_IN_EFFECT = Prefetch(
    "decisions",
    Decision.objects.filter(ruling=Ruling.CONFIRM).select_related("curator"),
    to_attr="found_in_effect",
)


@require_POST
def holds(request: HttpRequest, site: AdminSite, entry_id: int) -> HttpResponseBase:
    """Log that an entry is in effect; one that was due becomes effective, in public."""
    require(request, "consent.publish_entry")
    entry = get_object_or_404(Entry, pk=entry_id)
    curator, note = curator_of(request), request.POST.get("note", "").strip()[:500]
    if entry.due_on is not None and entry.effective_on is None:
        done = linked("In effect now, in public", entry)
        try_act(request, lambda: revisions.take_effect(entry, editor=curator, note=note), done)
    else:
        done = f"Logged that it holds: {entry}"
        try_act(request, lambda: decisions.confirm_effect(entry, curator=curator, note=note), done)
    return redirect("admin:consent_change_dates")


def _shrunken_texts() -> Any:
    """Return the recent changes after which a page had much less text, the latest first."""
    # By when it was seen: an import detects changes of years in a day.
    recent = Change.objects.filter(observed_to__gt=timezone.now() - _SHRUNK_WITHIN)
    sized = recent.annotate(
        length_before=Length("before_document__text"), length_after=Length("after_document__text")
    )
    shrunk = sized.filter(length_after__lt=F("length_before") * (1 - _SHRUNK_BY))
    found = shrunk.select_related("page__platform").order_by("-detected_at")
    return found.defer("page__select", "page__remove")[:_PER_PAGE]


@require_safe
def dates(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Show entries whose dates are near today, drafts, and mail that waits to go out."""
    require(request, "consent.view_entry")
    today = timezone.localdate()
    near = (today - _AROUND, today + _AROUND)
    entries = Entry.objects.prefetch_related("platforms")
    context = {
        **site.each_context(request),
        "title": "Outbox and dates",
        "today": today,
        "effective": entries.published()
        .filter(effective_on__range=near)
        .order_by("effective_on")
        .prefetch_related(_FOUND_IN_EFFECT),
        # What is due stays here until somebody has looked, however long ago its day was.
        "due": entries.published()
        .filter(due_on__lte=near[1], effective_on=None, outcome=None)
        .order_by("due_on"),
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
    since = timezone.now() - _NOISY_WITHIN
    context = {
        **site.each_context(request),
        "title": "The team's numbers",
        "weeks": weeks(timezone.localdate()),
        "effects": tallies_by_effect(timezone.now() - dt.timedelta(weeks=WEEKS)),
        "noisiest": noisiest_pages(since),
        "rates": miss_rates(timezone.localdate()),
        "unread_samples": Sample.objects.unread().count(),
    }
    return render(request, "admin/consent/desk/numbers.html", context)
