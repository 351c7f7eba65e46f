from consent.classification.confidence import bounded, features_of
from consent.classification.delta import compare
from consent.classification.learned import Logistic, shipped
from consent.classification.page_statements import read_statements


def features(before: str, after: str) -> dict[str, float]:
    return features_of(compare(read_statements(before), read_statements(after)))


def test_the_shipped_model_weighs_no_feature_that_is_not_seen():
    feature_names = features("", "We use your chats to train AI.")

    assert set(shipped("changes").models["relevant"].weights) <= set(feature_names)


def test_features_lie_between_nothing_and_one():
    for value in features("", "We use your chats to train AI. " * 50).values():
        assert 0 <= value <= 1


def test_a_weight_moves_the_probability_its_way():
    model = Logistic(0.0, {"says train": 2.0})

    assert model.probability({"says train": 0.0}) == 0.5
    assert model.probability({"says train": 1.0}) > 0.85


def test_extreme_weights_do_not_overflow():
    assert Logistic(10_000.0, {}).probability({}) <= 1
    assert Logistic(-10_000.0, {}).probability({}) >= 0


def test_confidence_never_claims_certainty():
    assert 0 < bounded(0.0) < bounded(1.0) < 1
