"""A draft gives a state only to branches that the deciding words cover, as of their day."""

import datetime as dt

import pytest
from django.utils import timezone

from consent.curation.prefill import prefill
from consent.detection.changes import suggest
from consent.models import Change
from consent.vocabulary import StateValue
from tests.arranging import arranged
from tests.factories import (
    make_branch,
    make_change,
    make_page,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db
TEXT = "# Privacy Policy\n\nThis page explains how we handle data.\n\n{}\n"
NOW_ON = "We use your chats to train our AI models unless you opt out in the settings."


@pytest.fixture
def use():
    plans = [{"name": "Lumo Family", "people": ["personal"]}]
    lumo = make_platform("lumo", name="Lumo", plans=plans)
    return make_use(lumo, title="Your chats train Lumo's models", data_kinds=["chats"])


def filled_in(use, words, day=None):
    """Return the branches that a page which says these words from a day gives a state to."""
    page = make_page(use.platform)
    change = make_change(page, TEXT.format("Write to us."), TEXT.format(words))
    if day:
        Change.objects.update(observed_from=day - dt.timedelta(days=1), observed_to=day)
    suggest(change)
    return prefill(Change.objects.get(pk=change.pk)).moves


def test_words_that_name_no_plan_fill_in_no_plan_that_has_terms_of_its_own(use):
    with arranged():
        everybody, family = use.branches.get(), make_branch(use, plans=["Lumo Family"])
    for branch in (everybody, family):
        make_state(branch, StateValue.NOT_USED)
    assert filled_in(use, NOW_ON) == {everybody}


@pytest.mark.parametrize("where", ["In some markets", "In some countries", "In certain regions"])
def test_places_that_are_not_named_fill_in_nothing(use, where):
    make_state(use, StateValue.NOT_USED)
    assert not filled_in(
        use, f"{where}, we use your chats to train our AI models unless you opt out."
    )


@pytest.mark.parametrize("days", [30, 90])
def test_words_of_before_change_no_state_that_began_after_them(use, days):
    begun = timezone.localdate() - dt.timedelta(days=days)
    make_state(use, StateValue.NOT_USED, starts_on=begun)
    recorded = timezone.now() - dt.timedelta(days=60)
    assert bool(filled_in(use, NOW_ON, recorded)) == (days == 90)
