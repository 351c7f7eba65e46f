"""Words that are names of services, too: "her homework" is not about the dating app HER."""

from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_catalog")]

QUESTIONS = yaml.safe_load(
    Path(__file__).with_name("common_words.yaml").read_text(encoding="utf-8")
)


def answered(client, question):
    """Return the services that are answered for, in their order, without those of mere words."""
    response = client.get("/answers", {"q": question}, follow=True)
    page = BeautifulSoup(response.text, "lxml")
    heading = page.select_one("#platforms")
    if heading and "words in their record" in heading.text:
        return []
    links = page.select(".box-name a, section[aria-labelledby=platforms] .hit-title")
    found = [link["href"].partition("?")[0].rpartition("/")[2] for link in links]
    return list(dict.fromkeys(found))


def test_a_common_word_beside_a_service_names_no_other(client):
    wrong = {
        asked["q"]: found
        for asked in some(QUESTIONS["as words"], 3)
        if (found := answered(client, asked["q"])) != asked["first"]
    }
    assert wrong == {}


def test_the_same_word_names_its_service_where_a_name_stands(client):
    wrong = {
        asked["q"]: found
        for asked in some(QUESTIONS["as names"], 3)
        if set(asked["first"]).isdisjoint(found := answered(client, asked["q"]))
    }
    assert wrong == {}


def test_a_word_that_may_be_a_name_is_offered_below_the_service_that_is_one(client):
    text = client.get("/answers", {"q": "tiktok lets people signal anything"}).text
    page = BeautifulSoup(text, "lxml")
    assert [name.text for name in page.select(".box-name")] == ["TikTok"]
    offered = next(each for each in page.select("p.small") if "Did you mean" in each.text)
    assert offered.find("a")["href"].startswith("/platforms/signal")


def test_a_pronoun_offers_no_dating_app(client):
    text = client.get("/answers", {"q": "she does her homework with chatgpt"}).text
    assert "Did you mean" not in text
    assert "weareher" not in text
