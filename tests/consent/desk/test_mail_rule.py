"""One rule for all mail: a look with the number of people, ten minutes, undo; old news is quiet."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from consent.models import Alert, Entry, Guide, Letter, Subscriber, Subscription
from tests.arranging import arranged
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import press

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


@pytest.fixture
def reader(db):
    reader = Subscriber.objects.create(
        address="a@b.example", normalised="a@b.example", state="active"
    )
    Subscription.objects.create(subscriber=reader, scope="everything")
    return reader


@pytest.fixture
def guide(reader):
    """A guide whose page changed, and a reader who had mail about what it refuses."""
    use = make_use(make_platform("chirp"))
    make_state(use)
    control = make_control(use)
    guide = make_guide(use.platform, control, source_changed_at=timezone.now())
    entry = make_entry(use.platform)
    with arranged():
        entry.uses.add(use)
    Alert.objects.create(
        entry=entry,
        subscriber=reader,
        subscription=reader.subscriptions.get(),
        kind="change",
        frequency="as-it-happens",
        due_at=timezone.now(),
        sent_at=timezone.now(),
    )
    return guide


def address(guide):
    return reverse("admin:consent_guide_check", args=[guide.pk])


def letters():
    return Letter.objects.filter(kind="new-steps")


NEW_STEPS = {"act": ["Open the new menu.", "", "", ""]}


def test_new_steps_are_saved_after_a_look_at_the_mail_and_it_waits_ten_minutes(
    client, editor, guide
):
    look = press(client, client.get(address(guide)), "outcome", "steps-changed", **NEW_STEPS)
    assert "1 person who had an alert about this" in " ".join(look.text.split())
    assert "New steps for Chirp" in look.text
    assert not letters().exists()
    assert guide.surfaces.get().steps.count() == 2
    press(client, look, "mail", "now")
    assert guide.surfaces.get().steps.count() == 1
    assert letters().get().due_at > timezone.now() + dt.timedelta(minutes=9)


def test_steps_that_were_edited_after_the_look_are_looked_at_again(client, editor, guide):
    look = press(client, client.get(address(guide)), "outcome", "steps-changed", **NEW_STEPS)
    again = press(client, look, "mail", "now", act=["Open another menu.", "", "", ""])
    assert "Save these and mail 1 person" in again.text
    assert guide.surfaces.get().steps.count() == 2


@pytest.mark.parametrize("role", ["Editor", "Curator"])
def test_undo_brings_back_steps_and_banner_and_no_mail_leaves(client, person, guide, role):
    client.force_login(person(role))
    look = press(client, client.get(address(guide)), "outcome", "steps-changed", **NEW_STEPS)
    saved = press(client, look, "mail", "now")
    form = BeautifulSoup(saved.content, "lxml").select_one("form.desk-undo")
    assert client.post(form["action"], follow=True).status_code == 200
    assert not letters().exists()
    assert guide.surfaces.get().steps.count() == 2
    assert Guide.objects.get().is_doubtful()


def test_new_steps_can_be_saved_without_mail_and_right_ones_mail_nobody(client, editor, guide):
    look = press(client, client.get(address(guide)), "outcome", "steps-changed", **NEW_STEPS)
    press(client, look, "mail", "quietly")
    assert guide.surfaces.get().steps.count() == 1
    with arranged():
        Guide.objects.update(source_changed_at=timezone.now())
    press(client, client.get(address(guide)), "outcome", "still-right")
    assert not Guide.objects.get().is_doubtful()
    assert not letters().exists()


def test_where_nobody_would_be_mailed_new_steps_are_saved_at_once(client, editor):
    guide = make_guide(make_platform(), source_changed_at=timezone.now())
    press(client, client.get(address(guide)), "outcome", "steps-changed", **NEW_STEPS)
    assert guide.surfaces.get().steps.count() == 1


def first_button(page):
    """What the key for publishing presses."""
    return BeautifulSoup(page.content, "lxml").select_one('[name=publish][data-key="P"]')["value"]


@pytest.mark.parametrize(("age", "how"), [(89, "now"), (91, "quietly")])
def test_what_is_old_is_published_quietly_unless_somebody_decides_otherwise(
    client, editor, reader, age, how
):
    draft = make_entry(
        make_platform(), status="draft", published_at=None, effective_on=days_ago(age)
    )
    make_source(draft)
    form = client.get(reverse("admin:consent_entry_publish", args=[draft.pk]))
    look = press(client, form, "look")
    assert first_button(look) == how
    press(client, look, "publish", first_button(look))
    assert Entry.objects.published().get().quiet == (how == "quietly")
    assert Alert.objects.exists() == (how == "now")


def test_an_old_capture_that_an_import_brought_is_published_quietly(client, editor, change, reader):
    seen = timezone.now() - dt.timedelta(days=400)
    type(change).objects.update(observed_from=seen, observed_to=seen)
    form = client.get(reverse("admin:consent_change_publish", args=[change.pk]))
    look = press(client, form, "look", effective_on="")
    assert first_button(look) == "quietly"
