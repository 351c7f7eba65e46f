"""Evaluation figures in words: Markdown tables and plain data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from consent.classification.evaluation import Judged, Rates, Scores, calibration_error, score

WORDS_SHOWN = 280


def groups(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    """Return the cases all together, the sure ones, and the sure ones stratum by stratum."""
    sure = [one for one in judged if one.sure]
    by_stratum: dict[str, list[Judged]] = {}
    for one in sure:
        by_stratum.setdefault(f"sure, {one.case.get('stratum', 'unsorted')}", []).append(one)
    return {"all": list(judged), "sure": sure, **dict(sorted(by_stratum.items()))}


def as_data(judged: Sequence[Judged]) -> dict[str, Any]:
    return {name: _scores_data(score(members)) for name, members in groups(judged).items()}


def as_markdown(judged: Sequence[Judged]) -> str:
    """Return the tables for docs/methodology.md and for the terminal."""
    sure = score([one for one in judged if one.sure])
    lines = [
        "| Cases | n | Found | False | Missed | Precision | Recall | F1 | Direction | Effects F1 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, members in groups(judged).items():
        one = score(members)
        lines.append(
            f"| {name} | {one.cases} | {one.relevance.hits} | {one.relevance.extra} "
            f"| {one.relevance.missed} | {_rates_row(one)} |"
        )
    lines += ["", *_effect_table(sure), "", *_calibration_table(sure)]
    return "\n".join(lines)


def left_out(
    judged: Sequence[Judged], by_weights: Sequence[Judged], sentences: Mapping[str, Rates]
) -> str:
    """Return the tables on operators left out, with the calibration error.

    judged: as suggestions are made; by_weights: the same without votes of rules on effects.
    sentences: how well statements are found among single sentences, by who finds them.
    """
    sure = [one for one in judged if one.sure]
    suggested = [one for one in sure if one.suggestion.relevant]
    alone = score([one for one in by_weights if one.sure])
    rows = as_markdown(judged).split("\n\n")
    return "\n".join(
        [
            rows[0],
            f"| sure, effects without votes of rules | {alone.cases} | {alone.relevance.hits} "
            f"| {alone.relevance.extra} | {alone.relevance.missed} | {_rates_row(alone)} |",
            "",
            "| Single sentences | Found | False | Missed | Precision | Recall | F1 |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *(
                f"| {name} | {rates.hits} | {rates.extra} | {rates.missed} "
                f"| {rates.precision:.3f} | {rates.recall:.3f} | {rates.f1:.3f} |"
                for name, rates in sentences.items()
            ),
            "",
            *rows[1:2],
            "",
            *rows[2:],
            "",
            f"Expected calibration error: {calibration_error(sure):.3f} over {len(sure)} changes, "
            f"{calibration_error(suggested):.3f} over the {len(suggested)} suggested.",
        ]
    )


def times(judged: Sequence[Judged]) -> str:
    """Return one line on speed; kept out of the tables, which must not differ between machines."""
    one = score(judged)
    return f"Time per change: median {one.median_ms:.1f} ms, p95 {one.p95_ms:.1f} ms."


def explained(one: Judged) -> Iterator[str]:
    """Yield an error line by line: what is true, what was said, and which rules said it."""
    case, said = one.case, one.suggestion
    yield f"{case['id']} {case['platform']}, {case['document']}" + ("" if one.sure else " (unsure)")
    yield f"  labelled  {_verdict(case['relevant'], case['effects'], case['direction'])}"
    verdict = _verdict(said.relevant, said.effects, said.direction)
    yield f"  suggested {verdict} {said.confidence:.2f}"
    for fired in said.trace:
        yield f"  {fired.rule} → {fired.effect}: {fired.words[:WORDS_SHOWN]}"
    if case.get("evidence") and not said.trace:
        yield f"  evidence: {case['evidence'][:WORDS_SHOWN]}"


def _verdict(relevant: bool, effects: Sequence[str], direction: str) -> str:
    return f"relevant, {direction}: {', '.join(effects)}" if relevant else "not relevant"


def _rates_row(scores: Scores) -> str:
    """Return the rates as cells; a dash where nothing relevant is there to be found."""
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
    for one in scores.calibration:
        lines.append(
            f"| from {one.low:.1f} | {one.count} | {one.confidence:.2f} | {one.right:.2f} |"
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
                "from": one.low,
                "count": one.count,
                "confidence": round(one.confidence, 4),
                "right": round(one.right, 4),
            }
            for one in scores.calibration
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
