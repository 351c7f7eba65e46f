"""How sure a suggestion may be: a small logistic model over what came, went or was reworded.

A change whose probability is below RELEVANT is not suggested. Trained by
benchmarks/train_meaning.py, checked on operators left out.
"""

import math

from consent.classification.comparing import Delta
from consent.classification.learned import Features, Weights

FLOOR, CEILING = 0.05, 0.99
RELEVANT = 0.5  # probability from which a change counts as relevant


def features_of(delta: Delta) -> dict[str, float]:
    """Return what the model weighs, each between 0 and 1."""
    changed = [
        *(new for _, new in delta.reworded),
        *delta.added,
        *delta.removed,
        *(new for _, new in delta.rows),
        *delta.repeated,
    ]
    uses = [one for one in changed if one.kind == "use"]
    certainties = sorted((one.certainty for one in changed), reverse=True)
    return {
        "certainty": max(certainties, default=0.0),
        "doubtful": float(bool(certainties) and certainties[0] < 0.7),
        "certain": float(bool(certainties) and certainties[0] >= 0.95),
        "by words alone": float(all(one.rule == "reader" for one in changed)),
        "strongest": max((one.strength for one in changed), default=0.0),
        "says train": float(any(one.action == "train" for one in uses)),
        "several": min(1.0, math.log2(max(1, len(changed))) / 3),
        "names data": float(any(one.data for one in uses)),
        "names a control": float(any(one.control != "none" for one in changed)),
        "denies": float(any(one.denies for one in uses)),
        "only removed": float(bool(delta.removed) and not delta.added and not delta.reworded),
        "only nearby": float(all(one.rule.endswith("-nearby") for one in changed)),
        "only moved": float(not (delta.reworded or delta.added or delta.removed)),
        "stated before": float(any(one.kind == "use" for one in delta.before)),
    }


def likelihood(features: Features, weights: Weights) -> float:
    """Return how likely a change of statements is relevant."""
    return weights.models["relevant"].probability(features)


def confidence_in_silence(delta: Delta, weights: Weights) -> float:
    """Return how likely it is right to pass over a change in which no statement changed."""
    name = "unchanged" if delta.before or delta.after else "silent"
    return bounded(weights.models[name].probability({}))


def bounded(probability: float) -> float:
    return round(min(CEILING, max(FLOOR, probability)), 2)
