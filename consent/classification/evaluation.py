"""How well suggestions agree with labelled changes."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consent.classification.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled case beside what was suggested, and the seconds that took."""

    case: Mapping[str, Any]
    suggestion: Suggestion
    seconds: float

    @property
    def found(self) -> bool:
        return bool(self.case["relevant"]) and self.suggestion.relevant

    @property
    def sure(self) -> bool:
        return bool(self.case.get("sure", True))


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts of right and wrong, and the usual rates; an empty denominator gives 0."""

    hits: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        return _share(self.hits, self.hits + self.extra)

    @property
    def recall(self) -> float:
        return _share(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> float:
        return _share(2 * self.hits, 2 * self.hits + self.extra + self.missed)


@dataclass(frozen=True, slots=True)
class Bin:
    """Suggestions of like confidence: how sure they were, how often relevance was right."""

    low: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures over one set of cases. Times are milliseconds."""

    cases: int
    relevance: Rates
    direction: float
    effects: Rates
    per_effect: Mapping[str, Rates]
    calibration: tuple[Bin, ...]
    median_ms: float
    p95_ms: float


def judge(
    cases: Iterable[Mapping[str, Any]],
    suggest: Callable[[str, str], Suggestion],
    clock: Callable[[], float],
) -> list[Judged]:
    """Run the classifier over cases of the shared form. clock: seconds, monotonic."""
    judged = []
    for case in cases:
        began = clock()
        suggestion = suggest(case["before"], case["after"])
        judged.append(Judged(case, suggestion, clock() - began))
    return judged


def score(judged: Sequence[Judged]) -> Scores:
    """Return the figures. Direction and effects are counted over the relevant changes found."""
    found = [one for one in judged if one.found]
    per_effect = _per_effect(found)
    times = sorted(one.seconds * 1000 for one in judged)
    return Scores(
        cases=len(judged),
        relevance=Rates(
            hits=len(found),
            extra=sum(one.suggestion.relevant and not one.case["relevant"] for one in judged),
            missed=sum(
                bool(one.case["relevant"]) and not one.suggestion.relevant for one in judged
            ),
        ),
        direction=_share(
            sum(one.suggestion.direction == one.case["direction"] for one in found), len(found)
        ),
        effects=Rates(
            hits=sum(rates.hits for rates in per_effect.values()),
            extra=sum(rates.extra for rates in per_effect.values()),
            missed=sum(rates.missed for rates in per_effect.values()),
        ),
        per_effect=per_effect,
        calibration=_calibration(judged),
        median_ms=_quantile(times, 0.5),
        p95_ms=_quantile(times, 0.95),
    )


def worst(judged: Sequence[Judged], count: int) -> list[Judged]:
    """Return wrong suggestions, the most confident wrong relevance first, then other errors."""

    def wrongness(one: Judged) -> tuple[int, float]:
        if one.suggestion.relevant != bool(one.case["relevant"]):
            return 2, one.suggestion.confidence
        if one.found:
            wrong = set(one.suggestion.effects) ^ set(one.case["effects"])
            wrong_way = one.suggestion.direction != one.case["direction"]
            if wrong or wrong_way:
                return 1, wrong_way + len(wrong) / 10
        return 0, 0.0

    ranked = sorted(judged, key=wrongness, reverse=True)
    return [one for one in ranked if wrongness(one)[0]][:count]


def _per_effect(found: Sequence[Judged]) -> dict[str, Rates]:
    hits: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for one in found:
        said, true = set(one.suggestion.effects), set(one.case["effects"])
        hits.update(said & true)
        extra.update(said - true)
        missed.update(true - said)
    return {
        effect: Rates(hits[effect], extra[effect], missed[effect])
        for effect in sorted({*hits, *extra, *missed})
    }


def _calibration(judged: Sequence[Judged], width: float = 0.1) -> tuple[Bin, ...]:
    bins: dict[int, list[Judged]] = {}
    for one in judged:
        bins.setdefault(min(int(one.suggestion.confidence / width + 1e-9), 9), []).append(one)
    return tuple(
        Bin(
            low=round(number * width, 2),
            count=len(members),
            confidence=sum(one.suggestion.confidence for one in members) / len(members),
            right=_share(
                sum(one.suggestion.relevant == bool(one.case["relevant"]) for one in members),
                len(members),
            ),
        )
        for number, members in sorted(bins.items())
    )


def calibration_error(judged: Sequence[Judged]) -> float:
    """Return the expected calibration error: how far confidence is from the share right.

    The mean over bins of a tenth, each counted by its members.
    """
    return _share(
        sum(one.count * abs(one.confidence - one.right) for one in _calibration(judged)),
        len(judged),
    )


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(int(share * len(values)), len(values) - 1)] if values else 0.0


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
