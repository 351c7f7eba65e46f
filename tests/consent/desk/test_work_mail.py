"""Curators are mailed about new work at the desk, as often as they want it, and can stop it."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.curation import decisions
from consent.desk.work_mail import send_work_mails
from consent.models import Suggestion, WorkMail
from tests.arranging import arranged
from tests.factories import (
    make_change,
    make_entry,
    make_page,
    make_platform,
    make_report,
    make_source,
)
from tests.pages import fields_of, press

pytestmark = pytest.mark.django_db

PAGE = "admin:consent_change_mail"


@pytest.fixture
def addressed(editor):
    editor.email = "ada@team.example"
    editor.save()
    return editor


def choose(client, **typed):
    return press(client, client.get(reverse(PAGE)), "save", **typed)


def later(**by):
    return timezone.now() + dt.timedelta(**by)


def relevant(confidence=0.9, title="Chirp trains on posts"):
    change = make_change(make_page(make_platform()), "before", f"after {title}")
    Suggestion.objects.create(
        change=change,
        classifier_version=1,
        relevant=True,
        direction="less-control",
        confidence=confidence,
        title=title,
    )
    return change


def proposed(by):
    platform = make_platform()
    with arranged():
        platform.second_review = True
        platform.save()
    draft = make_entry(platform, status="draft", published_at=None)
    make_source(draft)
    return decisions.publish_by_hand(draft, curator=by)


def test_nobody_is_mailed_who_did_not_choose_it(client, addressed, mailoutbox):
    relevant()
    assert send_work_mails(later(hours=1)) == 0
    assert not mailoutbox


def test_at_once_each_thing_is_told_once_with_its_address(client, addressed, mailoutbox):
    choose(client, frequency="at-once", least_weight="2")
    change, _low = relevant(), relevant(confidence=0.1, title="Hardly anything")
    make_report(text="It was July, says secret@reader.example.")
    assert send_work_mails() == 1
    assert send_work_mails(later(minutes=5)) == 0
    [mail] = mailoutbox
    assert mail.to == ["ada@team.example"]
    assert mail.subject == "The desk: 1 new changes, 1 reports of readers"
    assert f"/admin/consent/change/{change.pk}/change/" in mail.body
    assert "Hardly anything" not in mail.body
    assert "July" not in mail.body


def test_once_a_day_everything_is_in_one_mail(client, addressed, mailoutbox):
    choose(client, frequency="never", least_weight="0")
    choose(client, frequency="daily")
    relevant()
    assert send_work_mails(later(hours=1)) == 0
    relevant(title="Chirp trains on chats")
    assert send_work_mails(later(hours=25)) == 1
    assert "New changes (2)" in mailoutbox[0].body


def test_who_chooses_for_the_first_time_is_asked_on_the_front_page_and_hears_of_what_waits(
    client, addressed, mailoutbox
):
    relevant()
    front = reverse("admin:index")
    assert "Do you want mail about new work?" in client.get(front).text
    choose(client, frequency="daily", least_weight="0")
    assert "Do you want mail about new work?" not in client.get(front).text
    assert send_work_mails(later(minutes=1)) == 1
    assert "New changes (1)" in mailoutbox[0].body
    assert send_work_mails(later(hours=2)) == 0


def test_who_chose_never_is_not_asked_again(client, addressed):
    choose(client, frequency="never")
    assert "Do you want mail about new work?" not in client.get(reverse("admin:index")).text


@pytest.mark.database
def test_second_reviews_and_drafts_sent_back_reach_the_right_people(
    client, addressed, person, mailoutbox
):
    bob = person("Editor", name="bob")
    bob.email = "bob@team.example"
    bob.save()
    for curator in (addressed, bob):
        WorkMail.objects.create(curator=curator, frequency="at-once", told_up_to=later(hours=-1))
    entry = proposed(by=addressed)
    assert send_work_mails() == 1
    assert mailoutbox[0].to == ["bob@team.example"]
    assert f"/admin/consent/entry/{entry.pk}/review/" in mailoutbox[0].body
    decisions.send_back(entry, curator=bob, note="The date is missing.")
    assert send_work_mails() == 1
    assert mailoutbox[1].to == ["ada@team.example"]
    assert "The date is missing." in mailoutbox[1].body


def test_one_click_stops_it_without_a_login(client, addressed, mailoutbox):
    choose(client, frequency="at-once", least_weight="0")
    relevant()
    send_work_mails()
    link = re.search(r"<https?://[^/]+(/[^>]+)>", mailoutbox[0].extra_headers["List-Unsubscribe"])[
        1
    ]
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(link).status_code == 200
    assert WorkMail.objects.get().frequency == "at-once"
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert WorkMail.objects.get().frequency == "never"
    assert stranger.post(link.replace(":", ":x")).status_code == 404


def test_a_mail_server_that_is_down_loses_nothing(client, addressed, mailoutbox, settings):
    choose(client, frequency="at-once", least_weight="0")
    relevant()
    settings.EMAIL_BACKEND = "consent.alerts.sending.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert send_work_mails() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_work_mails() == 1


def test_who_left_the_team_gets_no_mail(client, addressed, mailoutbox):
    choose(client, frequency="at-once", least_weight="0")
    relevant()
    User.objects.filter(pk=addressed.pk).update(is_staff=False)
    assert send_work_mails() == 0


def test_the_bar_of_each_page_says_how_many_changes_wait(client, addressed):
    relevant()
    assert "Changes (1)" in client.get(reverse(PAGE)).text
    assert fields_of(client.get(reverse(PAGE)), "[name=save]")["frequency"] == "never"


def test_a_curator_who_was_told_by_a_clock_that_was_ahead_misses_nothing(client, addressed):
    choose(client, frequency="at-once")
    WorkMail.objects.update(told_up_to=later(hours=25))
    relevant()
    assert send_work_mails(later(minutes=1)) == 1
    assert send_work_mails(later(minutes=2)) == 0
