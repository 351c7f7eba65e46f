"""The front page of the desk shows the queues first."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

# On PostgreSQL: the rulings in tests/consent/curation, and every page in test_walk.py.
pytestmark = pytest.mark.django_db


def queues(client):
    """The queues that the front page leads to, with the answers they give."""
    page = BeautifulSoup(client.get("/admin/").content, "lxml")
    return {
        link.text: client.get(link["href"]).status_code for link in page.select(".desk-queues a")
    }


def test_the_front_page_leads_to_every_queue_and_counts_what_waits(client, editor, change):
    assert queues(client) == {
        "Today": 200,
        "Changes (1)": 200,
        "Guides": 200,
        "Page health": 200,
        "Outbox and dates": 200,
        "Second review": 200,
        "Reader reports": 200,
        "Numbers": 200,
        "Mail to you": 200,
        "Records": 200,
    }


def test_who_may_not_see_the_queues_is_not_led_to_them(client, person):
    client.force_login(person())
    assert queues(client) == {}


def test_the_front_page_of_the_desk_names_what_is_missing(client, person, settings):
    told = {
        "SITE_OWNER": "Ada's Society",
        "SITE_OWNER_ADDRESS": "1 Long Street, Dublin",
        "CONTACT_EMAIL": "ada@example.org",
        "DATA_PROCESSORS": ["none"],
        "SUPERVISORY_AUTHORITY": "",
        "WEB_LOG_DAYS": None,
    }
    for name, value in told.items():
        setattr(settings, name, value)
    client.force_login(person("Administrator"))
    page = BeautifulSoup(client.get(reverse("admin:index")).text, "lxml")
    warning = page.select_one(".errornote")
    named = [code.get_text() for code in warning.select("code")]
    assert named == ["SUPERVISORY_AUTHORITY", "WEB_LOG_DAYS", ".env.example"]
    settings.SUPERVISORY_AUTHORITY, settings.WEB_LOG_DAYS = "DPC, Dublin", 0
    page = BeautifulSoup(client.get(reverse("admin:index")).text, "lxml")
    named = [code.get_text() for note in page.select(".errornote") for code in note.select("code")]
    assert named == []


def test_editors_who_cannot_change_it_are_not_told(client, person, settings):
    settings.SITE_OWNER = ""
    client.force_login(person("Curator"))
    assert "right to know" not in client.get(reverse("admin:index")).text
