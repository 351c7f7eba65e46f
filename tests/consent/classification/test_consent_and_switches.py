"""Where consent or a switch takes the place of another ground, or of a way out."""

import pytest

from consent.classification import suggest
from consent.classification.suggestion import Suggestion

PAGE = "# Privacy\n\nThis page is about your data.\n\n{}\n\nWrite to us with any questions.\n"
GERMAN = "# Datenschutz\n\nDiese Seite ist für Sie.\n\n{}\n\nBei Fragen schreiben Sie uns.\n"
FRENCH = "# Confidentialité\n\nCette page est pour vous.\n\n{}\n\nPour toute question, écrivez.\n"


def change(before: str, after: str, page: str = PAGE) -> Suggestion:
    return suggest(page.format(before), page.format(after), subject="Kestrel")


@pytest.mark.parametrize(
    ("words", "consent", "interest", "page"),
    [
        (
            "The legal ground for training our AI models on your clips is {}.",
            "your consent",
            "our legitimate interest",
            PAGE,
        ),
        (
            "Wir trainieren unsere KI mit Ihren Fotos auf der Grundlage {}.",
            "Ihrer Einwilligung",
            "unseres berechtigten Interesses",
            GERMAN,
        ),
        (
            "Nous entraînons nos modèles sur vos photos sur la base de {}.",
            "votre consentement",
            "notre intérêt légitime",
            FRENCH,
        ),
    ],
)
def test_an_interest_in_the_place_of_consent_gives_less_control(
    words: str, consent: str, interest: str, page: str
):
    suggestion = change(words.format(consent), words.format(interest), page)

    assert (suggestion.effects, suggestion.direction) == (("use-introduced",), "less-control")


@pytest.mark.parametrize(
    ("before", "after", "page"),
    [
        (
            "We train models on your clips unless you switch this off.",
            "We train models on your clips if you switch this on.",
            PAGE,
        ),
        (
            "Wir trainieren unsere Modelle mit Ihren Bildern, sofern Sie dies nicht abschalten.",
            "Wir trainieren unsere Modelle mit Ihren Bildern, sofern Sie dies einschalten.",
            GERMAN,
        ),
        (
            "Nous entraînons nos modèles sur vos photos, sauf si vous désactivez cette option.",
            "Nous entraînons nos modèles sur vos photos si vous activez cette option.",
            FRENCH,
        ),
    ],
)
def test_a_switch_that_people_turn_on_in_the_place_of_a_way_out(before: str, after: str, page: str):
    suggestion = change(before, after, page)

    assert "default-off" in suggestion.effects
    assert suggestion.direction == "more-control"


def test_a_promise_for_a_mode_that_people_turn_on_is_no_question_for_consent():
    suggestion = change(
        "", "Nous n’utilisons pas vos photos pour l’IA si vous activez le mode privé.", FRENCH
    )

    assert "default-off" not in suggestion.effects


def test_another_way_to_refuse_is_no_rewording():
    suggestion = change(
        "You can refuse the training of our AI models in your settings.",
        "You can refuse the training of our AI models by e-mail to ai@kestrel.example.",
    )

    assert suggestion.effects == ("opt-out-changed",)


@pytest.mark.parametrize(
    "words",
    [
        "Calls and meetings may be recorded for training purposes.",
        "The assistant runs on a model trained on public domain books.",
        "Our image model was trained on licensed pictures only.",
    ],
)
def test_training_without_peoples_data_is_not_suggested(words: str):
    assert not change("", words).relevant
