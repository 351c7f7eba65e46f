"""What is stored about people, who is responsible, and what is missing while nobody has said it."""

import re

import pytest
from bs4 import BeautifulSoup

from consent.alerts.subscriptions import retention as of_subscribers
from consent.public.feedback import retention as of_feedback
from consent.public.site.privacy import missing, stored_data

pytestmark = pytest.mark.django_db

TOLD = {
    "SITE_OWNER": "Ada's Society",
    "SITE_OWNER_ADDRESS": "1 Long Street, Dublin",
    "CONTACT_EMAIL": "ada@example.org",
    "DATA_PROCESSORS": ["Example Hosting GmbH (servers)"],
    "SUPERVISORY_AUTHORITY": "Data Protection Commission, Dublin",
    "WEB_LOG_DAYS": 14,
}


@pytest.fixture
def told(settings):
    for name, value in TOLD.items():
        setattr(settings, name, value)
    return settings


def words(client, address="/privacy"):
    main = BeautifulSoup(client.get(address).text, "lxml").main
    return " ".join(main.get_text(" ").split())


def test_says_who_is_responsible_and_who_else_handles_data(client, told):
    told.SITE_IMPRINT = ["Register: Dublin 123"]
    told.DATA_CONTROLLER = "Ada's Data Office"
    told.DATA_CONTACT = "privacy@example.org"
    page = words(client)
    for name in (
        *("Ada's Society, 1 Long Street, Dublin", "Register: Dublin 123", "Ada's Data Office"),
        *("privacy@example.org", "Example Hosting GmbH (servers)", "14 days"),
        "Data Protection Commission, Dublin",
    ):
        assert name in page
    assert "Missing" not in page


@pytest.mark.parametrize(("address", "sign"), [("/privacy", "Missing"), ("/de/privacy", "Fehlt")])
def test_says_what_nobody_has_said_yet(client, settings, address, sign):
    settings.SITE_OWNER = settings.DATA_CONTROLLER = ""
    settings.DATA_PROCESSORS, settings.WEB_LOG_DAYS = [], None
    settings.CONTACT_EMAIL = "curators@localhost"
    assert words(client, address).count(sign) == 4  # owner, mail, logs, processors


def test_none_is_an_answer(client, told):
    told.DATA_PROCESSORS = ["none"]
    assert "Nobody: the site and its mail" in words(client)
    assert missing() == []


def test_the_times_are_those_after_which_we_delete(told):
    told_times = {int(n) for each in stored_data() for n in re.findall(r"(\d+) days", each.kept)}
    deleted_after = {
        of_subscribers.PENDING_LASTS.days,
        of_subscribers.BLANK_AFTER.days,
        of_subscribers.ANSWER_WITHIN.days,
        of_subscribers.LETTERS_KEPT.days,
        of_feedback.ADDRESS_KEPT_AFTER_RULING.days,
        of_feedback.ADDRESS_KEPT.days,
        of_feedback.WORDS_KEPT.days,
        of_feedback.ANSWERS_KEPT.days,
        told.WEB_LOG_DAYS,
    }
    assert told_times == deleted_after


def test_every_page_leads_there(client):
    assert '<a href="/privacy">' in client.get("/about").text
    assert '<a href="/de/privacy">' in client.get("/de/about").text
