"""The team's numbers."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from consent.curation import decisions
from consent.curation.undo import undo
from consent.desk.team_numbers import noisiest_pages, weeks
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
