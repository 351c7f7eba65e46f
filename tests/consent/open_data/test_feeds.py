import datetime as dt
import re
from urllib.parse import urlsplit

import feedparser
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.arranging import version_everything
from tests.factories import make_entry, make_platform

pytestmark = pytest.mark.django_db


def read(client, query=""):
    feed = feedparser.parse(client.get(f"/feeds/timeline.atom{query}").content)
    assert not feed.bozo
    assert feed.version == "atom10"
    return feed


def test_published_entries_are_in_the_feed_with_address_and_platform(client):
    entry = make_entry(make_platform("x", name="X"), title="X trains on posts")
    make_entry(make_platform(), title="Draft", status="draft")
    (item,) = read(client).entries
    assert item.title == "X trains on posts"
    assert item.link.endswith(entry.get_absolute_url())
    assert [tag.term for tag in item.tags] == ["X", "turned on by default"]


@pytest.fixture
def words(settings, tmp_path):
    """What the catalog says of X in German."""
    settings.CATALOG_DIR = tmp_path
    told = '[x]\n"X trains on posts" = "X trainiert mit Beiträgen"\n"X pays." = "X zahlt."\n'
    (tmp_path / "_words.de.toml").write_text(told, encoding="utf-8")
    x = make_platform("x", name="X")
    return make_entry(x, title="X trains on posts", summary="It began.", result="X pays.")


@pytest.mark.parametrize("page", ["/de/timeline", "/de/platforms/x", "/de/feeds", "/de/"])
def test_the_feed_of_a_german_page_is_in_german_as_far_as_the_record_is(client, words, page):
    links = BeautifulSoup(client.get(page).text, "lxml").select('a[href*="timeline.atom"], link')
    atom = [link["href"] for link in links if "timeline.atom" in link["href"]]
    assert atom
    assert all("lang=de" in address for address in atom)
    feed = read(client, f"?{urlsplit(atom[0]).query}")
    assert feed.feed.language == "de"
    assert "lang=de" in feed.feed.links[1].href + feed.feed.links[0].href
    (item,) = feed.entries
    assert (item.title, item.summary) == (
        *("X trainiert mit Beiträgen", "It began. Ergebnis: X zahlt."),
    )
    assert "/de/changes/" in item.link
    assert item.id == read(client).entries[0].id
    assert feed.feed.id != read(client).feed.id
    (item,) = client.get("/feeds/timeline.json?lang=de").json()["items"]
    assert (item["title"], item["language"]) == ("X trainiert mit Beiträgen", "en")


def test_a_feed_in_no_language_of_ours_is_refused(client):
    refused = client.get("/feeds/timeline.atom?lang=xx")
    assert refused.status_code == 400
    assert "no such language" in refused.text


def test_an_edit_keeps_the_id_and_raises_the_time_of_the_update(client):
    entry = make_entry(make_platform())
    before = read(client).entries[0]
    entry.title = "Another sentence"
    entry.save()
    after = read(client).entries[0]
    assert after.id == before.id
    assert after.link != before.link
    assert after.updated_parsed >= before.updated_parsed
    assert after.title == "Another sentence"


def test_ids_do_not_hang_on_the_address_of_the_site(client, settings):
    make_entry(make_platform())
    before = read(client)
    settings.SITE_URL = "https://elsewhere.example"
    after = read(client)
    assert after.entries[0].id == before.entries[0].id
    assert after.feed.id == before.feed.id


def test_an_empty_feed_is_the_same_at_every_reading(client):
    first, second = client.get("/feeds/timeline.atom"), client.get("/feeds/timeline.atom")
    assert first.content == second.content
    read(client)


def test_what_was_published_last_comes_first_whatever_its_own_date(client):
    now = timezone.now()
    make_entry(make_platform(), title="Old news", published_at=now)
    make_entry(
        make_platform(),
        title="Published before",
        effective_on=dt.date(2026, 1, 1),
        published_at=now - dt.timedelta(days=1),
    )
    assert [item.title for item in read(client).entries] == ["Old news", "Published before"]


@pytest.mark.database
def test_the_feed_takes_the_filters_of_the_timeline(client):
    make_entry(make_platform("x"), title="About X")
    make_entry(make_platform("slack"), title="About Slack")
    feed = read(client, "?platform=x")
    assert [item.title for item in feed.entries] == ["About X"]
    assert feed.feed.id != read(client).feed.id


