"""What a change seems to do, as plain data that a curator can check."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: Stored with each suggestion; raised whenever the rules may judge a change differently.
CLASSIFIER_VERSION = 2


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that carry the change: before is "" where they are new, after where they are gone.

    place: headings above. weight: 0 to 1, most telling first. Spans are offsets into the texts.
    """

    place: str
    before: str
    after: str
    before_span: tuple[int, int] | None
    after_span: tuple[int, int] | None
    weight: float


@dataclass(frozen=True, slots=True)
class TextDate:
    """A date the text itself gives. kind: effective, deadline or last-updated.

    value: ISO 8601, cut to the precision: day, month or year.
    """

    kind: str
    value: str
    precision: str
    quote: str


@dataclass(frozen=True, slots=True)
class Fired:
    """One rule, what it led to, and the words it fired on."""

    rule: str
    effect: str
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the classifier thinks a change does. Nothing here is published without a curator."""

    relevant: bool
    effects: tuple[str, ...]
    direction: str
    confidence: float
    title: str = ""
    passages: tuple[Passage, ...] = ()
    dates: tuple[TextDate, ...] = ()
    settings: tuple[str, ...] = ()
    trace: tuple[Fired, ...] = ()
    features: Mapping[str, float] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return lists, dicts, strings and numbers only, fit for a JSON column."""
        data: dict[str, Any] = _jsonable(asdict(self))
        return data


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _jsonable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(one) for one in value]
    return value
