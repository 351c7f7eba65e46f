"""Places in what people type: cities, and "us", which is a country or all of us."""

import pytest

from consent.ledger.asked_place import asked_place
from consent.search.plain_words import words


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("i live in manchester, does whatsapp train on my messages", "GB"),
        ("Ich wohne in München und nutze Instagram", "DE"),
        ("Ich bin aus Köln, trainiert LinkedIn?", "DE"),
        ("J'habite à Lyon, LinkedIn ?", "FR"),
        ("does slack train in Barcelona", "ES"),
        ("from New Orleans: does X train", "US"),
    ],
)
def test_a_large_city_names_its_country(question, code):
    assert asked_place(words(question)).code == code


@pytest.mark.parametrize(
    "question",
    [
        "they all learn from us",
        "what does chatgpt take from us",
        "is it good for us",
        "tell us of X",
    ],
)
def test_all_of_us_are_no_country(question):
    assert asked_place(words(question)).code == ""


def test_the_place_beside_us_is_the_one_that_is_meant():
    found = asked_place(words("does facebook learn from us if we live in ireland"))
    assert found.code == "IE"
    assert asked_place(found.rest, is_another=True).code == ""


@pytest.mark.parametrize(
    "question", ["does X train in the us", "does X train in us", "for us users of X", "X in den us"]
)
def test_us_is_a_country_where_the_words_beside_it_say_so(question):
    assert asked_place(words(question)).code == "US"
