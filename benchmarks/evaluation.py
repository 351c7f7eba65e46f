"""Measures how well suggestions agree with labelled changes."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from benchmarks.meaning_data import company
from consent.classification.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled case with its suggestion, and the seconds that the classifier took."""

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
    """Counts of right and wrong results, and their rates; 0 for an empty denominator."""

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
    """Suggestions of similar confidence: mean confidence, and share with a true headline."""

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
    suggest: Callable[..., Suggestion],
    clock: Callable[[], float],
) -> list[Judged]:
    """Run the classifier over cases of the shared form. clock: seconds, monotonic."""
    judged = []
    for case in cases:
        began = clock()
        suggestion = suggest(case["before"], case["after"], subject=case.get("platform", ""))
        judged.append(Judged(case, suggestion, clock() - began))
    return judged


def score(judged: Sequence[Judged]) -> Scores:
    """Return the figures. Direction and effects are counted over the relevant changes found."""
    relevant = [result for result in judged if result.found]
    per_effect = _per_effect(relevant)
    times = sorted(result.seconds * 1000 for result in judged)
    return Scores(
        cases=len(judged),
        relevance=Rates(
            hits=len(relevant),
            extra=sum(
                result.suggestion.relevant and not result.case["relevant"] for result in judged
            ),
            missed=sum(
                bool(result.case["relevant"]) and not result.suggestion.relevant
                for result in judged
            ),
        ),
        direction=_share(
            sum(result.suggestion.direction == result.case["direction"] for result in relevant),
            len(relevant),
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

    def wrongness(result: Judged) -> tuple[int, float]:
        if result.suggestion.relevant != bool(result.case["relevant"]):
            return 2, result.suggestion.confidence
        if result.found:
            effects_differ = set(result.suggestion.effects) ^ set(result.case["effects"])
            wrong_way = result.suggestion.direction != result.case["direction"]
            if effects_differ or wrong_way:
                return 1, wrong_way + len(effects_differ) / 10
        return 0, 0.0

    ranked = sorted(judged, key=wrongness, reverse=True)
    return [result for result in ranked if wrongness(result)[0]][:count]


def _per_effect(relevant: Sequence[Judged]) -> dict[str, Rates]:
    hits: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for result in relevant:
        suggested, true = set(result.suggestion.effects), set(result.case["effects"])
        hits.update(suggested & true)
        extra.update(suggested - true)
        missed.update(true - suggested)
    return {
        effect: Rates(hits[effect], extra[effect], missed[effect])
        for effect in sorted({*hits, *extra, *missed})
    }


def _calibration(judged: Sequence[Judged], width: float = 0.1) -> tuple[Bin, ...]:
    bins: dict[int, list[Judged]] = {}
    for result in judged:
        bins.setdefault(min(int(result.suggestion.confidence / width + 1e-9), 9), []).append(result)
    return tuple(
        Bin(
            low=round(number * width, 2),
            count=len(members),
            confidence=sum(result.suggestion.confidence for result in members) / len(members),
            right=_share(
                sum(is_true(result.suggestion, result.case) for result in members),
                len(members),
            ),
        )
        for number, members in sorted(bins.items())
    )


def is_true(suggestion: Suggestion, case: Mapping[str, Any]) -> bool:
    """Return whether the headline is true: there is news, and it does what the headline says."""
    if suggestion.relevant != bool(case["relevant"]):
        return False
    return not suggestion.relevant or suggestion.asserts in ("", *case["effects"])


class Told(NamedTuple):
    """A probability that was given, whether it was right, and about whose text."""

    probability: float
    right: bool
    company: str


def told(judged: Iterable[Judged]) -> dict[str, list[Told]]:
    """Return the probabilities given with suggested changes, by what they are about.

    Effects and direction are counted over the relevant ones, as in `score`.
    """
    given: dict[str, list[Told]] = {"headline": [], "relevance": [], "effects": [], "direction": []}
    for result in judged:
        case, suggestion = result.case, result.suggestion
        if not suggestion.relevant:
            continue
        likely, who = suggestion.likely or {}, company(case["platform"])
        given["headline"].append(Told(suggestion.confidence, is_true(suggestion, case), who))
        given["relevance"].append(Told(likely["relevant"], result.found, who))
        if result.found:
            given["effects"] += [
                Told(likely[effect], effect in case["effects"], who)
                for effect in suggestion.effects
            ]
            is_right = suggestion.direction == case["direction"]
            given["direction"].append(Told(likely[suggestion.direction], is_right, who))
    return given


def calibration_error(given: Sequence[Told]) -> float:
    """Return the expected calibration error.

    It is the mean distance between probability and share right, over bins of a tenth that are
    weighted by their members.
    """
    distances: dict[int, float] = defaultdict(float)
    for one in given:
        distances[min(int(one.probability * 10 + 1e-9), 9)] += one.probability - one.right
    return _share(sum(map(abs, distances.values())), len(given))


ROUNDS = 1000


def error_by_chance(given: Sequence[Told]) -> float:
    """Return the mean error that as many probabilities would have if each were exactly right."""
    draw = random.Random(0).random
    rounds = [
        calibration_error([one._replace(right=draw() < one.probability) for one in given])
        for _ in range(ROUNDS)
    ]
    return _share(sum(rounds), ROUNDS)


def error_resampled(given: Sequence[Told]) -> tuple[float, float]:
    """Return between which errors 95 of 100 are if operators are drawn again and again."""
    by_company: dict[str, list[Told]] = {}
    for one in given:
        by_company.setdefault(one.company, []).append(one)
    groups, draw = list(by_company.values()), random.Random(0).choices
    rounds = sorted(
        calibration_error([one for group in draw(groups, k=len(groups)) for one in group])
        for _ in range(ROUNDS)
    )
    return _quantile(rounds, 0.025), _quantile(rounds, 0.975)


def _quantile(values: Sequence[float], share: float) -> float:
    return values[min(int(share * len(values)), len(values) - 1)] if values else 0.0


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
