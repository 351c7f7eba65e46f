from dataclasses import replace

from consent.classification import suggest
from consent.classification.confidence import (
    EFFECT,
    HEADLINE,
    bounded,
    calibrated,
    features_of,
)
from consent.classification.delta import compare, without_doubtful
from consent.classification.effect_choice import BY_NAME, IN_DOUBT
from consent.classification.learned import Logistic, shipped
from consent.classification.page_statements import read_statements
from consent.models.changes import ASKS_BELOW


def features(before: str, after: str) -> dict[str, float]:
    return features_of(compare(read_statements(before), read_statements(after)))


def test_the_shipped_model_weighs_no_feature_that_is_not_seen():
    feature_names = features("", "We use your chats to train AI.")

    assert set(shipped("changes").models["relevant"].weights) <= set(feature_names)


def test_features_lie_between_nothing_and_one():
    for value in features("", "We use your chats to train AI. " * 50).values():
        assert 0 <= value <= 1


def test_a_doubtful_sentence_is_left_out_beside_a_sure_one():
    sure, doubtful = (
        replace(read_statements("We use your chats to train AI.")[0], words=words, certainty=share)
        for words, share in (("We use chats.", 0.95), ("Key-value pairs to exclude.", 0.45))
    )

    assert without_doubtful(compare((), (sure, doubtful))).added == (sure,)
    assert without_doubtful(compare((), (doubtful,))).added == (doubtful,)


def test_of_changes_without_a_statement_those_with_words_about_ai_are_doubted_first():
    page = "We wrote a new page.\n\n{}\n"
    confidences = [
        suggest(page.format("Hello."), page.format(words)).confidence
        for words in ("Our AI answers questions about machine learning.", "Our shop is open.")
    ]

    assert confidences[0] < confidences[1]


def test_a_weight_moves_the_probability_its_way():
    model = Logistic(0.0, {"says train": 2.0})

    assert model.probability({"says train": 0.0}) == 0.5
    assert model.probability({"says train": 1.0}) > 0.85


def test_a_headline_asks_where_names_are_in_doubt_and_not_where_they_are_clear():
    in_doubt, clear = (
        calibrated(HEADLINE, share, shipped("changes")) for share in (IN_DOUBT, BY_NAME)
    )

    assert in_doubt < ASKS_BELOW <= clear


def test_a_likelier_effect_stays_likelier_when_calibrated():
    shares = [calibrated(EFFECT, share, shipped("changes")) for share in (0.2, 0.4, 0.6, 0.8)]

    assert shares == sorted(set(shares))


def test_extreme_weights_do_not_overflow():
    assert Logistic(10_000.0, {}).probability({}) <= 1
    assert Logistic(-10_000.0, {}).probability({}) >= 0


def test_confidence_never_claims_certainty():
    assert 0 < bounded(0.0) < bounded(1.0) < 1
