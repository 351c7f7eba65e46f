"""The front page of the desk says what waits for this person today."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from consent.curation import decisions
from consent.models import Alert, Decision, Subscriber, Subscription
from tests.factories import (
    make_change,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_source,
)
from tests.pages import press

pytestmark = pytest.mark.django_db


def parts(client):
    """The sections of the front page: heading and text of each."""
    page = BeautifulSoup(client.get(reverse("admin:index")).content, "lxml")
    return {
        section.h2.get_text(): " ".join(section.get_text(" ").split())
        for section in page.select("main section, #content-main section")
    }


def days_ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


@pytest.mark.database
def test_it_names_what_waits_what_is_due_and_the_guides_to_walk(client, editor, change):
    platform = make_platform("warble")
    make_entry(platform, title="Warble will train", effective_on=None, due_on=days_ago(0))
    make_entry(platform, title="Later", effective_on=None, due_on=days_ago(-3))
    make_guide(platform, title="Changed guide", source_changed_at=timezone.now())
    make_guide(platform, title="Fresh guide", verified_on=days_ago(1))
    shown = parts(client)
    assert change.suggestion.headline in shown["Changes that wait (1)"]
    assert "Warble will train" in shown["Due by today (1)"]
    (guides,) = [text for heading, text in shown.items() if heading.startswith("Guides to walk")]
    assert "Warble: Changed guide page changed since we checked" in guides
    assert "Fresh guide" not in guides
    assert "cannot be read" in shown["The watch"]


def test_drafts_are_listed_with_whoever_has_them(client, editor, person, change):
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    press(client, form, "draft", title="Chirp trains")
    make_entry(make_platform(), status="draft", published_at=None, title="An old draft")
    client.force_login(person("Editor", name="eva"))
    drafts = parts(client)["Drafts (2)"]
    assert "Chirp trains ada" in drafts
    assert "An old draft nobody has it" in drafts
    assert "ada has it" in parts(client)["Changes that wait (1)"]


def test_what_was_sent_back_comes_first_for_its_author_only(client, editor, person):
    platform = make_platform(second_review=True)
    draft = make_entry(platform, status="draft", published_at=None, title="Too wide")
    make_source(draft)
    decisions.publish_by_hand(draft, curator=editor)
    eva = person("Editor", name="eva")
    decisions.send_back(draft, curator=eva, note="Narrow the title.")
    assert "Too wide Sent back: Narrow the title." in parts(client)["Sent back to you (1)"]
    client.force_login(eva)
    assert "Sent back to you (1)" not in parts(client)


def test_mail_that_waits_is_named_with_its_time(client, editor):
    entry = make_entry(make_platform(), title="Chirp trains")
    reader = Subscriber.objects.create(
        address="a@b.example", normalised="a@b.example", state="active"
    )
    subscription = Subscription.objects.create(subscriber=reader, scope="everything")
    due_at = timezone.now() + dt.timedelta(minutes=7)
    alert = {"subscriber": reader, "subscription": subscription, "frequency": "as-it-happens"}
    Alert.objects.create(entry=entry, kind="change", due_at=due_at, **alert)
    assert f"{due_at:%H:%M} UTC : 1 for Chirp trains" in parts(client)["Mail that waits"].replace(
        "UTC:", "UTC :"
    )


def test_what_others_did_since_the_last_decision_is_counted(client, editor, person, change):
    eva = person("Editor", name="eva")
    page = make_page(make_platform())
    mine, theirs = (make_change(page, f"before {each}", f"after {each}") for each in "ab")
    yesterday = timezone.now() - dt.timedelta(days=1, hours=1)
    Decision.objects.create(
        change=mine, ruling="dismiss", reason="noise", curator=editor, decided_at=yesterday
    )
    decisions.dismiss(theirs, curator=eva, reason="noise")
    meanwhile = parts(client)["Since your last decision before today"]
    assert f"{yesterday:%H:%M} UTC" in meanwhile
    assert "3 changes detected" in meanwhile
    assert "By others: 1 dismissed" in meanwhile
    client.force_login(eva)
    assert "By others: 1 dismissed" in parts(client)["In the last seven days"]


def test_who_may_see_nothing_gets_an_empty_page(client, person, change):
    client.force_login(person())
    assert parts(client) == {}


def test_the_list_of_models_is_one_click_away(client, editor):
    page = BeautifulSoup(client.get(reverse("admin:index")).content, "lxml")
    (link,) = [each for each in page.select("#content-main a") if each.text == "All records"]
    listed = client.get(link["href"])
    assert reverse("admin:consent_use_changelist") in listed.text
