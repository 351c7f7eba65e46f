"""The second reviewer's page, and who may open it."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from consent.curation import decisions, drafts, revisions
from consent.curation.publication import NewState
from consent.desk.roles import CURATOR, EDITOR
from consent.models import Branch, Decision, Entry, Revision, State
from consent.vocabulary import StateValue, Why
from platforms.models import Platform
from tests.arranging import arranged
from tests.consent.desk.test_item_page import filled, publish
from tests.consent.desk.test_manual_entries import published_by_hand
from tests.factories import make_change, make_entry, make_source
from tests.pages import fields_of, press

# On PostgreSQL: the rulings in tests/consent/curation, and every page in test_walk.py.
pytestmark = pytest.mark.django_db

QUEUE = "/admin/consent/entry/reviews/"


@pytest.fixture
def bob(person):
    return person(EDITOR, name="bob")


@pytest.fixture
def waiting(editor, change):
    """An entry that Ada, who is logged in, has proposed."""
    with arranged():
        Platform.objects.update(second_review=True)
    decisions.publish(change, entry=drafts.draft_entry(change), curator=editor)
    return Entry.objects.get()


def page(entry, name="review"):
    return reverse(f"admin:consent_entry_{name}", args=[entry.pk])


def opened(client, entry):
    """Return the fields of the page's form, without a button."""
    return fields_of(client.get(page(entry)), "[name=version]")


def send(client, entry, **button):
    return client.post(page(entry), opened(client, entry) | button, follow=True)


def test_the_first_editor_is_told_that_it_waits_and_finds_it_in_the_queue(client, editor, change):
    with arranged():
        Platform.objects.update(second_review=True)
    answer = publish(client, change, filled(client, change))
    assert "Sent to a second reviewer" in answer.text
    waiting = Entry.objects.get()
    assert not Entry.objects.published().exists()
    listed = client.get(QUEUE).content.decode()
    assert waiting.title in listed
    assert "Second review (1)" in listed
    assert "you: somebody else confirms" in listed
    item = client.get(reverse("admin:consent_change_change", args=[change.pk])).content.decode()
    assert "waiting for a second reviewer" in item
    assert page(waiting) in item


def test_the_second_editor_sees_what_readers_get_and_confirms_it(client, change, waiting, bob):
    client.force_login(bob)
    html = client.get(page(waiting)).content.decode()
    assert "What readers will get" in html
    assert "<ins>" in html
    assert not Entry.objects.published().exists()
    done = send(client, waiting, confirm="1")
    assert "reviewed twice" in done.content.decode()
    published = Entry.objects.published().reviewed_twice().get()
    told = BeautifulSoup(done.content, "lxml").select_one(".messagelist")
    assert told.a["href"] == published.get_absolute_url()
    public = client.get(published.get_absolute_url()).content.decode()
    assert public.count("by an editor,") == 2
    assert "Reviewed a second time" in public


def test_what_a_new_state_says_of_itself_waits_with_it(client, editor, change, bob):
    with arranged():
        Platform.objects.update(second_review=True)
    branch = Branch.objects.get()
    said = {"said_by": "A newspaper", "why": Why.NOT_SAID, "earlier": ""}
    new = NewState(branch, StateValue.UNCLEAR, dt.date(2026, 3, 3), **said)
    entry = drafts.draft_entry(change)
    decisions.publish(change, entry=entry, states=[new], curator=editor)
    client.force_login(bob)
    send(client, entry, confirm="1")
    state = State.objects.get(opened_by=entry)
    assert {name: getattr(state, name) for name in said} == said


def test_the_first_editor_who_forges_a_confirmation_is_refused(client, waiting):
    answer = send(client, waiting, confirm="1").content.decode()
    assert "somebody else confirms" in answer
    assert not Entry.objects.published().exists()


def test_a_page_that_somebody_else_moved_meanwhile_confirms_nothing(client, waiting, bob):
    client.force_login(bob)
    seen = opened(client, waiting)
    Entry.objects.get(pk=waiting.pk).save()
    answer = client.post(page(waiting), seen | {"confirm": "1"}).content.decode()
    assert "Somebody else changed this" in answer
    assert not Entry.objects.published().exists()


@pytest.mark.parametrize("button", [{}, {"version": "1/0/never", "confirm": "1"}])
def test_a_forged_version_confirms_nothing(client, waiting, bob, button):
    client.force_login(bob)
    client.post(page(waiting), {"confirm": "1"} | button)
    assert not Entry.objects.published().exists()


def test_it_is_sent_back_only_with_a_reason(client, change, waiting, bob):
    client.force_login(bob)
    assert "Say why" in send(client, waiting, **{"return": "1"}).content.decode()
    send(client, waiting, **{"return": "1"}, note="Wrong region.")
    change.refresh_from_db()
    assert change.status == "waiting"
    assert Entry.objects.get().status_reason == "Sent back: Wrong region."


