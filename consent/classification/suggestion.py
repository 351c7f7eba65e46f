"""A suggestion about a change, as plain data that a curator can check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: Stored with each suggestion. Increase it when rules or weights may judge a change differently.
CLASSIFIER_VERSION = 8


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that show the change. before is "" for added words, after is "" for removed ones.

    place: the headings above. weight: 0 to 1. Spans are offsets into the texts. decides: which
    text decided the effect in the headline, "before" or "after"; "" for other passages. reads: how
    the deciding words are read. The deciding passage is the first one.
    """

    place: str
    before: str
    after: str
    before_span: tuple[int, int] | None
    after_span: tuple[int, int] | None
    weight: float
    decides: str = ""
    reads: Reading | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the deciding words say, for the state of a use.

    stance: used, denied, "only if agreed" or control. purpose: training, sharing or human-review.
    control, default: as in `Statement`, or of the paragraph where the sentence names none.
    data: its kinds; all_data: it speaks of all that people give. parts, people, plans, places,
    except_places: whom and what it covers, empty where not said. still_used: words of the text
    after that say the data is used, and are no narrower than a denial; "" if there are none.
    is_partial: it holds under a condition, for a time, for some models or some of the data only.
    """

    stance: str
    purpose: str
    control: str
    default: str
    data: tuple[str, ...]
    all_data: bool
    parts: tuple[str, ...]
    people: tuple[str, ...]
    plans: tuple[str, ...]
    places: tuple[str, ...]
    except_places: tuple[str, ...]
    still_used: str = ""
    is_partial: bool = False


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

    settings: slugs of the uses and controls of the catalog that the change is about. confidence:
    of the weakest part of what the title asserts. asserts: the effect that it asserts. likely: the
    probability of "relevant", of each effect and of the direction.
    """

    relevant: bool
    effects: tuple[str, ...]
    direction: str
    confidence: float
    title: str = ""
    asserts: str = ""
    passages: tuple[Passage, ...] = ()
    dates: tuple[TextDate, ...] = ()
    settings: tuple[str, ...] = ()
    trace: tuple[Fired, ...] = ()
    features: Mapping[str, float] | None = None
    likely: Mapping[str, float] | None = None

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
