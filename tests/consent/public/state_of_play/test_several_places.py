"""Answers for several places that one question names."""

import pytest
from bs4 import BeautifulSoup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_catalog")]

ASKED = (
    "LinkedIn: I am in Hamburg and my cousin in London; since when does it train on our data,"
    " which data (messages? my CV?), and can we both refuse?"
)


def _cards(client, asked):
    page = BeautifulSoup(client.get("/answers", {"q": asked}).text, "lxml")
    cards = page.select(".box-line")
    for folded in page.select("details"):
        folded.extract()
    return [" ".join(card.text.split()) for card in cards]


def test_each_place_tells_of_itself_alone(client):
    hamburg, london = _cards(client, ASKED)
    assert "Germany: Yes" in hamburg
    assert "UK: Yes" in london
    assert "Elsewhere" not in hamburg
    assert "Worldwide" not in london


def test_what_happens_in_one_of_the_places_alone_stays_in_sight(client):
    hamburg, london = _cards(client, ASKED)
    assert "to Microsoft to train its AI" in london
    assert "to Microsoft to train its AI" not in hamburg
    assert "ranking and safety models unless" not in hamburg + london


def test_the_data_that_is_asked_about_is_told_first_and_once(client):
    hamburg, london = _cards(client, ASKED)
    assert "private messages not, group messages yes, a CV if it is saved on LinkedIn" in hamburg
    assert "poll answers" not in hamburg
    assert "group messages" not in london
    assert "Data: as above" in london


def test_since_when_is_told_of_each_place(client):
    for card in _cards(client, ASKED):
        assert "Since 3 November 2025" in card


def test_a_condition_stays_with_the_data_that_is_asked_about(client):
    asked = (
        "LinkedIn: ich bin in Hamburg, meine Cousine in London; seit wann trainiert es mit unseren"
        " Daten, welchen (Nachrichten? Lebenslauf?), und können wir beide ablehnen?"
    )
    page = BeautifulSoup(client.get("/de/answers", {"q": asked}).text, "lxml")
    first = page.select_one(".box-line .box-first.small")
    assert "ein Lebenslauf, wenn er auf LinkedIn gespeichert ist" in " ".join(first.text.split())
