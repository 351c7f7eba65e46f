"""What is due or in effect is logged once seen; health lists all pages; reports lead on."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from consent.models import Decision, Revision, State
from consent.vocabulary import Ruling
from platforms.models import Outage, Page
from tests.arranging import arranged
from tests.factories import (
    make_change,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_report,
    make_state,
    make_use,
)
from tests.pages import press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]

DATES = "admin:consent_change_dates"


def test_it_holds_is_logged_with_its_note_and_asked_once(client, editor):
    entry = make_entry(make_platform(), effective_on=timezone.localdate())
    done = press(client, client.get(reverse(DATES)), "holds", note="Tried it in the app.")
    decision = Decision.objects.get()
    assert (decision.entry, decision.ruling, decision.curator) == (entry, Ruling.CONFIRM, editor)
    assert "It holds: ada" in done.text
    assert 'name="holds"' not in done.text
    assert not Revision.objects.exists()


def test_what_was_due_becomes_effective_in_public_once_seen(client, editor):
    platform = make_platform()
    day = timezone.localdate() - dt.timedelta(days=30)
    entry = make_entry(platform, effective_on=None, due_on=day)
    use = make_use(platform)
    make_state(use, starts_on=day, opened_by=entry)
    assert State.objects.get().is_pending
    press(client, client.get(reverse(DATES)), "holds")
    entry.refresh_from_db()
    assert (entry.due_on, entry.effective_on) == (None, day)
    assert not State.objects.get().is_pending
    assert Revision.objects.get().reason == "What was due has been seen in effect."


def test_nothing_is_asked_before_its_day(client, editor):
    make_entry(
        make_platform(), effective_on=None, due_on=timezone.localdate() + dt.timedelta(days=2)
    )
    shown = client.get(reverse(DATES)).text
    assert "Due, not seen yet" in shown
    assert 'name="holds"' not in shown


@pytest.mark.database
def test_health_lists_healthy_pages_too_and_texts_that_shrank(client, editor):
    page = make_page(make_platform(), title="A healthy page", last_looked_at=timezone.now())
    shrunk = make_change(page, "words " * 100, "words")
    other = make_page(make_platform(), last_looked_at=timezone.now())
    make_change(other, "words " * 100, "words " * 90)
    health = reverse("admin:consent_change_health")
    trouble = client.get(health)
    assert "All watched pages can be read." in trouble.text
    assert list(trouble.context["shrunken"]) == [shrunk]
    assert "600 to 5 characters" in trouble.text or "599 to 5 characters" in trouble.text
    assert (
        "A healthy page"
        in BeautifulSoup(client.get(health, {"all": ""}).content, "lxml")
        .select_one("#result_list")
        .get_text()
    )


def test_health_does_not_call_pages_readable_that_were_never_read(client, editor):
    health = reverse("admin:consent_change_health")
    page = make_page(make_platform())
    assert "1 never read" in client.get(health).text
    assert "All watched pages can be read" not in client.get(health).text
    Page.objects.filter(pk=page.pk).update(last_looked_at=timezone.now())
    assert "All watched pages can be read" in client.get(health).text
    Outage.objects.create(began_at=timezone.now(), last_tried_at=timezone.now())
    assert "Our own connection is down since" in client.get(health).text
    assert "All watched pages can be read" not in client.get(health).text


def test_a_report_leads_to_where_its_subject_is_edited(client, editor):
    platform = make_platform()
    entry, guide = make_entry(platform), make_guide(platform)
    with arranged():
        make_report(about=entry.get_absolute_url())
        make_report(about=platform.get_absolute_url())
        make_report(about="/de" + guide.get_absolute_url())
        make_report(about="/no/such/page")
    shown = client.get(reverse("admin:consent_readerreport_queue")).text
    assert reverse("admin:consent_entry_revise", args=[entry.pk]) in shown
    assert reverse("admin:platforms_platform_change", args=[platform.pk]) in shown
    assert reverse("admin:consent_guide_check", args=[guide.pk]) in shown
