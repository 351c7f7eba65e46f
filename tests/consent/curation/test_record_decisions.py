"""Decisions on uses, controls and guides: publish, change, withdraw and undo."""

import datetime as dt
import hashlib

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from consent.curation import decisions, record_decisions, revisions
from consent.curation.publication import NewState
from consent.curation.undo import undo
from consent.models import Control, Decision, Entry, Passage, State, Use
from consent.vocabulary import Effect, Ruling, StateValue
from platforms.models import Platform, RecordVersion
from tests.arranging import arranged
from tests.consent.public_rows import public_rows, without_numbers
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_page,
    make_platform,
    make_source,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 1)


@pytest.fixture
def platform():
    return make_platform("chirp")


@pytest.fixture
def use(platform):
    """A public use with a history, evidence with its words, a page and a control with a guide."""
    use = make_use(platform, data_kinds=["public-posts"])
    make_source(None, state=make_state(use, StateValue.NOT_USED))
    present = make_state(use, StateValue.UNLESS_REFUSED, starts_on=DAY)
    control = make_control(use)
    guide = make_guide(platform, control)
    make_source(None, guide=guide)
    with arranged():
        use.pages.add(make_page(platform))
        source = make_source(None, state=present)
        words = "We train on posts."
        sha256 = hashlib.sha256(words.encode()).hexdigest()
        Passage.objects.create(source=source, words=words, sha256=sha256)
    return use


def whole(platform, status):
    """A record of each kind without faults, in a status."""
    use = make_use(platform, data_kinds=["chats"], status=status)
    make_source(None, state=make_state(use, StateValue.NOT_USED))
    control = make_control(use, status=status)
    guide = make_guide(platform, control, status=status)
    make_source(None, guide=guide)
    return use, control, guide


def stored(record):
    return record_decisions.version_of_record(record)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_draft_becomes_public_by_a_decision_and_goes_by_another(platform, ada, which):
    record = whole(platform, "draft")[which]
    record_decisions.publish_record(record, curator=ada)
    record.refresh_from_db()
    assert record.status == "published"
    record_decisions.withdraw_record(record, curator=ada, reason="It was never so.")
    record.refresh_from_db()
    assert (record.status, record.status_reason) == ("retracted", "It was never so.")
    rulings = [
        (decision.ruling, decision.record, decision.curator)
        for decision in Decision.objects.order_by("pk")
    ]
    assert rulings == [(Ruling.PUBLISH, record, ada), (Ruling.WITHDRAW, record, ada)]
    versions = RecordVersion.objects.filter(kind=record._meta.model_name, act_kind="decision")
    named = versions.order_by("version").values_list("record_id", "declaration__status", "by")
    assert list(named) == [(record.pk, "published", ada.pk), (record.pk, "retracted", ada.pk)]


@pytest.mark.database
@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_was_decided_is_taken_back_to_the_last_row(platform, ada, which):
    record = whole(platform, "published")[which]
    before = stored(record), public_rows()
    with record_decisions.change_record(record, curator=ada):
        record.note = "Other words"
        record.save(update_fields=["note"])
    undo(record.decisions.first(), curator=ada)
    record_decisions.withdraw_record(record, curator=ada, reason="Wrong.")
    undo(record.decisions.first(), curator=ada)
    assert (stored(record), public_rows()) == before
    rulings = [decision.ruling for decision in record.decisions.order_by("pk")]
    assert rulings == [Ruling.CHANGE, Ruling.UNDO, Ruling.WITHDRAW, Ruling.UNDO]


@pytest.mark.database
def test_states_sources_and_typed_words_come_back(use, ada):
    before = stored(use)
    with record_decisions.change_record(use, curator=ada):
        use.branches.get().states.all().delete()
        use.pages.clear()
        State.objects.create(branch=use.branches.get(), value=StateValue.UNCLEAR)
    decision = Decision.objects.get()
    assert stored(use) != before
    undo(decision, curator=ada)
    assert stored(use) == before
    assert Passage.objects.get().words == "We train on posts."
    assert {key for key, _, _ in record_decisions.differences(decision)} == {"branches", "pages"}


