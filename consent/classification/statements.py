"""A statement of a page about the use of people's data for models."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consent.classification.candidates import Candidate

NUMBERING = re.compile(
    r"\W*(?:(?:\d{1,3}|[a-z]|[ivx]{1,5})(?:\.\d{1,3}){0,3}[.)]\s+\W*){0,3}", re.IGNORECASE
)
KEY = re.compile(r"[^\w@/]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, and the words that make it.

    kind: "use" (data is, may be or is not used), "control" (how to refuse or agree) or "pointer"
    (where a use is explained).
    actor: service, affiliates, partners or third-parties. model: its name, where one is given.
    named: the words that name data, regions and audience.
    stance: does, may, does-not or will-not.
    control: none, opt-out, opt-in, consent, objection or admin; route as in the vocabulary.
    default: on, off or unstated. since, retention: the words that say from when, how long.
    quote: the text from start to end; words: the same without Markdown.
    rule and evidence: which rule fired on which words; strength: how much the rule alone says.
    row, row_data: all cells of its row, if it is a purpose ("To train our models") in a table, or
    if cells are states; states: those (yes, no, on, off).
    lead_ins: the words that a list begins with, outermost first, where it is an item.
    certainty: probability that it is a statement, by rules and model together. seen: the candidate
    that they judged.
    """

    kind: str
    actor: str
    action: str
    data: tuple[str, ...]
    named: tuple[str, ...]
    model: str
    stance: str
    control: str
    route: str
    default: str
    regions: tuple[str, ...]
    audience: tuple[str, ...]
    since: str
    retention: str
    quote: str
    words: str
    start: int
    end: int
    place: str
    language: str
    rule: str
    evidence: str
    strength: float
    row: str = ""
    row_data: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    lead_ins: tuple[str, ...] = ()
    certainty: float = 1.0
    seen: Candidate | None = field(default=None, compare=False, repr=False)

    @property
    def denies(self) -> bool:
        return self.stance in ("does-not", "will-not")

    @property
    def only_if_agreed(self) -> bool:
        """Whether data is used only if people agree: neither a plain use nor a plain denial."""
        return (
            self.kind == "use"
            and self.default == "off"
            and self.control in ("consent", "opt-in", "none")
        )

    @property
    def uses(self) -> bool:
        return self.kind == "use" and not self.denies and not self.only_if_agreed

    @property
    def key(self) -> str:
        """The words of the statement, normalised: statements with equal keys are the same."""
        return key_of(self.words)


def key_of(words: str) -> str:
    """Return words without case, numbering and punctuation."""
    return KEY.sub(" ", NUMBERING.sub("", words, count=1).casefold()).strip()
