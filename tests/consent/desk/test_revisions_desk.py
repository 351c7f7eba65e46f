"""Published entries are revised in public, with a reason, and never edited in place."""

import datetime as dt

import pytest
from django.urls import reverse

from consent.curation import decisions
from consent.curation.publishing import NewState
from consent.models import Decision, Entry, Revision, State
from consent.vocabulary import PublicationStatus, StateValue
from tests.factories import (
    make_control,
    make_entry,
    make_platform,
    make_source,
    make_state,
    make_use,
)
from tests.pages import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BEGAN, LATER = dt.date(2026, 3, 1), dt.date(2026, 9, 1)


@pytest.fixture
def entry(editor):
    """An entry from an outside source, published, with a state that it opened."""
    platform = make_platform()
    use = make_use(platform)
    make_control(use)
    make_state(use, StateValue.NOT_USED)
    draft = make_entry(
        platform, status=PublicationStatus.DRAFT, published_at=None, effective_on=BEGAN
    )
    make_source(draft)
    turned = NewState(use.branches.get(), StateValue.UNLESS_REFUSED, BEGAN)
    return decisions.publish_by_hand(draft, curator=editor, states=[turned])


def revise(client, entry, kind, **given):
    prefix = {"correction": "correct", "postponement": "postpone", "retraction": "retract"}[kind]
    page = client.get(reverse("admin:consent_entry_revise", args=[entry.pk]))
    data = fields_of(page, f"[name=kind][value={kind}]")
    data |= {f"{prefix}-{name}": value for name, value in given.items()}
    return client.post(reverse("admin:consent_entry_revise", args=[entry.pk]), data)


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


def test_a_postponement_moves_the_states_with_the_date(client, entry):
    revise(client, entry, "postponement", to=LATER.isoformat(), reason="Put off after protests.")
    assert [state.starts_on for state in State.objects.all()] == [None, LATER]
    revise(client, entry, "postponement", to=BEGAN.isoformat(), reason="Back again.")
    assert [state.starts_on for state in State.objects.all()] == [None, BEGAN]
    assert Revision.objects.count() == 2


def test_a_retraction_takes_the_states_back_and_the_page_says_why(client, entry):
    revise(client, entry, "retraction", reason="It was a hoax.")
    state = State.objects.get()
    assert (state.value, state.starts_on) == (StateValue.NOT_USED, None)
    page = client.get(entry.get_absolute_url())
    assert page.status_code == 410
    assert "It was a hoax." in page.content.decode()


@pytest.mark.parametrize("kind", ["correction", "postponement", "retraction"])
def test_a_revision_without_a_reason_is_refused(client, entry, kind):
    assert revise(client, entry, kind, reason=" ").status_code == 422
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