def test_what_changed_since_is_not_taken_back(use, ada, bob):
    with record_decisions.change_record(use, curator=ada):
        use.note = "Mine"
        use.save(update_fields=["note"])
    entry = make_entry(
        use.platform, effects=[Effect.DEFAULT_OFF], effective_on=DAY + dt.timedelta(days=9),
        status="draft", published_at=None,
    )  # fmt: skip
    make_source(entry)
    state = NewState(use.branches.get(), StateValue.ONLY_IF_AGREED, entry.effective_on)
    decisions.publish_by_hand(entry, curator=bob, states=[state])
    with pytest.raises(ValidationError, match="Something else changed this since"):
        undo(use.decisions.get(), curator=ada)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        assert not Decision.objects.undoable(ada, dt.datetime.now(dt.UTC)).exists()


@pytest.mark.database
def test_nothing_changes_past_the_door(use):
    record = Use.objects.get(pk=use.pk)
    for refusable in (
        lambda: Use.objects.filter(pk=record.pk).update(title="Smuggled"),
        lambda: State.objects.update(value="not-used"),
        lambda: record.branches.update(places=["DE"]),
        lambda: Control.objects.update(refuse="turn-on"),
        lambda: Control.objects.get().uses.clear(),
    ):
        refused = pytest.raises(IntegrityError, match="only within an act")
        with refused, transaction.atomic():
            refusable()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": "Block AI training"}, "begins like a switch"),
        ({"title": "Improve the model for everyone"}, "begins like a switch"),
        ({"data_kinds": []}, "data_kinds"),
    ],
)
def test_a_use_that_would_be_read_backwards_is_not_saved(use, ada, fields, said):
    before = public_rows()
    with (
        pytest.raises(ValidationError, match=said),
        record_decisions.change_record(use, curator=ada),
    ):
        Use.objects.filter(pk=use.pk).update(**fields)
    assert public_rows() == before
    assert not Decision.objects.exists()


def test_a_use_that_can_be_refused_keeps_a_control(use, ada):
    control = Control.objects.get()
    for losing in (
        lambda: record_decisions.withdraw_record(control, curator=ada, reason="Gone."),
        lambda: emptied(control, ada),
    ):
        with pytest.raises(ValidationError, match=r"unless-refused.*no control"):
            losing()
    assert not Decision.objects.exists()


def test_a_guide_keeps_a_control_on_each_surface_of_its_steps(use, ada):
    control = Control.objects.get()
    with (
        pytest.raises(ValidationError, match=r"steps on web, but none of its controls"),
        record_decisions.change_record(control, curator=ada),
    ):
        control.surfaces.update(surface="ios")
    assert control.surfaces.get().surface == "web"


def emptied(control, curator):
    other = make_use(control.platform, data_kinds=["chats"])
    make_state(other, StateValue.UNCLEAR)
    with record_decisions.change_record(control, curator=curator):
        control.uses.set([other])


def test_an_entry_opens_no_state_that_nobody_could_refuse(platform, ada):
    use = make_use(platform, data_kinds=["chats"])
    make_source(None, state=make_state(use, StateValue.NOT_USED))
    entry = make_entry(platform, status="draft", published_at=None, effective_on=DAY)
    make_source(entry)
    state = NewState(use.branches.get(), StateValue.UNLESS_REFUSED, DAY)
    with pytest.raises(ValidationError, match="no control"):
        decisions.publish_by_hand(entry, curator=ada, states=[state])
    assert not Entry.objects.published().exists()
    make_control(use)
    entry.refresh_from_db()
    decisions.publish_by_hand(entry, curator=ada, states=[state])
    assert State.objects.last().opened_by == entry


