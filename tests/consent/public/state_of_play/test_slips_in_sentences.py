"""A slip in a word for people or a country does not change for whom the answers are."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_branch, make_platform, make_state, make_use

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chatgpt():
    chatgpt = make_platform(
        "chatgpt",
        name="ChatGPT",
        plans=[
            {"name": "Free", "people": ["personal"]},
            {"name": "Enterprise", "people": ["organisation"]},
        ],
    )
    use = make_use(chatgpt, people=["personal"])
    make_state(use, "unless-refused")
    make_state(make_branch(use, people=["organisation"]), "only-if-agreed")
    make_state(make_branch(use, people=["minors"]), "not-used")


def words(client, typed, address="/answers"):
    response = client.get(address, {"q": typed}, follow=True)
    return " ".join(BeautifulSoup(response.text, "lxml").main.get_text(" ").split())


@pytest.mark.parametrize(
    ("typed", "taken", "whom"),
    [
        ("chatgpt company acount", "“acount” was taken to mean account.", "organisations"),
        ("our buisness uses chatgpt", "“buisness” was taken to mean business.", "organisations"),
        ("unsere frima nutzt chatgpt", "“frima” was taken to mean Firma.", "organisations"),
        ("my daugther uses chatgpt", "“daugther” was taken to mean daughter.", "people under 18"),
    ],
)
def test_the_page_says_which_word_it_took_for_which(client, typed, taken, whom):
    for address in ("/answers", "/search"):
        page = words(client, typed, address)
        assert taken in page
        assert f"Answers for {whom}." in page


def test_a_country_with_a_slip_is_not_dropped(client):
    page = words(client, "chatgpt in brazi")
    assert "“brazi” was taken to mean Brazil." in page
    assert "people in Brazil" in page


@pytest.mark.parametrize("typed", ["chatgpt brasil", "chatgpt en españa", "chatgpt italia"])
def test_a_country_may_be_named_as_it_names_itself(client, typed):
    page = words(client, typed)
    assert "was taken to mean" not in page
    assert "people in " in page


def test_whether_people_were_told_is_answered_despite_a_slip(client):
    for typed in ("was it announced by chatgpt", "was it anounced by chatgpt"):
        assert "How people were told" in words(client, typed)


def test_mail_of_a_business_is_that_of_an_organisation_and_no_plan(client):
    page = words(client, "chatgpt business email")
    assert "Answers for organisations." in page
    assert "no record of a plan" not in page


def test_plans_that_are_not_for_organisations_are_not_said_to_be(client):
    page = words(client, "ChatGPT Free and Enterprise for work side by side")
    assert "(not all are for: organisations)" in page
    assert "Answers for organisations." not in page
    assert "Answers for organisations." in words(client, "ChatGPT Enterprise for work")
