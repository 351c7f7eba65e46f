from consent.classification.comparing import compare
from consent.classification.confidence import Model, features_of, shipped_model
from consent.classification.statements import read_statements


def features(before: str, after: str) -> dict[str, float]:
    return features_of(compare(read_statements(before), read_statements(after)))


def test_the_shipped_model_knows_every_feature_and_no_other():
    assert set(shipped_model().weights) == set(features("", "We use your chats to train AI."))


def test_features_lie_between_nothing_and_one():
    for value in features("", "We use your chats to train AI. " * 50).values():
        assert 0 <= value <= 1


def test_a_weight_moves_the_probability_its_way():
    model = Model("test", 0.0, {"says train": 2.0})

    assert model.probability({"says train": 0.0}) == 0.5
    assert model.probability({"says train": 1.0}) > 0.85


def test_extreme_weights_do_not_overflow():
    assert Model("test", 10_000.0, {}).probability({}) <= 1
    assert Model("test", -10_000.0, {}).probability({}) >= 0
