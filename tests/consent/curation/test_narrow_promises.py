"""A promise that covers only some of what people do fills in no state."""

import pytest

from consent import classification
from tests.consent.curation.test_scope_versions import states_filled_in

PAGE = "# Privacy\n\nThis page is about your data.\n\n{}\n\nWrite to us with any questions.\n"
GERMAN = "# Datenschutz\n\nDiese Seite ist für Sie.\n\n{}\n\nBei Fragen schreiben Sie uns.\n"
FRENCH = "# Confidentialité\n\nCette page est pour vous.\n\n{}\n\nPour toute question, écrivez.\n"


def states_after(words: str, page: str) -> dict[int, str]:
    """Return the states that a new sentence fills in, where the data was used until now."""
    suggestion = classification.suggest(page.format(""), page.format(words), subject="Kestrel")
    assert suggestion.effects == ("pledge-added",)
    return states_filled_in({}, suggestion)


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("While you are a guest, we do not train our models on your data.", PAGE),
        ("If you bring a licence of your own, we do not train models on your data.", PAGE),
        ("We do not use your data to train the models of other companies.", PAGE),
        ("We do not use sensitive personal data to train our models.", PAGE),
        ("We do not use your mail to train models, except what you send to support.", PAGE),
        ("Some of your content is not used to train our models.", PAGE),
        ("We do not use your data to train our models for advertising.", PAGE),
        ("We do not use your chats to train our fraud detection models.", PAGE),
        ("Until 30 June, we will not use your photos to train our models.", PAGE),
        ("Dritte dürfen Ihre Fotos nicht zum Training ihrer Modelle nutzen.", GERMAN),
        ("Ihre Daten verwenden wir nicht zum KI-Training, solange Sie Gast sind.", GERMAN),
        ("Ihre Daten verwenden wir nicht, um Modelle für Werbung zu trainieren.", GERMAN),
        ("Nos fournisseurs ne peuvent pas entraîner leurs modèles avec vos photos.", FRENCH),
        ("En Suisse, nous n’utilisons pas vos photos pour entraîner nos modèles.", FRENCH),
    ],
)
def test_a_promise_about_less_than_everything_fills_in_no_state(words: str, page: str):
    assert states_after(words, page) == {}


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("We do not use your content to train our models.", PAGE),
        ("Wir nutzen Ihre Inhalte nicht für das Training unserer Modelle.", GERMAN),
        ("Nous n’utilisons pas vos contenus pour entraîner nos modèles.", FRENCH),
    ],
)
def test_a_plain_promise_fills_in_that_data_is_not_used(words: str, page: str):
    assert states_after(words, page) == {0: "not-used"}