def test_the_undo_bar_takes_back_a_proposal(client, change, waiting):
    listed = client.get(QUEUE).content.decode()
    undo = reverse("admin:consent_change_undo", args=[change.pk])
    assert undo in listed
    client.post(undo)
    change.refresh_from_db()
    assert change.status == "waiting"


def test_a_curator_without_the_right_to_publish_confirms_nothing(client, person, waiting):
    client.force_login(person(CURATOR, name="carol"))
    assert client.get(QUEUE).status_code == 200
    assert client.get(page(waiting)).status_code == 403
    assert client.post(page(waiting), {"confirm": "1"}).status_code == 403
    assert client.post(page(waiting, "undo")).status_code == 403


def test_what_waits_cannot_be_edited_on_the_side(client, waiting):
    changed = reverse("admin:consent_entry_change", args=[waiting.pk])
    assert client.post(changed, {"title": "Smuggled"}).status_code == 403
    assert Entry.objects.get().title == waiting.title


def test_what_is_published_by_hand_waits_for_a_second_reviewer_too(client, editor, change):
    with arranged():
        Platform.objects.update(second_review=True)
    draft = make_entry(change.page.platform, status="draft", published_at=None)
    make_source(draft)
    answer = published_by_hand(client, draft)
    assert "Sent to a second reviewer" in answer.content.decode()
    assert Entry.objects.awaiting_second_review().get() == draft
    opened = client.get(page(draft, "publish"), follow=True)
    assert "waits for a second reviewer, by now" in opened.content.decode()
    client.post(page(draft, "undo"))
    assert not Entry.objects.awaiting_second_review().exists()


def test_a_second_name_is_added_to_what_is_public_and_undone(client, editor, change, bob):
    entry = decisions.publish(change, entry=drafts.draft_entry(change), curator=editor)
    assert "a reviewer of this entry already" in client.get(page(entry)).content.decode()
    client.force_login(bob)
    send(client, entry, name="1")
    assert Entry.objects.reviewed_twice().get() == entry
    client.post(page(entry, "undo"))
    assert not Entry.objects.reviewed_twice().exists()
    assert Decision.objects.filter(ruling="undo", curator=bob).exists()


def test_a_correction_is_looked_at_by_another_editor_and_not_if_it_moved_meanwhile(
    client, editor, waiting, bob
):
    decisions.confirm(waiting, curator=bob)
    revisions.correct(waiting, reason="A <b>slip</b>.", editor=editor, title="Mended")
    listed = client.get(QUEUE).content.decode()
    assert "Second review (1)" in listed
    assert "A &lt;b&gt;slip&lt;/b&gt;." in listed
    assert "You revised this" in client.get(page(waiting)).content.decode()
    client.force_login(bob)
    stale = opened(client, waiting)
    assert "Mended" in client.get(page(waiting)).content.decode()
    revisions.correct(waiting, reason="Once more.", editor=editor, title="Mended again")
    client.post(page(waiting), stale | {"name": "1"})
    assert Revision.objects.for_second_reviewer().count() == 2
    send(client, waiting, name="1")
    assert not Revision.objects.for_second_reviewer().exists()
    assert "Second review (" not in client.get(QUEUE).content.decode()


def test_nobody_takes_back_what_another_ruled(client, editor, change, bob):
    entry = decisions.publish(change, entry=drafts.draft_entry(change), curator=editor)
    decisions.add_review(entry, curator=bob)
    client.post(page(entry, "undo"))
    assert Entry.objects.reviewed_twice().get() == entry


def test_an_editor_does_not_switch_the_second_review_off(client, editor, change):
    with arranged():
        Platform.objects.update(second_review=True)
    address = reverse("admin:platforms_platform_change", args=[change.page.platform_id])
    form = client.get(address).context["adminform"].form
    assert "second_review" not in form.fields
    assert "name" in form.fields


def test_a_script_in_an_address_that_an_entry_rests_on_is_no_link(client, waiting, bob):
    waiting.sources.update(url="javascript:alert(1)", publisher="<b>x</b>")
    client.force_login(bob)
    html = client.get(page(waiting)).content.decode()
    assert 'href="javascript:' not in html
    assert "<b>x</b>" not in html


def test_an_entry_by_hand_is_taken_back_within_ten_minutes(client, editor, change):
    draft = make_entry(change.page.platform, status="draft", published_at=None)
    make_source(draft)
    published_by_hand(client, draft)
    assert Entry.objects.published().get() == draft
    assert page(draft, "undo") in client.get(QUEUE).content.decode()
    client.post(page(draft, "undo"))
    assert not Entry.objects.published().exists()


def test_a_merge_by_one_editor_is_listed_until_another_looked(client, waiting, bob):
    entry = decisions.confirm(waiting, curator=bob)
    later = make_change(entry.changes.get().page, "a", "b")
    decisions.merge(later, into=entry, curator=bob)
    queue = client.get(QUEUE)
    assert f"/admin/consent/change/{later.pk}/" in queue.text
    assert "Second review (1)" in queue.text
    press(client, client.get(page(entry)), "name")
    assert f"/admin/consent/change/{later.pk}/" not in client.get(QUEUE).text
