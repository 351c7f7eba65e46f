"""Colleagues see who has a change or a draft, who has its form open, and each other's notes."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from consent.models import Assignment, DeskNote, Entry
from tests.factories import make_entry, make_platform, make_source
from tests.pages import press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


@pytest.fixture(autouse=True)
def nothing_is_open():
    cache.clear()


@pytest.fixture
def colleague(person):
    """Another editor, eva, with her own browser."""
    browser = Client()
    browser.force_login(person("Editor", name="eva"))
    return browser


def item(change):
    return reverse("admin:consent_change_change", args=[change.pk])


def form(change):
    return reverse("admin:consent_change_publish", args=[change.pk])


def test_a_change_is_taken_and_handed_over(client, editor, colleague, change):
    page = press(client, client.get(item(change)), "person", str(editor.pk))
    assert "ada has it since" in page.text
    assert "ada has it" in colleague.get(reverse("admin:consent_change_changelist")).text
    eva = Assignment.objects.get().person._meta.model.objects.get(username="eva")
    page = press(client, page, "give", person=str(eva.pk))
    assert Assignment.objects.get().person == eva
    page = press(client, page, "give", person="")
    assert "Nobody has it" in page.text
    assert not Assignment.objects.exists()


def test_the_queue_marks_a_draft_with_its_owner_or_with_nobody(client, editor, change):
    press(client, client.get(form(change)), "draft", title="Mine")
    queue = reverse("admin:consent_change_changelist")
    assert "draft, ada has it" in client.get(queue).text
    press(client, client.get(item(change)), "give", person="")
    assert "draft, nobody has it" in client.get(queue).text


def test_a_form_says_who_opened_it_until_it_is_saved(client, editor, colleague, change):
    mine = client.get(form(change))
    assert "Open by" not in mine.text
    assert "Open by ada since" in colleague.get(form(change)).text
    assert "Open by ada since" in colleague.get(item(change)).text
    assert "Open by" not in client.get(form(change)).text
    press(client, mine, "draft", title="Mine")
    assert "Open by" not in colleague.get(form(change)).text
    assert "ada has it since" in colleague.get(item(change)).text


def test_a_note_is_seen_by_colleagues_and_stops_no_undo_and_no_draft(
    client, editor, colleague, change
):
    mine = client.get(form(change))
    page = press(colleague, colleague.get(item(change)), "write", text="<b>Ask</b> Kai first.")
    assert "eva: &lt;b&gt;Ask&lt;/b&gt; Kai first." in page.text
    saved = press(client, mine, "draft", title="Mine")
    assert "The draft is saved" in saved.text
    assert "Kai first." in saved.text


def test_an_empty_note_is_refused(client, editor, change):
    page = press(client, client.get(item(change)), "write", text="")
    assert "Write the note first" in page.text
    assert not DeskNote.objects.exists()


@pytest.mark.database
def test_a_conflict_names_who_saved_and_what_differs(client, editor, colleague, change):
    mine, theirs = client.get(form(change)), colleague.get(form(change))
    press(colleague, theirs, "draft", title="Theirs")
    refused = press(client, mine, "draft", title="Mine")
    assert "eva saved this" in refused.text
    assert "What you typed differs in: Title." in refused.text
    assert Entry.objects.get().title == "Theirs"


def test_a_draft_without_a_change_is_shared_as_well(client, editor, colleague):
    draft = make_entry(make_platform(), status="draft", published_at=None)
    make_source(draft)
    address = reverse("admin:consent_entry_publish", args=[draft.pk])
    mine, theirs = client.get(address), colleague.get(address)
    assert "Open by ada since" in theirs.text
    page = press(colleague, theirs, "write", text="Is this in the record already?")
    assert "eva: Is this in the record already?" in page.text
    page = press(client, mine, "draft", title="Mine")
    assert "ada has it since" in page.text
    refused = press(colleague, theirs, "draft", title="Theirs")
    assert "ada saved this" in refused.text


def test_who_may_not_decide_leaves_no_note(client, person, change):
    client.force_login(person("Desk reader"))
    assert "Leave the note" not in client.get(item(change)).text
    note = reverse("admin:consent_change_note", args=[change.pk])
    assert client.post(note, {"text": "x"}).status_code == 403
