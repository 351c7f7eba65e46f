"""What only an importer knows is nobody's business yet (promise 1)."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from platforms.models import Page, Platform
from platforms.vocabulary import HISTORY_ONLY, Category, PageKind
from tests.factories import make_entry, make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported():
    platform = Platform.objects.create(
        slug="imported",
        name="Imported",
        operator="Not known",
        category=Category.SOCIAL,
        homepage="https://imported.example",
        listed=False,
    )
    Page.objects.create(
        platform=platform,
        url="https://imported.example/terms",
        kind=PageKind.TERMS,
        title="Terms as recorded",
        paused_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        paused_reason=f"{HISTORY_ONLY}Open Terms Archive",
    )
    return platform


@pytest.mark.parametrize("name", ["home", "platforms", "status", "timeline", "checklist"])
def test_a_platform_known_from_imported_history_is_on_no_page(client, imported, name):
    assert imported.name not in client.get(reverse(name)).content.decode()


def test_it_has_no_page_of_its_own_until_a_curator_lists_it(client, imported):
    address = reverse("platform", args=["imported"])
    assert client.get(address).status_code == 404
    Platform.objects.update(listed=True)
    assert client.get(address).status_code == 200


@pytest.mark.database
def test_the_search_does_not_find_it(client, imported):
    found = client.get(reverse("search"), {"q": "imported"}).content.decode()
    assert "/platforms/imported" not in found


def test_pages_of_history_are_not_among_the_watched_ones(client, imported):
    Platform.objects.update(listed=True)
    page = client.get(reverse("platform", args=["imported"])).content.decode()
    assert "Terms as recorded" not in page


def test_the_page_of_a_company_lists_what_courts_and_regulators_did(client):
    social = make_platform("social", name="Social", operator="Acme")
    chat = make_platform("chat", name="Chat", operator="Acme")
    fine = {"title": "The regulator fines Acme", "effects": ["regulator-action"]}
    make_entry(social, topic="enforcement", **fine)
    make_entry(chat, topic="enforcement", **fine)
    make_entry(chat, title="Chat adds a switch")
    make_entry(make_platform("other", operator="Other"), title="Fined", topic="enforcement")
    page = BeautifulSoup(client.get("/operators/acme").text, "html.parser")
    (row,) = page.select('[aria-labelledby="cases"] .row')
    assert row.select_one(".row-title").text == "The regulator fines Acme"
    assert {"Social", "Chat"} <= {link.text for link in row.select(".tags a")}
