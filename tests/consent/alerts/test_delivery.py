"""Published entries reach everyone who asked, once, and nobody else."""

import datetime as dt
import io

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from consent.alerts import emails
from consent.alerts.delivery import COOLING, claim, send_due
from consent.alerts.fan_out import announce
from consent.alerts.fan_out.digests import make_digests
from consent.alerts.fan_out.schedule import last_moment, next_moment
from consent.alerts.outbox import figures, raise_alarm
from consent.alerts.posting import Post
from consent.alerts.subscriptions.retention import keep_subscribers
from consent.models import Alert, Digest, Letter, Revision, Subscriber
from consent.verifying import check_surface
from consent.vocabulary import CheckOutcome
from tests.consent.alerts.readers import make_reader, parts, publish
from tests.factories import make_entry, make_guide, make_platform, make_setting

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def readers_of(entry):
    return {alert.subscriber for alert in Alert.objects.filter(entry=entry)}


def test_an_entry_goes_to_those_it_concerns(clock):
    x = make_platform("x")
    hear = {
        make_reader("", ("everything", "")),
        make_reader("", ("turns-on", "")),
        make_reader("", ("platform", "x")),
        make_reader("", ("data-kind", "public-posts")),
        make_reader("", ("view", "platform=x")),
        make_reader("", ("everything", ""), place="eu"),
        make_reader("", ("platform", "slack"), ("platform", "x")),
    }
    make_reader("", ("platform", "slack"))
    make_reader("", ("data-kind", "voice"))
    make_reader("", ("view", "platform=slack"))
    make_reader("", ("everything", ""), place="us")
    for state in ("pending", "paused", "left", "bounced", "complained"):
        make_reader("", state=state)
    assert readers_of(publish(x, regions=["EU and EEA"])) == hear


def test_turning_off_is_not_told_to_those_who_hear_of_turning_on_only(clock):
    make_reader("", ("turns-on", ""))
    assert not readers_of(publish(effects=["default-off"], direction="more-control"))


@pytest.mark.parametrize(
    "query",
    [
        "plan=personal",
        "status=in-effect",
        "by=published&since=2026-01-01",
        "by=effective&until=2024-07-31",
        "reviewed=on",
    ],
)
def test_every_filter_of_a_saved_view_is_asked_when_a_change_is_published(query):
    first, second = (User.objects.create_user(name) for name in ("ada", "bo"))
    reviewed = {
        "reviewer": first,
        "reviewed_at": timezone.now(),
        "second_reviewer": second,
        "second_reviewed_at": timezone.now(),
    }
    fitting = make_entry(make_platform(), audience="personal accounts", **reviewed)
    other = make_entry(
        make_platform(),
        audience="Enterprise",
        effective_on=timezone.localdate() + dt.timedelta(days=9),
        published_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    )
    make_reader("", ("view", query))
    assert (announce.concerned(fitting).count(), announce.concerned(other).count()) == (1, 0)


def test_new_wording_alone_is_told_to_nobody_but_views_that_show_it(clock):
    make_reader()
    curious = make_reader("", ("view", "wording=on"))
    assert readers_of(publish(effects=["wording-only"])) == {curious}


def test_the_soonest_of_several_subscriptions_counts(clock):
    reader = make_reader("", ("everything", ""), frequency="weekly")
    reader.subscriptions.create(scope="platform", value="x", frequency="daily")
    publish(make_platform("x"))
    assert Alert.objects.get().frequency == "daily"


def test_announcing_twice_writes_one_alert(clock):
    make_reader()
    entry = publish()
    assert announce.announce(entry) == 0
    assert Alert.objects.count() == 1


def test_within_the_hold_alerts_can_be_taken_back(clock, mailbox, deliver):
    make_reader()
    entry = publish()
    deliver(minutes=9)
    assert announce.take_back(entry)
    deliver(minutes=5)
    assert mailbox.mails == []


def test_what_a_worker_holds_cannot_be_taken_back(clock):
    make_reader()
    entry = publish()
    clock.move(minutes=11)
    assert len(claim(Alert)) == 1
    assert not announce.take_back(entry)


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

    send = Post.send

    def join_and_send(post, mail):
        Alert.objects.filter(pk=late.pk).update(frequency="daily")
        make_digests()
        send(post, mail)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Post, "send", join_and_send)
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


