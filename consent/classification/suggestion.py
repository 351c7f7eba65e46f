"""A suggestion about a change, as plain data that a curator can check."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: Stored with each suggestion. Increase it when rules or weights may judge a change differently.
CLASSIFIER_VERSION = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that show the change. before is "" for added words, after is "" for removed ones.

    place: the headings above. weight: 0 to 1, the most important passage has the highest.
    Spans are offsets into the texts.
    """

    place: str
    before: str
    after: str
    before_span: tuple[int, int] | None
    after_span: tuple[int, int] | None
    weight: float


@dataclass(frozen=True, slots=True)
class TextDate:
    """A date that the text gives. kind: effective, deadline or last-updated.

    value: ISO 8601, cut to the precision: day, month or year.
    """

    kind: str
    value: str
    precision: str
    quote: str


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, its effect, and the words that it matched.

    In the trace of a suggestion: a step, the effect that it leads to, and a sentence about it.
    """

    rule: str
    effect: str
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the classifier thinks a change does. Only a curator publishes.

    settings: slugs of the uses and controls of the catalog that the change is about.
    """

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
        """Return the suggestion for a JSON column."""
        data: dict[str, Any] = _jsonable(asdict(self))
        return data


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    return value
