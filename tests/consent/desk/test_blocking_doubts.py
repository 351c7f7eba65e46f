"""Doubts that block publishing until each is ticked."""

import datetime as dt

import pytest
from django.urls import reverse

from consent.models import Entry
from tests.factories import make_entry
from tests.pages import press
from tests.practice.cases import arrange

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]

USED = "# Privacy Policy\n\nWe use your chats to train our models unless you opt out.\n"
NOT_USED = "# Privacy Policy\n\nWe do not use your chats to train our models.\n"
NOTHING = "# Privacy Policy\n\nThis page explains how we handle what you write.\n"
PLEDGE = f"{NOTHING}\nWe do not use your chats to train our models.\n"
HEALTH = f"{USED}\nWe do not use your chats in Chirp Health to train our models.\n"


def case(before=USED, after=NOT_USED, branches=None):
    branches = branches or [{"state": "unless-refused"}]
    return {
        "uses": {"chats": {"data_kinds": ["chats"], "branches": branches}},
        "before": before,
        "after": after,
    }


def look_at(client, case, **typed):
    change = arrange(case)
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    boxes = [state for row in form.context["rows"] for state in row.states]
    ticks = {f"{state.prefix}-agreed": "on" for state in boxes if state.is_proposed}
    look = press(client, form, "look", **{**ticks, **typed})
    assert look.status_code == 200, look.context["form"].errors
    return look


def keys(page):
    return {doubt.key for doubt in page.context["to_tick"]}


def test_nothing_is_published_before_each_doubt_is_ticked(client, editor):
    look = look_at(client, case())
    assert "date" in keys(look)
    assert "quote" not in keys(look)
    refused = press(client, look, "publish", "now", checked=None)
    assert "tick that you checked each doubt" in refused.text
    assert not Entry.objects.published().exists()
    press(client, refused, "publish", "now")
    assert Entry.objects.published().exists()


def test_a_doubt_that_is_ticked_stays_ticked(client, editor):
    look = look_at(client, case(after=HEALTH), title="Chirp does not use chats to train AI")
    assert {"date", "title"} <= keys(look)
    again = press(client, look, "publish", "now", checked=["date"])
    assert again.context["ticked"] == ["date"]
    assert not Entry.objects.published().exists()


def test_words_are_quoted_only_from_the_version_that_has_them(client, editor):
    change = arrange(case())
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    now = "We do not use your chats to train our models."
    refused = press(client, form, "look", quote=now, quote_side="before")
    assert refused.status_code == 422
    assert "Choose “The page says this now”: these words are there only." in refused.text
    assert press(client, refused, "look", quote_side="after").status_code == 200


def test_quoted_words_that_no_capture_has_are_doubted(client, editor):
    assert "quote" in keys(look_at(client, case(), quote="We sell your chats."))


def test_an_entry_with_a_date_and_a_title_of_its_own_words_has_no_doubt_about_them(client, editor):
    look = look_at(client, case(after=HEALTH), effective_on="2026-03-01")
    assert not {"date", "title"} & keys(look)


def test_a_title_wider_than_the_quoted_words_is_doubted(client, editor):
    look = look_at(client, case(after=HEALTH), title="Chirp does not use chats to train AI")
    assert "they are about Chirp Health" in look.text


def test_a_state_that_gets_better_by_one_sentence_or_against_the_direction_is_doubted(
    client, editor
):
    added = case(NOTHING, PLEDGE)
    assert {"better", "direction"} <= keys(look_at(client, added, direction="less-control"))
    assert "direction" not in keys(look_at(client, added, direction="more-control"))


def test_an_event_like_it_on_record_is_doubted(client, editor):
    change = arrange(case())
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    effects = change.suggestion.effects
    make_entry(change.page.platform, effects=effects, effective_on=dt.date(2026, 3, 1))
    dated = {}
    within = press(client, form, "look", effective_on="2026-04-10", **dated)
    assert "event" in keys(within)
    later = press(client, form, "look", effective_on="2026-04-20", **dated)
    assert "event" not in keys(later)


def test_an_event_like_it_takes_the_change_from_the_look_at_its_entry(client, editor):
    change = arrange(case())
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    effects = change.suggestion.effects
    known = make_entry(change.page.platform, effects=effects, effective_on=dt.date(2026, 3, 1))
    press(client, press(client, form, "look", effective_on="2026-03-10"), "into", str(known.pk))
    change.refresh_from_db()
    assert (change.status, change.entry) == ("merged", known)
    assert Entry.objects.count() == 1
