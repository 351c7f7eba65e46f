"""The frame of every desk page: counts of queues, the list next to an item, the undo bar."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from consent.models import Change, Decision, Entry, ReaderReport, Revision

#: Changes listed next to an item. Chosen: about what fits a screen.
LISTED = 25


def shell_context(request: HttpRequest) -> dict[str, Any]:
    """Return the curator's last decision while it can be undone, and the counts of queues."""
    undoable = Decision.objects.undoable(request.user, timezone.now()).first()
    may_revise = request.user.has_perm("consent.publish_entry")
    recent = Revision.objects.undoable(request.user, timezone.now())
    revision = recent.first() if may_revise else None
    if undoable and revision and undoable.decided_at > revision.revised_at:
        revision = None
    return {
        "undoable_revision": revision,
        "undoable": undoable,
        "undo_address": undo_address(undoable) if undoable else "",
        "undoable_count": _count_of_batch(undoable),
        "reviews_waiting": _reviews_waiting(),
        "reports_waiting": ReaderReport.objects.waiting().count(),
        # Called by templates that show it; pages that know the number put it over this.
        "waiting_count": Change.objects.waiting().count,
    }


def _reviews_waiting() -> int:
    """Count what waits for a second reviewer with one query: every page of the desk shows it."""
    entries, revisions, records = (
        waiting.order_by().values("pk")
        for waiting in (
            Entry.objects.awaiting_second_review(),
            Revision.objects.for_second_reviewer(),
            Decision.objects.for_second_reviewer(),
        )
    )
    return entries.union(revisions, records, all=True).count()


def _count_of_batch(decision: Decision | None) -> int:
    """Return how many decisions are undone together with this one; 0 if it stands alone."""
    if decision is None or decision.batch is None:
        return 0
    return Decision.objects.standing().filter(batch=decision.batch).count()


def undo_address(decision: Decision) -> str:
    """Return the URL that undoes a decision."""
    if decision.batch is not None:
        return reverse("admin:consent_change_undo_batch")
    if decision.change_id is not None:
        return reverse("admin:consent_change_undo", args=[decision.change_id])
    about = decision.about
    return reverse(f"admin:consent_{about._meta.model_name}_undo", args=[about.pk])


def neighbours(change: Change) -> dict[str, Any]:
    """Return the part of the queue around a change, and the items before and after it."""
    ahead = Change.objects.waiting().by_weight()
    order = list(ahead.values_list("pk", flat=True))
    here = order.index(change.pk) if change.pk in order else -1
    start = max(0, here - 5)
    listed = order[start : start + LISTED]
    rows = (
        Change.objects.filter(pk__in=listed)
        .select_related("page__platform", "suggestion")
        .only(
            "observed_to",
            "confirmed_at",
            "no_suggestion",
            "page__title",
            "page__platform__name",
            "suggestion__title",
            "suggestion__relevant",
            "suggestion__direction",
            "suggestion__confidence",
        )
    )
    by_key = {row.pk: row for row in rows}
    return {
        "signals": [by_key[key] for key in listed if key in by_key],
        "waiting_count": len(order),
        "previous_item": order[here - 1] if here > 0 else None,
        "next_item": order[here + 1] if here + 1 < len(order) else None,
    }
