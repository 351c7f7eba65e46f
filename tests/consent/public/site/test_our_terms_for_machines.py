"""What we say of ourselves to crawlers, read with the readers that we have for others."""

import xml.etree.ElementTree as ElementTree

import pytest

from consent.open_data.envelopes import LICENCE
from platforms.fetching.ai_crawlers import CrawlerAccess, statements_to_crawlers
from tests.factories import make_entry, make_platform

pytestmark = pytest.mark.django_db
RSL = "{https://rslstandard.org/rsl}"


def test_robots_licence_and_reservation_say_the_same(client):
    said = statements_to_crawlers(client.get("/robots.txt").text)
    assert {rule.access for rule in said.rules} == {CrawlerAccess.PART}  # no forms and searches
    assert {(each.kind, each.key, each.path): each.allowed for each in said.signals} == {
        ("usage", "train-ai", ""): True,
        ("signal", "search", ""): True,
        ("signal", "ai-input", ""): True,
        ("signal", "ai-train", ""): True,
    }
    (address,) = said.licences
    licence = client.get(address.removeprefix("http://127.0.0.1:8000"))
    assert licence["Content-Type"] == "application/rsl+xml"
    (content,) = ElementTree.fromstring(licence.text)
    assert (content.tag, content.get("url")) == (f"{RSL}content", "/")
    permits = content.find(f"{RSL}license/{RSL}permits")
    assert (permits.get("type"), permits.text) == ("usage", "all")
    assert content.findtext(f"{RSL}license/{RSL}payment/{RSL}standard") == LICENCE
    assert client.get("/api/v1").json()["licence"] == LICENCE
    reserved = client.get("/.well-known/tdmrep.json").json()
    assert [each["tdm-reservation"] for each in reserved] == [0]


def test_no_header_of_a_public_answer_takes_back_what_robots_txt_allows(client):
    make_entry(make_platform("x"))
    for path in ("/", "/platforms/x", "/timeline.csv", "/api/v1/platforms", "/data/domains.json"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        for header in ("TDM-Reservation", "Content-Usage", "Content-Signal", "X-Robots-Tag"):
            assert header not in answer.headers, (path, header)
