"""Sentences written for training, where labelled ones are few: help pages, other languages.

Policies of platforms do not show how help pages speak, and all but few of the labelled sentences
are English. The sentences are in practice_sentences.txt, one a line.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

SENTENCES = Path(__file__).with_suffix(".txt")


def practice_sentences() -> Iterator[dict[str, Any]]:
    """Yield labelled sentences of the shared form."""
    for line in SENTENCES.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        labels, text = line.split(" | ", 1)
        language, kind, stance, control, default = labels.split()
        yield {
            "platform": "Practice",
            "language": language,
            "context": "",
            "text": text,
            "kind": kind,
            "stance": stance,
            "control": control,
            "default": default,
            "actor": "service",
            "sure": True,
        }
