from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest

from benchmarks.evaluation import (
    Judged,
    Told,
    calibration_error,
    error_by_chance,
    error_resampled,
    judge,
    score,
    told,
    worst,
)
from benchmarks.evaluation_tables import as_data, as_markdown, explained
from consent.classification.suggestion import Fired, Suggestion


def case(relevant: bool, *effects: str, direction: str = "neutral", **extra: object) -> dict:
    return {
        "id": "c1",
        "platform": "Acme",
        "document": "Terms",
        "stratum": "strong",
        "relevant": relevant,
        "effects": list(effects),
        "direction": direction,
        "evidence": "train",
        "sure": True,
        "before": "",
        "after": "",
        **extra,
    }


def said(relevant: bool, *effects: str, direction: str = "neutral", confidence: float = 0.9):
    return Suggestion(relevant, tuple(effects), direction, confidence)


HIT = Judged(
    case(True, "use-introduced", "default-on", direction="less-control"),
    said(True, "use-introduced", "scope-widened", direction="less-control"),
    0.010,
)
WRONG_WAY = Judged(
    case(True, "wording-only"), said(True, "scope-widened", direction="less-control"), 0.020
)
FALSE_ALARM = Judged(case(False), said(True, "wording-only", confidence=0.6), 0.030)
MISSED = Judged(case(True, "wording-only"), said(False), 0.040)
PASSED = Judged(case(False), said(False, confidence=0.97), 0.050)
ALL = [HIT, WRONG_WAY, FALSE_ALARM, MISSED, PASSED]


def test_relevance_is_counted_over_all_cases():
    rates = score(ALL).relevance

    assert (rates.hits, rates.extra, rates.missed) == (2, 1, 1)
    assert rates.precision == rates.recall == rates.f1 == pytest.approx(2 / 3)


def test_direction_and_effects_are_counted_over_the_relevant_found():
    scores = score(ALL)

    assert scores.direction == 0.5
    assert (scores.effects.hits, scores.effects.extra, scores.effects.missed) == (1, 2, 2)
    assert scores.per_effect["use-introduced"].f1 == 1
    assert scores.per_effect["scope-widened"].hits == 0


def test_calibration_compares_confidence_with_how_often_it_was_right():
    bins = {group.low: group for group in score(ALL).calibration}

    assert (bins[0.6].count, bins[0.6].right) == (1, 0.0)
    assert (bins[0.9].count, bins[0.9].right) == (4, 0.75)


def test_probabilities_are_compared_by_what_they_are_about():
    likely = {"relevant": 0.9, "use-introduced": 0.8, "scope-widened": 0.4, "less-control": 0.7}
    suggestion = replace(HIT.suggestion, likely=likely, asserts="use-introduced")

    given = told([replace(HIT, suggestion=suggestion), MISSED])

    assert given == {
        "headline": [Told(0.9, True, "Acme")],
        "relevance": [Told(0.9, True, "Acme")],
        "effects": [Told(0.8, True, "Acme"), Told(0.4, False, "Acme")],
        "direction": [Told(0.7, True, "Acme")],
    }


def test_the_calibration_error_weighs_bins_by_their_members():
    given = [Told(0.9, True, "A")] * 9 + [Told(0.9, False, "A"), Told(0.3, True, "B")]

    assert calibration_error(given) == pytest.approx(0.7 / 11)


def test_exact_probabilities_have_an_error_by_chance_that_shrinks_with_more_cases():
    few, many = ([Told(0.7, True, "A")] * size for size in (10, 1000))

    assert 0.08 < error_by_chance(few) < 0.16
    assert error_by_chance(many) < 0.02


def test_operators_are_drawn_again_with_all_their_cases():
    given = [Told(0.5, True, "A")] * 10 + [Told(0.5, False, "B")] * 10

    assert error_resampled(given) == (0.0, 0.5)


def test_times_are_given_in_milliseconds():
    scores = score(ALL)

    assert (scores.median_ms, scores.p95_ms) == pytest.approx((30, 50))


def test_no_cases_give_zeros():
    scores = score([])

    assert (scores.cases, scores.direction, scores.median_ms) == (0, 0.0, 0.0)


def test_the_worst_errors_come_first_and_right_ones_never():
    ranked = worst(ALL, 10)

    assert ranked[:2] == [MISSED, FALSE_ALARM]
    assert PASSED not in ranked


def test_judging_times_each_case_with_the_clock_it_is_given():
    ticks: Iterator[float] = (0.5 * number for number in count())

    (judged,) = judge([case(True)], lambda *texts, **known: said(True), lambda: next(ticks))

    assert judged.seconds == 0.5
    assert judged.found


def test_unsure_cases_are_counted_apart():
    unsure = Judged(case(True, "wording-only", sure=False), said(False), 0.01)

    data = as_data([HIT, unsure])

    assert data["all"]["relevance"]["recall"] == 0.5
    assert data["sure"]["relevance"]["recall"] == 1.0
    assert data["sure, strong"]["cases"] == 1


def test_tables_show_a_dash_where_nothing_relevant_is_to_be_found():
    table = as_markdown([PASSED])

    assert "| sure | 1 | 0 | 0 | 0 | – | – | – | – | – |" in table


def test_an_error_is_explained_with_the_rules_that_fired():
    error = Judged(
        case(False),
        Suggestion(
            True, ("wording-only",), "neutral", 0.6, trace=(Fired("reworded", "wording-only", "x"),)
        ),
        0.01,
    )

    assert list(explained(error)) == [
        "c1 Acme, Terms",
        "  labelled  not relevant",
        "  suggested relevant, neutral: wording-only 0.60",
        "  reworded → wording-only: x",
    ]
