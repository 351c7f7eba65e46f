"""Chooses the effects and the direction of a change, with a probability for each.

Learned models weigh the features of the change together with the votes of rules. The weights come
from benchmarks/train_meaning.py; nothing here depends on a single case.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from math import prod

from consent.classification.delta import Delta
from consent.classification.effect_rules import controlled, differences
from consent.classification.effects import EFFECTS, direction_of, in_order
from consent.classification.languages import BY_LANGUAGE
from consent.classification.learned import Features, Weights
from consent.classification.scope import Context, compared, growth, growth_by_age
from consent.classification.statements import Statement

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

# These gave the best agreement on operators left out of training.
LIKELY = 0.3  # probability from which an effect is named
FAVOUR = {"wording-only": 0.05}  # by which an effect must be likelier than one it excludes
TRUST = 0.5  # in the model of directions, as an exponent; that in the effects is 1
MIXED = 1.5  # by which "mixed" is favoured: five instead of two were then right, and no other lost
CONSIDERED = 0.06  # probability from which an effect counts for the direction
MOST_CONSIDERED = 6  # effects; bounds the work
# How often labelled changes have another direction than their labelled effects make.
OTHER_DIRECTION = 0.1
# Probability of an effect that only a name decides. Calibrated it is 0.7: so many are right.
BY_NAME = 0.6
IN_DOUBT = 0.45  # the same where names were exchanged: calibrated below 0.6, so the headline asks
CONSENT = re.compile(r"\b(?:consent|Einwilligung|consentement)\b", re.IGNORECASE)
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
            effects.discard(min(pair, key=lambda effect: likely[effect] - FAVOUR.get(effect, 0.0)))
    if len(effects) > 1:
        effects.discard("wording-only")
    likely |= _directions(likely)
    direction = max(DIRECTIONS, key=lambda name: likely[name])
    return Verdict(in_order(effects), direction, likely)


def _directions(likely: Mapping[str, float]) -> dict[str, float]:
    """Return the probability of each direction, by its model and by the effects together."""
    by_effects = dict.fromkeys(DIRECTIONS, 0.0)
    for effects, share in _sets_of_effects(likely):
        by_effects[direction_of(effects)] += share
    total = sum(by_effects.values())
    spread = OTHER_DIRECTION / (len(DIRECTIONS) - 1)
    scores = {
        name: max(likely[name], 0.01) ** TRUST
        * (spread + (1 - OTHER_DIRECTION - spread) * by_effects[name] / total)
        for name in DIRECTIONS
    }
    scores["mixed"] *= MIXED
    whole = sum(scores.values())
    return {name: value / whole for name, value in scores.items()}


def _sets_of_effects(likely: Mapping[str, float]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the sets of effects that are possible together, with their probability."""
    ranked = sorted(EFFECTS, key=lambda effect: -likely[effect])[:MOST_CONSIDERED]
    considered = [effect for effect in ranked if likely[effect] >= CONSIDERED] or ranked[:1]
    for size in range(1, len(considered) + 1):
        for chosen in combinations(considered, size):
            if size > 1 and "wording-only" in chosen:
                continue
            if any(set(pair) <= set(chosen) for pair in EXCLUSIVE):
                continue
            share = prod(
                likely[effect] if effect in chosen else 1 - likely[effect] for effect in considered
            )
            yield in_order(chosen), share


def heeding_names(verdict: Verdict, delta: Delta, context: Context) -> Verdict:
    """Return a verdict in which a plan, part or place that came or went is never wording only."""
    by_name = dict(_by_names(delta, context))
    if not by_name or not set(verdict.effects) <= {"wording-only", *SCOPES}:
        return verdict
    effects = set(verdict.effects) & set(SCOPES) & set(by_name) or set(by_name)
    if len(effects) > 1 and IN_DOUBT in by_name.values():
        effects = {max(effects, key=lambda effect: verdict.likely[effect])}
    if effects == set(verdict.effects) and verdict.direction != "neutral":
        return verdict
    named = in_order(effects)
    likely = {**verdict.likely, **{effect: by_name[effect] for effect in effects}}
    return Verdict(named, direction_of(named), likely)


def heeding_acts(verdict: Verdict, delta: Delta) -> Verdict:
    """Return a verdict in which a promise until people agree is a default, and no pledge.

    In the place of a plain promise it is less than there was.
    """
    if not {"pledge-dropped", "use-introduced"} & set(verdict.effects) and any(
        old.kind == new.kind == "use" and old.denies > old.only_if_agreed and new.only_if_agreed
        for old, new in delta.reworded
    ):
        weaker = ("pledge-dropped", "default-off")
        likely = dict.fromkeys((*weaker, "less-control"), BY_NAME)
        return Verdict(weaker, direction_of(weaker), {**verdict.likely, **likely})
    new = (*delta.added, *(pair[1] for pair in delta.reworded))
    promises = [one for one in new if one.kind == "use" and (one.denies or one.only_if_agreed)]
    if "pledge-added" not in verdict.effects or not promises:
        return verdict
    if not all(promise.only_if_agreed for promise in promises):
        return verdict
    named = in_order({*verdict.effects, "default-off"} - {"pledge-added"})
    off = max(verdict.likely["default-off"], verdict.likely["pledge-added"])
    return Verdict(named, verdict.direction, {**verdict.likely, "default-off": off})


