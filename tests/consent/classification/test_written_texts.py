import hashlib
import re
from collections import Counter

import pytest

from consent.vocabulary import Direction, Effect
from tests.consent.classification.written_texts import (
    HERE,
    PAIRS,
    SEALED,
    SEALED_2,
    pair_figures,
    pair_table,
    pairs,
)

STYLES = [
    "accordion",
    "app-store",
    "article",
    "developer",
    "german-english",
    "legal-faq",
    "steps",
    "switches",
    "tables",
    "workplace",
]
MAY_NAME = set(Effect.values[: Effect.values.index("wording-only") + 1])
FIELDS = {"id", "relevant", "effects", "direction", "why", "sure", "before", "after"}

# What the classifier reached, rounded down; docs/methodology.md has the first look at the pages.
# Raise a floor when the classifier got better; never lower one without saying so.
# Lower since what changes do is learned from real changes of policies and help pages with fewer
# features: those are read better (docs/methodology.md), and so are the second sealed pages, which
# nothing learned from. Pages that were learned from are remembered less well.
PAIR_FLOORS = {
    "help_versions": {"precision": 0.95, "recall": 1.0, "direction": 0.77, "effects F1": 0.79},
    "further_versions": {"precision": 1.0, "recall": 1.0, "direction": 1.0, "effects F1": 0.93},
    "sealed_versions": {"precision": 0.88, "recall": 1.0, "direction": 1.0, "effects F1": 0.88},
    "german_versions": {"precision": 0.90, "recall": 0.90, "direction": 1.0, "effects F1": 0.75},
    "open_versions": {"precision": 1.0, "recall": 1.0, "direction": 0.70, "effects F1": 0.66},
    "sealed_versions_2": {"precision": 0.90, "recall": 0.93, "direction": 0.67, "effects F1": 0.69},
}
EVERY_PAIR = [case for folder in PAIRS.values() for case in pairs(folder)]


def test_pairs_are_labelled_with_words_of_the_vocabulary():
    for case in EVERY_PAIR:
        assert set(case) == FIELDS, case["id"]
        assert isinstance(case["relevant"], bool), case["id"]
        assert isinstance(case["sure"], bool), case["id"]
        assert set(case["effects"]) <= MAY_NAME, case["id"]
        assert len(set(case["effects"])) == len(case["effects"]), case["id"]
        assert case["direction"] in Direction.values, case["id"]


def test_effects_and_direction_of_a_pair_agree():
    for case in EVERY_PAIR:
        assert bool(case["effects"]) == case["relevant"], case["id"]
        if not case["relevant"] or case["effects"] == ["wording-only"]:
            assert case["direction"] == "neutral", case["id"]


def test_a_pair_is_a_change_of_a_page_of_usual_length():
    for case in EVERY_PAIR:
        assert case["before"] != case["after"], case["id"]
        assert 95 <= len(case["before"].split()) <= 1000, case["id"]
        assert 50 <= len(case["after"].split()) <= 1000, case["id"]


def test_each_pair_is_explained_in_one_sentence():
    for case in EVERY_PAIR:
        assert case["why"].endswith("."), case["id"]
        assert "\n" not in case["why"], case["id"]


def test_there_are_six_help_pages_of_each_style_and_twenty_say_nothing_new_on_training():
    cases = pairs("help_versions")

    assert Counter(re.sub(r"-\d\d$", "", case["id"]) for case in cases) == dict.fromkeys(STYLES, 6)
    assert sum(not case["relevant"] for case in cases) == 20


def test_every_effect_and_direction_is_met_in_the_help_pages():
    cases = pairs("help_versions")
    effects = Counter(effect for case in cases for effect in case["effects"])

    assert set(effects) == MAY_NAME
    assert min(effects.values()) >= 2
    assert {case["direction"] for case in cases} == set(Direction.values)


def test_further_help_pages_come_in_twelve_styles_and_half_of_them_are_sealed():
    cases = [*pairs("further_versions"), *pairs(SEALED)]

    assert len(pairs("further_versions")) == len(pairs(SEALED)) == 12
    assert set(Counter(re.sub(r"-\d\d$", "", case["id"]) for case in cases).values()) == {2}


@pytest.mark.parametrize("folder", [SEALED, SEALED_2])
def test_sealed_pages_are_those_whose_hashes_were_kept_before_they_were_scored(folder: str):
    kept = dict(
        line.split()[::-1]
        for line in (HERE / f"{folder}.sha256").read_text(encoding="utf-8").splitlines()
    )

    assert kept == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (HERE / folder).iterdir()
    }


def test_there_are_fifteen_german_pages_and_four_say_nothing_new_on_training():
    cases = pairs("german_versions")

    assert len(cases) == 15
    assert sum(not case["relevant"] for case in cases) == 4


def test_no_page_is_written_twice():
    befores = [case["before"] for case in EVERY_PAIR]

    assert len(set(befores)) == len(befores)


def test_only_pairs_are_kept_beside_the_pairs():
    for folder in PAIRS.values():
        names = {path.name for path in (HERE / folder).iterdir()}
        assert names == {f"{case['id']}.yaml" for case in pairs(folder)}


@pytest.mark.parametrize("folder", PAIRS.values())
def test_suggestions_on_written_pages_stay_above_their_floors(folder):
    figures = pair_figures(folder)

    below = {name for name, floor in PAIR_FLOORS[folder].items() if figures[name] < floor}
    assert not below, f"{folder} {sorted(below)}\n{pair_table()}"
