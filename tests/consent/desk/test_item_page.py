"""The curator's item page inside the admin."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from consent.models import Entry, Setting, State
from consent.vocabulary import ChangeStatus, StateValue
from tests.practice.watched import turned_on

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def change():
    return turned_on()


@pytest.fixture
def curator(client):
    user = User.objects.create_superuser("ada")
    client.force_login(user)
    return user


def url(name, change):
    return reverse(f"admin:consent_change_{name}", args=[change.pk])


def filled(client, change, **more):
    """What a browser would post from the prefilled publish page."""
    page = client.get(url("publish", change))
    data = {
        name: "" if field.value() is None else field.value()
        for form in (page.context["form"], *page.context["states"])
        for name, field in ((bound.html_name, bound) for bound in form)
    }
    data["regions"] = "worldwide"
    return data | more


def test_the_queue_lists_the_change_with_its_suggestion(client, curator, change):
    page = client.get(reverse("admin:consent_change_changelist"))
    assert change.suggestion.effects[0] in page.content.decode()
    assert "not confirmed yet" in page.content.decode()


def test_the_item_shows_the_difference_word_by_word(client, curator, change):
    page = client.get(url("change", change)).content.decode()
    assert "<ins>" in page
    assert "on by default" in page


def test_opening_the_publish_page_writes_nothing(client, curator, change):
    assert client.get(url("publish", change)).status_code == 200
    assert not Entry.objects.exists()


def test_publishing_from_the_prefilled_page_makes_it_public(client, curator, change):
    setting = Setting.objects.get()
    data = filled(client, change, title="Chirp now trains Perch on public posts by default")
    data |= {
        f"setting-{setting.pk}-value": StateValue.ON_BY_DEFAULT,
        f"setting-{setting.pk}-starts_on": "2026-03-03",
    }
    client.post(url("publish", change), data)
    entry = Entry.objects.published().get()
    assert entry.title == "Chirp now trains Perch on public posts by default"
    assert State.objects.get(ends_on=None).opened_by == entry


def test_a_state_without_its_day_is_refused_and_nothing_is_lost(client, curator, change):
    setting = Setting.objects.get()
    data = filled(client, change, title="A title that must survive")
    data |= {
        f"setting-{setting.pk}-value": StateValue.ON_BY_DEFAULT,
        f"setting-{setting.pk}-starts_on": "",
    }
    page = client.post(url("publish", change), data)
    assert page.status_code == 422
    assert "Say from which day" in page.content.decode()
    assert "A title that must survive" in page.content.decode()
    assert not Entry.objects.published().exists()


def test_a_draft_is_saved_and_stays_private(client, curator, change):
    client.post(url("publish", change), filled(client, change, title="Not yet", draft="1"))
    assert Entry.objects.get().title == "Not yet"
    assert client.get(Entry.objects.get().get_absolute_url()).status_code == 404


def test_dismissing_needs_a_reason(client, curator, change):
    client.post(url("dismiss", change), {"reason": ""})
    change.refresh_from_db()
    assert change.status == ChangeStatus.WAITING
    client.post(url("dismiss", change), {"reason": "noise", "note": "a vote count"})
    change.refresh_from_db()
    assert change.status == ChangeStatus.DISMISSED


def test_a_get_rules_on_nothing(client, curator, change):
    for name in ("dismiss", "merge", "snooze", "reopen"):
        assert client.get(url(name, change)).status_code == 405


@pytest.mark.parametrize("name", ["publish", "dismiss", "merge", "snooze", "reopen"])
def test_who_may_only_look_rules_on_nothing(client, change, name):
    reader = User.objects.create_user("bob", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_change"))
    client.force_login(reader)
    assert client.post(url(name, change), {"reason": "noise"}).status_code == 403
    change.refresh_from_db()
    assert change.status == ChangeStatus.WAITING


def test_who_is_not_logged_in_is_asked_to(client, change):
    answer = client.get(url("change", change))
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_a_script_in_a_captured_page_is_shown_as_text(client, curator, change):
    hostile = "<script>alert(1)</script> we train on your posts"
    type(change.after_document).objects.filter(pk=change.after_document.pk).update(text=hostile)
    page = client.get(url("change", change)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
