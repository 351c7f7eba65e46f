"""What a public revision calls the fields of an entry: in catalog files, and in the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from consent.models import Revision

#: Keys of an entry in a file, and the words with which a Revision keeps them. `consent.ledger
#: .revisions` has these words in the languages of readers.
FIELD_LABELS = {
    "title": "Sentence",
    "summary": "Summary",
    "platforms": "Platforms",
    "topic": "Topic",
    "uses": "Uses",
    "controls": "Controls",
    "references": "Laws and authorities",
    "effects": "Kind",
    "direction": "Direction",
    "data_kinds": "Data",
    "places": "Places",
    "except": "Places left out",
    "some_of": "Certain places among",
    "people": "Kinds of people",
    "plans": "Plans",
    "who": "People",
    "announced": "Announced",
    "announced_precision": "Precision of the announcement",
    "decided": "Decided",
    "decided_precision": "Precision of the decision",
    "due": "Due",
    "due_precision": "Precision of the due date",
    "effective": "In effect",
    "effective_precision": "Precision of the effective date",
    "deadline": "Deadline",
    "deadline_precision": "Precision of the deadline",
    "observed_from": "Last seen unchanged",
    "observed_to": "First seen changed",
    "outcome": "Outcome",
    "told": "How people were told",
    "confidence": "Confidence",
    "basis": "How it is known",
    "note": "Doubts",
    "result": "Result",
    "sources": "Sources",
    "status": "Publication",
    "states": "State",
}
_KEYS = {label: key for key, label in FIELD_LABELS.items()}
#: How a Revision keeps an empty value.
NOT_STATED = "not stated"


def stored_changes(changed: Iterable[Any]) -> list[dict[str, str]]:
    """Return the changed fields of a RevisionDeclaration as a Revision keeps them."""
    return [
        {
            "field": FIELD_LABELS[change.field],
            "before": change.before or NOT_STATED,
            "after": change.after or NOT_STATED,
        }
        for change in changed
    ]


def written_changes(revision: Revision) -> list[tuple[str, str, str]]:
    """Return the changed fields of a Revision as a file writes them: key, before, after."""
    return [
        (_KEYS[change["field"]], _written(change["before"]), _written(change["after"]))
        for change in revision.changed
        if change.get("field") in _KEYS
    ]


def _written(stored: str) -> str:
    return "" if stored == NOT_STATED else stored
