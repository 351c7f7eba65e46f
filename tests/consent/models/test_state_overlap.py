"""The database itself keeps the intervals of a setting's states apart."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from consent.models import Setting, State
from consent.vocabulary import Route, StateValue
from platforms.models import Platform
from platforms.vocabulary import Category

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def day(number: int) -> dt.date:
    return dt.date(2024, 1, number)


@pytest.fixture
def setting():
    platform = Platform.objects.create(
        slug="chirp",
        name="Chirp",
        operator="Chirp Networks",
        category=Category.SOCIAL,
        homepage="https://chirp.example",
    )
    return Setting.objects.create(
        platform=platform, slug="training", label="Training", covers="Posts", route=Route.SWITCH
    )


def hold(setting, starts_on, ends_on):
    return State.objects.create(
        setting=setting, value=StateValue.UNLESS_REFUSED, starts_on=starts_on, ends_on=ends_on
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (day(9), day(11)),
        (day(11), day(12)),
        (day(19), None),
        (None, day(11)),
        (None, None),
        (day(10), day(20)),
    ],
)
def test_a_state_that_overlaps_another_of_its_setting_is_refused(setting, starts_on, ends_on):
    hold(setting, day(10), day(20))
    with pytest.raises(IntegrityError, match="state_no_overlap"), transaction.atomic():
        hold(setting, starts_on, ends_on)


def test_states_that_touch_follow_each_other(setting):
    hold(setting, None, day(10))
    hold(setting, day(10), day(20))
    hold(setting, day(20), None)
    assert State.objects.count() == 3


def test_a_state_cannot_be_moved_over_another(setting):
    hold(setting, None, day(10))
    later = hold(setting, day(10), None)
    later.starts_on = day(9)
    with pytest.raises(IntegrityError, match="state_no_overlap"), transaction.atomic():
        later.save()


def test_states_of_other_settings_are_no_concern(setting):
    other = Setting.objects.create(
        platform=setting.platform, slug="other", label="Other", covers="Chats", route=Route.NONE
    )
    hold(setting, day(10), day(20))
    hold(other, day(10), day(20))
    assert State.objects.count() == 2


def test_a_state_that_ends_before_it_starts_is_refused(setting):
    with pytest.raises(IntegrityError), transaction.atomic():
        hold(setting, day(10), day(10))


def test_a_value_outside_the_closed_list_is_refused(setting):
    with pytest.raises(IntegrityError, match="state_value_in_list"), transaction.atomic():
        State.objects.create(setting=setting, value="sometimes")


def test_a_day_finds_the_state_that_holds_on_it(setting):
    before, after = hold(setting, None, day(10)), hold(setting, day(10), None)
    assert State.objects.on(day(9)).get() == before
    assert State.objects.on(day(10)).get() == after
