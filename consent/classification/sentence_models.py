"""The learned models that judge sentences together with the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol
from weakref import WeakKeyDictionary

from consent.classification.candidates import Candidate
from consent.classification.help_pages import after_features
from consent.classification.learned import Weights, probability_of, shipped

QUESTIONS = ("denies", "may", "off", "on", "control", "others", "controls", "agrees")


class SentenceModel(Protocol):
    """Judges whether a candidate is a statement, and of what kind, where rules are not enough."""

    def certainty(self, candidate: Candidate, after: str = "") -> float: ...

    def pointing(self, candidate: Candidate) -> float: ...

    def answers(self, candidate: Candidate) -> Mapping[str, float]: ...

    def reasons(self, candidate: Candidate) -> tuple[tuple[str, float], ...]: ...


@dataclass(frozen=True, slots=True)
class LearnedSentenceModel:
    weights: Weights
    # Most sentences are in both texts of a change; each is scored once.
    _known: WeakKeyDictionary[Candidate, float] = field(
        default_factory=WeakKeyDictionary, compare=False, repr=False
    )
    _answered: WeakKeyDictionary[Candidate, Mapping[str, float]] = field(
        default_factory=WeakKeyDictionary, compare=False, repr=False
    )

    def certainty(self, candidate: Candidate, after: str = "") -> float:
        """Return the probability that the sentence is a statement.

        after: where it is, seen from the last statement; see help_pages.Trail.
        """
        model = self.weights.models["statement"]
        known = self._known.get(candidate)
        if known is None:
            known = self._known[candidate] = model.sum_of(candidate.features)
        if after:
            known += model.sum_of(after_features(candidate, after)) - model.intercept
        return probability_of(known)

    def pointing(self, candidate: Candidate) -> float:
        """Return the probability that the sentence only links to an explanation of a use."""
        return self.weights.models["pointer"].probability(candidate.features)

    def answers(self, candidate: Candidate) -> Mapping[str, float]:
        """Return the probability of a yes to each of the QUESTIONS.

        Empty for a language with too few labelled statements to learn from. On help
        pages only, it is also asked whether a statement is a control instead of a use ("controls")
        and whether its control is one to agree with ("agrees").
        """
        known = self._answered.get(candidate)
        if known is None:
            features, models = candidate.features, self.weights.models
            known = self._answered[candidate] = {
                name: models[name].probability(features) for name in QUESTIONS if name in models
            }
        return known

    def reasons(self, candidate: Candidate) -> tuple[tuple[str, float], ...]:
        return self.weights.models["statement"].reasons(candidate.features)


#: Returns a model by its name: "en", or "en-help" for help pages.
ModelOfLanguage = Callable[[str], SentenceModel]


@lru_cache(maxsize=16)
def shipped_model(language: str) -> LearnedSentenceModel:
    """Return the model of a language that came with this version.

    Its weights keep their old name: sites may have weights of their own, stored by name.
    """
    return LearnedSentenceModel(shipped(f"reader-{language}"))
