"""The log of rulings as JSON lines, or as labelled cases that evaluate_detection reads."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from consent.models import Decision, ReportRuling, Revision, Verification
from consent.vocabulary import Direction, DismissReason, Effect, Ruling
from platforms.models import PageRuling

#: Dismissals that say that the change was not about training, or was none.
_NOT_RELEVANT = {DismissReason.NOISE, DismissReason.NOT_TRAINING, DismissReason.WORDING}
#: Effects that only editors use: no text shows them, so that no classifier is measured by them.
_FOR_EDITORS = {
    Effect.ANNOUNCED,
    Effect.POSTPONED,
    Effect.PAUSED,
    Effect.RESUMED,
    Effect.WITHDRAWN,
    Effect.REGULATOR_ACTION,
    Effect.CORRECTION,
}


class Command(BaseCommand):
    help = "Write what curators decided to standard output, one JSON object a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--as-cases",
            action="store_true",
            help="labelled cases for evaluate_detection: both texts with the ruling that holds",
        )
        for name, (_, what) in _OTHER_LOGS.items():
            which.add_argument(f"--{name}", action="store_true", help=f"{what}, instead")
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="DAY", help="decided on or after this day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        since = options["since"] or date.min
        asked = [rows_since for name, (rows_since, _) in _OTHER_LOGS.items() if options[name]]
        if asked:
            rows = asked[0](since)
        else:
            decisions = Decision.objects.filter(decided_at__date__gte=since).order_by("pk")
            rows = _cases(decisions) if options["as_cases"] else _log(decisions)
        for row in rows:
            self.stdout.write(json.dumps(row, ensure_ascii=False))


def _log(decisions: Any) -> Iterator[dict[str, Any]]:
    """Every row, those that were taken back and their undoing included."""
    for one in decisions.select_related("curator").iterator():
        yield {
            "id": one.pk,
            "decided_at": one.decided_at.isoformat(),
            "curator": one.curator.get_username(),
            "ruling": one.ruling,
            "reason": one.reason,
            "note": one.note,
            "change": one.change_id,
            "entry": one.entry_id,
            "undoes": one.undoes_id,
            "before": one.before,
            "after": one.after,
        }


def _report_log(since: date) -> Iterator[dict[str, Any]]:
    """Every ruling, without a reader's words: they are erased in time, and exports are not."""
    rulings = ReportRuling.objects.filter(ruled_at__date__gte=since).order_by("pk")
    for one in rulings.select_related("curator", "report").iterator():
        yield {
            "id": one.pk,
            "decided_at": one.ruled_at.isoformat(),
            "curator": one.curator.get_username(),
            "report": one.report_id,
            "kind": one.report.kind,
            "about": one.report.about,
            "before": one.before,
            "after": one.after,
            "note": one.note,
        }


def _page_log(since: date) -> Iterator[dict[str, Any]]:
    rulings = PageRuling.objects.filter(ruled_at__date__gte=since).order_by("pk")
    for one in rulings.select_related("curator", "page__platform").iterator():
        yield {
            "id": one.pk,
            "decided_at": one.ruled_at.isoformat(),
            "curator": one.curator.get_username(),
            "platform": one.page.platform.slug,
            "page": one.page_id,
            "title": one.page.title,
            "act": one.act,
            "before": one.before,
            "after": one.after,
        }


def _guide_log(since: date) -> Iterator[dict[str, Any]]:
    """Every walk; before and after are steps, each what to do and what is seen then."""
    walks = Verification.objects.filter(checked_at__date__gte=since).order_by("pk")
    for one in walks.select_related("curator", "guide").iterator():
        yield {
            "id": one.pk,
            "decided_at": one.checked_at.isoformat(),
            "curator": one.curator.get_username(),
            "guide": one.guide.slug,
            "surface": one.surface,
            "outcome": one.outcome,
            "note": one.note,
            "before": one.before,
            "after": one.after,
        }


def _revision_log(since: date) -> Iterator[dict[str, Any]]:
    """Every public revision; changed holds what stood there before and after, by field."""
    revisions = Revision.objects.filter(revised_at__date__gte=since).order_by("pk")
    for one in revisions.select_related("editor").iterator():
        yield {
            "id": one.pk,
            "decided_at": one.revised_at.isoformat(),
            "curator": one.editor.get_username(),
            "entry": one.entry_id,
            "kind": one.kind,
            "reason": one.reason,
            "changed": one.changed,
        }


#: The logs of what no Change led to: each with how it is read, and what it holds.
_OTHER_LOGS: dict[str, tuple[Callable[[date], Iterator[dict[str, Any]]], str]] = {
    "guides": (_guide_log, "guides walked, with their steps"),
    "pages": (_page_log, "what was done about watched pages"),
    "reports": (_report_log, "rulings on what readers reported"),
    "revisions": (_revision_log, "corrections, retractions and moved dates"),
}


def _cases(decisions: Any) -> Iterator[dict[str, Any]]:
    """The rulings that hold, of those that say what a change is.

    Duplicates and faults of extraction say nothing of what the words mean and are left out, and
    so is what is merged: its entry tells of more than this change.
    """
    held = (
        decisions.last_words()
        .filter(ruling__in=[Ruling.PUBLISH, Ruling.DISMISS])
        .select_related("change__page__platform", "entry")
        .select_related("change__before_document", "change__after_document")
    )
    for one in held.iterator():
        if one.ruling == Ruling.DISMISS and one.reason not in _NOT_RELEVANT:
            continue
        told = one.entry if one.ruling == Ruling.PUBLISH else None
        change = one.change
        yield {
            "id": f"decision-{one.pk}",
            "platform": change.page.platform.name,
            "document": change.page.title,
            "date": f"{change.observed_to:%Y-%m-%d}",
            "source": change.page.url,
            "stratum": "lived",
            "relevant": told is not None,
            "effects": [each for each in told.effects if each not in _FOR_EDITORS] if told else [],
            "direction": told.direction if told else str(Direction.NEUTRAL),
            "evidence": _quote(told, change),
            # "Wording" is said of statements on training as of any other.
            "sure": one.reason != DismissReason.WORDING,
            "before": change.before_document.text,
            "after": change.after_document.text,
        }


def _quote(entry: Any, change: Any) -> str:
    if entry is None:
        return ""
    quotes = entry.sources.filter(snapshot=change.after_id).values_list("quote", flat=True)
    return str(next(iter(quotes), ""))
