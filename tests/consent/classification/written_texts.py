"""Help pages written for the tests, and the classifier's figures on them.

The writer of the first sixty help pages and of the German ones had not read the rules of the
classifier. Do not write rules for single texts: then their figures say nothing about pages that
nobody has seen. The hashes of sealed pages were published before they were first scored; what was
learned from their errors since is about help pages in general. Print the figures with

    python -m tests.consent.classification.written_texts

A pair holds `before`, `after` and what the change is: relevant, effects, direction, `why` in one
sentence, and `sure: false` where people may differ.
"""

import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml

from benchmarks.evaluation import judge, score
from consent.classification import suggest

HERE = Path(__file__).parent
SEALED = "sealed_versions"
SEALED_2 = "sealed_versions_2"
PAIRS = {
    "help pages": "help_versions",
    "further help pages": "further_versions",
    "sealed help pages": SEALED,
    "German pages": "german_versions",
    "pages in new words": "open_versions",
    "second sealed pages": SEALED_2,
}

Row = dict[str, Any]


@cache
def pairs(folder: str) -> tuple[Row, ...]:
    """Return the pairs of one folder in the form that `evaluation.judge` takes."""
    return tuple(
        {
            "id": path.stem,
            "sure": True,
            **yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader),
        }
        for path in sorted((HERE / folder).glob("*.yaml"))
    )


def pair_figures(folder: str) -> dict[str, float]:
    """Return precision and recall of relevance; direction and effects of the changes found."""
    scores = score(judge(pairs(folder), suggest, perf_counter))
    return {
        "precision": scores.relevance.precision,
        "recall": scores.relevance.recall,
        "direction": scores.direction,
        "effects F1": scores.effects.f1,
    }


def table(rows: Iterable[tuple[str, int, dict[str, float]]]) -> str:
    """Return a Markdown table of rows with the same figures. A row: name, cases, figures."""
    lines: list[str] = []
    for name, count, figures in rows:
        if not lines:
            lines = [
                f"| texts | n | {' | '.join(figures)} |",
                f"| --- | --- |{' --- |' * len(figures)}",
            ]
        values = " | ".join(f"{value:.2f}" for value in figures.values())
        lines.append(f"| {name} | {count} | {values} |")
    return "\n".join(lines)


def pair_table() -> str:
    return table((name, len(pairs(folder)), pair_figures(folder)) for name, folder in PAIRS.items())


if __name__ == "__main__":
    sys.stdout.write(f"{pair_table()}\n")
