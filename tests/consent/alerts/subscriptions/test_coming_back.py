"""Leaving, coming back, pausing, moving: what readers do out of the usual order."""

import datetime as dt

import pytest
from django.utils import timezone

from consent.alerts.fan_out.digests import make_digests
from consent.alerts.subscriptions.lifecycle import (
    ask_new_address,
    leave,
    pause,
    remove,
    resume,
    still_wanted,
    undo_leave,
)
from consent.alerts.subscriptions.retention import update_subscribers
from consent.alerts.subscriptions.tokens import manage_text, unsubscribe_text
from consent.models import Alert, Letter, Subscriber
from tests.consent.alerts.readers import follow, links, make_reader, parts, publish
from tests.consent.alerts.subscriptions.test_journey import sign_up
from tests.factories import make_platform

pytestmark = pytest.mark.django_db


def state(reader):
    return Subscriber.objects.get(pk=reader.pk).state


def test_who_confirmed_and_signs_up_for_more_within_the_hour_hears_of_it_after_the_hour(
    client, clock, mailbox, deliver
):
    make_platform("chirp", name="Chirp")
    make_platform("slate", name="Slate")
    sign_up(client, clock, what="everything")
    deliver()
    follow(client, mailbox.mails[0])
    for platform in ("chirp", "slate"):
        sign_up(client, clock, what="some", platforms=platform)
        deliver(minutes=5)
    assert len(mailbox.mails) == 2  # the confirmation and the welcome
    deliver(minutes=60)
    assert len(mailbox.mails) == 3
    follow(client, mailbox.mails[2])
    found = Subscriber.objects.get().subscriptions.values_list("scope", "value")
    assert set(found) == {("everything", ""), ("platform", "slate")}
    assert not Letter.objects.waiting().exclude(kind="welcome").exists()


def test_who_comes_back_is_not_sent_what_waited_when_they_left(client, clock, mailbox, deliver):
    reader = make_reader("ada@mail.example", frequency="weekly")
    publish()
    leave(reader)
    clock.move(days=1)
    sign_up(client, clock, what="turns-on", frequency="daily")
    deliver()
    follow(client, mailbox.mails[0])
    clock.move(days=14)
    assert make_digests() == 0


@pytest.mark.database
@pytest.mark.parametrize("before", ["active", "paused", "bounced"])
def test_undoing_brings_back_what_was(clock, before):
    now = timezone.now()
    reader = make_reader(
        state=before,
        paused_until=now + dt.timedelta(days=9) if before == "paused" else None,
        bounced_at=now if before == "bounced" else None,
    )
    leave(reader)
    assert undo_leave(reader)
    assert state(reader) == before


def test_who_left_by_silence_and_comes_back_is_not_let_go_the_next_day(clock, mailbox, deliver):
    reader = make_reader()
    for days in (366, 31):
        clock.move(days=days)
        update_subscribers(timezone.now())
        deliver()
    reader.refresh_from_db()
    assert reader.state == "left"
    assert undo_leave(reader)
    clock.move(days=1)
    update_subscribers(timezone.now())
    assert state(reader) == "active"


def test_nobody_is_let_go_for_not_answering_a_question_that_never_went_out(clock, mailbox, deliver):
    reader = make_reader("ada@mail.example")
    clock.move(days=366)
    update_subscribers(timezone.now())
    mailbox.refuse["data"] = "554 5.6.0 not this"
    assert deliver().failed == 1
    clock.move(days=31)
    update_subscribers(timezone.now())
    assert state(reader) == "active"


def test_whoever_changes_something_when_asked_has_answered(client, clock, mailbox, deliver):
    reader = make_reader()
    clock.move(days=366)
    update_subscribers(timezone.now())
    deliver()
    page = f"/alerts/{manage_text(reader)}"
    assert client.post(page, {"act": "pause"}).status_code == 302
    clock.move(days=31)
    update_subscribers(timezone.now())
    assert state(reader) == "active"


def test_a_pause_does_not_keep_a_correction_from_who_had_the_wrong_alert(clock, mailbox, deliver):
    reader = make_reader()
    wrong = publish(title="Chirp trains on messages")
    deliver(minutes=11)
    reader.refresh_from_db()
    pause(reader)
    publish(title="Chirp trains on voice")
    publish(effects=["correction"], direction="neutral", follows=wrong, title="It does not")
    deliver(minutes=11)
    assert len(mailbox.mails) == 1
    resume(reader)
    deliver()
    assert [mail["Subject"][:10] for mail in mailbox.mails[1:]] == ["Correction"]


