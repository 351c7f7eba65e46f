"""Small logistic models over words and rules, scored in plain Python.

Trained by benchmarks/train_meaning.py with scikit-learn; the weights are in the folder weights/.
The same features and the same weights give the same answer on every machine.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
MOST_WORDS = 150  # of one sentence; longer ones are read as far as this
STEEPEST = 30.0  # bounds the exponent; beyond it the probability is 0 or 1 to twelve digits

Features = Mapping[str, float]


def probability_of(total: float) -> float:
    return 1 / (1 + math.exp(-max(-STEEPEST, min(STEEPEST, total))))


def log_odds_of(probability: float) -> float:
    """Return the sum that has this probability, within a thousandth of 0 and 1."""
    share = min(0.999, max(0.001, probability))
    return math.log(share / (1 - share))


@dataclass(frozen=True, slots=True)
class Logistic:
    """One yes-or-no model."""

    intercept: float
    weights: Mapping[str, float]

    def probability(self, features: Features) -> float:
        return probability_of(self.sum_of(features))

    def sum_of(self, features: Features) -> float:
        """Return the sum before it becomes a probability. Sums of more features add up."""
        weights = self.weights
        total = self.intercept
        for name, value in features.items():
            if weight := weights.get(name):
                total += weight * value
        return total

    def reasons(self, features: Features, most: int = 20) -> tuple[tuple[str, float], ...]:
        """Return the features that moved the answer most, with their share of the sum."""
        parts = [
            (name, weight * value)
            for name, value in features.items()
            if value and (weight := self.weights.get(name, 0.0))
        ]
        parts.sort(key=lambda part: (-abs(part[1]), part[0]))
        return tuple((name, round(share, 2)) for name, share in parts[:most])


@dataclass(frozen=True, slots=True)
class Weights:
    """The models of one file by name, and the version of their training.

    made_for: the CLASSIFIER_VERSION whose features they weigh; 0 if the file names none.
    """

    version: str
    models: Mapping[str, Logistic]
    made_for: int = 0

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Weights":
        return cls(
            data["version"],
            {
                name: Logistic(model["intercept"], model["weights"])
                for name, model in data["models"].items()
            },
            data.get("classifier_version", 0),
        )


def read_folder(folder: Path) -> dict[str, Weights]:
    """Return the weights of a folder by name: "changes", and "reader-en" and the like."""
    return {
        path.stem: Weights.from_data(json.loads(path.read_text("utf-8")))
        for path in sorted(folder.glob("*.json"))
    }


@lru_cache(maxsize=16)
def shipped(name: str) -> Weights:
    """Return the weights that came with this version, as in weights/NAME.json."""
    text = files(__package__).joinpath("weights", f"{name}.json").read_text("utf-8")
    return Weights.from_data(json.loads(text))


def words_of(text: str) -> list[str]:
    """Return the words in lower case, with every number as "0"."""
    return [
        "0" if word[0].isdigit() else word.lower().replace("’", "'")
        for word in WORD.findall(text)[:MOST_WORDS]
    ]


def word_features(words: Sequence[str]) -> dict[str, float]:
    """Return the words of a sentence and its pairs of words, each once."""
    features = dict.fromkeys(words, 1.0)
    previous = ""
    for word in words:
        if previous:
            features[f"{previous} {word}"] = 1.0
        previous = word
    return features


def marked(prefix: str, words: Iterable[str], value: float = 1.0) -> dict[str, float]:
    return dict.fromkeys((f"{prefix}:{word}" for word in words), value)
