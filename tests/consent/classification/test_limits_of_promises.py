"""What a few words added to a promise, or left out of one, change."""

import pytest

from consent.classification import suggest
from consent.classification.suggestion import Suggestion

PAGE = "# Privacy\n\nThis page is about your data.\n\n{}\n\nWrite to us with any questions.\n"
GERMAN = "# Datenschutz\n\nDiese Seite ist für Sie.\n\n{}\n\nBei Fragen schreiben Sie uns.\n"
FRENCH = "# Confidentialité\n\nCette page est pour vous.\n\n{}\n\nPour toute question, écrivez.\n"


def change(before: str, after: str, page: str = PAGE) -> Suggestion:
    return suggest(page.format(before), page.format(after), subject="Kestrel")


@pytest.mark.parametrize(
    ("before", "after", "page"),
    [
        (
            "We never train our models on your drawings.",
            "We never train our models on your drawings, but we may do so to detect abuse.",
            PAGE,
        ),
        (
            "We do not use your voice to train our own models or those of others.",
            "We do not use your voice to train the models of others.",
            PAGE,
        ),
        (
            "We do not use your recipes to train AI models.",
            "We do not use your unpublished recipes to train AI models.",
            PAGE,
        ),
        (
            "We do not use or sell your tracks to train AI models.",
            "We do not use your tracks to train AI models.",
            PAGE,
        ),
        (
            "Ihre Fotos werden nie zum Training unserer Modelle verwendet.",
            "Ihre Fotos werden nie zum Training unserer Modelle verwendet, außer Sie teilen sie.",
            GERMAN,
        ),
        (
            "Vos photos ne sont jamais utilisées pour entraîner nos modèles.",
            "Vos photos privées ne sont jamais utilisées pour entraîner nos modèles.",
            FRENCH,
        ),
    ],
)
def test_a_promise_that_covers_less_is_no_rewording(before: str, after: str, page: str):
    suggestion = change(before, after, page)

    assert suggestion.effects == ("pledge-dropped",)
    assert suggestion.direction == "less-control"


def test_a_promise_that_covers_one_thing_more_gives_more_control():
    suggestion = change(
        "We do not use your photos to train our models.",
        "We do not use your photos or sketches to train our models.",
    )

    assert (suggestion.effects, suggestion.direction) == (("scope-narrowed",), "more-control")


@pytest.mark.parametrize(
    "after",
    [
        "We will never use any of your drawings to train our models.",
        "We do not use your drawings to train our AI models.",
        "We do not use your drawings to train our models, and we protect them on our servers.",
        "As always, we do not use your drawings to train our models.",
    ],
)
def test_words_that_limit_nothing_reword_a_promise(after: str):
    suggestion = change("We do not use your drawings to train our models.", after)

    assert suggestion.effects == ("wording-only",)


def test_a_plan_that_joins_another_in_the_sentence_widens_a_use():
    suggestion = change(
        "Eingaben im kostenlosen Tarif werden zum Training unserer KI verwendet.",
        "Eingaben im kostenlosen Tarif und im Tarif Premium werden zum Training unserer KI "
        "verwendet.",
        GERMAN,
    )

    assert (suggestion.effects, suggestion.direction) == (("scope-widened",), "less-control")


def test_a_promise_that_holds_only_until_people_agree_is_weaker_than_a_plain_one():
    suggestion = change(
        "Nous n’utilisons pas vos photos pour entraîner nos modèles.",
        "Nous n’utilisons pas vos photos pour entraîner nos modèles, sauf si vous l’acceptez.",
        FRENCH,
    )

    assert "pledge-dropped" in suggestion.effects
    assert suggestion.direction == "less-control"
