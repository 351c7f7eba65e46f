"""Lists and forms of the desk say what is so: numbers, names, days, and who may do what."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from consent.management.commands import check_catalog
from consent.models import Decision, Offer, Suggestion
from platforms.models import Page
from tests.arranging import arranged
from tests.factories import (
    make_change,
    make_control,
    make_entry,
    make_page,
    make_platform,
    make_use,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


def parsed(answer):
    return BeautifulSoup(answer.content, "lxml")


def test_a_search_that_finds_nothing_names_no_other_number(client, editor):
    make_change(make_page(make_platform("chirp")), "before", "after")
    listing = reverse("admin:consent_change_changelist")
    page = parsed(client.get(listing, {"q": "nowhere"}))
    assert " ".join(page.select_one("#changelist-search").text.split()) == "0 results (Show all)"


@pytest.mark.parametrize("model", ["consent_entry", "platforms_page"])
def test_the_filters_name_no_platform_that_has_none_of_the_list(client, editor, model):
    for slug in ("chirp", "tweet"):
        platform = make_platform(slug)
        make_page(platform)
        make_entry(platform)
    make_platform("barren")
    page = parsed(client.get(reverse(f"admin:{model}_changelist")))
    named = {link.text.strip() for link in page.select("#changelist-filter a")}
    assert {"Chirp", "Tweet"} <= named
    assert "Barren" not in named


def test_the_days_of_an_offer_are_chosen_as_days(client, editor):
    control = make_control(make_use(make_platform("chirp")))
    with arranged():
        Offer.objects.create(control=control, starts_on=dt.date(2024, 7, 16))
    page = parsed(client.get(reverse("admin:consent_control_change", args=[control.pk])))
    days = page.select("[name$=starts_on], [name$=ends_on]")
    assert {day["type"] for day in days} == {"date"}
    assert page.select_one("[name=offers-0-starts_on]")["value"] == "2024-07-16"


def test_who_may_not_ask_for_a_second_reviewer_has_no_tick_for_it(client, person):
    platform = make_platform("chirp")
    client.force_login(person("Editor"))
    for address in (
        reverse("admin:platforms_platform_change", args=[platform.pk]),
        reverse("admin:platforms_platform_add"),
    ):
        assert not parsed(client.get(address)).select("[name=second_review]")


def test_one_page_in_trouble_is_said_in_the_singular(client, editor):
    page = make_page(make_platform("chirp"), needs_rule_since=timezone.now())
    make_change(page, "before", "after")
    with arranged():
        Page.objects.filter(pk=page.pk).update(paused_at=timezone.now(), paused_reason="A storm.")
    text = " ".join(parsed(client.get(reverse("admin:consent_change_health"))).text.split())
    assert "1 in need of a rule" in text
    assert "1 paused" in text
    assert "are paused" not in text


def test_a_paused_page_is_resumed_under_that_name(client, editor):
    page = make_page(make_platform("chirp"))
    with arranged():
        Page.objects.filter(pk=page.pk).update(paused_at=timezone.now(), paused_reason="A storm.")
    health = parsed(client.get(reverse("admin:platforms_page_health", args=[page.pk])))
    assert health.select_one("[value=resume]").text == "Resume"


def test_one_change_that_is_dismissed_with_others_is_said_in_the_singular(client, editor):
    change = make_change(make_page(make_platform("chirp")), "before", "after")
    listing = reverse("admin:consent_change_changelist")
    sent = {"action": "dismiss-noise", "_selected_action": str(change.pk), "index": "0"}
    assert "Dismissed as noise: 1 change." in client.post(listing, sent, follow=True).text
    assert Decision.objects.count() == 1


def test_errors_of_the_catalog_are_the_last_lines_after_the_warnings(monkeypatch, capsys):
    class Finding:
        def __init__(self, words, *, error):
            self.words, self.error = words, error

        def __str__(self):
            return self.words

    found = [Finding("an error", error=True), Finding("a warning", error=False)]
    monkeypatch.setattr(check_catalog, "check", lambda *_, **__: found)
    monkeypatch.setattr(check_catalog.Command, "_tell_counts", lambda *_: None)
    with pytest.raises(CommandError):
        call_command("check_catalog")
    assert capsys.readouterr().out.splitlines()[-2:] == ["a warning", "an error"]


@pytest.mark.parametrize(
    ("effects", "confidence", "headline"),
    [
        (["scope-widened"], 0.7, "Lumo trains on more"),
        (["scope-widened"], 0.5, "Check who is covered: Lumo trains on more"),
        (["scope-widened", "scope-narrowed"], 0.5, "Check who is covered: Lumo trains on more"),
        (["scope-widened", "default-on"], 0.5, "Is this so? Lumo trains on more"),
        ([], 0.5, "Is this so? Lumo trains on more"),
    ],
)
def test_a_headline_in_doubt_says_what_to_check(effects, confidence, headline):
    suggestion = Suggestion(title="Lumo trains on more", effects=effects, confidence=confidence)
    assert suggestion.headline == headline
