"""When alerts wait for a digest, and when it goes out."""

import datetime as dt

import pytest
from django.utils import timezone

from consent.alerts.fan_out.digest_times import last_moment, next_moment
from consent.alerts.fan_out.digests import make_digests
from consent.alerts.sending.delivery import send_due
from consent.alerts.sending.smtp import MailConnection
from consent.models import Alert, Digest
from tests.consent.alerts.readers import make_reader, parts, publish
from tests.factories import make_platform

pytestmark = pytest.mark.django_db


def test_the_fourth_alert_of_a_day_waits_for_the_digest(clock, mailbox, deliver):
    make_reader()
    for number in range(5):
        publish(make_platform(f"p{number}", name=f"P{number}"))
    deliver(minutes=11)
    assert len(mailbox.mails) == 3
    clock.move(hours=21)
    assert make_digests() == 1
    deliver()
    assert len(mailbox.mails) == 4
    assert mailbox.subjects()[-1].startswith("2 changes, 2 turning on")
    assert not Alert.objects.filter(sent_at=None).exists()


@pytest.mark.database
def test_digests_come_at_eight_where_the_reader_lives(clock, mailbox, deliver):
    for zone in ("Pacific/Auckland", "Europe/Paris", "America/Los_Angeles"):
        make_reader(f"{zone.split('/')[1].lower()}@mail.example", frequency="daily", time_zone=zone)
    publish()
    order = []
    for _hour in range(26):
        clock.move(hours=1)
        make_digests()
        send_due()
        for _sender, to, _mail in mailbox.accepted[len(order) :]:
            order.append((to.split("@")[0], timezone.now().hour))
    assert order == [("los_angeles", 16), ("auckland", 19), ("paris", 7)]


@pytest.mark.database
def test_making_digests_twice_sends_one(clock, mailbox, deliver):
    make_reader(frequency="weekly")
    publish()
    clock.move(days=7)
    assert (make_digests(), make_digests()) == (1, 0)
    deliver()
    deliver()
    assert len(mailbox.mails) == 1
    assert Digest.objects.get().sent_at is not None


def test_what_joins_a_digest_on_its_way_comes_in_a_mail_of_its_own(
    clock, mailbox, deliver, monkeypatch
):
    make_reader(frequency="daily")
    publish(title="Told at eight")
    publish(title="Late to it")
    late = Alert.objects.get(entry__title="Late to it")
    Alert.objects.filter(pk=late.pk).update(digest=None, frequency="weekly")
    clock.move(days=1)
    assert make_digests() == 1

    send = MailConnection.send

    def join_and_send(post, mail):
        Alert.objects.filter(pk=late.pk).update(frequency="daily")
        make_digests()
        send(post, mail)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(MailConnection, "send", join_and_send)
        deliver()
    assert make_digests() == 1
    deliver()
    assert ["Told at eight" in parts(mail)[0] for mail in mailbox.mails] == [True, False]
    assert ["Late to it" in parts(mail)[0] for mail in mailbox.mails] == [False, True]
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 2


def test_an_empty_day_sends_no_digest(clock, mailbox, deliver):
    make_reader(frequency="daily")
    clock.move(days=2)
    assert make_digests() == 0
    assert deliver().sent == 0


@pytest.mark.parametrize("frequency", ["daily", "weekly"])
def test_moments_lie_around_now_and_at_eight(frequency):
    now = dt.datetime(2026, 3, 29, 12, 0, tzinfo=dt.UTC)  # the night the clocks changed in Europe
    last = last_moment(frequency, "Europe/Paris", now)
    coming = next_moment(frequency, "Europe/Paris", now)
    assert last <= now < coming
    assert coming - last in (dt.timedelta(days=1), dt.timedelta(days=7), dt.timedelta(hours=167))
