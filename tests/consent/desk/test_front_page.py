"""The front page of the desk shows the queues first."""

import pytest
from bs4 import BeautifulSoup

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


def test_a_new_page_begins_with_empty_lists(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root"))
    form = BeautifulSoup(client.get("/admin/platforms/page/add/").content, "lxml")
    for name in ("further_urls", "select", "remove"):
        assert form.select_one(f"textarea[name={name}]").text.strip() == "[]"
