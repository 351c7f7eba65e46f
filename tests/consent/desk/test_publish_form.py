"""The publish form: states of branches, places as codes, and separate kinds of dates."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from consent.models import Entry, State
from consent.vocabulary import Effect, StateValue
from platforms.models import Platform
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_control,
    make_entry,
    make_state,
    make_use,
)
from tests.pages import fields_of, press

# On PostgreSQL: the rulings in tests/consent/curation, and every page in test_walk.py.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


def url(change):
    return reverse("admin:consent_change_publish", args=[change.pk])


def opened(client, change):
    return client.get(url(change))


def filled(client, change, **typed):
    return fields_of(opened(client, change), "[name=version]") | typed


@pytest.fixture
def regional(change):
    """A second use, with a branch for the EEA and one for the rest; and one outside training."""
    platform = change.page.platform
    with arranged():
        use = make_use(
            platform,
            title="Your posts train Perch’s models",
            data_kinds=["public-posts"],
            except_places=["EEA"],
        )
        make_branch(use, places=["EEA"], people=["creators"])
        make_state(use, StateValue.NOT_USED)
        make_state(use.branches.last(), StateValue.NOT_USED)
        make_control(use)
        use.pages.add(change.page)
        ads = make_use(
            platform, title="Your clicks choose ads", purpose="ads", data_kinds=["profile"]
        )
        make_state(ads, StateValue.UNCLEAR)
    return use


def test_uses_are_named_by_title_and_place_and_those_of_training_come_first(
    client, editor, change, regional
):
    page = BeautifulSoup(opened(client, change).content, "lxml")
    rows = [" ".join(row.get_text(" ").split()) for row in page.select(".desk-use")]
    assert "outside the EU and EEA" in rows[1]
    assert "EU and EEA; creators" in rows[1]
    assert rows[2].startswith("Your clicks choose ads")
    assert "they do not count as training" in page.select_one(".desk-states").get_text()


def test_what_the_words_name_comes_prefilled_and_unfolded(client, editor, change, regional):
    page = opened(client, change)
    by_title = {row.use.title: row for row in page.context["rows"]}
    assert page.context["rows"][0].is_open
    # It rests on the page as well, but the changed words name the switch of the other use.
    assert not by_title["Your posts train Perch’s models"].is_open
    assert not by_title["Your clicks choose ads"].is_open
    assert by_title["Your clicks choose ads"].states[0].initial == {}


def test_places_typed_into_the_entry_fill_in_no_branch_that_the_words_do_not_name(
    client, editor, change, regional
):
    data = filled(client, change, places="EEA", people=[], draft="1")
    client.post(url(change), data)
    draft = Entry.objects.get()
    with arranged():
        draft.uses.set([regional])
    states = [state for row in opened(client, change).context["rows"] for state in row.states]
    assert not any(state.initial for state in states)


#: What cannot be, and what the page says to do about it.
BAD_INPUT = [
    ({"places": ["Atlantis"]}, "choose one from the list"),
    ({"places": ["UK-ENG"]}, "write GB-ENG"),
    ({"places": ["Germany, France"]}, "each place in a row of its own"),
    ({"places": ["worldwide"]}, "Leave all rows empty"),
    ({"except_places": ["Germany"], "places": ["France"]}, "DE is not inside the places"),
    ({"due_on": "2999-01-01"}, "from 1970 to 2100"),
    ({"effective_on": "2099-01-01"}, "give it as due"),
    ({"effective_on": "2026-01-01", "due_on": "2026-01-01"}, "one of both"),
    ({"decided_on": "2026-01-01"}, "Only an act of a regulator"),
    ({"effects": ["lawsuit"], "topic": "training"}, "choose the topic"),
    ({"effects": []}, "at least one effect"),
    ({"quote": ""}, "required"),
    ({"title": " "}, "required"),
]


def test_bad_input_is_told_what_to_do_and_nothing_typed_is_lost(client, editor, change):
    kept = {"title": "A title that must survive", "quote": "Words that must survive"}
    valid = filled(client, change) | kept
    for typed, said in BAD_INPUT:
        answer = client.post(url(change), valid | typed)
        assert answer.status_code == 422, typed
        assert said in answer.text, typed
        shown = fields_of(answer, "[name=version]")
        for name, value in (kept | typed).items():
            if name != "effects":
                assert (shown[name][:1] if isinstance(value, list) else shown[name]) == value
    assert not Entry.objects.exists()


def test_what_was_typed_is_on_the_entry(client, editor, change):
    with arranged():
        plans = [{"name": "Free"}, {"name": "Plus"}]
        Platform.objects.filter(pages=change.page).update(plans=plans)
    typed = {
        "topic": "training",
        "places": ["de", "", "us-ca"],
        "people": ["personal", "minors"],
        "plans": ["Free", "Plus"],
        "who": "owners of Echo Dot 4",
        "announced_on": "2026-02-10",
        "announced_precision": "month",
        "effective_on": "",
        "due_on": "2099-05-01",
        "quote": "We trained on nothing.",
        "quote_side": "before",
        "draft": "1",
    }
    client.post(url(change), filled(client, change) | typed)
    entry = Entry.objects.get()
    assert (entry.places, entry.people) == (["DE", "US-CA"], ["personal", "minors"])
    assert (entry.plans, entry.who) == (["Free", "Plus"], "owners of Echo Dot 4")
    assert (entry.announced_on, entry.due_on) == (dt.date(2026, 2, 1), dt.date(2099, 5, 1))
    passage = entry.sources.get().passages.get()
    assert (passage.words, passage.side) == ("We trained on nothing.", "before")
    again = fields_of(opened(client, change), "[name=version]")
    assert again["places"] == ["Germany", "California (US-CA)", "", ""]
    assert again["quote_side"] == "before"


def test_a_state_that_is_due_is_shown_as_due_on_the_card(client, editor, change):
    (row, *_) = opened(client, change).context["rows"]
    prefix = f"branch-{row.states[0].branch.pk}"
    typed = {"effective_on": "", "due_on": "2099-05-01"}
    typed |= {f"{prefix}-value": "unless-refused", f"{prefix}-starts_on": "2099-05-01"}
    look = client.post(url(change), filled(client, change) | typed)
    (card,) = look.context["rehearsal"].cards
    assert card.branches[0].chip == "Feature not offered"
    assert card.branches[0].due == "On unless you refuse, due 2099-05-01"
    press(client, look, "publish", "now")
    assert State.objects.last().is_pending


def test_the_card_says_the_act_and_the_label_together(client, editor, change, regional):
    (row, *_) = opened(client, change).context["rows"]
    prefix = f"branch-{row.states[0].branch.pk}"
    starts_on = change.observed_to.date().isoformat()
    typed = {f"{prefix}-value": "unless-refused", f"{prefix}-starts_on": starts_on}
    typed[f"{prefix}-agreed"] = "on"
    look = client.post(url(change), filled(client, change) | typed)
    card = BeautifulSoup(look.content, "lxml").select_one(".desk-card").get_text(" ")
    words = " ".join(card.split())
    assert "On unless you refuse · worldwide" in words
    assert row.use.title in words
    assert "Turn off" in words


def test_an_announcement_is_settled_by_the_entry_of_its_effect(client, editor, change):
    announcement = make_entry(
        change.page.platform,
        effects=[Effect.ANNOUNCED],
        announced_on=dt.date(2026, 2, 1),
        effective_on=None,
        title="Chirp will train on posts",
    )
    page = opened(client, change)
    assert "Chirp will train on posts" in page.text
    data = fields_of(page, "[name=version]") | {
        "settles": [str(announcement.pk)],
    }
    look = client.post(url(change), data)
    assert look.status_code == 200, look.context["form"].errors
    press(client, look, "publish", "now")
    announcement.refresh_from_db()
    effect = Entry.objects.exclude(pk=announcement.pk).get()
    assert announcement.outcome == effect
    client.post(reverse("admin:consent_change_undo", args=[change.pk]))
    announcement.refresh_from_db()
    assert announcement.outcome is None


def test_an_entry_of_other_matters_opens_no_state_of_training(client, editor, change):
    (row, *_) = opened(client, change).context["rows"]
    prefix = f"branch-{row.states[0].branch.pk}"
    typed = {"topic": "other", f"{prefix}-value": "not-used", f"{prefix}-agreed": "on"}
    typed[f"{prefix}-starts_on"] = timezone.localdate().isoformat()
    refused = client.post(url(change), filled(client, change) | typed)
    assert refused.status_code == 422
    assert "opens no state of training" in refused.text
