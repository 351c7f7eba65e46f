"""A change that tells two events leads to two entries."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from consent.curation import decisions, drafts
from consent.models import Entry
from consent.vocabulary import ChangeStatus, PublicationStatus
from tests.arranging import arranged
from tests.factories import make_change, make_page
from tests.pages import press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]

SECOND = {
    "title": "Chirp now says how people object to training",
    "summary": "The page names a setting.",
    "effects": ["opt-out-added"],
    "direction": "more-control",
    "effective_on": "2026-03-03",
    "quote": "Perch",
}


def item(change):
    return reverse("admin:consent_change_change", args=[change.pk])


def publish_first(client, change):
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    return press(client, press(client, form, "look"), "publish", "now")


def follow(client, page, words):
    """Follow the first link of a page with these words."""
    links = BeautifulSoup(page.content, "lxml").select("a")
    (address, *_) = [link["href"] for link in links if words in link.get_text()]
    return client.get(address, follow=True)


def begin_second(client, change):
    """Publish one entry of a change, and open the form of a second one from its item."""
    ada = User.objects.get(username="ada")
    decisions.publish(change, entry=drafts.draft_entry(change), curator=ada)
    return follow(client, client.get(item(change)), "tells something else too")


def publish_second(client, change):
    look = press(client, begin_second(client, change), "look", **SECOND)
    assert look.status_code == 200, look.context["form"].errors
    return press(client, look, "publish", "now")


@pytest.mark.database
def test_two_entries_are_published_from_one_change_with_its_difference(client, editor, change):
    form = follow(client, publish_first(client, change), "tells something else too")
    assert "What it says about training" in form.text
    assert not BeautifulSoup(form.content, "lxml").select_one("[name=title]").get("value")
    look = press(client, form, "look", **SECOND)
    press(client, look, "publish", "now")

    first, second = Entry.objects.published().order_by("published_at")
    assert second.title == SECOND["title"]
    change.refresh_from_db()
    assert (change.status, change.entry) == (ChangeStatus.PUBLISHED, first)
    for entry in (first, second):
        public = client.get(entry.get_absolute_url()).text
        assert f'id="compared-{change.pk}"' in public
    page = client.get(item(change)).text
    assert first.title in page
    assert second.title in page


def test_each_of_two_entries_is_undone_by_itself(client, editor, change):
    publish_second(client, change)
    first, second = Entry.objects.published().order_by("published_at")
    client.post(reverse("admin:consent_change_undo", args=[change.pk]))
    change.refresh_from_db()
    first.refresh_from_db()
    assert (change.status, first.status) == (ChangeStatus.WAITING, PublicationStatus.DRAFT)
    assert Entry.objects.published().get() == second
    client.post(reverse("admin:consent_entry_undo", args=[second.pk]))
    assert not Entry.objects.published().exists()


def test_the_draft_of_a_second_entry_opens_beside_the_difference(client, editor, change):
    press(client, begin_second(client, change), "draft", **SECOND)
    draft = Entry.objects.get(title=SECOND["title"])
    assert draft.status == PublicationStatus.DRAFT
    for page in (
        follow(client, client.get(item(change)), SECOND["title"]),
        client.get(reverse("admin:consent_entry_publish", args=[draft.pk]), follow=True),
    ):
        assert "The whole difference" in page.text
        assert (
            BeautifulSoup(page.content, "lxml").select_one("[name=title]")["value"]
            == (SECOND["title"])
        )
    press(client, press(client, page, "look"), "publish", "now")
    assert Entry.objects.published().count() == 2


def test_a_second_entry_that_is_sent_twice_is_saved_once(client, editor, change):
    form = begin_second(client, change)
    press(client, form, "draft", **SECOND)
    again = press(client, form, "draft", **SECOND)
    assert "since you opened it" in again.text
    assert Entry.objects.filter(title=SECOND["title"]).count() == 1


def test_after_a_second_entry_the_curator_goes_on_where_the_list_was(client, editor, change):
    page = make_page(change.page.platform)
    following = make_change(page, "One.", "Two.")
    make_change(page, "Two.", "Three.")
    form = follow(client, publish_first(client, change), "tells something else too")
    done = press(client, press(client, form, "look", **SECOND), "publish", "now")
    assert done.request["PATH_INFO"] == item(following)


def test_a_second_editor_sees_the_difference_of_a_second_entry(client, editor, change):
    form = begin_second(client, change)
    with arranged():
        type(change.page.platform).objects.update(second_review=True)
    press(client, press(client, form, "look", **SECOND), "publish", "now")
    waiting = Entry.objects.awaiting_second_review().get()
    bob = Client()
    bob.force_login(User.objects.create_superuser("bob"))
    page = bob.get(reverse("admin:consent_entry_review", args=[waiting.pk]))
    assert "<ins>" in page.text
    press(bob, page, "confirm")
    assert Entry.objects.published().count() == 2


def test_a_published_change_is_not_offered_to_be_merged(client, editor, change):
    form = begin_second(client, change)
    first = Entry.objects.published().get()
    same = SECOND | {"effects": first.effects, "effective_on": str(first.timeline_on)}
    look = press(client, form, "look", **same)
    assert "An event like it is on record" in look.text
    assert "merge the change into it" not in look.text


def test_the_form_of_a_second_entry_is_open_until_it_is_saved(client, editor, change):
    press(client, begin_second(client, change), "draft", **SECOND)
    draft = Entry.objects.get(title=SECOND["title"])
    address = f"{reverse('admin:consent_change_publish', args=[change.pk])}?another={draft.pk}"
    form = client.get(address)
    bob = Client()
    bob.force_login(User.objects.create_superuser("bob"))
    assert "Open by ada since" in bob.get(address).text
    press(client, form, "draft", title="A shorter title")
    assert "Open by ada since" not in bob.get(address).text
