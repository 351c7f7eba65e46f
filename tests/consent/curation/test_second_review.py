"""The second review of entries: what waits, who may confirm it, and what is logged."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from consent.curation import decisions, drafts, revisions
from consent.curation.decisions import AlreadyDecidedError
from consent.curation.publication import NewState
from consent.curation.undo import undo
from consent.models import (
    Alert,
    Branch,
    Change,
    Decision,
    Entry,
    Revision,
    State,
    Subscriber,
    Subscription,
)
from consent.vocabulary import ChangeStatus, DismissReason, Ruling, StateValue
from platforms.models import Platform
from tests.arranging import arranged
from tests.factories import make_change, make_entry, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(change):
    """A waiting change of a platform that requires a second reviewer, and a subscriber."""
    with arranged():
        Platform.objects.update(second_review=True)
    reader = Subscriber.objects.create(
        address="reader@example.org", normalised="reader@example.org", state="active"
    )
    Subscription.objects.create(subscriber=reader, scope="everything", frequency="as-it-happens")
    return Change.objects.get(pk=change.pk)


def turned(change) -> NewState:
    return NewState(
        Branch.objects.get(), StateValue.UNLESS_REFUSED, change.observed_to.date(), note="By letter"
    )


@pytest.fixture
def proposed(change, ada):
    return decisions.publish(
        change, entry=drafts.draft_entry(change), curator=ada, states=[turned(change)]
    )


@pytest.mark.database
def test_what_one_editor_publishes_waits_unseen_and_untold(change, proposed, ada):
    change.refresh_from_db()
    assert not Entry.objects.published().exists()
    assert not Alert.objects.exists()
    assert State.objects.get().value == StateValue.NOT_OFFERED
    assert Entry.objects.awaiting_second_review().get() == proposed
    assert (proposed.reviewer, change.status) == (ada, ChangeStatus.PROPOSED)
    assert not Change.objects.waiting().exists()


def test_another_editor_confirms_it_and_both_are_named(change, proposed, ada, bob):
    decisions.confirm(proposed, curator=bob)
    entry = Entry.objects.published().reviewed_twice().get()
    assert (entry.reviewer, entry.second_reviewer) == (ada, bob)
    opened = State.objects.exclude(starts_on=None).get()
    assert (opened.value, opened.note, opened.opened_by) == (
        StateValue.UNLESS_REFUSED,
        "By letter",
        entry,
    )
    assert Alert.objects.get().entry == entry
    change.refresh_from_db()
    assert change.status == ChangeStatus.PUBLISHED
    assert [
        (decision.ruling, decision.curator) for decision in change.decisions.order_by("pk")
    ] == [
        (Ruling.PROPOSE, ada),
        (Ruling.PUBLISH, bob),
    ]


def test_the_same_person_is_refused_and_nothing_is_written(proposed, ada):
    with pytest.raises(ValidationError, match="somebody else confirms"):
        decisions.confirm(proposed, curator=ada)
    assert not Entry.objects.published().exists()
    assert Decision.objects.get().ruling == Ruling.PROPOSE


@pytest.mark.database
def test_the_database_itself_refuses_one_person_in_both_places(proposed, ada):
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(second_reviewer=ada, second_reviewed_at=timezone.now())


def test_nobody_rules_on_a_change_that_waits_for_a_second_reviewer(change, proposed, bob):
    with pytest.raises(AlreadyDecidedError, match="is waiting for a second reviewer by ada"):
        decisions.dismiss(change, curator=bob, reason=DismissReason.NOISE)
    with pytest.raises(ValidationError, match="send it back"):
        decisions.reopen(change, curator=bob)


@pytest.mark.parametrize("who", ["bob", "ada"])
def test_it_is_sent_back_with_a_reason_by_either(change, proposed, who, bob):
    curator = User.objects.get(username=who)
    with pytest.raises(ValidationError, match="Say why"):
        decisions.send_back(proposed, curator=curator, note=" ")
    decisions.send_back(proposed, curator=curator, note="The date is not in the passage.")
    assert Change.objects.waiting().get() == change
    draft = Entry.objects.get()
    assert (draft.status, draft.reviewer) == ("draft", None)
    assert draft.status_reason == "Sent back: The date is not in the passage."
    with pytest.raises(AlreadyDecidedError):
        decisions.confirm(draft, curator=bob)


def test_only_the_first_of_two_confirmations_counts(proposed, bob):
    carol = User.objects.create_user("carol")
    decisions.confirm(proposed, curator=bob)
    with pytest.raises(AlreadyDecidedError, match="waits for no second reviewer"):
        decisions.confirm(proposed, curator=carol)
    assert Entry.objects.get().second_reviewer == bob


def test_what_no_longer_holds_together_is_not_confirmed(change, proposed, bob):
    with arranged():
        State.objects.update(starts_on=change.observed_to.date() + dt.timedelta(days=3))
    with pytest.raises(ValidationError, match="must start later"):
        decisions.confirm(proposed, curator=bob)
    assert Entry.objects.awaiting_second_review().get() == proposed


def test_earlier_changes_told_together_are_merged_only_when_it_is_confirmed(change, ada, bob):
    earlier = make_change(change.page, "a", "b")
    entry = decisions.publish(
        change, entry=drafts.draft_entry(change), curator=ada, settling=[earlier]
    )
    earlier.refresh_from_db()
    assert earlier.status == ChangeStatus.WAITING
    decisions.confirm(entry, curator=bob)
    earlier.refresh_from_db()
    assert (earlier.status, earlier.entry) == (ChangeStatus.MERGED, entry)
    assert not Decision.objects.merges_for_second_reviewer().exists()  # both have seen it


def test_a_change_merged_into_what_is_public_waits_for_another_pair_of_eyes(proposed, ada, bob):
    """Its comparison is on the entry's page at once."""
    later = make_change(Change.objects.get().page, "a", "b")
    entry = decisions.confirm(proposed, curator=bob)
    assert not Decision.objects.merges_for_second_reviewer().exists()
    decisions.merge(later, into=entry, curator=bob)
    (waiting,) = Decision.objects.merges_for_second_reviewer()
    assert waiting.change == later
    with pytest.raises(ValidationError, match="somebody else looks"):
        decisions.add_review(entry, curator=bob)
    decisions.add_review(entry, curator=ada)
    assert not Decision.objects.merges_for_second_reviewer().exists()


