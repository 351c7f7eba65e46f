"""Addresses in the box: the site of one service, and that of a company with several."""

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_platform, make_state, make_use
from tests.sweeps import in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def services():
    for slug, name, operator, homepage in (
        ("facebook", "Facebook", "Meta Platforms, Inc.", "https://www.facebook.com"),
        ("meta-glasses", "Meta AI glasses", "Meta", "https://www.meta.com/ai-glasses/"),
        ("google-search", "Google Search", "Google", "https://www.google.com"),
        ("youtube", "YouTube", "Google", "https://www.youtube.com"),
        ("slack", "Slack", "Slack (Salesforce)", "https://slack.com"),
        ("slack-canvas", "Canvas for Slack", "Slack (Salesforce)", "https://canvas.example"),
    ):
        aliases = ["Meta"] if slug == "facebook" else []
        platform = make_platform(
            slug, name=name, operator=operator, homepage=homepage, aliases=aliases
        )
        make_state(make_use(platform, data_kinds=["chats"]), "unless-refused")


def answered(client, typed, language=""):
    page = BeautifulSoup(client.get(f"{language}/answers", {"q": typed}).text, "lxml")
    assert not page.select("main > .notice"), typed
    return [each.get_text(strip=True) for each in page.select(".box-name")]


@pytest.mark.parametrize(
    ("language", "typed", "names"),
    in_turn(
        ["", "/de", "/fr"],
        [
            ("slack.com", ["Slack"]),
            ("slack.fr", ["Slack"]),
            ("https://www.facebook.com/privacy", ["Facebook"]),
            ("meta.com", ["Facebook", "Meta AI glasses"]),
            ("about.meta.com/news", ["Facebook", "Meta AI glasses"]),
            ("www.google.com", ["Google Search", "YouTube"]),
            ("meta.com, slack.com", ["Facebook", "Meta AI glasses", "Slack"]),
            ("does slack.com train on my chats?", ["Slack"]),
        ],
    ),
)
def test_an_address_is_answered_by_all_that_it_may_mean(client, language, typed, names):
    assert answered(client, typed, language) == names


def test_an_address_that_nobody_has_on_record_is_said_beside_the_others(client):
    page = BeautifulSoup(client.get("/answers", {"q": "slack.com, nobody.example"}).text, "lxml")
    assert [each.get_text(strip=True) for each in page.select(".box-name")] == ["Slack"]
    assert "nobody.example" in page.select_one("main > .notice").get_text()
