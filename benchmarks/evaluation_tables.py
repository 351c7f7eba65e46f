"""Evaluation figures as Markdown tables and as plain data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.evaluation import (
    Judged,
    Rates,
    Scores,
    calibration_error,
    error_by_chance,
    error_resampled,
    score,
    told,
)
from consent.classification.languages import lexicon_for

WORDS_SHOWN = 280
# Languages with a row of their own; most cases are English.
LANGUAGES = {
    "de": "in German",
    "fr": "in French",
}


def groups(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    """Return all cases, and the sure ones: of policies, of help pages, by file and by stratum."""
    sure = [result for result in judged if result.sure]
    parts: dict[str, list[Judged]] = {}
    for result in sure:
        case = result.case
        names = [case.get("stratum", "unsorted")]
        if "kind" in case:  # labels name the kind of help pages only
            names.append("help pages")
        else:
            names += ["policies", *([case["file"]] if "file" in case else ())]
        if language := LANGUAGES.get(lexicon_for(case.get("after", "")).language):
            names.append(language)
        for name in names:
            parts.setdefault(f"sure, {name}", []).append(result)
    return {"all": list(judged), "sure": sure, **dict(sorted(parts.items()))}


def as_data(judged: Sequence[Judged]) -> dict[str, Any]:
    return {name: _scores_data(score(members)) for name, members in groups(judged).items()}


def as_markdown(judged: Sequence[Judged]) -> str:
    """Return the tables for benchmarks/README.md and for the terminal."""
    sure = score([result for result in judged if result.sure])
    lines = [
        "| Cases | n | Found | False | Missed | Precision | Recall | F1 | Direction | Effects F1 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, members in groups(judged).items():
        lines.append(_row(name, score(members)))
    lines += ["", *_effect_table(sure), "", *_calibration_table(sure)]
    return "\n".join(lines)


def left_out(
    judged: Sequence[Judged],
    by_weights: Sequence[Judged],
    sentences: Mapping[str, Rates],
    help_pages: Sequence[Judged] = (),
) -> str:
    """Return the tables on operators left out of training, with the calibration error.

    judged: suggestions as the site makes them. by_weights: the same without the votes of rules.
    sentences: rates for finding statements among single sentences, by method. help_pages:
    suggestions on written help pages, whose styles were left out too.
    """
    sure = [result for result in judged if result.sure]
    rows = as_markdown(judged).split("\n\n")
    return "\n".join(
        [
            rows[0],
            *(
                _row(f"{name}, without votes of rules", score(members))
                for name, members in groups(by_weights).items()
                if name in ("sure, policies", "sure, help pages")
            ),
            *_help_row(help_pages),
            "",
            "| Single sentences | Found | False | Missed | Precision | Recall | F1 |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *(
                f"| {name} | {rates.hits} | {rates.extra} | {rates.missed} "
                f"| {rates.precision:.3f} | {rates.recall:.3f} | {rates.f1:.3f} |"
                for name, rates in sentences.items()
            ),
            "",
            rows[1],
            "",
            *_calibration_errors(sure),
        ]
    )


def _calibration_errors(judged: Sequence[Judged]) -> Iterator[str]:
    yield "| Probability (sure cases, suggested) | n | Calibration error | By chance | 95 of 100 |"
    yield "|---|---:|---:|---:|---:|"
    for name, given in told(judged).items():
        low, high = error_resampled(given)
        yield (
            f"| {name} | {len(given)} | {calibration_error(given):.3f} "
            f"| {error_by_chance(given):.3f} | {low:.3f} to {high:.3f} |"
        )


def _help_row(judged: Sequence[Judged]) -> Iterator[str]:
    if judged:
        yield _row("written help pages", score(judged))


def times(judged: Sequence[Judged]) -> str:
    """Return one line on speed. The tables leave it out: they are the same on every machine."""
    scores = score(judged)
    return f"Time per change: median {scores.median_ms:.1f} ms, p95 {scores.p95_ms:.1f} ms."


def explained(result: Judged) -> Iterator[str]:
    """Yield the lines of an error: the label, the suggestion, and the rules behind it."""
    case, suggestion = result.case, result.suggestion
    doubt = "" if result.sure else " (unsure)"
    yield f"{case['id']} {case['platform']}, {case['document']}{doubt}"
    yield f"  labelled  {_verdict(case['relevant'], case['effects'], case['direction'])}"
    verdict = _verdict(suggestion.relevant, suggestion.effects, suggestion.direction)
    yield f"  suggested {verdict} {suggestion.confidence:.2f}"
    for fired in suggestion.trace:
        yield f"  {fired.rule} → {fired.effect}: {fired.words[:WORDS_SHOWN]}"
    if case.get("evidence") and not suggestion.trace:
        yield f"  evidence: {case['evidence'][:WORDS_SHOWN]}"


def _verdict(relevant: bool, effects: Sequence[str], direction: str) -> str:
    return f"relevant, {direction}: {', '.join(effects)}" if relevant else "not relevant"


def _row(name: str, result: Scores) -> str:
    return (
        f"| {name} | {result.cases} | {result.relevance.hits} | {result.relevance.extra} "
        f"| {result.relevance.missed} | {_rates_row(result)} |"
    )


def _rates_row(scores: Scores) -> str:
    """Return the rates as cells, or dashes for a group without relevant cases."""
    rates = scores.relevance
    if not rates.hits + rates.missed:
        return " | ".join("–" * 5)
    figures = (rates.precision, rates.recall, rates.f1, scores.direction, scores.effects.f1)
    return " | ".join(f"{figure:.3f}" for figure in figures)


def _effect_table(scores: Scores) -> list[str]:
    lines = [
        "| Effect (sure cases) | Right | Too many | Missed | F1 |",
        "|---|---:|---:|---:|---:|",
    ]
    for effect, rates in scores.per_effect.items():
        lines.append(
            f"| {effect} | {rates.hits} | {rates.extra} | {rates.missed} | {rates.f1:.2f} |"
        )
    return lines


def _calibration_table(scores: Scores) -> list[str]:
    lines = [
        "| Confidence (sure cases) | Changes | Mean confidence | Right |",
        "|---|---:|---:|---:|",
    ]
    for row in scores.calibration:
        lines.append(
            f"| from {row.low:.1f} | {row.count} | {row.confidence:.2f} | {row.right:.2f} |"
        )
    return lines


def _scores_data(scores: Scores) -> dict[str, Any]:
    return {
        "cases": scores.cases,
        "relevance": _rates_data(scores.relevance),
        "direction": round(scores.direction, 4),
        "effects": _rates_data(scores.effects),
        "per_effect": {name: _rates_data(rates) for name, rates in scores.per_effect.items()},
        "calibration": [
            {
                "from": row.low,
                "count": row.count,
                "confidence": round(row.confidence, 4),
                "right": round(row.right, 4),
            }
            for row in scores.calibration
        ],
        "milliseconds": {"median": round(scores.median_ms, 2), "p95": round(scores.p95_ms, 2)},
    }


def _rates_data(rates: Rates) -> dict[str, float]:
    return {
        "hits": rates.hits,
        "extra": rates.extra,
        "missed": rates.missed,
        "precision": round(rates.precision, 4),
        "recall": round(rates.recall, 4),
        "f1": round(rates.f1, 4),
    }
