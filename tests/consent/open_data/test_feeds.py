import datetime as dt

import feedparser
import pytest
from django.utils import timezone

from tests.factories import make_entry, make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