def test_a_merge_that_was_taken_back_waits_for_nobody(proposed, ada, bob):
    later = make_change(Change.objects.get().page, "a", "b")
    entry = decisions.confirm(proposed, curator=bob)
    decisions.merge(later, into=entry, curator=bob)
    decisions.reopen(Change.objects.get(pk=later.pk), curator=bob)
    assert not Decision.objects.merges_for_second_reviewer().exists()


def test_undoing_a_proposal_puts_the_change_back_into_the_queue(change, proposed, ada):
    undo(change.decisions.first(), curator=ada)
    assert Change.objects.waiting().get() == change
    assert not Entry.objects.awaiting_second_review().exists()


def test_undoing_the_confirmation_lets_it_wait_again(change, proposed, ada, bob):
    decisions.confirm(proposed, curator=bob)
    undo(change.decisions.first(), curator=bob)
    entry = Entry.objects.awaiting_second_review().get()
    assert (entry.reviewer, entry.second_reviewer) == (ada, None)
    assert not Alert.objects.exists()
    assert State.objects.get().value == StateValue.NOT_OFFERED
    change.refresh_from_db()
    assert change.status == ChangeStatus.PROPOSED
    decisions.confirm(entry, curator=bob)
    assert Entry.objects.reviewed_twice().get() == entry


def test_an_entry_by_hand_waits_as_well(change, ada, bob):
    entry = make_entry(change.page.platform, status="draft", published_at=None)
    make_source(entry)
    decisions.publish_by_hand(entry, curator=ada)
    assert not Entry.objects.published().exists()
    decisions.confirm(entry, curator=bob)
    assert Entry.objects.published().reviewed_twice().get() == entry
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        undo(entry.decisions.first(), curator=bob)
    assert Entry.objects.awaiting_second_review().get() == entry


