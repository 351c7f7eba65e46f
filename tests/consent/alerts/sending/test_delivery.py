"""Published entries reach everyone who asked, once, and nobody else."""

import pytest
from django.utils import timezone

from consent.alerts.fan_out.digests import make_digests
from consent.alerts.mails import emails
from consent.alerts.sending.delivery import COOLING, claim
from consent.alerts.sending.mail_health import figures, raise_alarm
from consent.models import Alert, Digest, Letter, Subscriber
from tests.consent.alerts.readers import make_reader, publish
from tests.factories import make_platform

pytestmark = pytest.mark.django_db


@pytest.mark.database
def test_two_workers_never_hold_the_same_mail_and_a_dead_one_gives_it_up(clock):
    for _ in range(5):
        make_reader()
    publish()
    clock.move(minutes=11)
    first, second = claim(Alert, 3), claim(Alert, 3)
    assert (len(first), len(second)) == (3, 2)
    assert not {alert.pk for alert in first} & {alert.pk for alert in second}
    assert claim(Alert) == []
    clock.move(minutes=11)
    assert len(claim(Alert)) == 5


@pytest.mark.database
@pytest.mark.parametrize("hours", [0.5, 2, 25])
def test_mails_written_claimed_or_put_off_by_a_clock_that_was_ahead_are_sent_at_once(
    clock, mailbox, deliver, hours
):
    clock.move(hours=hours)
    for _ in range(4):
        make_reader()
    make_reader("slow@one.example")
    make_reader("other@one.example")
    mailbox.refuse["slow@one.example"] = "451 4.7.1 try again later"
    publish()
    clock.move(minutes=11)
    claim(Alert, 2)  # by a worker that dies
    assert deliver().put_off >= 1
    publish()
    del mailbox.refuse["slow@one.example"]
    clock.move(hours=-hours)
    deliver()
    assert not Alert.objects.waiting().exists()
    assert len(mailbox.mails) == 12


def test_a_refused_address_stops_all_mail_to_it(clock, mailbox, deliver):
    reader = make_reader("gone@mail.example")
    mailbox.refuse["gone@mail.example"] = "550 5.1.1 no such user"
    publish()
    tally = deliver(minutes=11)
    assert tally.failed == 1
    reader.refresh_from_db()
    assert reader.state == "bounced"
    assert reader.bounces.get().kind == "permanent"
    assert figures().failures == [("550 5.1.1 no such user", 1)]


def test_a_busy_server_is_tried_again_later(clock, mailbox, deliver):
    make_reader("slow@mail.example")
    mailbox.refuse["slow@mail.example"] = "451 4.7.1 try again later"
    publish()
    assert deliver(minutes=11).put_off == 1
    del mailbox.refuse["slow@mail.example"]
    clock.move(seconds=COOLING + 1)
    assert deliver().sent == 1
    assert len(mailbox.mails) == 1


def test_a_server_that_is_away_costs_no_attempt_and_raises_one_alarm(
    clock, mailbox, deliver, settings
):
    make_reader()
    publish()
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert deliver(minutes=11).sent == 0
    assert Alert.objects.get().attempts == 0
    clock.move(minutes=40)
    settings.EMAIL_PORT = port
    assert raise_alarm()
    assert not raise_alarm()
    assert mailbox.mails[0]["To"] == "desk@defaulton.example"
    assert "Mail is stuck: 1 due" in mailbox.subjects()
    assert deliver().sent == 1


def test_a_server_that_refuses_nearly_everything_raises_the_alarm(clock, mailbox, deliver):
    readers = [make_reader() for _ in range(6)]
    publish()
    for each in readers:
        mailbox.refuse[each.address] = "550 5.7.1 sender blocked"
    deliver(minutes=11)
    for _ in range(3):
        deliver(minutes=6)
    assert figures().refused == 6
    assert raise_alarm()
    assert mailbox.subjects() == ["Mail is stuck: 6 refused"]


def test_a_few_full_mailboxes_raise_no_alarm(clock, mailbox, deliver):
    readers = [make_reader() for _ in range(20)]
    publish()
    for each in readers[:6]:
        mailbox.refuse[each.address] = "452 4.2.2 mailbox full"
    deliver(minutes=11)
    assert figures().refused == 6
    assert not raise_alarm()


def test_a_mail_that_we_cannot_write_holds_up_no_other(clock, mailbox, deliver, monkeypatch):
    reader = make_reader()
    nobody_knows = Letter.objects.create(
        kind="not-watched", subscriber=reader, address=reader.address, due_at=timezone.now()
    )
    publish(make_platform("x"), title="Good")
    publish(make_platform("y"), title="Broken")
    draft = emails.draft_alert

    def break_over_one(story, *rest):
        if story.title == "Broken":
            raise LookupError
        return draft(story, *rest)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(emails, "draft_alert", break_over_one)
        tally = deliver(minutes=11)
    assert (tally.sent, tally.put_off) == (1, 2)
    nobody_knows.refresh_from_db()
    assert nobody_knows.last_error == "cannot be put together: KeyError"
    assert deliver(minutes=2).sent == 1


def test_who_leaves_before_the_mail_goes_out_does_not_get_it(clock, mailbox, deliver):
    reader = make_reader()
    publish()
    Subscriber.objects.filter(pk=reader.pk).update(state="left")
    deliver(minutes=11)
    assert mailbox.mails == []


@pytest.mark.database
def test_a_batch_of_alerts_and_digests_is_put_together_with_few_queries(
    clock, django_assert_max_num_queries
):
    from consent.alerts.mails.compose import render_batch

    for _ in range(20):
        make_reader(frequency="daily")
    for number in range(10):
        publish(make_platform(f"p{number}"))
    clock.move(days=1)
    assert make_digests() == 20
    digests = claim(Digest)
    with django_assert_max_num_queries(24):  # ten of them for the facts of all these platforms
        assert len(list(render_batch(digests))) == 20
