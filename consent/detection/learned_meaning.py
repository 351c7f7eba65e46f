"""Which weights the classifier uses: those that came with this version, or those accepted since.

Retraining writes a folder in VAR_DIR/meaning and changes nothing. An editor accepts it; then the
file accepted.json names it. Machines that share no VAR_DIR need a copy of that folder.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from consent import classification
from consent.classification.learned import Weights, read_folder
from consent.classification.readers import LearnedReader, shipped_reader
from consent.classification.suggestion import Suggestion

ACCEPTED = "accepted.json"


def folder() -> Path:
    return Path(settings.VAR_DIR) / "meaning"


def accepted_version() -> str:
    """Return the accepted version, or "" while the shipped weights are used."""
    path = folder() / ACCEPTED
    if not path.exists():
        return ""
    return str(json.loads(path.read_text("utf-8"))["version"])


@lru_cache(maxsize=4)
def _weights(version_folder: Path) -> Mapping[str, Weights]:
    return read_folder(version_folder)


def suggest(before: str, after: str, *, version: str | None = None, **known: Any) -> Suggestion:
    """Suggest by the accepted weights, by a version of them, or by the shipped ones ("")."""
    version = accepted_version() if version is None else version
    if not version:
        return classification.suggest(before, after, **known)
    weights = _weights(folder() / version)

    def reader(language: str) -> LearnedReader:
        own = weights.get(f"reader-{language}")
        return LearnedReader(own) if own else shipped_reader(language)

    changes = weights["changes"]
    return classification.suggest(before, after, weights=changes, readers=reader, **known)