def test_a_status_is_not_changed_on_the_side(use, ada):
    refused = pytest.raises(ValidationError, match="buttons of their own")
    with refused, record_decisions.change_record(use, curator=ada):
        Use.objects.filter(pk=use.pk).update(status="draft")
    use.refresh_from_db()
    assert use.status == "published"


def test_a_second_editor_publishes_what_the_first_saw_and_nothing_else(platform, ada, bob):
    with arranged():
        Platform.objects.update(second_review=True)
    use, _, _ = whole(platform, "draft")
    record_decisions.publish_record(use, curator=ada)
    with pytest.raises(ValidationError, match="somebody else publishes it"):
        record_decisions.publish_record(use, curator=ada)
    use.title = "Chats train Chirp's models"
    use.save()
    record_decisions.publish_record(use, curator=bob)  # not ada's words: a proposal of his
    use.refresh_from_db()
    assert use.status == "draft"
    record_decisions.publish_record(use, curator=ada)
    use.refresh_from_db()
    assert use.status == "published"
    rulings = [(decision.ruling, decision.curator) for decision in use.decisions.order_by("pk")]
    assert rulings == [(Ruling.PROPOSE, ada), (Ruling.PROPOSE, bob), (Ruling.PUBLISH, ada)]


@pytest.fixture
def announcement(use):
    """An announcement with a day in the future, and its due state."""
    due = DAY + dt.timedelta(days=30)
    entry = make_entry(
        use.platform, effects=[Effect.ANNOUNCED], announced_on=DAY, effective_on=None, due_on=due
    )
    make_state(use, StateValue.NO_WAY_OUT, starts_on=due, opened_by=entry)
    return entry


def effect_of(platform, *, effects, effective_on=None, announced_on=None):
    entry = make_entry(
        platform,
        effects=effects,
        effective_on=effective_on,
        announced_on=announced_on,
        status="draft",
        published_at=None,
    )
    make_source(entry)
    return entry


def test_an_effect_settles_its_announcement_and_takes_the_place_of_what_was_due(
    use, announcement, ada
):
    earlier = DAY + dt.timedelta(days=20)
    effect = effect_of(use.platform, effects=[Effect.DEFAULT_OFF], effective_on=earlier)
    state = NewState(use.branches.get(), StateValue.ONLY_IF_AGREED, earlier)
    before = without_numbers(public_rows())
    decisions.publish_by_hand(effect, curator=ada, states=[state], settles=[announcement])
    announcement.refresh_from_db()
    assert announcement.outcome == effect
    assert [state.value for state in use.branches.get().states.all()] == [
        StateValue.NOT_USED,
        StateValue.UNLESS_REFUSED,
        StateValue.ONLY_IF_AGREED,
    ]
    undo(effect.decisions.get(), curator=ada)
    announcement.refresh_from_db()
    assert announcement.outcome is None
    assert without_numbers(public_rows()) == before


def test_what_is_put_off_ends_all_that_was_due(use, announcement, ada):
    off = effect_of(use.platform, effects=[Effect.POSTPONED], announced_on=DAY)
    decisions.publish_by_hand(off, curator=ada, settles=[announcement])
    assert [state.value for state in use.branches.get().states.all()] == [
        StateValue.NOT_USED,
        StateValue.UNLESS_REFUSED,
    ]


def test_what_is_settled_is_not_settled_again(use, announcement, ada):
    first, second = (
        effect_of(use.platform, effects=[Effect.POSTPONED], announced_on=DAY) for _ in range(2)
    )
    decisions.publish_by_hand(first, curator=ada, settles=[announcement])
    with pytest.raises(ValidationError, match="settled already"):
        decisions.publish_by_hand(second, curator=ada, settles=[announcement])


def test_once_seen_due_becomes_effective_and_the_state_moves_along(use, announcement, ada):
    seen_on = DAY + dt.timedelta(days=33)
    revisions.correct(announcement, reason="Seen.", editor=ada, due_on=None, effective_on=seen_on)
    state = State.objects.get(opened_by=announcement)
    assert (state.starts_on, state.is_pending) == (seen_on, False)
