"""The preview warns if the title and the fields of an entry disagree, but does not block it."""

import pytest
from django.urls import reverse

from consent.desk.doubts import doubts_about
from consent.models import Entry
from tests.factories import make_entry, make_platform, make_source
from tests.pages import press

DATA = "No kind of data is named"


def doubts(title, places=(), *, outside=(), data_kinds=("chats",)):
    entry = Entry(title=title, places=list(places), data_kinds=list(data_kinds))
    entry.except_places = list(outside)
    return doubts_about(entry)


@pytest.mark.parametrize(
    ("title", "places", "outside", "named"),
    [
        ("Chirp trains on posts in the EU", [], [], "EU"),
        ("Chirp trains on posts in the EU", [], ["EU"], "EU"),
        ("Chirp trains on posts outside the EU", ["EEA"], [], "EU"),
        ("Chirp trains on posts in the European Union and India", ["EU"], [], "India"),
        ("Chirp pauses training in the U.S.", ["CA"], [], "US"),
        ("Chirp adds an objection form in Brazil", [], [], "Brazil"),
        ("Chirp trains on posts in California", ["US-TX"], [], "California"),
    ],
)
def test_a_place_that_the_codes_do_not_name_is_doubted(title, places, outside, named):
    [doubt] = doubts(title, places, outside=outside)
    assert f"The sentence names {named};" in doubt


@pytest.mark.parametrize(
    ("title", "places", "outside"),
    [
        ("Chirp trains on posts", [], []),
        ("Chirp tells us that it trains on posts", [], []),
        ("Chirp trains on posts in Europe", ["EEA", "GB"], []),
        ("Chirp trains on posts in the EU and the UK", ["EU", "GB"], []),
        ("Chirp trains on posts outside the EU", [], ["EU"]),
        ("Chirp trains on posts outside the EU", ["US"], []),
        ("Chirp exempts the EU from training", [], ["EU"]),
        ("Chirp trains on posts in California", ["US"], []),
        ("Italy’s regulator fines Chirp", ["IT"], []),
        ("The New York Times sues Chirp", ["US"], []),
    ],
)
def test_a_sentence_that_agrees_with_its_places_is_not_doubted(title, places, outside):
    assert doubts(title, places, outside=outside) == []


def test_an_entry_without_kinds_of_data_is_doubted():
    [doubt] = doubts("Chirp trains on posts", data_kinds=())
    assert doubt.startswith(DATA)


@pytest.mark.django_db
def test_the_preview_of_a_change_shows_the_doubts_and_publishes_all_the_same(
    client, editor, change
):
    page = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    typed = {"title": "Chirp trains Perch in the EU <b>"}
    look = press(client, page, "look", places="", data_kinds=None, **typed)
    assert "The sentence names EU; the places are: worldwide." in look.text
    assert DATA in look.text
    assert "Published:" in press(client, look, "publish", "now").text
    assert Entry.objects.published().exists()


@pytest.mark.django_db
def test_the_preview_of_an_entry_by_hand_shows_them_too(client, editor):
    draft = make_entry(
        make_platform(),
        title="Chirp trains in Japan",
        places=["US"],
        data_kinds=[],
        status="draft",
        published_at=None,
    )
    make_source(draft)
    page = client.get(reverse("admin:consent_entry_publish", args=[draft.pk]))
    look = press(client, page, "look")
    assert "The sentence names Japan; the places are: US." in look.text
    assert DATA in look.text


def test_a_state_of_another_day_than_the_entry_is_doubted(client, editor, change):
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    (row, *_) = form.context["rows"]
    prefix = f"branch-{row.states[0].branch.pk}"
    typed = {f"{prefix}-value": "no-way-out", f"{prefix}-starts_on": "2026-02-01"}
    typed[f"{prefix}-since_is"] = "at-latest"  # another day that is exact is refused
    look = press(client, form, "look", effective_on="2026-03-01", **typed)
    [doubt] = look.context["rehearsal"].doubts
    assert "from 2026-02-01, the entry is of 2026-03-01" in doubt
