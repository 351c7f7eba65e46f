"""Published entries are revised in public, with a reason, and never edited in place."""

import datetime as dt
import hashlib

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from consent.alerts.mails.compose import render_batch
from consent.curation import decisions
from consent.curation.publication import NewState
from consent.declarations import export_catalog, read_catalog
from consent.models import (
    Alert,
    Decision,
    Entry,
    Letter,
    Revision,
    State,
    Subscriber,
    Subscription,
)
from consent.vocabulary import PublicationStatus, StateValue
from tests.arranging import arranged
from tests.consent.alerts.readers import Clock
from tests.factories import (
    make_control,
    make_entry,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of, press

# On PostgreSQL: what is marked. The rest is about pages; rulings are in tests/consent/curation.
pytestmark = pytest.mark.django_db

#: What the names of fields begin with, by kind of revision.
PREFIXES = {"correction": "correct", "postponement": "postpone", "retraction": "retract"}
BEGAN, LATER = dt.date(2026, 3, 1), dt.date(2026, 9, 1)


@pytest.fixture
def entry(editor):
    """An entry from an outside source, published, with a state that it opened."""
    platform = make_platform()
    use = make_use(platform, data_kinds=["public-posts"])
    make_control(use)
    make_state(use, StateValue.NOT_USED)
    draft = make_entry(
        platform,
        status=PublicationStatus.DRAFT,
        status_reason="Not reviewed yet.",
        published_at=None,
        effective_on=BEGAN,
    )
    make_source(draft)
    turned = NewState(use.branches.get(), StateValue.UNLESS_REFUSED, BEGAN)
    return decisions.publish_by_hand(draft, curator=editor, states=[turned])


def revise(client, entry, kind, **given):
    prefix = PREFIXES[kind]
    page = client.get(reverse("admin:consent_entry_revise", args=[entry.pk]))
    data = fields_of(page, f"[name=kind][value={kind}]")
    data |= {f"{prefix}-{name}": value for name, value in given.items()}
    look = client.post(reverse("admin:consent_entry_revise", args=[entry.pk]), data | {"look": "1"})
    return look if look.status_code == 422 else press(client, look, "publish", "now")


def reader(entry):
    """A subscriber who had mail about an entry."""
    person = Subscriber.objects.create(
        address="r@b.example", normalised="r@b.example", state="active"
    )
    wish = Subscription.objects.create(
        subscriber=person, scope="everything", frequency="as-it-happens"
    )
    Alert.objects.create(
        entry=entry,
        subscriber=person,
        subscription=wish,
        kind="change",
        frequency="as-it-happens",
        due_at=timezone.now(),
        sent_at=timezone.now(),
    )
    return person


def looked_at(client, entry, kind, **given):
    page = client.get(reverse("admin:consent_entry_revise", args=[entry.pk]))
    data = fields_of(page, f"[name=kind][value={kind}]") | given
    return client.post(reverse("admin:consent_entry_revise", args=[entry.pk]), data | {"look": "1"})


def test_the_preview_says_what_changes_and_whom_it_reaches_and_writes_nothing(client, entry):
    reader(entry)
    given = {"postpone-to": LATER.isoformat(), "postpone-reason": "Put off."}
    page = client.get(reverse("admin:consent_entry_revise", args=[entry.pk]))
    assert f"in effect, now {BEGAN}" in page.text
    look = looked_at(client, entry, "postponement", **given)
    preview = look.context["rehearsal"]
    assert preview.mailed == 1
    [moved] = preview.states
    assert moved.endswith(f"from {BEGAN} to {LATER}")
    assert "Put off." in preview.mail
    assert not Revision.objects.exists()
    assert not Letter.objects.exists()
    typed = {"postpone-reason": "Something else."}
    again = press(client, look, "publish", "now", **typed)
    assert "please look again" in again.text
    assert not Revision.objects.exists()


def test_mail_about_a_revision_waits_and_undoing_it_lets_none_leave(client, entry):
    reader(entry)
    done = revise(client, entry, "correction", title="What is false", reason="A slip.")
    letter = Letter.objects.get()
    assert letter.due_at == Revision.objects.get().undo_until
    undone = undo(client, done)
    assert "Taken back" in undone.text
    entry.refresh_from_db()
    assert entry.title != "What is false"
    assert not Letter.objects.exists()
    last, first = Revision.objects.all()
    assert (last.kind, last.undoes) == ("taken-back", first)
    assert not Entry.objects.corrected().exists()


def undo(client, page):
    """Press the undo button of the bar of a page."""
    markup = BeautifulSoup(page.content, "lxml").select_one("form.desk-undo")
    sent = {field["name"]: field["value"] for field in markup.select("input[name]")}
    return client.post(markup["action"], sent, follow=True)


def test_a_postponement_moves_the_states_with_the_date_and_is_undone_with_them(client, entry):
    done = revise(client, entry, "postponement", to=LATER.isoformat(), reason="Put off.")
    assert [state.starts_on for state in State.objects.all()] == [None, LATER]
    undo(client, done)
    entry.refresh_from_db()
    assert entry.effective_on == BEGAN
    assert [state.starts_on for state in State.objects.all()] == [None, BEGAN]
    assert not Entry.objects.put_off().exists()


@pytest.mark.database
def test_a_wrong_retraction_is_taken_back_later_with_its_states_and_mail(client, entry, editor):
    person = reader(entry)
    before = State.objects.filter(opened_by=entry).values().get()
    revise(client, entry, "retraction", reason="It was a hoax.")
    letter = Letter.objects.get()
    with Clock(timezone.now() + dt.timedelta(days=2)):
        client.force_login(editor)
        Letter.objects.update(claimed_at=timezone.now(), sent_at=timezone.now())
        page = client.get(reverse("admin:consent_entry_revise", args=[entry.pk]))
        refused = press(client, page, "undo")
        assert "Say why" in refused.text
        press(client, refused, "undo", reason="It was no hoax after all.")
        assert client.get(entry.get_absolute_url()).status_code == 200
    entry.refresh_from_db()
    assert entry.status == PublicationStatus.PUBLISHED
    again = State.objects.filter(opened_by=entry).values().get()
    assert {**again, "id": 0} == {**before, "id": 0}
    second = Letter.objects.exclude(pk=letter.pk).get()
    assert second.subscriber == person
    [(_, mail)] = render_batch([second])
    assert "It was no hoax after all." in mail.text


def test_mail_that_a_wrong_retraction_cancelled_is_written_again(client, editor):
    person = Subscriber.objects.create(
        address="d@b.example", normalised="d@b.example", state="active"
    )
    Subscription.objects.create(subscriber=person, scope="everything", frequency="daily")
    draft = make_entry(make_platform(), status=PublicationStatus.DRAFT, published_at=None)
    make_source(draft)
    entry = decisions.publish_by_hand(draft, curator=editor)
    given = {"retract-reason": "It was a hoax."}
    look = looked_at(client, entry, "retraction", **given)
    assert (look.context["rehearsal"].cancelled, look.context["rehearsal"].mailed) == (1, 0)
    done = press(client, look, "publish", "now")
    assert not Alert.objects.exists()
    undo(client, done)
    assert Alert.objects.get().subscriber == person


def test_only_the_last_revision_is_taken_back_and_only_once(client, entry):
    done = revise(client, entry, "correction", title="One", reason="A slip.")
    revise(client, entry, "correction", title="Two", reason="Another slip.")
    assert "Only the last revision" in undo(client, done).text
    entry.refresh_from_db()
    assert entry.title == "Two"


def test_an_entry_by_hand_leaves_its_publication_in_the_log(entry, editor):
    decision = Decision.objects.get()
    assert (decision.change, decision.entry, decision.curator) == (None, entry, editor)


def test_a_correction_says_what_it_changed_and_why(client, entry):
    revise(client, entry, "correction", title="What is true", reason="We had misread it.")
    entry.refresh_from_db()
    assert entry.title == "What is true"
    revision = Revision.objects.get()
    assert revision.reason == "We had misread it."
    assert [(field["field"], field["after"]) for field in revision.changed] == [
        ("Sentence", "What is true")
    ]
    assert list(Entry.objects.for_change_page().get().revisions.all()) == [revision]


def test_a_retraction_takes_the_states_back_and_the_page_says_why(client, entry):
    revise(client, entry, "retraction", reason="It was a hoax.")
    state = State.objects.get()
    assert (state.value, state.starts_on) == (StateValue.NOT_USED, None)
    page = client.get(entry.get_absolute_url())
    assert page.status_code == 410
    assert "It was a hoax." in page.content.decode()


def test_a_revision_without_a_reason_is_refused(client, entry):
    page = client.get(reverse("admin:consent_entry_revise", args=[entry.pk]))
    for kind, prefix in PREFIXES.items():
        data = fields_of(page, f"[name=kind][value={kind}]") | {f"{prefix}-reason": " "}
        assert client.post(page.request["PATH_INFO"], data | {"look": "1"}).status_code == 422
    assert not Revision.objects.exists()


def test_a_stale_revision_is_refused(client, entry):
    page = reverse("admin:consent_entry_revise", args=[entry.pk])
    answer = client.post(page, {"kind": "retraction", "seen": "x", "retract-reason": "Wrong."})
    assert "Somebody else revised this" in answer.content.decode()
    assert not Revision.objects.exists()


def test_what_is_published_cannot_be_edited_in_place(client, entry):
    page = reverse("admin:consent_entry_change", args=[entry.pk])
    assert client.post(page, {"title": "Quietly different"}).status_code == 403
    assert "Correct, postpone or retract" in client.get(page).content.decode()


def test_a_curator_revises_nothing(client, entry, person):
    client.force_login(person("Curator", name="bob"))
    page = reverse("admin:consent_entry_revise", args=[entry.pk])
    assert client.get(page).status_code == 403
    assert client.post(page, {"kind": "retraction"}).status_code == 403


def test_a_correction_names_other_uses_and_controls_and_is_undone(client, entry):
    platform = entry.platforms.get()
    (use,) = entry.uses.all()
    other = make_use(platform, title="Your chats train its models")
    control = make_control(other, label="Improve the model")
    given = {"uses": [str(use.pk), str(other.pk)], "controls": [str(control.pk)]}
    done = revise(client, entry, "correction", reason="It is about chats too.", **given)
    assert set(entry.uses.all()) == {use, other}
    assert list(entry.controls.all()) == [control]
    changed = {row["field"]: row["after"] for row in Revision.objects.get().changed}
    assert changed["Controls"] == "Improve the model"
    undo(client, done)
    assert list(entry.uses.all()) == [use]
    assert not entry.controls.exists()


def test_a_revised_entry_is_unpublished_once_its_revision_is_taken_back(client, entry, tmp_path):
    done = revise(client, entry, "correction", title="Mended", reason="A slip.")
    unpublish = reverse("admin:consent_entry_undo", args=[entry.pk])
    refused = client.post(unpublish, follow=True)
    assert "take the revision back first" in refused.text
    assert reverse("admin:consent_entry_revise", args=[entry.pk]) in refused.text
    undo(client, done)
    client.post(unpublish)
    entry.refresh_from_db()
    assert entry.status == PublicationStatus.DRAFT
    assert not entry.opened_states.exists()
    assert "Mended" not in client.get("/corrections").text
    export_catalog(tmp_path)
    assert not read_catalog(tmp_path).entries[entry.key].revised
    form = client.get(reverse("admin:consent_entry_publish", args=[entry.pk]))
    press(client, press(client, form, "look"), "publish", "now")
    assert Entry.objects.published().filter(pk=entry.pk).exists()


def test_sources_are_part_of_a_correction_and_of_taking_it_back(client, entry):
    source = entry.sources.get()
    with arranged():
        words = "They train on posts."
        source.passages.create(words=words, sha256=hashlib.sha256(words.encode()).hexdigest())
    before = list(entry.sources.values()), list(source.passages.values())
    place = reverse("admin:consent_entry_revise", args=[entry.pk])
    typed = fields_of(client.get(place), "[name=kind][value=correction]") | {
        "correct-reason": "A second newspaper, and the words were wrong.",
        "sources-0-words": "They train on public posts.",
        "sources-1-url": "post.example/story",
        "sources-1-publisher": "The Post",
        "sources-1-published_on": "2026-03-05",
    }
    look = client.post(place, typed | {"look": "1"})
    assert look.status_code == 200, look.context["source_mistakes"]
    [changed] = look.context["rehearsal"].fields
    assert changed.label == "Sources"
    assert "“They train on posts.”" in str(changed.before)
    assert "The Post, 2026-03-05, https://post.example/story" in str(changed.after)
    assert entry.sources.count() == 1
    done = press(client, look, "publish", "now")
    assert [each.publisher for each in entry.sources.all()] == [source.publisher, "The Post"]
    assert source.passages.get().words == "They train on public posts."
    assert "The Post" in client.get(entry.get_absolute_url()).text
    undo(client, done)
    assert (list(entry.sources.values()), list(source.passages.values())) == before


def test_a_mistake_in_a_source_is_named_and_the_last_source_stays(client, entry):
    place = reverse("admin:consent_entry_revise", args=[entry.pk])
    shown = fields_of(client.get(place), "[name=kind][value=correction]")
    typed = shown | {"correct-reason": "A slip."}
    wrong = client.post(place, typed | {"sources-0-archived_url": "https://a.example", "look": "1"})
    assert wrong.status_code == 422
    assert 'href="#id_sources-0-archived_url"' in wrong.text
    assert fields_of(wrong, "[name=kind][value=correction]")["correct-reason"] == "A slip."
    none = client.post(place, typed | {"sources-0-DELETE": "on", "look": "1"})
    assert "keeps at least one source" in none.text
    same = client.post(place, typed | {"look": "1"})
    assert "Nothing is different" in same.text
    assert entry.sources.count() == 1


def test_sources_that_somebody_else_corrected_meanwhile_are_not_overwritten(client, entry, editor):
    place = reverse("admin:consent_entry_revise", args=[entry.pk])
    stale = fields_of(client.get(place), "[name=kind][value=correction]")
    with arranged():
        entry.sources.update(publisher="The Times")
    refused = client.post(place, stale | {"correct-reason": "Mine.", "look": "1"})
    assert "Somebody else revised this" in refused.text
