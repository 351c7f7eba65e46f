"""The closed lists: every value that a field can have, and what the pages call it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy

from consent import vocabulary
from consent.ledger.answers import Answer, Axis, Reason, Stance, WayOut, Word
from consent.ledger.filters import EntryStatus
from consent.ledger.headline_words import STANCE_LABELS
from consent.ledger.record_fields import Record
from consent.ledger.turns import Turning
from consent.open_data.lists.public_list import Key, PublicList
from consent.open_data.questions import MATCHED_BY
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
    "precision": vocabulary.EffectPrecision,
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


#: Lists whose values pages say in whole sentences only.
_CODES: Mapping[str, type[TextChoices]] = {
    "differs_by": Axis,
    "unknown_because": Reason,
    "way": WayOut,
    "word": Word,
}
_NAMES = sorted([*_ENUMS, *_CODES, "answer", "matched_by", "stance"])


#: What pages called the answers of version 1.
ANSWER_LABELS = {
    Answer.YES_UNLESS_REFUSED: gettext_lazy("Yes, unless you opt out"),
    Answer.YES_NO_WAY_OUT: gettext_lazy("Yes, and there is no way out"),
    Answer.ONLY_IF_AGREED: gettext_lazy("Only if you agree"),
    Answer.NO: gettext_lazy("No"),
    Answer.DIFFERS: gettext_lazy("It differs"),
    Answer.UNKNOWN: gettext_lazy("We do not know"),
}


def _keys(where: Q) -> Iterator[Key]:
    return ((name, number) for number, name in enumerate(_NAMES))


def _records(keys: Sequence[int]) -> Iterator[Record]:
    for name in (_NAMES[number] for number in keys):
        values = [{"value": value, "label": label} for value, label in _choices(name)]
        yield {"id": name, "values": values}


def values_of(name: str) -> list[str]:
    """Return the values of a closed list."""
    if name == "matched_by":
        return list(MATCHED_BY)
    kinds: Mapping[str, type[TextChoices]] = {
        **_ENUMS,
        **_CODES,
        "answer": Answer,
        "stance": Stance,
    }
    return [str(value) for value in kinds[name].values]


def _choices(name: str) -> list[tuple[str, str]]:
    if name == "answer":
        return [(each.value, str(ANSWER_LABELS[each])) for each in Answer]
    if name == "matched_by":
        return [(each, each) for each in MATCHED_BY]
    if name == "stance":
        return [(each.value, str(STANCE_LABELS[each])) for each in Stance]
    if name in _CODES:
        return [(value, value) for value in _CODES[name].values]
    return [(str(value), str(label)) for value, label in _ENUMS[name].choices]


ENUMS = PublicList(_keys, _records)
