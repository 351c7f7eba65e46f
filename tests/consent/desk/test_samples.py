"""A curator reads samples again; the rate is published."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from consent.curation import decisions
from consent.curation.sampling import draw
from consent.models import Sample
from tests.factories import make_change, make_page, make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def change():
    change = make_change(make_page(make_platform()), "before", "after")
    decisions.dismiss(change, curator=User.objects.create_user("bob"), reason="noise")
    draw(timezone.localdate().replace(day=1))
    return change


def shown(client):
    answer = client.get(reverse("admin:consent_change_samples"))
    return BeautifulSoup(answer.text, "lxml")


def post(client, page, verdict, note=""):
    """Press a button of the first sample on the page last shown."""
    form = page.select_one(".desk-samples form")
    return client.post(form["action"], {"note": note, "verdict": verdict}, follow=True)


def test_a_missed_change_is_named_and_the_rate_is_public(editor, client, change):
    page = shown(client)
    answer = post(client, page, "missed")
    assert "Say what was missed" in answer.text
    page = shown(client)
    post(client, page, "missed", "The switch is on for everybody now.")
    change.refresh_from_db()
    assert change.status == "waiting"
    page = shown(client)
    assert page.select_one(".desk-samples").get_text(strip=True) == "None."
    assert "The switch is on for everybody now." in page.get_text()
    about = " ".join(BeautifulSoup(client.get("/about").text, "lxml").get_text().split())
    assert "changes that were dismissed: 1 read again, 1 should have been told (100.0 %" in about


def test_what_was_typed_is_still_there_after_an_error(editor, client, change):
    page = shown(client)
    answer = post(client, page, "neither", "I am not sure")
    form = BeautifulSoup(answer.text, "lxml").select_one(".desk-samples form")
    assert form.select_one("input[name=note]")["value"] == "I am not sure"


def test_who_dismissed_it_does_not_see_it(editor, client, change):
    Sample.objects.update(dismissed_by=editor)
    assert "1 more for others" in shown(client).get_text()


def test_about_says_when_nothing_was_read_again(client):
    assert "None has been read again yet." in client.get("/about").text
