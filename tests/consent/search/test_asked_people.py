"""For whom a question asks, by an age in it."""

import pytest

from consent.search.asked_people import asked_people, without_telling
from consent.search.plain_words import words
from consent.vocabulary import People


@pytest.mark.parametrize(
    ("question", "age"),
    [
        ("son, 15, chatgpt training", 15),
        ("boy 13 roblox", 13),
        ("my niece 14 instagram", 14),
        ("14 y/o on TikTok", 14),
        ("Junge, 14, Discord", 14),
        ("Neffe 13 TikTok", 13),
        ("neveu 15 instagram", 15),
        ("fille, 14 ans, snapchat", 14),
    ],
)
def test_an_age_after_a_word_for_a_child_means_minors(question, age):
    found = asked_people(words(question))
    assert (found.people, found.age) == (People.MINORS, age)


@pytest.mark.parametrize("question", ["iphone 15 siri", "windows 11 copilot", "son 50 chatgpt"])
def test_a_number_of_something_else_is_no_age(question):
    assert asked_people(words(question)).people is None


def test_the_little_one_is_a_child_but_no_plan_and_no_firm():
    assert asked_people(words("Alexa dans la chambre de la petite")).people == People.MINORS
    assert asked_people(words("hört Siri mit, wenn der Kleine spricht")).people == People.MINORS
    for question in ("was kostet der kleine Tarif", "pour la petite entreprise"):
        assert asked_people(words(question)).people != People.MINORS


@pytest.mark.parametrize(
    "question",
    [
        "my daughter says they all learn from us, is that so of ChatGPT?",
        "my kids say WhatsApp trains on my messages",
        "my daughter set up Instagram for me",
        "meine Tochter sagt, WhatsApp trainiert mit meinen Nachrichten",
        "mon fils m'a dit que ChatGPT garde tout",
        "i'm on x and someone at work said it trains on my posts",
        "my boss told me Instagram trains on my photos",
        "heard it at work today: does LinkedIn train on me",
        "eine Kollegin im Büro sagt, LinkedIn liest mit",
        "une collègue au bureau dit que LinkedIn lit tout",
    ],
)
def test_who_tells_or_helps_is_not_whose_account_it_is(question):
    assert asked_people(without_telling(words(question))).people is None


@pytest.mark.parametrize(
    "question",
    [
        "my daughter says she uses ChatGPT for school",
        "my son told me his chats are read by Snapchat",
        "meine Tochter sagt, dass sie ChatGPT nutzt",
        "ma fille dit qu'elle utilise Snapchat",
    ],
)
def test_a_child_who_tells_of_its_own_account_is(question):
    assert asked_people(without_telling(words(question))).people == People.MINORS


def test_a_company_that_is_asked_for_is_not_who_asks():
    question = "for an article: which company trains on posts"
    assert asked_people(words(question)).people is None