def test_what_is_removed_is_silent_at_once_and_what_another_subscription_wants_is_not(
    clock, mailbox, deliver
):
    reader = make_reader("", ("platform", "chirp"), ("data-kind", "voice"))
    chirp = make_platform("chirp")
    publish(chirp, title="Of chirp", data_kinds=["chats"])
    publish(chirp, title="Of both", data_kinds=["voice"])
    remove(reader, reader.subscriptions.get(scope="platform"))
    deliver(minutes=11)
    assert [alert.entry.title for alert in Alert.objects.all()] == ["Of both"]
    assert len(mailbox.mails) == 1
    assert "voice" in parts(mailbox.mails[0])[0].split("Why you get this")[1]


def test_who_left_can_still_get_the_link_to_download_and_erase(client, clock, mailbox, deliver):
    reader = make_reader("ada@mail.example")
    leave(reader)
    page = client.get(f"/u/{unsubscribe_text(reader.pk)}").text
    assert "Download or erase what we still hold" in page
    client.post("/alerts", {"address": "ada@mail.example"})
    deliver()
    (link,) = [url for url in links(parts(mailbox.mails[0])[0]) if "/alerts/" in url]
    path = link.removeprefix("https://defaulton.example")
    assert "You have left; no alert is sent." in client.get(path).text
    client.post(path, {"act": "erase", "sure": "yes"})
    assert not Subscriber.objects.exists()


def test_moving_to_an_address_that_left_brings_nothing_of_it_back(client, clock, mailbox, deliver):
    gone = make_reader("new@mail.example", ("platform", "chirp"))
    leave(gone)
    reader = make_reader("old@mail.example", ("everything", ""))
    ask_new_address(reader, "new@mail.example")
    deliver()
    follow(client, mailbox.mails[0], "address")
    assert list(reader.subscriptions.values_list("scope", flat=True)) == ["everything"]
    assert Subscriber.objects.get().address == "new@mail.example"


def test_reminders_are_for_what_was_asked_and_say_how_many_days_are_left_when_they_go_out(
    clock, mailbox, deliver, settings
):
    asked = make_reader("asked@mail.example", ("platform", "x"), reminders=True)
    other = make_reader("other@mail.example", ("platform", "x"))
    other.subscriptions.create(
        scope="platform", value="y", frequency="as-it-happens", reminders=True
    )
    publish(make_platform("x", name="X"), deadline_on=dt.date(2026, 12, 3))
    deliver(minutes=11)
    clock.move(days=3)  # a day late: nothing ran on the day itself
    update_subscribers(timezone.now())
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    deliver()
    clock.move(days=1)
    settings.EMAIL_PORT = port
    update_subscribers(timezone.now())
    deliver()
    assert mailbox.subjects()[2:] == ["5 days left to opt out of X"]
    assert mailbox.accepted[2][1] == asked.address


def test_nobody_is_reminded_of_a_deadline_that_is_over_or_was_put_off(clock, mailbox, deliver):
    reader = make_reader(reminders=True)
    first = publish(make_platform("x", name="X"), deadline_on=dt.date(2026, 12, 3))
    publish(make_platform("y", name="Y"), deadline_on=dt.date(2026, 12, 3))
    deliver(minutes=11)
    publish(
        make_platform("z"),
        title="X waits",
        effects=["postponed"],
        direction="neutral",
        follows=first,
    )
    deliver(minutes=11)
    clock.move(days=2)
    update_subscribers(timezone.now())
    assert Letter.objects.get(kind="reminder").data["days"] == 7  # of Y alone
    reader.refresh_from_db()
    pause(reader)
    clock.move(days=9)
    resume(reader)
    deliver()
    assert len(mailbox.mails) == 3
    assert Letter.objects.get(kind="reminder").last_error == "the deadline has passed"


def test_being_asked_again_after_a_year_more(clock, mailbox, deliver):
    reader = make_reader()
    for _year in range(2):
        clock.move(days=366)
        update_subscribers(timezone.now())
        deliver()
        reader.refresh_from_db()
        still_wanted(reader)
    assert mailbox.subjects() == ["Still want these alerts?"] * 2
