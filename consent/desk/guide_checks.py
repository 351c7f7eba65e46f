"""The queue of guides to verify, and the page to verify one, surface by surface."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from consent.curation.decisions import AlreadyDecidedError
from consent.curation.verification import Step, check_surface, steps_of, stored_steps
from consent.models import Guide, GuideSurface
from consent.models.changes import important_platforms
from consent.models.walks import VERIFIED_FOR
from consent.vocabulary import CheckOutcome
from platforms.desk.curators import curator_of, require
from platforms.versions import version_of

#: Guides of important platforms are verified twice as often. Chosen.
VERIFIED_FOR_IMPORTANT = dt.timedelta(days=45)
#: How long before its due date a guide is listed. Chosen.
SOON = dt.timedelta(days=14)
#: The rank of what is due within that time; all that comes before it is urgent.
_SOON = 3
_BLANK_STEPS = 2
#: Answers of readers shown with a guide.
_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class Due:
    """A guide in the queue. rank: of its reason; the lowest comes first."""

    guide: Guide
    rank: int
    why: str
    since: dt.date

    @property
    def is_urgent(self) -> bool:
        """Whether its page changed, readers report it broken, or its day has come."""
        return self.rank < _SOON


@require_safe
def guide_queue(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    require(request, "consent.view_guide")
    context = {
        **site.each_context(request),
        "title": "Guides to walk again",
        "due": guides_due(timezone.localdate()),
    }
    return render(request, "admin/consent/desk/guides.html", context)


def guides_due(today: dt.date) -> list[Due]:
    """Return the public guides to walk again, by urgency."""
    guides = Guide.objects.published().select_related("platform", "source_change__page__platform")
    return queue_of(guides.prefetch_related("surfaces"), today, set(important_platforms()))


def queue_of(guides: Any, today: dt.date, important: set[int]) -> list[Due]:
    """Return guides by urgency, and by age within each.

    The order is: page changed, reported broken by readers, overdue or never verified, due soon.
    """
    due = [
        row
        for guide in guides
        if (row := _due(guide, today, guide.platform_id in important)) is not None
    ]
    return sorted(due, key=lambda row: (row.rank, row.since, row.guide.title))


def _due(guide: Guide, today: dt.date, important: bool) -> Due | None:
    if guide.source_changed_at is not None:
        return Due(guide, 0, "page changed since we checked", guide.source_changed_at.date())
    if broken := guide.broken_surfaces():
        names = ", ".join(str(surface.get_surface_display()) for surface in broken)
        since = min(surface.reported_broken_at for surface in broken if surface.reported_broken_at)
        return Due(guide, 1, f"reported broken: {names}", since.date())
    verified_on = guide.verified_on()
    if verified_on is None:
        return Due(guide, 2, "never walked on every surface", dt.date.min)
    allowed = VERIFIED_FOR_IMPORTANT if important else VERIFIED_FOR
    due_on = verified_on + allowed
    if due_on <= today:
        return Due(guide, 2, "overdue", due_on)
    return Due(guide, _SOON, "due soon", due_on) if due_on <= today + SOON else None


@require_http_methods(["GET", "HEAD", "POST"])
def check_guide(request: HttpRequest, site: AdminSite, guide_id: int) -> HttpResponseBase:
    """Show a guide's steps in an editor; on POST record the verification of one surface."""
    require(request, "consent.view_guide")
    guide = get_object_or_404(Guide.objects.select_related("platform"), pk=guide_id)
    edited: dict[int, list[Step]] = {}
    if request.method == "POST":
        require(request, "consent.change_guide")
        surface = get_object_or_404(guide.surfaces, pk=_number(request.POST.get("surface")))
        steps = _posted_steps(request)
        outcome = request.POST.get("outcome", "")
        if outcome not in CheckOutcome.values:
            edited[surface.pk] = _moved(steps, request.POST.get("move", ""))
        elif _check(request, surface, CheckOutcome(outcome), steps):
            return redirect("admin:consent_guide_check", guide.pk)
        else:
            edited[surface.pk] = steps
    context = {
        **site.each_context(request),
        "title": f"Walk: {guide.platform}: {guide}",
        "guide": guide,
        "trust": guide.trust(),
        "surfaces": [
            _editor(surface, edited.get(surface.pk), request.POST.get("seen", ""))
            for surface in guide.surfaces.prefetch_related("steps")
        ],
        "note": _note(request),
        "answers": guide.answers.not_through()[:_ANSWERS],
        "verifications": guide.verifications.select_related("curator")[:20],
        "may_check": request.user.has_perm("consent.change_guide"),
    }
    return render(request, "admin/consent/desk/guide.html", context)


def _check(
    request: HttpRequest, surface: GuideSurface, outcome: CheckOutcome, steps: list[Step]
) -> bool:
    """Record a check, with a message; return False if it was refused."""
    try:
        check_surface(
            surface,
            outcome,
            curator=curator_of(request),
            note=_note(request),
            steps=steps,
            seen=request.POST.get("seen", ""),
        )
    except AlreadyDecidedError as decided:
        messages.error(request, f"{decided} Nothing was overwritten.")
    except ValidationError as invalid:
        messages.error(request, " ".join(invalid.messages))
    else:
        messages.success(request, f"{surface.get_surface_display()}: {outcome.label}.")
        return True
    return False


def _note(request: HttpRequest) -> str:
    return request.POST.get("note", "")[:500]


def _editor(surface: GuideSurface, edited: list[Step] | None, seen: str) -> dict[str, Any]:
    steps = steps_of(surface) if edited is None else edited
    return {
        "surface": surface,
        # The version when the steps were opened, so that edits are never saved over newer ones.
        "seen": version_of(*stored_steps(surface)) if edited is None else seen,
        "rows": [*steps, *[("", "")] * _BLANK_STEPS],
        "preview": steps,
        "edited": edited is not None,
    }


def _posted_steps(request: HttpRequest) -> list[Step]:
    """Return the steps of non-empty rows, in the order of their numbers."""
    acts, expects = request.POST.getlist("act"), request.POST.getlist("expect")
    orders = request.POST.getlist("order")
    rows = [
        (_number(order), act.strip(), expect.strip())
        for order, act, expect in zip(orders, acts, expects, strict=False)
        if act.strip()
    ]
    return [(act, expect) for _, act, expect in sorted(rows, key=lambda row: row[0])]


def _moved(steps: list[Step], move: str) -> list[Step]:
    """Return the steps after a move: "3:up" or "3:down", counted from 1."""
    number, _, direction = move.partition(":")
    here = _number(number) - 1
    there = here + {"up": -1, "down": 1}.get(direction, 0)
    if 0 <= here < len(steps) and 0 <= there < len(steps):
        steps[here], steps[there] = steps[there], steps[here]
    return steps


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
