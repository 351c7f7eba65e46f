"""Training and its folds: no company is in training and test data, and weights fit the data."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from benchmarks.meaning_data import PRODUCTS_OF, company, in_folds
from benchmarks.practice_pairs import practice_pairs
from benchmarks.practice_sentences import practice_sentences
from consent.classification.confidence import EFFECT, HEADLINE, calibrated
from consent.classification.effects import EFFECTS
from consent.classification.languages import LEXICONS
from consent.classification.learned import Weights, shipped
from consent.classification.suggestion import CLASSIFIER_VERSION, Suggestion
from consent.detection import learned_meaning
from consent.vocabulary import Direction


@pytest.fixture(scope="module")
def training():
    """The module that trains, by hand and before a release: importing it takes four seconds."""
    pytest.importorskip("sklearn")
    from benchmarks import train_meaning

    return train_meaning


@pytest.fixture
def rows(training):
    return [training.Row({"train": 1.0, "w": 1.0}, True, 1.0, "A") for _ in range(20)] + [
        training.Row({"staff": 1.0, "w": 1.0}, False, 1.0, "B") for _ in range(20)
    ]


def test_products_of_one_company_are_one_operator():
    assert company("YouTube") == company("Gmail") == "Google"
    assert company("ChatGPT") == company("DALL·E")
    assert company("Pixel Farm") == "Pixel Farm"


def test_no_product_has_two_companies():
    products = [product for several in PRODUCTS_OF.values() for product in several]

    assert len(products) == len(set(products))


def test_folds_keep_companies_together_and_share_the_relevant_cases():
    cases = [{"platform": name, "relevant": True} for name in ("Gmail", "YouTube", "X", "Grok")]

    fold_of = in_folds(cases, folds=2)

    assert set(fold_of) == {"Google", "SpaceX"}
    assert fold_of["Google"] != fold_of["SpaceX"]


@pytest.mark.drill
def test_a_model_learns_what_tells_the_answers_apart(training, rows):
    model = training.fitted(rows, 1.0)

    assert model.probability({"train": 1.0}) > 0.8 > 0.2 > model.probability({"staff": 1.0})
    assert training.fitted(rows, 1.0) == model


def test_calibration_learns_how_often_headlines_and_effects_were_true(training):
    said = [
        (
            {"relevant": True, "sure": True, "effects": ["wording-only"] if right else []},
            Suggestion(
                relevant=True,
                effects=("wording-only",),
                direction="neutral",
                confidence=0.5,
                asserts="wording-only",
                likely={"wording-only": 0.5},
            ),
        )
        for right in (True, True, True, False)
        for _ in range(50)
    ]

    weights = training.with_calibration(Weights("v", {}), said)

    for name in (HEADLINE, EFFECT):
        assert calibrated(name, 0.5, weights) == pytest.approx(0.75, abs=0.02)


@pytest.mark.drill
def test_weights_survive_being_written_and_read(training, rows):
    weights = Weights("v", {"statement": training.fitted(rows, 1.0)}, CLASSIFIER_VERSION)

    assert Weights.from_data(training.as_data(weights, "v", 40)) == weights


@pytest.mark.drill
@pytest.mark.django_db
def test_weights_trained_on_rulings_are_a_version_that_an_editor_can_accept(
    training, monkeypatch, settings, tmp_path, capsys
):
    settings.VAR_DIR = tmp_path
    home = learned_meaning.folder()
    home.mkdir()
    rulings = home / "cases.jsonl"
    rulings.write_text(json.dumps(next(iter(practice_pairs()))))
    names = [name for one in LEXICONS for name in (one.language, f"{one.language}-help")]
    shipped_models = {name: shipped(f"reader-{name}") for name in names}, shipped("changes")
    monkeypatch.setattr(training, "train", lambda cases: shipped_models)
    monkeypatch.setattr(training, "shared_changes", lambda: iter(()))

    training.main(["--rulings", str(rulings), "--folder", str(home)])

    assert "new: right on 1 of 1 rulings" in capsys.readouterr().out
    [made] = (path.name for path in home.iterdir() if path.is_dir())
    editor = User.objects.create_superuser("ed")
    call_command("accept_meaning", made, "--editor", editor.username)
    assert learned_meaning.accepted_version() == made


@pytest.mark.drill
def test_training_without_rulings_says_so(training, tmp_path):
    (tmp_path / "cases.jsonl").touch()
    with pytest.raises(SystemExit, match="no rulings"):
        training.main(["--rulings", str(tmp_path / "cases.jsonl")])


def test_written_pairs_use_the_closed_lists():
    for pair in practice_pairs():
        assert set(pair["effects"]) <= set(EFFECTS)
        assert pair["direction"] in Direction.values
        assert pair["before"] != pair["after"]


def test_sentences_are_written_for_every_language():
    languages = {sentence["language"] for sentence in practice_sentences()}

    assert languages == {"en", "de", "fr"}
