"""How sure a suggestion may be: a small logistic model over what the rules saw.

The model moves the confidence alone; whether a change is relevant is the rules' decision.
Its weights lie in confidence.json, written by benchmarks/train_confidence.py.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from consent.classification.comparing import Delta

FLOOR, CEILING = 0.05, 0.98
UNCHANGED = 0.97  # statements stand, none of them changed
SILENT = 0.99  # neither text states anything


@dataclass(frozen=True, slots=True)
class Model:
    version: str
    intercept: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        total = self.intercept + sum(
            self.weights.get(name, 0.0) * value for name, value in features.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    data = json.loads(files(__package__).joinpath("confidence.json").read_text("utf-8"))
    return Model(data["version"], data["intercept"], data["weights"])


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
    return {
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


def confidence_in_change(features: Mapping[str, float]) -> float:
    """Return how likely a change that the rules call relevant is so."""
    return round(min(CEILING, max(FLOOR, shipped_model().probability(features))), 2)


def confidence_in_silence(delta: Delta) -> float:
    """Return how likely a change that the rules pass over is not relevant."""
    return UNCHANGED if delta.before or delta.after else SILENT
