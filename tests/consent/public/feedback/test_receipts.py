"""Reports and requests get a number, and a public queue says what became of them."""

import pytest
from bs4 import BeautifulSoup

from consent.curation.reports import decide_report
from consent.models import ReaderReport
from consent.vocabulary import ReportStatus
from tests.factories import make_platform, make_report
from tests.pages import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def unhurried(monkeypatch):
    monkeypatch.setattr("consent.web.open_forms.MINIMUM_SECONDS", 0)


def rows(client):
    page = BeautifulSoup(client.get("/reports").text, "lxml")
    return {
        row.th.text: [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.select("td")]
        for row in page.select("tbody tr")
    }


def test_who_reports_gets_a_number_and_finds_it_in_the_queue(client, unhurried):
    make_platform("x", name="X")
    form = client.get("/report?about=/platforms/x")
    sent = fields_of(form, "[name=text]") | {"text": "The date is wrong."}
    receipt = client.post("/report", sent, follow=True)
    report = ReaderReport.objects.get()
    assert f"Your number is <strong>{report.pk}</strong>" in receipt.text
    assert rows(client)[str(report.pk)][1:] == ["/platforms/x", "open"]
    assert "The date is wrong" not in client.get("/reports").text


def test_the_queue_says_what_became_of_each(client, curator):
    report = make_report()
    decide_report(report, ReportStatus.ACTED_ON, seen="open", curator=curator)
    assert rows(client)[str(report.pk)][-1].startswith("acted on")
    decide_report(report, ReportStatus.SPAM, seen="acted-on", curator=curator)
    assert rows(client) == {}


def test_a_request_names_a_known_service_and_nothing_else_that_was_typed(client):
    known = make_report(kind="platform", name="signal")
    other = make_report(kind="platform", name="Ada Lovelace, 12 Some Street")
    assert rows(client)[str(known.pk)][1] == "Request: Signal"
    assert rows(client)[str(other.pk)][1] == "Request: a service that is not named here"
    assert "Signal: 1" in client.get("/reports").text
    assert "Lovelace" not in client.get("/reports").text


def test_a_receipt_prints_numbers_only(client):
    assert "Your number" not in client.get("/report/sent?number=<b>1").text
