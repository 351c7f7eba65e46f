"""Train the confidence of suggestions on the shared cases: python -m benchmarks.train_confidence

Plain gradient descent with a ridge penalty, no dependency. Each operator is left out in turn to
see how the model does on operators it has not read; the weights then come from all of them.
"""

import argparse
import hashlib
import json
import lzma
import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from consent.classification.comparing import compare
from consent.classification.confidence import Model, features_of
from consent.classification.statements import read_statements
from consent.classification.suggesting import is_replacement

SHARED_DATA = Path(
    os.environ.get("SHARED_DATA", Path(__file__).resolve().parent.parent.parent / "shared")
)
WEIGHTS = Path(__file__).resolve().parent.parent / "consent/classification/confidence.json"
RIDGE = 0.02
STEPS = 2000
RATE = 0.5
# Precision that the rules reached on operators when these were read for the first time. Wrong
# suggestions weigh so much that the mean confidence is this, and not the higher share of right
# ones on the operators which the rules were written on.
FIRST_LOOK_PRECISION = 0.88

Example = tuple[str, dict[str, float], bool]

# Products of one company are one operator, so that none is tested on its sister's wording.
SISTERS = {
    "Google": "AdSense Gmail Blogger YouTube",
    "X": "Grok Twitter xAI",
    "OpenAI": "ChatGPT DALL·E",
    "Match": "Tinder OkCupid",
    "Amazon": "Alexa IMDb",
    "Bolt": "Bolt.new",
}


def operator(platform: str) -> str:
    """Return who runs a platform, as far as the shared cases need it."""
    for name, sisters in SISTERS.items():
        if platform.startswith(name) or platform in sisters.split():
            return name
    return platform


def examples(cases: Iterable[dict[str, Any]]) -> list[Example]:
    """Return the changes that the rules call relevant, with what they saw and the label."""
    found = []
    for case in cases:
        delta = compare(read_statements(case["before"]), read_statements(case["after"]))
        if delta.changed and not is_replacement(case["before"], case["after"]):
            found.append((operator(case["platform"]), features_of(delta), bool(case["relevant"])))
    return found


def fit(data: Sequence[Example]) -> Model:
    names = sorted(data[0][1])
    wrong = sum(not right for _, _, right in data) or 1
    right_share = (len(data) - wrong) / FIRST_LOOK_PRECISION * (1 - FIRST_LOOK_PRECISION)
    weigh_wrong = right_share / wrong
    total = (len(data) - wrong) + right_share
    weights = dict.fromkeys(names, 0.0)
    intercept = 0.0
    for _ in range(STEPS):
        slopes = dict.fromkeys(names, 0.0)
        slope = 0.0
        for _, features, right in data:
            guess = Model("", intercept, weights).probability(features)
            error = (guess - right) * (1.0 if right else weigh_wrong) / total
            slope += error
            for name in names:
                slopes[name] += error * features[name]
        intercept -= RATE * slope
        for name in names:
            weights[name] -= RATE * (slopes[name] + RIDGE * weights[name])
    return Model("", intercept, weights)


def log_loss(model: Model, data: Sequence[Example]) -> float:
    return -sum(
        math.log(max(1e-9, guess if right else 1 - guess))
        for _, features, right in data
        for guess in (model.probability(features),)
    ) / len(data)


def left_out(data: Sequence[Example]) -> float:
    """Return the log loss over operators that the model did not see."""
    loss = 0.0
    for name in sorted({one[0] for one in data}):
        rest = [one for one in data if one[0] != name]
        held = [one for one in data if one[0] == name]
        loss += log_loss(fit(rest), held) * len(held)
    return loss / len(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "cases", nargs="?", type=Path, default=SHARED_DATA / "data/changes-dev.jsonl.xz"
    )
    parser.add_argument("--check", action="store_true", help="leave operators out in turn")
    arguments = parser.parse_args()
    packed = arguments.cases.read_bytes()
    data = examples(json.loads(line) for line in lzma.decompress(packed).splitlines())
    model = fit(data)
    if arguments.check:
        print(f"log loss {log_loss(model, data):.3f}, operators left out {left_out(data):.3f}")
    WEIGHTS.write_text(
        json.dumps(
            {
                "version": hashlib.sha256(packed).hexdigest()[:12],
                "trained_by": "benchmarks/train_confidence.py",
                "examples": len(data),
                "intercept": round(model.intercept, 3),
                "weights": {name: round(weight, 3) for name, weight in model.weights.items()},
            },
            indent=2,
        )
        + "\n",
        "utf-8",
    )


if __name__ == "__main__":
    main()
