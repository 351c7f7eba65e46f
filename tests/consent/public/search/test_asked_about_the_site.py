"""Questions about this site lead to the page that answers them."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def facebook():
    return make_platform("facebook", name="Facebook", operator="Meta")


def led_to(client, question, language=""):
    """Where a question leads that is typed into the box of the home page."""
    response = client.get(f"{language}/answers", {"q": question}, follow=True)
    assert response.status_code == 200
    return response.redirect_chain[-1][0].removeprefix(language) if response.redirect_chain else ""


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("", "Where do I report a mistake on this site?"),
        ("", "The entry has a mistake, what becomes of a report?"),
        ("/de", "Eine Seite hat einen Fehler, was wird daraus?"),
        ("", "report a mistake"),
        ("", "correct an entry"),
        ("", "this answer is wrong"),
        ("", "your answer is outdated"),
        ("/de", "bei euch stimmt was nicht"),
        ("/fr", "votre réponse est fausse"),
        ("/de", "Wo melde ich einen Fehler auf dieser Seite?"),
        ("/de", "Fehler melden"),
        ("/de", "einen Eintrag korrigieren"),
        ("/fr", "Où signaler une erreur sur ce site ?"),
        ("/fr", "signaler une erreur"),
        ("/fr", "corriger une fiche"),
    ],
)
def test_mistakes_lead_to_the_form(client, language, question):
    assert led_to(client, question, language) == "/report"


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("", "I found an error on the Facebook page"),
        ("", "there is an error on your page about facebook"),
        ("/de", "Auf eurer Seite über Facebook ist ein Fehler"),
        ("/fr", "il y a une erreur sur la page Facebook"),
    ],
)
def test_a_mistake_on_the_page_of_a_service_is_about_that_page(client, language, question):
    page = client.get(f"{language}/answers", {"q": question}, follow=True)
    about = BeautifulSoup(page.text, "lxml").select_one("[name=about]")["value"]
    assert about == f"{language}/platforms/facebook"


@pytest.mark.parametrize(
    ("language", "question", "page"),
    [
        ("", "who are you", "/about#contact"),
        ("", "how do you earn money", "/about#contact"),
        ("", "who funds this site", "/about#contact"),
        ("", "contact", "/about#contact"),
        ("", "who pays for this", "/about#contact"),
        ("/de", "Seid ihr unabhängig?", "/about#contact"),
        ("/de", "wie erreiche ich euch", "/about#contact"),
        ("/fr", "êtes-vous indépendants", "/about#contact"),
        ("", "is this reliable", "/methodology"),
        ("", "how do you know this", "/methodology"),
        ("", "can I trust this site", "/methodology"),
        ("", "where do you get your data", "/methodology"),
        ("", "where does your information come from", "/methodology"),
        ("/de", "wer seid ihr", "/about#contact"),
        ("/de", "wie verdient ihr Geld", "/about#contact"),
        ("/de", "Kontakt", "/about#contact"),
        ("/de", "ist das zuverlässig", "/methodology"),
        ("/de", "woher wisst ihr das", "/methodology"),
        ("/fr", "qui êtes-vous", "/about#contact"),
        ("/fr", "comment gagnez-vous de l'argent", "/about#contact"),
        ("/fr", "nous contacter", "/about#contact"),
        ("/fr", "est-ce fiable", "/methodology"),
        ("/fr", "comment le savez-vous", "/methodology"),
    ],
)
def test_who_we_are_and_how_we_know_have_pages(client, language, question, page):
    assert led_to(client, question, language) == page


@pytest.mark.parametrize(
    "question",
    [
        "is it a mistake to post on facebook",
        "how do you know that facebook trains",
        "can I trust Facebook",
        "do I earn money when facebook trains on my posts",
        "how do I contact facebook to object",
        "do you think it is wrong that facebook trains",
        "eure empfehlung: trainiert facebook nicht",
    ],
)
def test_questions_about_a_service_are_answered(client, question):
    assert led_to(client, question) == ""
