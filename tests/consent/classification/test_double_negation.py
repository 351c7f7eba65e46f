"""A negation of a negation, and negations in pairs."""

import pytest

from consent.classification import suggest

PAGE = "# Privacy\n\nThis page is about your data.\n\n{}\n\nWrite to us with any questions.\n"
GERMAN = "# Datenschutz\n\nDiese Seite ist für Sie.\n\n{}\n\nBei Fragen schreiben Sie uns.\n"
FRENCH = "# Confidentialité\n\nCette page est pour vous.\n\n{}\n\nPour toute question, écrivez.\n"


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("We do not exclude your drawings from the training of our AI models.", PAGE),
        ("We cannot rule out that your drawings are used to train AI models.", PAGE),
        ("We can’t guarantee that your drawings will not be used to train AI models.", PAGE),
        ("Closing your account does not remove your drawings from trained AI models.", PAGE),
        ("Nothing in these terms prevents us from training AI models on your drawings.", PAGE),
        ("We do not require your permission to train AI models on your drawings.", PAGE),
        ("Wir schließen nicht aus, dass wir Ihre Fotos zum Training der KI nutzen.", GERMAN),
        ("Nous n’excluons pas d’utiliser vos photos pour entraîner nos modèles.", FRENCH),
    ],
)
def test_what_is_not_excluded_is_no_promise(words: str, page: str):
    suggestion = suggest(page.format(""), page.format(words), subject="Kestrel")

    assert "pledge-added" not in suggestion.effects
    assert suggestion.direction != "more-control"


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("Wir nutzen Ihre Fotos weder für Werbung noch für das Training der KI.", GERMAN),
        ("Nous n’utilisons vos photos ni pour la publicité ni pour entraîner l’IA.", FRENCH),
        ("We use your photos neither for ads nor to train our AI models.", PAGE),
    ],
)
def test_neither_nor_is_a_promise(words: str, page: str):
    suggestion = suggest(page.format(""), page.format(words), subject="Kestrel")

    assert (suggestion.effects, suggestion.direction) == (("pledge-added",), "more-control")


def test_what_users_may_neither_copy_nor_train_on_is_a_rule_for_users():
    words = "Nutzer dürfen unsere Texte weder kopieren noch zum Training von KI verwenden."

    page = GERMAN.replace("Datenschutz", "Nutzungsbedingungen")

    assert not suggest(page.format(""), page.format(words), subject="Kestrel").relevant