def test_an_unchanged_feed_costs_a_reader_nothing(client):
    make_entry(make_platform())
    etag = client.get("/feeds/timeline.atom")["ETag"]
    response = client.get("/feeds/timeline.atom", headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")


def test_markup_in_titles_stays_text(client):
    make_entry(make_platform(), title="<b>Bold</b> & co")
    assert "&lt;b&gt;" in client.get("/feeds/timeline.atom").text


def test_what_we_took_back_stays_in_the_feed_and_is_marked(client):
    make_entry(
        make_platform(), title="Wrong", status="retracted", status_reason="It was another company"
    )
    (item,) = read(client).entries
    assert item.title == "Withdrawn: Wrong"
    assert item.summary == "It was another company"
    assert "withdrawn" in [tag.term for tag in item.tags]
    (other,) = client.get("/feeds/timeline.json").json()["items"]
    assert other["title"] == "Withdrawn: Wrong"
    assert other["_default_on"]["status"] == "retracted"


def test_updated_moves_with_a_correction_and_with_nothing_else(client):
    entry = make_entry(make_platform())
    version_everything()
    before = read(client).entries[0].updated
    entry.save()
    assert version_everything() == 0
    assert read(client).entries[0].updated == before
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        entry.title = "Corrected"
        entry.save()
        version_everything()
        assert read(client).entries[0].updated > before
        item = client.get("/feeds/timeline.json").json()["items"][0]
    assert item["date_modified"] > item["_default_on"]["first_published_at"]


@pytest.mark.database
def test_pages_of_both_feeds_lead_through_all_entries(client):
    platform = make_platform()
    now = timezone.now()
    titles = {
        make_entry(platform, published_at=now - dt.timedelta(hours=number // 2)).title
        for number in range(120)
    }
    for address, kind in (("/feeds/timeline.atom", "atom"), ("/feeds/timeline.json", "json")):
        found, pages = [], 0
        while address:
            response = client.get(address.replace("http://127.0.0.1:8000", ""))
            assert response.status_code == 200
            pages += 1
            if kind == "atom":
                feed = feedparser.parse(response.content)
                found += [item.title for item in feed.entries]
                links = {link.rel: link.href for link in feed.feed.links}
                assert links["first"].endswith("/feeds/timeline.atom")
                address = links.get("next")
            else:
                body = response.json()
                found += [item["title"] for item in body["items"]]
                address = body.get("next_url")
        assert pages == 3
        assert len(found) == 120
        assert set(found) == titles


def test_the_json_feed_has_what_its_format_asks_for(client):
    entry = make_entry(make_platform("x", name="X"), title="X trains on posts")
    response = client.get("/feeds/timeline.json?platform=x")
    assert response["Content-Type"] == "application/feed+json"
    feed = response.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"].endswith("/feeds/timeline.json?platform=x")
    (item,) = feed["items"]
    assert item["id"] == read(client).entries[0].id
    assert item["url"].endswith(entry.get_absolute_url())
    assert item["tags"] == ["X", "turned on by default"]
    assert dt.datetime.fromisoformat(item["date_published"]).tzinfo


@pytest.mark.parametrize("kind", ["atom", "json"])
def test_a_feed_of_what_there_is_not_is_refused_with_the_reason(client, kind):
    for query in ("platform=nobody", "sort=up", "older=ffffffffff"):
        response = client.get(f"/feeds/timeline.{kind}?{query}")
        assert response.status_code == 400
        assert response.text.strip()


@pytest.mark.parametrize("page", ["/timeline?platform=x", "/platforms/x", "/corrections", "/feeds"])
def test_beside_every_atom_feed_is_the_same_as_json_feed(client, page):
    make_entry(make_platform("x"))
    links = set(re.findall(r'href="(/feeds/timeline\.(?:atom|json)[^"]*)"', client.get(page).text))
    atom = {address for address in links if ".atom" in address}
    assert atom
    assert {address.replace(".atom", ".json") for address in atom} == links - atom


def test_what_an_authority_decided_is_in_the_feeds_and_the_api(client):
    entry = make_entry(make_platform("x"), summary="It acts.", result="X pays.")
    assert "It acts. Result: X pays." in client.get("/feeds/timeline.atom").text
    assert client.get(f"/api/v1/entries/{entry.public_id}").json()["item"]["result"] == "X pays."
    (item,) = client.get("/feeds/timeline.json").json()["items"]
    assert item["content_text"] == "It acts. Result: X pays."
