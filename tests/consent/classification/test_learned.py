"""The shipped weights, and their judgement of sentences."""

import json
from importlib.resources import files

import pytest

from consent.classification.languages import LEXICONS
from consent.classification.learned import Logistic, shipped, word_features, words_of

WEIGHTS = files("consent.classification").joinpath("weights")
NAMES = [
    "changes",
    *(f"reader-{lexicon.language}" for lexicon in LEXICONS),
    *(f"reader-{lexicon.language}-help" for lexicon in LEXICONS if lexicon.concepts),
]


def test_all_weights_together_stay_below_two_megabytes():
    assert sum(len(file.read_bytes()) for file in WEIGHTS.iterdir()) <= 2_000_000


@pytest.mark.parametrize("name", NAMES)
def test_weights_name_their_version_and_origin(name: str):
    data = json.loads(WEIGHTS.joinpath(f"{name}.json").read_text("utf-8"))

    assert len(data["version"]) == 12
    assert "Open Data Commons Attribution License" in data["origin"]
    assert data["trained_by"] == "benchmarks/train_meaning.py"


def test_all_files_come_from_one_training():
    assert len({shipped(name).version for name in NAMES}) == 1


def test_numbers_and_quotes_do_not_make_new_words():
    assert words_of("It’s 30 days") == words_of("it's 60 Days")


def test_words_and_pairs_of_words_are_seen_once():
    assert word_features(["we", "train", "we", "train"]) == {
        "we": 1.0,
        "train": 1.0,
        "we train": 1.0,
        "train we": 1.0,
    }


def test_reasons_are_what_moved_the_answer_most():
    model = Logistic(0.0, {"train": 2.0, "you may": -3.0, "the": 0.1})

    features = {"train": 1.0, "you may": 1.0, "the": 1.0, "other": 1.0}
    assert model.reasons(features, 2) == (("you may", -3.0), ("train", 2.0))
