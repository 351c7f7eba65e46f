"""Feeds by the letter: Atom by the grammar of RFC 4287, its paging by RFC 5005, JSON Feed 1.1."""

import datetime as dt
import itertools
import json
from pathlib import Path

import pytest
from jsonschema_rs import ValidationError, validator_for
from lxml import etree

from consent.open_data import feeds
from tests.factories import make_entry, make_platform

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def json_feed():
    schema = json.loads((HERE / "json_feed.schema.json").read_text())
    return validator_for(schema, validate_formats=True)


@pytest.fixture
def entries(monkeypatch):
    """Five entries, of which one was retracted and one has odd characters; two a page."""
    monkeypatch.setattr(feeds, "ENTRIES_PER_FEED", 2)
    platform = make_platform("x", name="X & <Y>")
    for number in range(3):
        make_entry(platform, title=f"Change {number}")
    make_entry(platform, title="日本語 \x07 ‮ <b>&amp;", summary="a\x00b")
    make_entry(platform, status="retracted", status_reason="Wrong")
    return 5


def walked(client, address, following):
    """Every page of a feed, from its first address."""
    pages = []
    while address:
        response = client.get(address.replace("http://127.0.0.1:8000", ""))
        assert response.status_code == 200
        page, address = following(response)
        pages.append(page)
        assert len(pages) < 10
    return pages


def atom(response):
    page = etree.fromstring(response.content)
    return page, next(iter(links(page, "next")), None)


def links(page, relation):
    return page.xpath(f"a:link[@rel='{relation}']/@href", namespaces=ATOM)


def test_every_page_of_the_atom_feed_follows_the_grammar(client, entries):
    grammar = etree.RelaxNG(etree.parse(HERE / "atom.rng"))
    pages = walked(client, "/feeds/timeline.atom", atom)
    empty = walked(client, "/feeds/timeline.atom?q=nothing-has-these-words", atom)
    for page in (*pages, *empty):
        grammar.assertValid(page)
        # What the Schematron rules of the RFC ask for.
        assert page.xpath("a:author/a:name", namespaces=ATOM)
        assert len(links(page, "self")) == 1
        for entry in page.xpath("a:entry", namespaces=ATOM):
            assert entry.xpath("a:link[not(@rel) or @rel='alternate']", namespaces=ATOM)
    ids = [entry.text for page in pages for entry in page.xpath("a:entry/a:id", namespaces=ATOM)]
    assert len(ids) == len(set(ids)) == entries


def test_pages_of_the_atom_feed_are_linked_as_a_paged_feed(client, entries):
    """RFC 5005, section 3: first and next; all pages have one id, the last has no next."""
    pages = walked(client, "/feeds/timeline.atom?platform=x", atom)
    assert len(pages) == 3
    assert len({page.findtext("a:id", namespaces=ATOM) for page in pages}) == 1
    firsts = {address for page in pages for address in links(page, "first")}
    assert firsts == {*links(pages[0], "self")}
    assert [bool(links(page, "next")) for page in pages] == [True, True, False]
    for page, following in itertools.pairwise(pages):
        assert links(page, "next") == links(following, "self")


def test_every_page_of_the_json_feed_follows_the_schema(client, entries):
    validator = json_feed()

    def page_of(response):
        assert response["Content-Type"] == "application/feed+json"
        page = response.json()
        validator.validate(page)
        return page, page.get("next_url")

    pages = walked(client, "/feeds/timeline.json", page_of)
    following = [page["next_url"] for page in pages if "next_url" in page]
    assert not {page["feed_url"] for page in pages}.intersection(following)
    assert len(set(following)) == len(following)
    walked(client, "/feeds/timeline.json?q=nothing-has-these-words", page_of)
    items = [item for page in pages for item in page["items"]]
    assert len({item["id"] for item in items}) == len(items) == entries
    for item in items:
        for name in ("date_published", "date_modified"):
            assert dt.datetime.fromisoformat(item[name]).tzinfo
        assert item["url"].startswith("http")


@pytest.mark.parametrize(
    "broken",
    [
        {"version": "https://jsonfeed.org/version/1"},
        {"items": [{"id": "1"}]},
        {"items": [{"content_text": ""}]},
        {"nonsense": 1},
        {"author": {"name": "A"}},
        {"authors": [{}]},
        {"language": "english language"},
        {"hubs": [{"type": "WebSub"}]},
        {"items": [{"id": "1", "content_text": "", "attachments": [{"url": "https://a.example"}]}]},
        {"_a.b": {}},
        {"_extension": {"_inner": 1}},
    ],
)
def test_the_schema_refuses_what_is_no_feed(broken):
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "home_page_url": "https://a.example",
        "feed_url": "https://a.example/feed.json",
        "items": [],
        "_extension": {"about": "https://a.example"},
    }
    json_feed().validate(feed)
    with pytest.raises(ValidationError):
        json_feed().validate(feed | broken)


def test_the_grammar_refuses_what_is_no_feed():
    grammar = etree.RelaxNG(etree.parse(HERE / "atom.rng"))
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:x</id>'
    day = "<updated>2026-01-01T00:00:00Z</updated>"
    assert grammar.validate(etree.fromstring(f"{head}{day}</feed>"))
    for feed in (head, f"{head}<updated>now</updated>", f"{head}{day}<link/>"):
        assert not grammar.validate(etree.fromstring(f"{feed}</feed>"))