def test_a_quiet_proposal_is_published_quietly(change, ada, bob):
    entry = drafts.draft_entry(change)
    entry.quiet = True
    decisions.publish(change, entry=entry, curator=ada)
    decisions.confirm(entry, curator=bob)
    assert Entry.objects.published().get().quiet
    assert not Alert.objects.exists()


def test_somebody_else_puts_a_name_to_what_is_public_and_takes_it_off_again(change, ada, bob):
    with arranged():
        Platform.objects.update(second_review=False)
    change = Change.objects.get(pk=change.pk)
    entry = decisions.publish(change, entry=drafts.draft_entry(change), curator=ada)
    edited = Entry.objects.get().updated_at
    with pytest.raises(ValidationError, match="a reviewer of this entry already"):
        decisions.add_review(entry, curator=ada)
    decisions.add_review(entry, curator=bob)
    assert Entry.objects.reviewed_twice().get().updated_at == edited
    with pytest.raises(ValidationError, match="two reviewers already"):
        decisions.add_review(entry, curator=User.objects.create_user("carol"))
    undo(entry.decisions.first(), curator=bob)
    assert Entry.objects.published().get().second_reviewer is None


def mend(entry, editor, title):
    return revisions.correct(entry, reason="A slip.", editor=editor, title=title)


def test_a_correction_is_public_at_once_and_then_waits_for_another_pair_of_eyes(proposed, ada, bob):
    entry = decisions.confirm(proposed, curator=bob)
    mended = mend(entry, ada, "Mended")
    assert Entry.objects.published().get().title == "Mended"
    assert list(Revision.objects.for_second_reviewer()) == [mended]
    with pytest.raises(ValidationError, match="You revised this"):
        decisions.add_review(entry, curator=ada)
    decisions.add_review(entry, curator=bob)
    assert not Revision.objects.for_second_reviewer().exists()
    entry.refresh_from_db()
    assert (entry.reviewer, entry.second_reviewer) == (ada, bob)
    assert entry.second_reviewed_at > mended.revised_at
    undo(entry.decisions.first(), curator=bob)
    entry.refresh_from_db()
    assert entry.second_reviewed_at < mended.revised_at
    assert list(Revision.objects.for_second_reviewer()) == [mended]


def test_who_revises_in_turn_has_looked_and_is_looked_at_next(proposed, ada, bob):
    entry = decisions.confirm(proposed, curator=bob)
    mend(entry, ada, "Mended")
    again = mend(entry, bob, "Mended again")
    assert list(Revision.objects.for_second_reviewer()) == [again]
    decisions.add_review(entry, curator=ada)
    assert not Revision.objects.for_second_reviewer().exists()
    entry.refresh_from_db()
    assert entry.reviewed_at > again.revised_at
    assert entry.second_reviewer == bob


def test_a_third_person_can_stand_for_what_was_revised(proposed, ada, bob):
    entry = decisions.confirm(proposed, curator=bob)
    mend(entry, ada, "Mended")
    carol = User.objects.create_user("carol")
    decisions.add_review(entry, curator=carol)
    entry.refresh_from_db()
    assert (entry.reviewer, entry.second_reviewer) == (ada, carol)


def test_a_retraction_waits_for_nobody_and_leaves_nothing_to_look_at(proposed, ada, bob):
    entry = decisions.confirm(proposed, curator=bob)
    mend(entry, ada, "Mended")
    revisions.retract(entry, reason="It was not so.", editor=ada)
    assert not Entry.objects.published().exists()
    assert not Revision.objects.for_second_reviewer().exists()


def test_corrections_wait_for_nobody_where_no_second_reviewer_is_asked_for(proposed, ada, bob):
    entry = decisions.confirm(proposed, curator=bob)
    mend(entry, ada, "Mended")
    with arranged():
        Platform.objects.update(second_review=False)
    assert not Revision.objects.for_second_reviewer().exists()


def test_an_entry_from_a_file_gets_a_first_name_before_a_second(ada, bob):
    entry = make_entry()
    decisions.add_review(entry, curator=ada)
    assert not Entry.objects.reviewed_twice().exists()
    decisions.add_review(entry, curator=bob)
    entry.refresh_from_db()
    assert (entry.reviewer, entry.second_reviewer) == (ada, bob)
