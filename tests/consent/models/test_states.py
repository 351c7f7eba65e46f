"""The database itself keeps the history of a branch in one line."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from consent.models import State
from consent.models.uses import followed
from consent.vocabulary import StateValue
from tests.factories import make_branch, make_entry, make_platform, make_state, make_use

pytestmark = [pytest.mark.django_db, pytest.mark.database(every_case=True)]


def day(number: int) -> dt.date:
    return dt.date(2024, 1, number)


@pytest.fixture
def branch():
    return make_use(make_platform("chirp")).branches.get()


def refused(branch, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_state(branch, **fields)


def test_two_states_of_a_branch_do_not_begin_on_one_day(branch):
    make_state(branch, starts_on=day(10))
    refused(branch, value=StateValue.NOT_USED, starts_on=day(10))
    elsewhere = make_branch(branch.use, places=["DE"])
    make_state(elsewhere, starts_on=day(10))


def test_only_one_state_of_a_branch_begins_on_an_unknown_day(branch):
    make_state(branch)
    refused(branch, value=StateValue.NOT_USED)


@pytest.mark.parametrize("fields", [{"value": "sometimes"}, {"since_is": "about"}])
def test_words_outside_the_closed_lists_are_refused(branch, fields):
    refused(branch, **fields)


def test_a_history_is_read_from_the_unknown_beginning_on(branch):
    later = make_state(branch, starts_on=day(20))
    first = make_state(branch, value=StateValue.NOT_OFFERED)
    between = make_state(branch, value=StateValue.UNCLEAR, starts_on=day(10))
    assert list(branch.states.all()) == [first, between, later]
    assert set(followed(State.objects.all())) == {first, between}


def test_a_state_is_pending_while_its_entry_is_due_and_not_seen(branch):
    entry = make_entry(branch.use.platform, effective_on=None, due_on=day(20))
    state = make_state(branch, starts_on=day(20), opened_by=entry)
    assert state.is_pending
    entry.due_on, entry.effective_on = None, day(20)
    assert not state.is_pending
