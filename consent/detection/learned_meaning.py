"""Which weights the classifier uses: those that came with this version, or those accepted since.

benchmarks/train_meaning.py makes a folder of weights from curators' decisions, to be copied into
VAR_DIR/meaning. An editor accepts it; then the file accepted.json names it. Machines that share no
VAR_DIR need a copy of that folder.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from consent import classification
from consent.classification.learned import Weights, read_folder
from consent.classification.sentence_models import LearnedSentenceModel, shipped_model
from consent.classification.suggestion import CLASSIFIER_VERSION, Suggestion

ACCEPTED = "accepted.json"


def folder() -> Path:
    return Path(settings.VAR_DIR) / "meaning"


def accepted_version() -> str:
    """Return the accepted version, or "" while the shipped weights are used.

    Weights made for another version of the classifier weigh features that it no longer has, so
    they are not used after an upgrade, until somebody retrains and accepts again.
    """
    path = folder() / ACCEPTED
    if not path.exists():
        return ""
    version = str(json.loads(path.read_text("utf-8"))["version"])
    return version if not version or is_current(version) else ""


def is_current(version: str) -> bool:
    """Return whether a retrained version was made for the classifier of this release."""
    return _weights(folder() / version)["changes"].made_for == CLASSIFIER_VERSION


@lru_cache(maxsize=4)
def _weights(version_folder: Path) -> Mapping[str, Weights]:
    return read_folder(version_folder)


def suggest(before: str, after: str, **known: Any) -> Suggestion:
    """Suggest by the accepted weights, or by the shipped ones."""
    version = accepted_version()
    if not version:
        return classification.suggest(before, after, **known)
    weights = _weights(folder() / version)

    def model(language: str) -> LearnedSentenceModel:
        own = weights.get(f"reader-{language}")
        return LearnedSentenceModel(own) if own else shipped_model(language)

    changes = weights["changes"]
    return classification.suggest(before, after, weights=changes, models=model, **known)
