"""A form can be sent after a preview, but not after somebody else saved."""

import pytest
from django.urls import reverse

from consent.desk.roles import CURATOR, EDITOR
from consent.models import Entry, Guide, Use
from platforms.models import Platform
from platforms.versions import version_of
from tests.arranging import arranged
from tests.factories import make_entry, make_platform
from tests.pages import press

# On PostgreSQL: the rulings in tests/consent/curation, and every page in test_walk.py.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_bar")]


def open_change(client, change):
    return client.get(reverse("admin:consent_change_publish", args=[change.pk]))


def save_draft(client, change, **typed):
    typed |= {}
    answer = press(client, open_change(client, change), "draft", **typed)
    assert "The draft is saved" in answer.text


def look_and_publish(client, change):
    look = press(client, open_change(client, change), "look")
    assert "What readers will get" in look.text
    return press(client, look, "publish", "now")


def test_a_draft_that_a_curator_saved_is_published_by_an_editor(client, person, change):
    client.force_login(person(CURATOR, name="carol"))
    save_draft(client, change)
    client.force_login(person(EDITOR, name="ed"))
    assert "Published:" in look_and_publish(client, change).text


def test_a_saved_draft_is_published_and_once_it_was_taken_back_again(client, editor, change):
    save_draft(client, change)
    assert "Published:" in look_and_publish(client, change).text
    assert Entry.objects.published().count() == 1
    client.post(reverse("admin:consent_change_undo", args=[change.pk]))
    assert not Entry.objects.published().exists()
    assert "Published:" in look_and_publish(client, change).text


def test_what_was_sent_back_is_sent_on_again(client, person, change):
    with arranged():
        Platform.objects.update(second_review=True)
    first, second = person(EDITOR, name="ed"), person(EDITOR, name="eve")
    client.force_login(first)
    save_draft(client, change)
    look_and_publish(client, change)
    client.force_login(second)
    review = reverse("admin:consent_entry_review", args=[Entry.objects.get().pk])
    press(client, client.get(review), "return", note="Wrong region.")
    client.force_login(first)
    assert "Sent to a second reviewer" in look_and_publish(client, change).text


def test_what_was_looked_at_twice_and_changed_between_is_published(client, editor, change):
    save_draft(client, change)
    look = press(client, open_change(client, change), "look")
    again = press(client, look, "look", title="Better words")
    assert ">Better words</a>" in press(client, again, "publish", "now").text


def test_a_look_at_a_stale_page_stays_refused(client, editor, change):
    save_draft(client, change)
    stale = open_change(client, change)
    save_draft(client, change, title="Newer words")
    refused = press(client, stale, "look")
    assert "Somebody else worked on this" in refused.text
    # Looking again does not turn the stale words into fresh ones.
    assert "Newer words" in Entry.objects.get().title


def test_a_version_ignores_what_only_an_object_in_memory_says():
    platform = make_platform()
    entry = make_entry(platform, status="draft", published_at=None)
    row = Entry.objects.filter(pk=entry.pk).values()
    seen = version_of(row)
    entry.title = "Only here"
    assert version_of(row) == seen
    entry.save()
    assert version_of(row) != seen


def test_versions_of_different_rows_differ():
    nothing = version_of(Guide.objects.values())
    assert nothing == version_of(Use.objects.values())
    assert nothing != version_of(Guide.objects.values(), Use.objects.values())