def heeding_rules(verdict: Verdict, delta: Delta, before: str, after: str) -> Verdict:
    """Return a verdict in which what a rule finds is never wording only. The first rule decides.

    before, after: the whole texts.
    """
    if verdict.effects != ("wording-only",):
        return verdict
    rules = (_by_words, _by_terms, partial(_by_refusals, before=before, after=after), _by_consent)
    for found in (dict(rule(delta)) for rule in rules):
        if len(found) == 1:
            [(effect, share)] = found.items()
            direction = direction_of((effect,))
            likely = {**verdict.likely, effect: share, direction: share}
            return Verdict((effect,), direction, likely)
    return verdict


Found = Iterator[tuple[str, float]]  # effects that a rule finds, and how sure they are


def _by_words(delta: Delta) -> Found:
    """Words added to a promise or left out: it covers more or less."""
    for old, new in delta.reworded:
        if not (old.kind == new.kind == "use" and old.denies and new.denies):
            continue
        sense, is_sure = growth(old.words, new.words)
        if sense:
            effect = "scope-narrowed" if sense > 0 else "pledge-dropped"
            yield effect, BY_NAME if is_sure else IN_DOUBT


def _by_terms(delta: Delta) -> Found:
    """Another time of keeping data, or another way out."""
    for old, new in delta.reworded:
        if new.kind == "use" and _differ(old.retention, new.retention, ""):
            yield "retention-changed", BY_NAME
        elif old.kind == new.kind == "control" and _differ(old.route, new.route, "none"):
            yield "opt-out-changed", BY_NAME


def _differ(old: str, new: str, unknown: str) -> bool:
    return old != new and unknown not in (old, new)


def _by_refusals(delta: Delta, before: str, after: str) -> Found:
    """The last way to refuse is gone. One that is only named elsewhere is not."""
    refusable = [
        old
        for old, new in delta.reworded
        if new.uses and controlled((old,)) and not controlled((new,))
    ]
    if refusable and not controlled(delta.after):
        refusals = BY_LANGUAGE[refusable[0].language].refusals
        if len(refusals.findall(after)) < len(refusals.findall(before)):
            yield "opt-out-removed", BY_NAME


def _by_consent(delta: Delta) -> Found:
    """Consent that a use needed came or went, in its sentence or in its row of a table."""
    pairs = [(_asks(old), _asks(new)) for old, new in delta.reworded if new.uses]
    pairs += [(_grounded(old), _grounded(new)) for old, new in delta.rows if new.uses]
    if (True, False) in pairs and not any(map(_asks, delta.after)):
        yield "use-introduced", BY_NAME
    elif (False, True) in pairs:
        yield "default-off", BY_NAME


def _asks(statement: Statement) -> bool:
    """Return whether data is used only with consent, or on the ground of it."""
    consent = BY_LANGUAGE[statement.language].controls["consent"]
    return statement.only_if_agreed or consent.search(statement.words) is not None


def _grounded(statement: Statement) -> bool:
    """Return whether a cell of its row names consent."""
    return _asks(statement) or CONSENT.search(statement.row) is not None


def _by_names(delta: Delta, context: Context) -> Iterator[tuple[str, float]]:
    """Yield the effects that names in reworded statements have, and how sure they are."""
    for old, new in delta.reworded:
        if old.kind != new.kind or old.denies != new.denies or old.kind == "pointer":
            continue
        sense = compared(old, new, context).sense
        if sense == 0:
            sense = growth_by_age(old.words, new.words)
        if sense == 0 or _is_renaming(old, new, sense):
            continue
        if new.kind == "control":
            yield "opt-out-changed", BY_NAME if sense else IN_DOUBT
        elif sense is None:
            yield from ((effect, IN_DOUBT) for effect in SCOPES)
        else:
            is_promise = new.denies or new.only_if_agreed
            yield SCOPES[(sense < 0) != is_promise], BY_NAME


NAME = re.compile(r"(?<![.!?] )\b[A-Z][\w.+-]*")
PLAN = re.compile(
    r"\b(free|paid|pro|plus|teams?|business|enterprise|premium|edu\w*|plans?|tier|api|consumer"
    r"|standard)\b",
    re.IGNORECASE,
)


def _is_renaming(old: Statement, new: Statement, sense: int | None) -> bool:
    """Return whether names changed only where another name took their place.

    sense: as `Reach` has it. Where it is clear, another plan is more than another name.
    """
    plans = (
        Counter(word.casefold().removesuffix("s") for word in PLAN.findall(statement.words))
        for statement in (old, new)
    )
    if sense is not None and next(plans) != next(plans):
        return False
    pairs = [
        (NAME.search(gone) is not None, NAME.search(come) is not None)
        for gone, come in differences(old.words, new.words)
    ]
    return any(map(any, pairs)) and all(gone == come for gone, come in pairs)


def conflicts(verdict: Verdict) -> bool:
    """Return whether the direction differs from the one that the effects alone would make."""
    return verdict.direction != direction_of(verdict.effects)
