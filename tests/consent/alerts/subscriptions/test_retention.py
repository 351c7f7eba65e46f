"""Reminders, the yearly question, and what is deleted in time."""

import datetime as dt

import pytest
from django.utils import timezone

from consent.alerts.subscriptions.retention import update_subscribers
from consent.models import Subscriber
from tests.consent.alerts.readers import make_reader, publish
from tests.factories import make_platform

pytestmark = pytest.mark.django_db


def test_reminders_and_the_yearly_question_are_sent_once_and_silence_ends_alerts(
    clock, mailbox, deliver
):
    reader = make_reader(reminders=True)
    publish(make_platform("x", name="X"), deadline_on=dt.date(2026, 12, 2))
    deliver(minutes=11)
    clock.move(days=1)
    for _ in range(2):
        update_subscribers(timezone.now())
        deliver()
    assert mailbox.subjects()[1:] == ["7 days left to opt out of X"]
    clock.move(days=366)
    for _ in range(2):
        update_subscribers(timezone.now())
        deliver()
    assert mailbox.subjects()[2:] == ["Still want these alerts?"]
    clock.move(days=31)
    update_subscribers(timezone.now())
    reader.refresh_from_db()
    assert reader.state == "left"
    clock.move(days=29)
    update_subscribers(timezone.now())
    reader.refresh_from_db()
    assert (reader.address, reader.normalised) == ("", None)


@pytest.mark.database
def test_sign_ups_never_confirmed_are_erased_after_a_week(clock):
    make_reader(state="pending")
    clock.move(days=8)
    update_subscribers(timezone.now())
    assert not Subscriber.objects.exists()
