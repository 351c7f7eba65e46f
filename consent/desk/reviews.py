"""The pages of the second review of entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent.curation import decisions
from consent.curation.decisions import AlreadyDecidedError
from consent.curation.record_decisions import differences
from consent.desk.acting import try_act, undo_own
from consent.desk.compared_texts import compare
from consent.desk.entry_sheet import linked
from consent.desk.publish_preview import PublishPreview, preview_publish, public_page
from consent.models import Change, Decision, Entry, Revision
from consent.vocabulary import PublicationStatus
from platforms.desk.curators import curator_of, require
from platforms.versions import stored, version_of


@require_safe
def review_queue(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Show what waits for a second reviewer, the longest waiting first.

    These are entries, revisions of entries, changes merged into them, and changes of uses,
    controls and guides.
    """
    require(request, "consent.view_entry")
    page = "review" if request.user.has_perm("consent.publish_record") else "change"
    waiting = Entry.objects.awaiting_second_review().select_related("reviewer")
    context = {
        **site.each_context(request),
        "title": "Waiting for a second reviewer",
        "waiting": waiting.prefetch_related("platforms"),
        "revised": Revision.objects.for_second_reviewer().for_readers().order_by("revised_at"),
        "merged": Decision.objects.merges_for_second_reviewer().order_by("decided_at"),
        "changed": [
            (decision, differences(decision), _address(decision, page))
            for decision in Decision.objects.for_second_reviewer().order_by("decided_at")
        ],
    }
    return render(request, "admin/consent/desk/reviews.html", context)


def _address(decision: Decision, page: str) -> str:
    """Return the address of a page of the record that a decision is about."""
    record = decision.about
    return reverse(f"admin:consent_{record._meta.model_name}_{page}", args=[record.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def review_entry(request: HttpRequest, site: AdminSite, entry_id: int) -> HttpResponseBase:
    """Show what another editor would publish; on POST confirm it or send it back.

    A published entry is shown as well, for editors who may become its second reviewer.
    """
    require(request, "consent.publish_entry")
    entry = get_object_or_404(Entry.objects.for_change_page(), pk=entry_id)
    proposal = decisions.proposal_of(entry)
    if proposal is None and entry.status != PublicationStatus.PUBLISHED:
        messages.error(request, f"“{entry}” waits for no second reviewer (any more).")
        return redirect("admin:consent_entry_change", entry.pk)
    version = version_of(stored(entry), entry.decisions.values_list("pk"))
    if request.method == "POST":
        if "page" in request.POST:
            return public_page(_confirm(request, entry), request.get_host())
        response = _press_button(request, entry, version)
        if response is not None:
            return response
    change = (proposal and proposal.change) or next(iter(entry.compared_changes), None)
    context = {
        **site.each_context(request),
        "title": f"Second review: {entry}",
        "entry": entry,
        "proposal": proposal,
        "version": version,
        "why_not": decisions.why_no_review(entry, curator_of(request)),
        "revised": entry.revisions.not_seen_by_another().select_related("editor"),
        "merged": entry.decisions.merges_for_second_reviewer(),
        "item": change,
        **_look(request, entry, proposal),
    }
    if change is not None:
        whole = Change.objects.for_desk().get(pk=change.pk)
        context["comparison"] = compare(whole, view=request.GET.get("view", ""), against="before")
    return render(request, "admin/consent/desk/review.html", context)


@require_POST
def undo_entry(request: HttpRequest, site: AdminSite, entry_id: int) -> HttpResponse:
    """Undo the editor's own last decision on an entry without a change."""
    require(request, "consent.publish_entry")
    entry = get_object_or_404(Entry, pk=entry_id)
    last = entry.decisions.first()
    undo_own(request, None if last and last.change_id else last)
    return redirect("admin:consent_entry_change", entry.pk)


def _press_button(request: HttpRequest, entry: Entry, version: str) -> HttpResponse | None:
    """Do what the button says. Return None, with a message, if it cannot be done."""
    curator, note = curator_of(request), request.POST.get("note", "")[:500]
    if request.POST.get("version") != version:
        messages.error(request, "Somebody else changed this since you opened it: look again.")
        return None
    acts: dict[str, tuple[Callable[..., Entry], str]] = {
        "confirm": (decisions.confirm, linked("Published, reviewed twice", entry)),
        "return": (decisions.send_back, f"Sent back: {entry}"),
        "name": (decisions.add_review, f"You are a reviewer of this entry now: {entry}"),
    }
    pressed = next((name for name in acts if name in request.POST), None)
    if pressed is None:
        messages.error(request, "Nothing was done: choose one of the buttons.")
        return None
    act, done = acts[pressed]
    try:
        if not try_act(request, lambda: act(entry, curator=curator, note=note), done):
            return None
    except AlreadyDecidedError as decided:
        messages.error(request, f"{decided} Nothing was overwritten.")
    if pressed == "name":
        return redirect("admin:consent_entry_change", entry.pk)
    return redirect("admin:consent_entry_reviews")


def _look(request: HttpRequest, entry: Entry, proposal: Decision | None) -> dict[str, Any]:
    """Return what readers would get, for an editor who may confirm it."""
    if proposal is None or entry.reviewer_id == curator_of(request).pk:
        return {}
    try:
        preview: PublishPreview = preview_publish(_confirm(request, entry))
    except ValidationError as invalid:
        return {"trouble": " ".join(invalid.messages)}
    return {"rehearsal": preview}


def _confirm(request: HttpRequest, entry: Entry) -> Any:
    """Return a function that confirms the entry, for a transaction that is rolled back."""
    return lambda: decisions.confirm(entry, curator=curator_of(request))
