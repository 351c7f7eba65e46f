"""Chooses the effects and the direction of a change, with a probability for each.

Learned models weigh the features of the change together with the votes of rules. The weights come
from benchmarks/train_meaning.py; nothing here depends on a single case.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consent.classification.delta import Delta
from consent.classification.effects import EFFECTS, direction_of, in_order
from consent.classification.learned import Features, Weights
from consent.classification.scope import Context, compared

DIRECTIONS = ("less-control", "more-control", "mixed", "neutral")
# One text cannot have both effects at once: a use is new, or a stated one grows.
EXCLUSIVE = (
    ("use-introduced", "scope-widened"),
    ("use-introduced", "use-removed"),
    ("opt-out-added", "opt-out-removed"),
    ("opt-out-added", "opt-out-changed"),
    ("opt-out-removed", "opt-out-changed"),
    ("sharing-widened", "sharing-narrowed"),
    # Both are neutral: new words describe either the same opt-out or another one.
    ("opt-out-changed", "wording-only"),
)

# Both constants gave the best agreement on operators left out of training.
LIKELY = 0.3  # probability from which an effect is named
OWN_DIRECTION = (
    0.25  # weight of the direction that the named effects make, beside the model of directions
)
# Probability of an effect that only a name decides: so many are right on labelled changes.
BY_NAME = 0.7
IN_DOUBT = 0.5  # the same where names were exchanged; a headline below 0.6 asks
SCOPES = ("scope-widened", "scope-narrowed")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The chosen effects and direction. likely: the probability of every effect and direction."""

    effects: tuple[str, ...]
    direction: str
    likely: Mapping[str, float]


def votes_as_features(votes: tuple[str, ...]) -> dict[str, float]:
    """Return the effects that rules vote for, and the direction they make, as features."""
    if not votes:
        return {}
    features = {f"rules: {effect}": 1.0 for effect in votes}
    features[f"rules: {direction_of(votes)}"] = 1.0
    return features


def verdict(features: Features, weights: Weights) -> Verdict:
    """Return the likely effects, or else the likeliest one, and the direction."""
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


def heeding_names(verdict: Verdict, delta: Delta, context: Context) -> Verdict:
    """Return a verdict in which a plan, part or place that came or went is never wording only."""
    by_name = dict(_by_names(delta, context))
    if not by_name or not set(verdict.effects) <= {"wording-only", *SCOPES}:
        return verdict
    effects = set(verdict.effects) & set(SCOPES) & set(by_name) or set(by_name)
    if len(effects) > 1 and IN_DOUBT in by_name.values():
        effects = {max(effects, key=lambda effect: verdict.likely[effect])}
    if effects == set(verdict.effects):
        return verdict
    named = in_order(effects)
    likely = {**verdict.likely, **{effect: by_name[effect] for effect in effects}}
    return Verdict(named, direction_of(named), likely)


def heeding_acts(verdict: Verdict, delta: Delta) -> Verdict:
    """Return a verdict in which a promise until people agree is a default, and no pledge."""
    new = (*delta.added, *(pair[1] for pair in delta.reworded))
    promises = [one for one in new if one.kind == "use" and (one.denies or one.only_if_agreed)]
    if "pledge-added" not in verdict.effects or not promises:
        return verdict
    if not all(promise.only_if_agreed for promise in promises):
        return verdict
    named = in_order({*verdict.effects, "default-off"} - {"pledge-added"})
    off = max(verdict.likely["default-off"], verdict.likely["pledge-added"])
    return Verdict(named, verdict.direction, {**verdict.likely, "default-off": off})


def _by_names(delta: Delta, context: Context) -> Iterator[tuple[str, float]]:
    """Yield the effects that names in reworded statements have, and how sure they are."""
    for old, new in delta.reworded:
        if old.kind != new.kind or old.denies != new.denies or old.kind == "pointer":
            continue
        sense = compared(old, new, context).sense
        if sense == 0:
            continue
        if new.kind == "control":
            yield "opt-out-changed", BY_NAME if sense else IN_DOUBT
        elif sense is None:
            yield from ((effect, IN_DOUBT) for effect in SCOPES)
        else:
            is_promise = new.denies or new.only_if_agreed
            yield SCOPES[(sense < 0) != is_promise], BY_NAME


def conflicts(verdict: Verdict) -> bool:
    """Return whether the direction differs from the one that the effects alone would make."""
    return verdict.direction != direction_of(verdict.effects)
