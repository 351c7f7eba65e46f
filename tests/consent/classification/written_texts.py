"""Help pages and sentences written for the tests, and the classifier's figures on them.

The writer of the first sixty help pages and of the German ones had not read the rules of the
classifier. Do not write rules for single texts: then their figures say nothing about pages that
nobody has seen. The hashes of sealed pages were published before they were first scored; what was
learned from their errors since is about help pages in general. Print the figures with

    python -m tests.consent.classification.written_texts

A pair holds `before`, `after` and what the change is: relevant, effects, direction, `why` in one
sentence, and `sure: false` where people may differ. A sentence is labelled with the words of the
sentence guide: kind, stance, control, default.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml

from consent.classification import Statement, read_statements, suggest
from consent.classification.evaluation import Rates, judge, score

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
LANGUAGES = {"es": "Spanish", "it": "Italian", "pt": "Portuguese"}

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


@cache
def sentences(language: str) -> tuple[Row, ...]:
    path = HERE / f"sentences_{language}.yaml"
    return tuple(_read(path))


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def pair_figures(folder: str) -> dict[str, float]:
    """Return precision and recall of relevance; direction and effects of the changes found."""
    scores = score(judge(pairs(folder), suggest, perf_counter))
    return {
        "precision": scores.relevance.precision,
        "recall": scores.relevance.recall,
        "direction": scores.direction,
        "effects F1": scores.effects.f1,
    }


def sentence_figures(language: str) -> dict[str, float]:
    """Return precision and recall of "about training", and three labels of those found.

    Stance is counted over sentences that state a use.
    """
    cases = sentences(language)
    answers = [(case, _use_or_control(case["text"])) for case in cases]
    hits = [
        (case, statement) for case, statement in answers if case["about_training"] and statement
    ]
    rates = Rates(
        hits=len(hits),
        extra=sum(bool(statement) and not case["about_training"] for case, statement in answers),
        missed=sum(case["about_training"] and not statement for case, statement in answers),
    )
    uses = [(case, statement) for case, statement in hits if case["stance"] != "n/a"]
    return {
        "precision": rates.precision,
        "recall": rates.recall,
        "stance": _share(uses, "stance", _stance),
        "control": _share(hits, "control", lambda statement: statement.control),
        "default": _share(hits, "default", lambda statement: statement.default),
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


def sentence_table() -> str:
    return table(
        (name, len(sentences(language)), sentence_figures(language))
        for language, name in LANGUAGES.items()
    )


def _use_or_control(text: str) -> Statement | None:
    """Return the first statement that is not only a pointer to where training is explained."""
    statements = (statement for statement in read_statements(text) if statement.kind != "pointer")
    return next(statements, None)


def _stance(statement: Statement) -> str:
    """Translate the classifier's stance into the words of the sentence guide."""
    if statement.control in ("opt-in", "consent") or statement.default == "off":
        return "only-if"
    return "does-not" if statement.stance == "will-not" else statement.stance


def _share(
    hits: Sequence[tuple[Row, Statement]], label: str, read: Callable[[Statement], str]
) -> float:
    return (
        sum(read(statement) == case[label] for case, statement in hits) / len(hits) if hits else 0.0
    )


if __name__ == "__main__":
    sys.stdout.write(f"{pair_table()}\n\n{sentence_table()}\n")
