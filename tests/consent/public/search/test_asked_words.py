"""What words ask for, whatever service they name: proof, an age, pay, what was given before."""

import pytest

from consent.public.questions.asked_question import read_question
from consent.search.common_words import common_words
from consent.search.pages import asks_for
from consent.search.plain_words import words
from platforms.models import Platform

ASKING = {
    "given": [
        "instagram scraped photos deleted?",
        "do they delete what they already scraped",
        "deviantart pulled my art, do i get it back out of the dataset",
        "staff pasted client docs into deepl, can we get it out of the model",
        "Mitarbeiter haben Verträge in DeepL eingegeben, zu spät?",
        "kriege ich meine Bilder wieder raus",
        "lässt sich das aus dem Modell löschen",
        "prof de collège : j'ai mis des copies d'élèves dans chatgpt",
        "mes dessins déjà aspirés, je peux les récupérer ?",
    ],
    "paid": [
        "they sold my pics: can i opt out and get money",
        "adobe stock contributors paid?",
        "kriege ich Geld für meine Fotos",
        "shutterstock a vendu mes photos, je suis payé ?",
    ],
    "proof": [
        "how do i prove to a client that notion did not train",
        "Nachweis, dass Zoom nicht trainiert hat",
        "une preuve pour mon client",
    ],
    "age": [
        "minimum age for roblox",
        "ab wie viel Jahren ist Character.AI",
        "à partir de quel âge character ai",
    ],
    "passed-on": [
        "they sold my pics to openai",
        "wenn meine Fotos an OpenAI gehen",
        "shutterstock a vendu mes photos à openai",
    ],
}
NOT_ASKING = {
    "given": ["can i delete my account", "wie lösche ich mein Konto", "supprimer mon compte"],
    "paid": ["is the paid ChatGPT safer than the free one", "bezahlte Version", "version payante"],
    "proof": ["does Proton read my mail", "is it true that Slack trains"],
    "age": ["how old is this answer", "combien de pages"],
    "passed-on": ["who trains on my photos", "wer trainiert mit Fotos"],
}


@pytest.mark.parametrize("what", ASKING)
def test_a_question_is_understood_by_the_words_that_people_use(what):
    assert [each for each in ASKING[what] if not asks_for(what, words(each))] == []
    assert [each for each in NOT_ASKING[what] if asks_for(what, words(each))] == []


def test_a_common_word_is_a_name_where_it_did_something():
    platforms = [Platform(slug=name.lower(), name=name) for name in ("Zoom", "Notion")]

    def as_words(typed):
        return common_words(typed, platforms, {}).as_words

    assert as_words("prove that zoom did not train") == set()
    assert as_words("how do i prove to a client that notion did not train in 2024") == set()
    assert as_words("that notion is wrong, chatgpt trains") == {"notion"}


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("I teach in Columbus, Ohio and use Canva", "US-OH"),
        ("I live in Munich, Germany and use X", "DE"),
    ],
)
def test_a_city_and_its_state_are_one_place(question, place):
    asked = read_question(question)
    assert (asked.place, asked.places) == (place, ())