def test_a_correction_goes_to_those_who_had_the_wrong_alert_and_to_nobody_else(
    clock, mailbox, deliver
):
    reader = make_reader("misled@mail.example", frequency="as-it-happens")
    x = make_platform("x", name="X")
    wrong = publish(x, title="X trains on private messages")
    deliver(minutes=11)
    make_reader("later@mail.example")
    publish(x, title="X does not", effects=["correction"], direction="neutral", follows=wrong)
    deliver(minutes=11)
    assert [to for _s, to, _m in mailbox.accepted] == [reader.address, reader.address]
    first, second = mailbox.mails
    assert second["Subject"].startswith("Correction: X")
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"].split()[0] == first["References"]


def test_writing_alerts_takes_the_same_queries_for_one_reader_and_for_fifty(
    clock, django_assert_max_num_queries
):
    entry = publish()
    for _ in range(50):
        make_reader()
    with django_assert_max_num_queries(6):
        assert announce.announce(entry) == 50


def test_a_batch_of_alerts_and_digests_is_put_together_with_few_queries(
    clock, django_assert_max_num_queries
):
    from consent.alerts.packing import pack

    for _ in range(20):
        make_reader(frequency="daily")
    for number in range(10):
        publish(make_platform(f"p{number}"))
    clock.move(days=1)
    assert make_digests() == 20
    digests = claim(Digest)
    with django_assert_max_num_queries(12):
        assert len(list(pack(digests))) == 20


@pytest.mark.parametrize(
    ("kind", "words"), [("correction", "Correction: X"), ("retraction", "Correction: X")]
)
def test_a_public_revision_is_told_to_those_who_heard_of_the_entry(
    clock, mailbox, deliver, kind, words
):
    make_reader("misled@mail.example")
    entry = publish(make_platform("x", name="X"))
    deliver(minutes=11)
    make_reader("later@mail.example")
    editor = User.objects.get(username="ada")
    Revision.objects.create(entry=entry, kind=kind, reason="Not private messages.", editor=editor)
    deliver()
    assert [to for _s, to, _m in mailbox.accepted] == ["misled@mail.example"] * 2
    first, second = mailbox.mails
    assert second["Subject"].startswith(words)
    assert second["In-Reply-To"] == first["Message-ID"]
    assert "Not private messages." in parts(second)[0]


def test_a_doubtful_guide_found_right_again_is_told_to_those_who_heard_of_its_change(
    clock, mailbox, deliver
):
    x = make_platform("x", name="X")
    setting = make_setting(x)
    guide = make_guide(x, setting)
    make_reader()
    entry = publish(x)
    entry.settings.add(setting)
    deliver(minutes=11)
    for doubtful in (True, False):
        guide.source_changed_at = timezone.now() if doubtful else None
        guide.save()
        clock.move(minutes=1)
        check_surface(guide.surfaces.get(), CheckOutcome.STILL_RIGHT, curator=User.objects.get())
        deliver()
    assert mailbox.subjects()[1:] == ["New steps for X"]


def test_reminders_and_the_yearly_question_are_sent_once_and_silence_ends_alerts(
    clock, mailbox, deliver
):
    reader = make_reader(reminders=True)
    publish(make_platform("x", name="X"), deadline_on=dt.date(2026, 12, 2))
    deliver(minutes=11)
    clock.move(days=1)
    for _ in range(2):
        keep_subscribers(timezone.now())
        deliver()
    assert mailbox.subjects()[1:] == ["7 days left to opt out of X"]
    clock.move(days=366)
    for _ in range(2):
        keep_subscribers(timezone.now())
        deliver()
    assert mailbox.subjects()[2:] == ["Still want these alerts?"]
    clock.move(days=31)
    keep_subscribers(timezone.now())
    reader.refresh_from_db()
    assert reader.state == "left"
    clock.move(days=29)
    keep_subscribers(timezone.now())
    reader.refresh_from_db()
    assert (reader.address, reader.normalised) == ("", None)


def test_sign_ups_never_confirmed_are_erased_after_a_week(clock):
    make_reader(state="pending")
    clock.move(days=8)
    keep_subscribers(timezone.now())
    assert not Subscriber.objects.exists()


def test_subscriptions_follow_a_platform_to_its_successor(clock, mailbox, deliver):
    make_platform("old", name="Old")
    make_platform("new", name="New")
    reader = make_reader("", ("platform", "old"))
    call_command("stop_watching", "old", successor="new", stdout=io.StringIO())
    deliver()
    assert mailbox.subjects() == ["We no longer watch Old"]
    assert reader.subscriptions.get().value == "new"
