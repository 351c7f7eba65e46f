"""The closed lists: every value that a field can have, and what the pages call it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Q, TextChoices

from consent import vocabulary
from consent.ledger.answers import Answer, DiffersBy
from consent.ledger.filters import EntryStatus
from consent.ledger.record_fields import Record
from consent.ledger.turns import Turning
from consent.ledger.verdict_words import ANSWER_LABELS
from consent.open_data.lists.public_list import Key, PublicList
from platforms import vocabulary as of_platforms
from platforms.outcomes import Outcome

#: The closed lists, by the names of the fields that take their values.
_ENUMS: Mapping[str, type[TextChoices]] = {
    "access": of_platforms.Access,
    "basis": vocabulary.Basis,
    "by": vocabulary.By,
    "category": of_platforms.Category,
    "confidence": vocabulary.Confidence,
    "data_kind": vocabulary.DataKind,
    "declared_answer": vocabulary.DeclaredAnswer,
    "direction": vocabulary.Direction,
    "effect": vocabulary.Effect,
    "entry_status": EntryStatus,
    "friction": vocabulary.Friction,
    "health": of_platforms.Health,
    "law": vocabulary.StatementLaw,
    "page_kind": of_platforms.PageKind,
    "people": vocabulary.People,
    "precision": vocabulary.Precision,
    "purpose": vocabulary.Purpose,
    "reach": vocabulary.Reach,
    "readable": vocabulary.ReadBy,
    "reason": Outcome,
    "reference_kind": vocabulary.ReferenceKind,
    "refuse": vocabulary.Refuse,
    "revision_kind": vocabulary.RevisionKind,
    "scope": vocabulary.ActCovers,
    "since_is": vocabulary.SinceIs,
    "state": vocabulary.StateValue,
    "surface": vocabulary.Surface,
    "told": vocabulary.Told,
    "topic": vocabulary.Topic,
    "trust": vocabulary.Trust,
    "turned": Turning,
}


_NAMES = sorted([*_ENUMS, "answer", "differs_by"])


def _keys(where: Q) -> Iterator[Key]:
    return ((name, number) for number, name in enumerate(_NAMES))


def _records(keys: Sequence[int]) -> Iterator[Record]:
    for name in (_NAMES[number] for number in keys):
        values = [{"value": value, "label": label} for value, label in _choices(name)]
        yield {"id": name, "values": values}


def _choices(name: str) -> list[tuple[str, str]]:
    if name == "answer":
        return [(answer.value, str(ANSWER_LABELS[answer])) for answer in Answer]
    if name == "differs_by":
        return [(each.value, each.value) for each in DiffersBy]
    return [(str(value), str(label)) for value, label in _ENUMS[name].choices]


ENUMS = PublicList(_keys, _records)
