"""The preview warns where a sentence and its record disagree, and publishes all the same."""

import pytest
from django.urls import reverse

from consent.desk.doubts import doubts_about
from consent.models import Entry
from tests.factories import make_entry, make_platform, make_source
from tests.pages import press

DATA = "No kind of data is named"


def doubts(title, *regions, data_kinds=("chats",)):
    return doubts_about(Entry(title=title, regions=list(regions), data_kinds=list(data_kinds)))


@pytest.mark.parametrize(
    ("title", "regions", "named"),
    [
        ("Chirp trains on posts in the EU", ["worldwide"], "EU"),
        ("Chirp trains on posts in the EU", ["worldwide except EU"], "EU"),
        ("Chirp trains on posts outside the EU", ["EU", "EEA"], "EU"),
        ("Chirp trains on posts in the European Union and India", ["EU"], "India"),
        ("Chirp pauses training in the U.S.", ["Canada"], "US"),
        ("Chirp adds an objection form in Brazil", [], "Brazil"),
    ],
)
def test_a_place_that_the_regions_do_not_name_is_doubted(title, regions, named):
    [doubt] = doubts(title, *regions)
    assert f"The sentence names {named};" in doubt


@pytest.mark.parametrize(
    ("title", "regions"),
    [
        ("Chirp trains on posts", ["worldwide"]),
        ("Chirp tells us that it trains on posts", ["worldwide"]),
        ("Chirp trains on posts in Europe", ["EU", "EEA", "UK"]),
        ("Chirp trains on posts in the EU and the UK", ["EU", "UK"]),
        ("Chirp trains on posts outside the EU", ["worldwide except EU"]),
        ("Chirp exempts the EU from training", ["worldwide except the EU"]),
        ("Italy’s regulator fines Chirp", ["Italy"]),
    ],
)
def test_a_sentence_that_agrees_with_its_regions_is_not_doubted(title, regions):
    assert doubts(title, *regions) == []


def test_an_entry_without_kinds_of_data_is_doubted():
    [doubt] = doubts("Chirp trains on posts", "worldwide", data_kinds=())
    assert doubt.startswith(DATA)


@pytest.mark.django_db
@pytest.mark.database
def test_the_preview_of_a_change_shows_the_doubts_and_publishes_all_the_same(
    client, editor, change
):
    page = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    typed = {"title": "Chirp trains Perch in the EU <b>", "states_stay": "on"}
    look = press(client, page, "look", regions="worldwide", **typed)
    assert "The sentence names EU; the regions are: worldwide." in look.text
    assert DATA in look.text
    assert "Published:" in press(client, look, "publish", "now").text
    assert Entry.objects.published().exists()


@pytest.mark.django_db
@pytest.mark.database
def test_the_preview_of_an_entry_by_hand_shows_them_too(client, editor):
    draft = make_entry(
        make_platform(),
        title="Chirp trains in Japan",
        regions=["<b>"],
        data_kinds=[],
        status="draft",
        published_at=None,
    )
    make_source(draft)
    page = client.get(reverse("admin:consent_entry_publish", args=[draft.pk]))
    look = press(client, page, "look", states_stay="on")
    assert "The sentence names Japan; the regions are: &lt;b&gt;." in look.text
    assert DATA in look.text
