"""The closed lists: every value that a field can have, and what the pages call it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q, TextChoices
from django.utils.translation import get_language, gettext_lazy, override

from consent import vocabulary
from consent.ledger.answers import Answer, Axis, Reason, WayOut, Word
from consent.ledger.filters import EntryStatus
from consent.ledger.headline_words import STANCE_LABELS
from consent.ledger.record_fields import Record
from consent.ledger.turns import Turning
from consent.open_data.lists.public_list import Key, PublicList
from platforms import vocabulary as of_platforms
from platforms.outcomes import Outcome

#: The closed lists, by the names of the fields that take their values.
_ENUMS: Mapping[str, type[TextChoices]] = {
    "access": of_platforms.Access,
    "act": of_platforms.PublicChangeKind,
    "basis": vocabulary.Basis,
    "by": vocabulary.By,
    "category": of_platforms.Category,
    "confidence": vocabulary.Confidence,
    "data_kind": vocabulary.DataKind,
    "declared_answer": vocabulary.DeclaredAnswer,
    "differs_by": Axis,
    "direction": vocabulary.Direction,
    "effect": vocabulary.Effect,
    "entry_status": EntryStatus,
    "friction": vocabulary.Friction,
    "health": of_platforms.Health,
    "law": vocabulary.StatementLaw,
    "page_kind": of_platforms.PageKind,
    "people": vocabulary.People,
    "plan_kind": of_platforms.PlanKind,
    "precision": vocabulary.EffectPrecision,
    "purpose": vocabulary.Purpose,
    "reach": vocabulary.Reach,
    "readable": vocabulary.ReadBy,
    "reason": Outcome,
    "reference_kind": vocabulary.ReferenceKind,
    "refuse": vocabulary.Refuse,
    "revision_kind": vocabulary.RevisionKind,
    "scope": vocabulary.ActCovers,
    "side": vocabulary.PassageSide,
    "since_is": vocabulary.SinceIs,
    "state": vocabulary.StateValue,
    "surface": vocabulary.Surface,
    "told": vocabulary.Told,
    "topic": vocabulary.Topic,
    "trust": vocabulary.Trust,
    "turned": Turning,
    "unknown_because": Reason,
    "way": WayOut,
    "word": Word,
}


#: By what a text leads to a platform (MATCHED_BY of consent/open_data/questions.py).
_MATCHED_BY = {
    "id": gettext_lazy("the id"),
    "former-id": gettext_lazy("an id that it had before"),
    "name": gettext_lazy("the name"),
    "alias": gettext_lazy("another name"),
    "part": gettext_lazy("a part of the product"),
    "domain": gettext_lazy("an address or a domain"),
    "domain-name": gettext_lazy("a domain that is called like it"),
    "operator": gettext_lazy("the company; it may have several platforms"),
    "beginning": gettext_lazy("a name that begins with these words"),
    "search": gettext_lazy("a search by words"),
}
#: What pages called the answers of version 1.
ANSWER_LABELS = {
    Answer.YES_UNLESS_REFUSED: gettext_lazy("Yes, unless you opt out"),
    Answer.YES_NO_WAY_OUT: gettext_lazy("Yes, and there is no way out"),
    Answer.ONLY_IF_AGREED: gettext_lazy("Only if you agree"),
    Answer.NO: gettext_lazy("No"),
    Answer.DIFFERS: gettext_lazy("It differs"),
    Answer.UNKNOWN: gettext_lazy("We do not know"),
}


#: The words for the values of each list.
_LABELS: Mapping[str, Mapping[Any, object]] = {
    **{name: dict(choices.choices) for name, choices in _ENUMS.items()},
    "answer": ANSWER_LABELS,
    "matched_by": _MATCHED_BY,
    "stance": STANCE_LABELS,
}
_NAMES = sorted(_LABELS)


def values_of(name: str) -> list[str]:
    """Return the values of a closed list."""
    return [str(value) for value in _LABELS[name]]


def _keys(where: Q) -> Iterator[Key]:
    return ((name, number) for number, name in enumerate(_NAMES))


def _records(keys: Sequence[int]) -> Iterator[Record]:
    language = get_language() or settings.LANGUAGE_CODE
    for name in (_NAMES[number] for number in keys):
        words = {code: _words(name, code) for code, _name in settings.LANGUAGES}
        values = [
            {
                "value": value,
                "label": words[language][value],
                "labels": {code: of_language[value] for code, of_language in words.items()},
            }
            for value in values_of(name)
        ]
        yield {"id": name, "values": values}


def _words(name: str, language: str) -> Mapping[str, str]:
    with override(language):
        return {str(value): str(label) for value, label in _LABELS[name].items()}


ENUMS = PublicList(_keys, _records)
