"""Short addresses, and what an address that does not exist leads to."""

import xml.etree.ElementTree as ElementTree

import pytest
from bs4 import BeautifulSoup

from tests.factories import make_entry, make_platform, make_state, make_use
from tests.sweeps import some

pytestmark = [pytest.mark.django_db, pytest.mark.few_cases]


@pytest.fixture(autouse=True)
def platforms():
    make_platform("x", name="X", aliases=["Twitter", "x.com"])
    make_platform("google-photos", name="Google Photos", operator="Google")
    make_platform("gemini", name="Google Gemini", operator="Google")
    make_platform("quora", name="Quora", operator="Quora, Inc.")
    make_platform("poe", name="Poe", operator="Quora, Inc.")
    make_platform(
        "linkedin", name="LinkedIn", operator="Microsoft", homepage="https://www.linkedin.com"
    )
    make_platform("siri", name="Siri", operator="Apple")


@pytest.mark.parametrize(
    ("short", "page"),
    some(
        [
            ("/x", "/platforms/x"),
            ("/X", "/platforms/x"),
            ("/twitter", "/platforms/x"),
            ("/x.com", "/platforms/x"),
            ("/google-photos", "/platforms/google-photos"),
            ("/Google_Photos/", "/platforms/google-photos"),
            ("/de/twitter", "/de/platforms/x"),
            ("/twitter?place=DE", "/platforms/x?place=DE"),
            ("/google", "/operators/google"),
            ("/quora", "/platforms/quora"),
            ("/linked-in", "/platforms/linkedin"),
            ("/linkedin.com", "/platforms/linkedin"),
            ("/www.linkedin.com", "/platforms/linkedin"),
            ("/apple", "/platforms/siri"),  # its only platform
            ("/de/linked-in", "/de/platforms/linkedin"),
        ],
        6,
    ),
)
def test_short_addresses_lead_to_the_page(client, short, page):
    answer = client.get(short)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    ("lost", "words", "found"),
    [
        ("/platforms/twitter-ads", "twitter ads", ["X"]),
        ("/does/x/train", "does x train", ["X"]),
        ("/platforms/giraffe", "giraffe", []),
        ("/linkdin", "linkdin", ["LinkedIn"]),
        ("/" + "x" * 200, "", []),
        ("/%3Cscript%3E", "script", []),
    ],
)
def test_an_unknown_address_searches_for_its_words(client, lost, words, found):
    answer = client.get(lost)
    assert answer.status_code == 404
    page = BeautifulSoup(answer.text, "lxml")
    assert page.select_one("main input[name=q]")["value"] == words
    links = [link.get_text() for link in page.select('main a[href^="/platforms/"]')]
    assert links == found


@pytest.mark.database
@pytest.mark.parametrize("path", ["/wp-login.php", "/a/b/c/d"])
def test_an_unknown_address_asks_little_of_the_database(
    client, django_assert_max_num_queries, path
):
    with django_assert_max_num_queries(3):
        assert client.get(path).status_code == 404


def test_an_address_with_capitals_leads_to_its_own_page_for_good(client):
    answer = client.get("/Platforms/X/")
    assert (answer.status_code, answer["Location"]) == (301, "/platforms/x")


def test_a_form_sent_to_a_short_address_goes_nowhere(client):
    assert client.post("/x").status_code == 404


def test_browsers_are_told_of_the_search(client, settings):
    page = BeautifulSoup(client.get("/").text, "lxml")
    answer = client.get(page.select_one('link[rel="search"]')["href"])
    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    url = ElementTree.fromstring(answer.content).find("{*}Url")
    template = url.get("template")
    assert template == f"{settings.SITE_URL}/search?q={{searchTerms}}"
    found = client.get(template.replace("{searchTerms}", "twitter").removeprefix(settings.SITE_URL))
    assert "/platforms/x" in found.text


class TestAllOfACompany:
    def test_lists_its_platforms_with_their_answers_for_a_place(self, client):
        gemini = make_use(make_platform("docs", name="Docs", operator="Google"), places=["GB"])
        make_state(gemini, "no-way-out")
        page = BeautifulSoup(client.get("/operators/google?place=GB").text, "lxml")
        names = [link.get_text() for link in page.select(".hit-title")]
        assert sorted(names) == ["Docs", "Google Gemini", "Google Photos"]
        answers = dict(zip(names, (chip.get_text() for chip in page.select(".chip")), strict=True))
        assert answers["Docs"] == "Yes, and there is no way out"
        assert page.select_one('a.button[href*="p=docs"][href*="place=GB"]')

    def test_lists_what_authorities_did_by_the_rule_of_the_timeline(self, client):
        docs = make_platform("docs", name="Docs", operator="Google")
        act = {"topic": "training", "effects": ["regulator-action"]}
        make_entry(docs, title="A regulator asks Docs to wait", **act)
        make_entry(docs, title="Docs trains on texts")
        page = BeautifulSoup(client.get("/operators/google").text, "lxml")
        (cases,) = page.select("section[aria-labelledby=cases]")
        assert [each.get_text(strip=True) for each in cases.select("h3")] == [
            "A regulator asks Docs to wait"
        ]
        (more,) = [link["href"] for link in cases.select('a[href*="topic=enforcement"]')]
        on_timeline = BeautifulSoup(client.get(more).text, "lxml").main.text
        assert more == "/timeline?topic=enforcement&platform=docs"
        assert "A regulator asks Docs to wait" in on_timeline

    def test_is_linked_from_its_platforms(self, client):
        page = BeautifulSoup(client.get("/platforms/poe").text, "lxml")
        assert page.select_one('.kicker a[href="/operators/quora"]')

    def test_is_not_there_for_others(self, client):
        assert client.get("/operators/nobody").status_code == 404

    @pytest.mark.parametrize(
        ("typed", "slug"),
        [("SpaceXAI", "spacexai"), ("xai", "spacexai"), ("Meta-Platforms", "meta")],
    )
    def test_other_names_of_a_company_lead_to_its_page(self, client, typed, slug):
        before = [{"name": "xAI", "until": "2026-08"}]
        make_platform("grok", operator="SpaceXAI LLC", operators_before=before)
        make_platform("facebook", operator="Meta Platforms")
        page = client.get(f"/operators/{typed}")
        assert page.headers["Location"] == f"/operators/{slug}"
