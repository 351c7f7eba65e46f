"""Reader reports at the desk: sorted by age, safe with hostile content, every decision logged."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.curation.reports import decide_report
from consent.desk.roles import CURATOR, READER
from consent.models import ReaderReport, ReportRuling
from consent.vocabulary import ReportStatus
from tests.factories import make_report

# On PostgreSQL: what is marked. The rest is about pages and rights.
pytestmark = pytest.mark.django_db

QUEUE = "/admin/consent/readerreport/queue/"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def curator(client, person):
    user = person(CURATOR)
    client.force_login(user)
    return user


def rule(client, report, after, seen="open", **fields):
    address = reverse("admin:consent_readerreport_rule", args=[report.pk])
    return client.post(address, {"after": after, "seen": seen} | fields, follow=True)


def days_ago(days):
    return timezone.now() - dt.timedelta(days=days)


def test_reports_wait_by_age_with_their_page_and_are_counted_on_every_page_of_the_desk(
    client, curator
):
    make_report(text="younger", about="/platforms/x", sent_at=days_ago(1))
    make_report(text="older", sent_at=days_ago(9))
    settled = make_report(text="settled", sent_at=days_ago(20))
    rule(client, settled, "acted-on")
    page = client.get(QUEUE)
    assert [report.text for report in page.context["reports"]] == ["older", "younger"]
    assert '<a href="/platforms/x">/platforms/x</a>' in page.text
    for name in ("admin:consent_change_dates", "admin:consent_guide_queue"):
        assert "Reader reports (2)" in client.get(reverse(name)).text
    assert "2 to read" in client.get(reverse("admin:consent_change_dates")).text
    assert [report.text for report in client.get(f"{QUEUE}?settled").context["reports"]] == [
        "settled"
    ]


@pytest.mark.parametrize(
    ("after", "label"),
    [
        ("acted-on", "acted on"),
        ("answered", "answered"),
        ("declined", "no error, or not taken up"),
        ("spam", "spam"),
    ],
)
def test_each_ruling_settles_the_report_and_stands_in_the_log(client, curator, after, label):
    report = make_report()
    assert label in rule(client, report, after, note="Seen on their page.").text
    report.refresh_from_db()
    assert (report.status, report.settled_at is not None) == (after, True)
    logged = ReportRuling.objects.get()
    assert (logged.report, logged.before, logged.after, logged.note, logged.curator) == (
        report,
        "open",
        after,
        "Seen on their page.",
        curator,
    )


def test_answered_is_offered_where_somebody_asked_for_an_answer(client, curator):
    make_report()
    assert "Answered" not in client.get(QUEUE).text
    make_report(address="ada@mail.example")
    assert client.get(QUEUE).text.count("Answered") == 1


def test_a_ruling_can_be_taken_back_and_both_stay_in_the_log(client, curator):
    report = make_report()
    rule(client, report, "spam")
    rule(client, report, "open", seen="spam")
    report.refresh_from_db()
    assert (report.status, report.settled_at) == ("open", None)
    assert [ruling.after for ruling in report.rulings.all()] == ["open", "spam"]
    with pytest.raises(TypeError):
        report.rulings.first().delete()
    with pytest.raises(TypeError):
        report.rulings.first().save()


def test_the_last_ruling_is_offered_to_be_taken_back_for_ten_minutes(client, curator, person):
    report = make_report()
    rule(client, report, "spam")
    bar = BeautifulSoup(client.get(QUEUE).text, "lxml").select_one(".desk-undo")
    assert "spam" in bar.text
    button = bar.select_one("button")
    sent = {field["name"]: field["value"] for field in bar.select("input")}
    client.post(bar["action"], sent | {button["name"]: button["value"]})
    report.refresh_from_db()
    assert report.status == "open"
    assert [ruling.note for ruling in report.rulings.all()] == ["Taken back.", ""]
    assert "desk-undo" not in client.get(QUEUE).text
    rule(client, report, "spam")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert "desk-undo" not in client.get(QUEUE).text
    client.force_login(person(CURATOR, name="bob"))
    assert "desk-undo" not in client.get(QUEUE).text
    rule(client, report, "open", seen="spam")
    client.force_login(curator)
    assert "desk-undo" not in client.get(QUEUE).text


def test_the_second_of_two_curators_is_told_and_nothing_is_overwritten(client, curator):
    report = make_report()
    rule(client, report, "acted-on")
    answer = rule(client, report, "spam")
    assert "This report is by now: acted on. Nothing was overwritten." in answer.text
    report.refresh_from_db()
    assert report.status == "acted-on"
    assert report.rulings.count() == 1


@pytest.mark.parametrize("after", ["", "published", "open"])
def test_a_ruling_that_is_none_moves_nothing(client, curator, after):
    report = make_report()
    assert rule(client, report, after).status_code == 200
    report.refresh_from_db()
    assert report.status == "open"
    assert not ReportRuling.objects.exists()


def test_what_readers_write_does_no_harm_wherever_it_is_shown(client, curator):
    report = make_report(
        kind="platform",
        name=SCRIPT,
        text=f"{SCRIPT}\n\n</blockquote>",
        about="/platforms/x",
        url="https://evil.example/?q=<script>",
        address="ada@mail.example",
    )
    # A row that came past the form, as a restored copy might hold.
    ReaderReport.objects.filter(pk=report.pk).update(url="javascript:alert(3)")
    for path in (
        QUEUE,
        f"/admin/consent/readerreport/{report.pk}/change/",
        "/admin/consent/readerreport/",
    ):
        page = client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert 'href="javascript:' not in page.text
        assert "'unsafe" not in page["Content-Security-Policy"]
    answer = rule(client, report, "spam", note=SCRIPT)
    assert "<script>alert" not in answer.text
    assert "<script>alert" not in client.get(f"{QUEUE}?settled").text


def test_who_only_looks_sees_no_address_and_rules_on_nothing(client, person):
    report = make_report(address="ada@mail.example")
    client.force_login(person(READER))
    page = client.get(QUEUE)
    assert "It was July." in page.text
    assert "ada@mail.example" not in page.text
    assert not BeautifulSoup(page.text, "lxml").select(".desk-report form")
    detail = client.get(f"/admin/consent/readerreport/{report.pk}/change/")
    assert detail.status_code == 200
    assert "ada@mail.example" not in detail.text
    assert rule(client, report, "spam").status_code == 403
    assert not ReportRuling.objects.exists()


def test_a_right_that_was_removed_ends_at_once(client, person):
    user = person(CURATOR)
    client.force_login(user)
    report = make_report()
    assert "Not an error" in client.get(QUEUE).text
    user.groups.clear()
    assert client.get(QUEUE).status_code == 403
    assert rule(client, report, "acted-on").status_code == 403
    report.refresh_from_db()
    assert report.status == "open"


def test_a_forged_post_is_refused(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(CURATOR))
    report = make_report()
    assert rule(client, report, "spam").status_code == 403
    assert not ReportRuling.objects.exists()


def test_looking_at_a_ruling_by_get_is_no_ruling(client, curator):
    report = make_report()
    address = reverse("admin:consent_readerreport_rule", args=[report.pk])
    assert client.get(address).status_code == 405


@pytest.mark.database
def test_many_reports_take_few_questions_and_come_in_pages(
    client, curator, django_assert_max_num_queries
):
    for number in range(60):
        report = make_report(text=f"Report {number}")
        if number % 3:
            decide_report(report, ReportStatus.ACTED_ON, seen="open", curator=curator)
            decide_report(report, ReportStatus.OPEN, seen="acted-on", curator=curator)
    with django_assert_max_num_queries(15):
        page = client.get(QUEUE)
    assert len(page.context["reports"]) == 25
    assert "Page 1 of 3" in page.text
    assert len(client.get(f"{QUEUE}?page=3").context["reports"]) == 10


def test_an_address_adds_nobody_to_the_answer(client, curator):
    """A question mark in an address would make a mail program read the rest as headers."""
    make_report(address="ada?bcc=all&x=1@mail.example")
    page = BeautifulSoup(client.get(QUEUE).text, "lxml")
    (link,) = page.select('a[href^="mailto:ada"]')
    assert link["href"].startswith("mailto:ada%3Fbcc%3Dall%26x%3D1@mail.example?subject=")
