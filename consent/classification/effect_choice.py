"""From what changed between two positions to effects, a direction and a probability.

Rules vote, and what the positions show is weighed with their votes. The weights are learned by
benchmarks/train_meaning.py; nothing here depends on a single case.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from consent.classification.effects import EFFECTS, direction_of, in_order
from consent.classification.learned import Features, Weights

DIRECTIONS = ("less-control", "more-control", "mixed", "neutral")
# Both constants gave the best agreement on operators left out (evaluate_detection).
# One text cannot do both at once: a use is new, or one that was stated grows.
EXCLUSIVE = (
    ("use-introduced", "scope-widened"),
    ("use-introduced", "use-removed"),
    ("opt-out-added", "opt-out-removed"),
    ("opt-out-added", "opt-out-changed"),
    ("opt-out-removed", "opt-out-changed"),
    ("sharing-widened", "sharing-narrowed"),
    # Both are neutral. New words for a way out are the same way or another one.
    ("opt-out-changed", "wording-only"),
)

LIKELY = 0.3  # probability from which an effect is named
OWN_DIRECTION = (
    0.25  # what the direction of the named effects counts beside the model of directions
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """effects and direction, with the probability of each effect and direction considered."""

    effects: tuple[str, ...]
    direction: str
    likely: Mapping[str, float]


def votes_as_features(votes: tuple[str, ...]) -> dict[str, float]:
    """Return the effects that rules vote for, and the direction they make together."""
    if not votes:
        return {}
    features = {f"rules: {effect}": 1.0 for effect in votes}
    features[f"rules: {direction_of(votes)}"] = 1.0
    return features


def verdict(features: Features, weights: Weights) -> Verdict:
    likely = {name: weights.models[name].probability(features) for name in (*EFFECTS, *DIRECTIONS)}
    effects = {effect for effect in EFFECTS if likely[effect] >= LIKELY}
    if not effects:
        effects = {max(EFFECTS, key=lambda effect: likely[effect])}
    for pair in EXCLUSIVE:
        if effects.issuperset(pair):
            effects.discard(min(pair, key=lambda effect: likely[effect]))
    if len(effects) > 1:
        effects.discard("wording-only")
    named = in_order(effects)
    scores = {name: likely[name] for name in DIRECTIONS}
    scores[direction_of(named)] += OWN_DIRECTION
    direction = max(DIRECTIONS, key=lambda name: scores[name])
    return Verdict(named, direction, likely)


def conflicts(verdict: Verdict) -> bool:
    """Tell whether the direction is not the one that the named effects make by themselves."""
    return verdict.direction != direction_of(verdict.effects)
