"""A page's noise, measured by curators' decisions: its budget, and cases for a back-test."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db.models import Q, QuerySet

from consent.models import Change, Decision
from consent.noise.rules import WINDOW_DAYS, Budget, Capture, Case, Truth, count_moves
from consent.vocabulary import ChangeStatus, DismissReason, Ruling
from platforms.archive import Archive, ArchiveError
from platforms.models import Page, Snapshot
from platforms.outcomes import Outcome

#: Reasons for dismissing that mean: the page had not changed.
FALSE_REASONS = frozenset({DismissReason.NOISE.value, DismissReason.EXTRACTION_FAULT.value})
#: The latest cases are most like the page of today, and reading 60 takes a second or two.
_MOST_CASES = 60
_Reasons = dict[int, str]


def budget_of(page: Page, *, now: dt.datetime) -> Budget:
    """Count the visits and changes of a page in the last 90 days."""
    since = now - dt.timedelta(days=WINDOW_DAYS)
    states = page.fetches.filter(
        started_at__gte=since, outcome__in=[Outcome.READ, Outcome.NOT_MODIFIED]
    )
    snapshot_ids = list(
        states.exclude(snapshot=None).order_by("started_at").values_list("snapshot", flat=True)
    )
    moves, flips = count_moves(snapshot_ids)
    changes = page.changes.filter(observed_to__gte=since)
    reasons = _reasons(changes)
    return Budget(
        visits=len(snapshot_ids),
        candidates=moves,
        flips=flips,
        confirmed=sum(_truth(change, reasons) == "true" for change in changes),
        dismissed=Counter(reasons.values()),
        false_reasons=FALSE_REASONS,
    )


def cases_of(page: Page, archive: Archive) -> list[Case]:
    """Return a page's latest changes with the bytes on both sides, oldest first."""
    changes = page.changes.exclude(before__sha256="").exclude(after__sha256="")
    latest = changes.select_related("before", "after").order_by("-observed_to")[:_MOST_CASES]
    reasons = _reasons(page.changes.all())
    cases = []
    for change in reversed(latest):
        try:
            before, after = (_capture(side, archive) for side in (change.before, change.after))
        except ArchiveError:
            continue  # verify_archive reports it; the other cases are enough
        cases.append(Case(change.pk, before, after, _truth(change, reasons)))
    return cases


def mark_noisy_pages(*, now: dt.datetime) -> int:
    """Mark the pages over their budget as needing a rule, and unmark others; return how many."""
    since = now - dt.timedelta(days=WINDOW_DAYS)
    noisy = Q(changes__observed_to__gte=since) | ~Q(flapping_since=None) | ~Q(needs_rule_since=None)
    marked = 0
    for page in Page.objects.filter(noisy).distinct():
        if budget_of(page, now=now).is_over == (page.needs_rule_since is not None):
            continue
        page.needs_rule_since = None if page.needs_rule_since else now
        page.save(update_fields=["needs_rule_since"])
        marked += 1
    return marked


def _reasons(changes: QuerySet[Change]) -> _Reasons:
    """Return the latest reason of each dismissed change, by its key."""
    decisions = Decision.objects.filter(
        change__in=changes, change__status=ChangeStatus.DISMISSED, ruling=Ruling.DISMISS
    )
    return dict(decisions.order_by("decided_at").values_list("change", "reason"))


def _truth(change: Change, reasons: _Reasons) -> Truth:
    if change.pk in reasons:
        return "false" if reasons[change.pk] in FALSE_REASONS else "true"
    if change.status in (ChangeStatus.PUBLISHED, ChangeStatus.MERGED):
        return "true"
    if change.reverted_at is not None:
        return "false"
    return "true" if change.confirmed_at is not None else "undecided"


def _capture(snapshot: Snapshot, archive: Archive) -> Capture:
    return Capture(archive.get(snapshot.sha256), snapshot.final_url, snapshot.content_type)
