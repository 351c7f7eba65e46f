"""The team's numbers."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from consent.curation import decisions, drafts
from consent.curation.undo import undo
from consent.desk.team_numbers import noisiest_pages, tallies_by_effect, weeks
from consent.models import Change, Decision, Suggestion
from tests.factories import make_change, make_page, make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def bob():
    return User.objects.create_user("bob")


@pytest.fixture
def page():
    return make_page(make_platform())


def test_a_week_counts_what_holds_how_fast_it_was_and_how_right_the_machine(page, editor):
    for number, reason in enumerate(("noise", "duplicate", "wording")):
        change = make_change(page, "before", f"after {number}")
        Change.objects.filter(pk=change.pk).update(
            detected_at=timezone.now() - dt.timedelta(hours=10)
        )
        Suggestion.objects.create(
            change=change,
            classifier_version=1,
            relevant=reason != "wording",
            direction="neutral",
            confidence=0.5,
        )
        decisions.dismiss(change, curator=editor, reason=reason)
    last = Decision.objects.get(reason="wording")
    undo(last, curator=editor)
    rows = weeks(timezone.localdate())
    assert sum(week.detected for week in rows) == 3
    assert dict(rows[0].dismissed) == {"noise": 1, "duplicate": 1}
    assert rows[0].median_hours == pytest.approx(10, abs=0.1)
    assert rows[0].precision == 0.5
    assert noisiest_pages(timezone.now() - dt.timedelta(days=1)) == [(page.pk, str(page), 2)]


def suggested(page, words, effects):
    change = make_change(page, "before", words)
    Suggestion.objects.create(
        change=change,
        classifier_version=1,
        relevant=True,
        direction="less-control",
        confidence=0.9,
        effects=effects,
        title="It trains",
    )
    return change


def published(change, editor, **fields):
    """Publish the draft of a change as suggested, but for these fields."""
    draft = drafts.entry_from(change)
    for name, value in {"effective_on": dt.date(2026, 1, 1), **fields}.items():
        setattr(draft, name, value)
    decisions.publish(change, entry=drafts.draft_entry(change, draft, quote=""), curator=editor)


def test_suggestions_are_right_as_they_stood_after_an_edit_or_wrong_by_effect(client, page, editor):
    both = ["use-introduced", "default-on"]
    published(suggested(page, "a", ["default-on"]), editor)
    published(suggested(page, "b", both), editor, effects=["default-on"])
    decisions.dismiss(suggested(page, "c", ["default-on"]), curator=editor, reason="noise")
    decisions.dismiss(suggested(page, "d", ["default-on"]), curator=editor, reason="duplicate")
    tallies = tallies_by_effect(timezone.now() - dt.timedelta(days=1))
    assert [(each.as_it_stood, each.edited, each.wrong) for each in tallies] == [
        (1, 1, 1),
        (0, 0, 1),
    ]
    (this_week, *_) = weeks(timezone.localdate())
    assert len(this_week.hours_to_publish) == 2
    shown = client.get(reverse("admin:consent_change_numbers")).text
    assert tallies[0].label in shown
    assert "Right after an edit" in shown
