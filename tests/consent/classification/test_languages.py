import pytest

from consent.classification import read_statements

USES = {
    "de": "Wir verwenden Ihre öffentlichen Beiträge, um unsere KI-Modelle zu trainieren.",
    "fr": "Nous utilisons vos publications pour entraîner nos modèles d’IA.",
}
DENIALS = {
    "de": "Ihre Daten werden nicht für das Training von KI-Modellen verwendet.",
    "fr": "Vos données ne sont pas utilisées pour entraîner nos modèles.",
}
OBJECTIONS = {
    "de": "Sie können der Nutzung Ihrer Daten zum Training unserer KI in den Einstellungen "
    "widersprechen.",
    "fr": "Vous pouvez vous opposer à l’utilisation de vos données pour l’entraînement de notre "
    "IA dans les paramètres.",
}
RULES_FOR_USERS = {
    "de": "Sie dürfen unsere Dienste nicht nutzen, um KI-Modelle zu trainieren.",
    "fr": "Il est interdit d’utiliser nos services pour entraîner des modèles d’IA.",
}
UNTIL_OBJECTED = {
    "de": "Wir nutzen Ihre Chats zum Training unserer Modelle, es sei denn, Sie widersprechen.",
    "fr": "Nous pouvons utiliser vos contenus pour entraîner notre IA, sauf si vous vous y "
    "opposez.",
}

languages = pytest.mark.parametrize("language", ["de", "fr"])


@languages
def test_a_use_is_found_in_its_language(language: str):
    (statement,) = read_statements(USES[language])

    assert (statement.language, statement.kind, statement.stance) == (language, "use", "does")
    assert statement.data == ("public-posts",)


@languages
def test_a_denial_is_told_from_a_use(language: str):
    (statement,) = read_statements(DENIALS[language])

    assert statement.denies


@languages
def test_an_objection_is_a_control_with_a_route(language: str):
    (statement,) = read_statements(OBJECTIONS[language])

    assert (statement.kind, statement.control, statement.route) == (
        "control",
        "objection",
        "switch",
    )


@languages
def test_a_use_until_objected_is_on_by_default(language: str):
    (statement,) = read_statements(UNTIL_OBJECTED[language])

    assert (statement.default, statement.denies) == ("on", False)


@languages
def test_rules_for_users_are_left_out(language: str):
    assert read_statements(RULES_FOR_USERS[language]) == ()


def test_entrainer_a_consequence_is_not_training():
    assert read_statements("Cette violation peut entraîner la suspension de votre compte.") == ()


def test_addresses_in_links_do_not_make_a_page_french():
    links = "".join(f"* [Prices](https://www.example.com/de/et/la/{n})\n" for n in range(80))

    (statement,) = read_statements(f"{links}\nWe use your chats to train our AI models.\n")

    assert statement.language == "en"
