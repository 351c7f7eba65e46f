"""The queue of guides to verify, and the page to verify one, surface by surface."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from consent.curation.decisions import AlreadyDecidedError
from consent.curation.verification import Step, check_surface, steps_of, stored_steps
from consent.desk.mail_rule import is_old
from consent.desk.publish_preview import StepsPreview, preview_new_steps
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
    looked: dict[int, StepsPreview] = {}
    if request.method == "POST":
        require(request, "consent.change_guide")
        surface = get_object_or_404(guide.surfaces, pk=_number(request.POST.get("surface")))
        steps = _posted_steps(request)
        check = _Check.of(request, surface, steps)
        if check is None:
            edited[surface.pk] = _moved(steps, request.POST.get("move", ""))
        elif look := check.look():
            looked[surface.pk], edited[surface.pk] = look, steps
        elif check.record():
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
            | {"look": looked.get(surface.pk), "looked_at": _digest(edited.get(surface.pk))}
            for surface in guide.surfaces.prefetch_related("steps")
        ],
        "note": _note(request),
        "answers": guide.answers.not_through()[:_ANSWERS],
        "verifications": guide.verifications.select_related("curator")[:20],
        "quiet_first": is_old(guide.source_changed_at and guide.source_changed_at.date()),
        "may_check": request.user.has_perm("consent.change_guide"),
    }
    return render(request, "admin/consent/desk/guide.html", context)


@dataclass(frozen=True, slots=True)
class _Check:
    """What a curator wants to record about one surface.

    mail: "now", "quietly", or "" before the number of people was shown.
    """

    request: HttpRequest
    surface: GuideSurface
    outcome: CheckOutcome
    steps: list[Step]
    mail: str

    @classmethod
    def of(cls, request: HttpRequest, surface: GuideSurface, steps: list[Step]) -> _Check | None:
        """Return what the button says; None for one that records nothing."""
        mail = request.POST.get("mail", "")
        outcome = CheckOutcome.STEPS_CHANGED if mail else request.POST.get("outcome", "")
        if outcome not in CheckOutcome.values:
            return None
        return cls(request, surface, CheckOutcome(outcome), steps, mail)

    def look(self) -> StepsPreview | None:
        """Return the mail and the number of people, if there are any and nobody looked at it."""
        if self.outcome != CheckOutcome.STEPS_CHANGED:
            return None
        if self.mail and self.request.POST.get("looked_at") == _digest(self.steps):
            return None
        try:
            found = preview_new_steps(self.surface.guide, self._check)
        except (AlreadyDecidedError, ValidationError):
            return None  # `record` says why
        return found if found.mailed else None

    def record(self) -> bool:
        """Record the check, with a message; return False if it was refused."""
        try:
            with transaction.atomic():
                self._check()
        except AlreadyDecidedError as decided:
            messages.error(self.request, f"{decided} Nothing was overwritten.")
        except ValidationError as invalid:
            messages.error(self.request, " ".join(invalid.messages))
        else:
            words = f"{self.surface.get_surface_display()}: {self.outcome.label}."
            messages.success(self.request, words)
            return True
        return False

    def _check(self) -> object:
        return check_surface(
            self.surface,
            self.outcome,
            curator=curator_of(self.request),
            note=_note(self.request),
            steps=self.steps,
            seen=self.request.POST.get("seen", ""),
            quiet=self.mail == "quietly",
        )


def _digest(steps: list[Step] | None) -> str:
    return hashlib.blake2s(repr(steps).encode(), digest_size=12).hexdigest()


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
