"""Decisions on changes: what they write, and what they refuse."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from consent.curation import decisions, drafts
from consent.curation.decisions import AlreadyDecidedError
from consent.curation.publication import NewState, open_state
from consent.curation.undo import undo
from consent.curation.verification import check_surface
from consent.models import (
    Alert,
    Branch,
    Change,
    Control,
    Decision,
    Entry,
    Guide,
    State,
    Subscriber,
    Subscription,
    Suggestion,
    Use,
)
from consent.vocabulary import (
    ChangeStatus,
    CheckOutcome,
    DismissReason,
    Effect,
    Ruling,
    StateValue,
    Surface,
)
from tests.arranging import arranged
from tests.factories import make_change, make_entry, make_page, make_platform, make_use

pytestmark = pytest.mark.django_db


def on_by_default(change) -> NewState:
    return NewState(Branch.objects.get(), StateValue.UNLESS_REFUSED, change.observed_to.date())


def test_a_draft_is_prefilled_from_the_suggestion_and_not_public(change):
    entry = drafts.draft_entry(change)
    assert entry.effects == change.suggestion.effects
    assert entry.direction == "less-control"
    assert entry.sources.get().snapshot == change.after
    assert not Entry.objects.published().exists()
    assert drafts.draft_entry(change) == entry


@pytest.mark.database
def test_publishing_puts_the_entry_on_the_timeline_and_moves_the_state(change, curator):
    entry = drafts.draft_entry(change)
    decisions.publish(change, entry=entry, curator=curator, states=[on_by_default(change)])
    change.refresh_from_db()
    assert Entry.objects.published().get() == entry
    assert (change.status, change.entry) == (ChangeStatus.PUBLISHED, entry)
    before, now = State.objects.order_by("pk")
    assert (before.value, before.starts_on) == (StateValue.NOT_OFFERED, None)
    assert (now.value, now.starts_on) == (StateValue.UNLESS_REFUSED, change.observed_to.date())
    assert (now.branch, now.opened_by) == (before.branch, entry)
    assert Decision.objects.get().ruling == Ruling.PUBLISH


@pytest.mark.database
def test_the_second_of_two_curators_is_told_and_overwrites_nothing(change, curator):
    decisions.dismiss(change, curator=curator, reason=DismissReason.NOISE)
    with pytest.raises(AlreadyDecidedError, match="dismissed by ada"):
        decisions.dismiss(change, curator=curator, reason=DismissReason.WORDING)
    assert Decision.objects.get().reason == DismissReason.NOISE


def test_an_entry_without_evidence_is_refused_and_nothing_is_written(change, curator):
    entry = drafts.draft_entry(change)
    entry.sources.all().delete()
    with pytest.raises(ValidationError, match="add a source"):
        decisions.publish(change, entry=entry, curator=curator, states=[on_by_default(change)])
    change.refresh_from_db()
    assert change.status == ChangeStatus.WAITING
    assert State.objects.count() == 1


def test_wording_only_opens_no_state(change, curator):
    entry = drafts.draft_entry(change)
    entry.effects = [Effect.WORDING_ONLY]
    with pytest.raises(ValidationError, match="wording only"):
        decisions.publish(change, entry=entry, curator=curator, states=[on_by_default(change)])


def test_a_state_cannot_start_before_the_present_one(change, curator):
    with arranged():
        open_state(on_by_default(change))
    early = NewState(Branch.objects.get(), StateValue.ONLY_IF_AGREED, dt.date(2020, 1, 1))
    with pytest.raises(ValidationError, match="must start later"):
        open_state(early)


def test_a_snoozed_change_comes_back_on_its_day(change, curator):
    today = dt.date.today()
    decisions.snooze(change, until=today + dt.timedelta(days=3), curator=curator)
    assert not Change.objects.waiting().exists()
    Change.objects.update(snoozed_until=today)
    assert Change.objects.waiting().get() == change


def test_a_change_that_tells_nothing_new_is_merged_into_its_entry(change, curator):
    published = make_entry(change.page.platform)
    decisions.merge(change, into=published, curator=curator)
    change.refresh_from_db()
    assert (change.status, change.entry) == (ChangeStatus.MERGED, published)


def test_a_dismissed_change_can_be_put_back_and_a_published_one_cannot(change, curator):
    decisions.dismiss(change, curator=curator, reason=DismissReason.NOISE)
    decisions.reopen(change, curator=curator)
    assert Change.objects.waiting().get() == change
    decisions.publish(change, entry=drafts.draft_entry(change), curator=curator)
    with pytest.raises(ValidationError, match="corrected, not reopened"):
        decisions.reopen(change, curator=curator)


def test_a_guide_that_rests_on_the_page_says_that_its_source_changed(change, curator):
    guide = Guide.objects.get()
    with arranged():
        surface = guide.surfaces.create(surface=Surface.WEB, verified_on=dt.date(2026, 3, 1))
    assert guide.trust() == "source-changed"
    assert guide.source_change == change
    check_surface(surface, CheckOutcome.STILL_RIGHT, curator=curator)
    guide.refresh_from_db()
    assert guide.source_changed_at is None


def test_a_use_that_rests_on_the_page_says_so_until_the_change_is_told(change, curator):
    assert Use.objects.get().source_change == change
    decisions.publish(change, entry=drafts.draft_entry(change), curator=curator)
    assert Use.objects.get().source_changed_at is None
    assert Guide.objects.get().source_change == change


def test_a_dismissed_change_takes_its_marks_back(change, curator):
    decisions.dismiss(change, curator=curator, reason=DismissReason.NOISE)
    assert Use.objects.get().source_changed_at is None
    assert Guide.objects.get().source_changed_at is None


def another_use(change):
    """Another use of the platform that is based on the same page."""
    use = make_use(change.page.platform, title="Chats train Perch's models")
    with arranged():
        use.pages.add(change.page)


def test_the_uses_whose_control_the_changed_words_name_are_those_of_the_entry(change):
    another_use(change)
    *_, named = change.suggestion.settings
    control = Control.objects.get(slug=named)
    assert list(drafts.draft_entry(change).uses.all()) == list(control.uses.all())


def test_a_control_that_was_renamed_while_the_change_waited_is_still_the_one_named(change):
    another_use(change)
    *_, named = change.suggestion.settings
    control = Control.objects.get(slug=named)
    with arranged():
        control.slug = "training-switch"
        control.save()
    assert list(drafts.draft_entry(change).uses.all()) == list(control.uses.all())


def everything_about(change):
    """Everything that a decision may change, as plain values."""
    change.refresh_from_db()
    entry = change.entry
    return {
        "change": (change.status, change.snoozed_until, change.entry_id),
        "states": list(State.objects.order_by("pk").values()),
        "marks": [
            *Use.objects.values("source_change", "source_changed_at"),
            *Control.objects.values("source_change", "source_changed_at"),
        ],
        "guides": list(Guide.objects.values("source_change", "source_changed_at")),
        "entry": entry
        and (entry.status, entry.status_reason, entry.published_at, entry.timeline_on),
        "uses": entry and sorted(entry.uses.values_list("pk", flat=True)),
        "alerts": Alert.objects.count(),
    }


RULINGS = {
    "publish": lambda change, curator: decisions.publish(
        change, entry=change.entry, curator=curator, states=[on_by_default(change)]
    ),
    "dismiss": lambda change, curator: decisions.dismiss(
        change, curator=curator, reason=DismissReason.NOISE
    ),
    "merge": lambda change, curator: decisions.merge(
        change, into=Entry.objects.get(key="told"), curator=curator
    ),
    "snooze": lambda change, curator: decisions.snooze(
        change, until=dt.date.today() + dt.timedelta(days=2), curator=curator
    ),
}


@pytest.mark.database
@pytest.mark.parametrize("ruling", RULINGS)
def test_a_ruling_taken_back_leaves_everything_as_it_was_and_both_in_the_log(
    change, curator, ruling
):
    drafts.draft_entry(change)
    make_entry(change.page.platform, key="told")
    before = everything_about(change)
    RULINGS[ruling](change, curator)
    assert everything_about(change) != before
    decision = Decision.objects.undoable(curator, timezone.now()).get()
    undo(decision, curator=curator)
    assert everything_about(change) == before
    assert [decision.ruling for decision in Decision.objects.order_by("pk")] == [
        ruling,
        Ruling.UNDO,
    ]
    assert not Decision.objects.undoable(curator, timezone.now()).exists()


def test_after_ten_minutes_a_ruling_stands(change, curator):
    decisions.dismiss(change, curator=curator, reason=DismissReason.NOISE)
    decision = Decision.objects.get()
    with time_machine.travel(decision.decided_at + dt.timedelta(minutes=11)):
        assert not Decision.objects.undoable(curator, timezone.now()).exists()
        with pytest.raises(ValidationError, match="Ten minutes"):
            undo(decision, curator=curator)


@pytest.mark.database
def test_what_others_built_on_a_publication_is_not_pulled_from_under_them(change, curator):
    entry = drafts.draft_entry(change)
    decisions.publish(change, entry=entry, curator=curator, states=[on_by_default(change)])
    later = NewState(
        Branch.objects.get(),
        StateValue.ONLY_IF_AGREED,
        change.observed_to.date() + dt.timedelta(days=9),
    )
    with arranged():
        open_state(later)
    with pytest.raises(ValidationError, match="later entry"):
        undo(Decision.objects.get(), curator=curator)
    assert Entry.objects.published().get() == entry


def test_an_entry_published_quietly_mails_nobody(change, curator):
    subscriber = Subscriber.objects.create(
        address="a@example.org", normalised="a@example.org", state="active"
    )
    Subscription.objects.create(subscriber=subscriber, scope="everything", frequency="daily")
    entry = drafts.draft_entry(change)
    entry.quiet = True
    decisions.publish(change, entry=entry, curator=curator)
    assert not Alert.objects.exists()
    undo(Decision.objects.get(), curator=curator)
    entry.refresh_from_db()
    decisions.publish(change, entry=entry, curator=curator)
    assert Alert.objects.get().subscriber == subscriber


def test_a_row_of_the_log_is_neither_changed_nor_removed(change, curator):
    decisions.dismiss(change, curator=curator, reason=DismissReason.NOISE)
    decision = Decision.objects.get()
    with pytest.raises(TypeError, match="written once"):
        decision.save()
    with pytest.raises(TypeError, match="never removed"):
        decision.delete()


@pytest.mark.database
def test_the_queue_begins_with_what_takes_control_away_and_is_sure_and_confirmed():
    platform = make_platform()
    now = timezone.now()

    def waiting(name, *, relevant=True, direction="less-control", confidence=0.9, **fields):
        change = make_change(make_page(platform, title=name), "before", f"after {name}")
        Suggestion.objects.create(
            change=change,
            classifier_version=1,
            relevant=relevant,
            direction=direction,
            confidence=confidence,
        )
        Change.objects.filter(pk=change.pk).update(**fields)

    waiting("noise", relevant=False, direction="neutral")
    waiting("doubtful", confidence=0.4)
    waiting("gives control", direction="more-control")
    waiting("seen once")
    waiting("confirmed", confirmed_at=now)
    waiting("went back", reverted_at=now)
    waiting("older", detected_at=now - dt.timedelta(days=3))
    assert [change.page.title for change in Change.objects.waiting().by_weight()] == [
        "confirmed",
        "older",
        "seen once",
        "went back",
        "gives control",
        "doubtful",
        "noise",
    ]


def test_what_is_not_about_training_waits_behind_what_is_though_it_is_confirmed():
    platform, now = make_platform(), timezone.now()
    make_entry(platform)
    noise, doubtful = (
        make_change(make_page(platform, flapping_since=since), "before", "after")
        for since in (None, now)
    )
    for change, relevant in ((noise, False), (doubtful, True)):
        Suggestion.objects.create(
            change=change,
            classifier_version=1,
            relevant=relevant,
            direction="more-control" if relevant else "neutral",
            confidence=0.99 - 0.6 * relevant,
        )
    Change.objects.filter(pk=noise.pk).update(confirmed_at=now)
    assert list(Change.objects.waiting().by_weight()) == [doubtful, noise]
