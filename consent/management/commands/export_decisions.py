"""The log of rulings as JSON lines, or as labelled cases to train the classifier on."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.core.management.base import BaseCommand

from consent.models import Decision, ReportRuling, Revision, Verification
from consent.vocabulary import Direction, DismissReason, Effect, Ruling
from platforms.append_only import AppendOnly
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


@dataclass(frozen=True, slots=True)
class _Log:
    """A log of decisions: its model, and how a row of it is written.

    decided_at, decided_by: names of the fields of the row. fields: key in the output → path of
    attributes in the row. what: what the log holds, for the help text.
    """

    model: type[AppendOnly]
    decided_at: str
    fields: Mapping[str, str]
    decided_by: str = "curator"
    related: tuple[str, ...] = ()
    what: str = ""

    def rows(self, since: date) -> Iterator[dict[str, Any]]:
        """Yield every row decided on or after a day, those that were taken back included."""
        of_log = self.model._default_manager.filter(**{f"{self.decided_at}__date__gte": since})
        for row in of_log.order_by("pk").select_related(self.decided_by, *self.related).iterator():
            person = getattr(row, self.decided_by)  # None: a catalog file says it
            yield {
                "id": row.pk,
                "decided_at": getattr(row, self.decided_at).isoformat(),
                "curator": person.get_username() if person else None,
                **{key: attrgetter(path)(row) for key, path in self.fields.items()},
            }


def _fields(*names: str, **paths: str) -> dict[str, str]:
    return {name: name for name in names} | paths


_DECISIONS = _Log(
    Decision,
    "decided_at",
    {
        **_fields("ruling", "reason", "note"),
        **_fields(change="change_id", entry="entry_id", use="use_id"),
        **_fields(control="control_id", guide="guide_id", undoes="undoes_id"),
        **_fields("act", "held"),
    },
)
#: The logs of what no Change led to. Reports are exported without a reader's words: those are
#: erased in time, and exports are not.
_OTHER_LOGS = {
    "guides": _Log(
        Verification,
        "checked_at",
        {"guide": "guide.slug", **_fields("surface", "outcome", "note", "act")},
        related=("guide",),
        what="guides walked, with their steps",
    ),
    "pages": _Log(
        PageRuling,
        "ruled_at",
        {
            **_fields(platform="page.platform.slug", page="page_id", title="page.title"),
            **_fields("act", "before", "after"),
        },
        related=("page__platform",),
        what="what was done about watched pages",
    ),
    "reports": _Log(
        ReportRuling,
        "ruled_at",
        {
            **_fields(report="report_id", kind="report.kind", about="report.about"),
            **_fields("before", "after", "note"),
        },
        related=("report",),
        what="rulings on what readers reported",
    ),
    "revisions": _Log(
        Revision,
        "revised_at",
        {"entry": "entry_id", **_fields("kind", "reason", "changed")},
        decided_by="editor",
        what="corrections, retractions and moved dates",
    ),
}


class Command(BaseCommand):
    help = "Write what curators decided to standard output, one JSON object a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--as-cases",
            action="store_true",
            help="labelled cases for training: both texts with the ruling that holds",
        )
        for name, log in _OTHER_LOGS.items():
            which.add_argument(f"--{name}", action="store_true", help=f"{log.what}, instead")
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="DAY", help="decided on or after this day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        since = options["since"] or date.min
        if options["as_cases"]:
            rows = _cases(Decision.objects.filter(decided_at__date__gte=since).order_by("pk"))
        else:
            asked = [log for name, log in _OTHER_LOGS.items() if options[name]]
            rows = next(iter(asked), _DECISIONS).rows(since)
        for row in rows:
            self.stdout.write(json.dumps(row, ensure_ascii=False, default=str))


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
    cited = entry.sources.filter(snapshot=change.after_id, passages__isnull=False)
    return str(next(iter(cited.values_list("passages__words", flat=True)), ""))
