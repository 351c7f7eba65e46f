"""Retraining on decisions: it reports first, and an editor accepts the new weights."""

import json
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from consent.classification.languages import LEXICONS
from consent.classification.learned import shipped
from consent.classification.suggestion import CLASSIFIER_VERSION
from consent.detection import learned_meaning
from consent.detection.changes import suggest
from consent.models import Change, Suggestion
from tests.factories import make_change, make_page, make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def retrained(settings, tmp_path: Path) -> str:
    """A version whose models find no statements."""
    settings.VAR_DIR = tmp_path
    folder = tmp_path / "meaning" / "abc"
    folder.mkdir(parents=True)
    languages = [lexicon.language for lexicon in LEXICONS]
    helped = [f"reader-{lexicon.language}-help" for lexicon in LEXICONS if lexicon.concepts]
    names = ["changes", *(f"reader-{language}" for language in languages), *helped]
    for name in names:
        models = {
            key: {"intercept": -9.0 if key == "statement" else model.intercept, "weights": {}}
            for key, model in shipped(name).models.items()
        }
        data = {"version": "abc", "classifier_version": CLASSIFIER_VERSION, "models": models}
        (folder / f"{name}.json").write_text(json.dumps(data))
    return "abc"


def of_an_older_release(version: str) -> None:
    for path in (learned_meaning.folder() / version).glob("*.json"):
        data = json.loads(path.read_text())
        path.write_text(json.dumps(data | {"classifier_version": CLASSIFIER_VERSION - 1}))
    learned_meaning._weights.cache_clear()


@pytest.fixture
def change() -> Change:
    use = "Privacy at Acme.\n\nWe use your chats to train our AI models."
    return make_change(make_page(make_platform()), "Privacy at Acme.", use)


def editor(*, is_superuser: bool = False) -> str:
    get_user_model().objects.create_user("ed", is_staff=True, is_superuser=is_superuser)
    return "ed"


def test_a_retrained_version_changes_nothing_until_it_is_accepted(retrained: str, change: Change):
    assert suggest(change).relevant


def test_an_accepted_version_suggests_anew_and_raises_no_change(
    retrained: str, change: Change, capsys
):
    suggest(change)

    call_command("accept_meaning", retrained, "--editor", editor(is_superuser=True))

    assert "1 changes suggested anew, 1 of them otherwise" in capsys.readouterr().out
    assert not Suggestion.objects.get(change=change).relevant
    assert Change.objects.count() == 1
    change.refresh_from_db()
    assert change.status == "waiting"
    assert learned_meaning.accepted_version() == "abc"


def test_the_shipped_weights_can_be_taken_back(retrained: str, change: Change):
    suggest(change)
    name = editor(is_superuser=True)
    call_command("accept_meaning", retrained, "--editor", name)

    call_command("accept_meaning", "shipped", "--editor", name)

    assert Suggestion.objects.get(change=change).relevant


def test_weights_of_an_older_release_are_not_accepted(retrained: str):
    of_an_older_release(retrained)

    with pytest.raises(CommandError, match="another release"):
        call_command("accept_meaning", retrained, "--editor", editor(is_superuser=True))


def test_after_an_upgrade_accepted_weights_give_way_to_the_shipped_ones(
    retrained: str, change: Change
):
    suggest(change)
    call_command("accept_meaning", retrained, "--editor", editor(is_superuser=True))
    of_an_older_release(retrained)

    assert learned_meaning.accepted_version() == ""
    assert suggest(change).relevant


def test_who_may_not_publish_may_not_accept(retrained: str):
    with pytest.raises(CommandError, match="no editor"):
        call_command("accept_meaning", retrained, "--editor", editor())


def test_a_version_that_was_not_made_is_refused(retrained: str):
    with pytest.raises(CommandError, match="no version"):
        call_command("accept_meaning", "zzz", "--editor", editor(is_superuser=True))


def test_a_doubtful_suggestion_is_not_sure():
    assert not Suggestion(confidence=0.6).is_sure
    assert Suggestion(confidence=0.9).is_sure
