"""Which subscribers hear of an entry, and in which mail."""

import datetime as dt
import io

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from consent.alerts.fan_out import announce
from consent.alerts.sending.delivery import claim
from consent.curation.verification import check_surface
from consent.models import Alert, Revision, Subscription
from consent.vocabulary import CheckOutcome
from tests.consent.alerts.readers import make_reader, parts, publish
from tests.factories import (
    make_control,
    make_entry,
    make_guide,
    make_platform,
    make_state,
    make_use,
)

pytestmark = pytest.mark.django_db


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
        make_reader("", ("everything", ""), place="EU"),
        make_reader("", ("everything", ""), place="DE"),
        make_reader("", ("platform", "slack"), ("platform", "x")),
    }
    make_reader("", ("platform", "slack"))
    make_reader("", ("data-kind", "voice"))
    make_reader("", ("view", "platform=slack"))
    make_reader("", ("everything", ""), place="US")
    make_reader("", ("everything", ""), place="ZZ")
    for state in ("pending", "paused", "left", "bounced", "complained"):
        make_reader("", state=state)
    assert readers_of(publish(x, places=["EEA"])) == hear


def test_turning_off_is_not_told_to_those_who_hear_of_turning_on_only(clock):
    make_reader("", ("turns-on", ""))
    assert not readers_of(publish(effects=["default-off"], direction="more-control"))


class TestOnlyWhenTrainingIsTurnedOn:
    """The subscription "only when AI training is turned on"."""

    @pytest.fixture(autouse=True)
    def reader(self, clock):
        return make_reader("", ("turns-on", ""))

    def publish_opening(self, value, purpose="training", **fields):
        use = make_use(make_platform(), purpose=purpose)
        entry = make_entry(use.platform, **{"status": "draft", "published_at": None} | fields)
        entry.uses.add(use)
        make_state(use, "not-used", starts_on=dt.date(2020, 1, 1))
        make_state(use, value, opened_by=entry, starts_on=dt.date(2026, 1, 1))
        announce.announce(entry)
        return entry

    def test_a_state_that_is_on_is_enough(self, reader):
        assert readers_of(self.publish_opening("unless-refused", effects=["resumed"])) == {reader}
        opened = self.publish_opening("unless-refused", effects=["announced"])
        assert readers_of(opened) == {reader}

    def test_what_is_introduced_for_those_who_agree_is_not(self):
        opened = self.publish_opening("only-if-agreed", effects=["use-introduced", "default-off"])
        assert readers_of(opened) == set()

    def test_terms_that_may_allow_it_are_enough(self, reader):
        assert readers_of(self.publish_opening("unclear", effects=["scope-widened"])) == {reader}

    def test_so_is_what_is_due(self, reader):
        due = dt.date(2027, 1, 1)
        entry = self.publish_opening(
            "unless-refused", effects=["announced"], effective_on=None, due_on=due
        )
        assert readers_of(entry) == {reader}
        assert Alert.objects.get().kind == "coming"

    @pytest.mark.parametrize("purpose", ["ads", "personalisation", "feature", "collection"])
    def test_uses_for_other_purposes_are_not(self, purpose):
        entry = self.publish_opening("unless-refused", purpose, effects=["default-on"])
        assert readers_of(entry) == set()

    @pytest.mark.parametrize("topic", ["enforcement", "other"])
    def test_other_topics_are_not(self, topic):
        assert readers_of(self.publish_opening("unless-refused", topic=topic)) == set()

    def test_what_leaves_more_control_is_not(self):
        entry = self.publish_opening(
            "unless-refused", effects=["opt-out-added"], direction="more-control"
        )
        assert readers_of(entry) == set()


def test_other_matters_reach_nobody_but_views_that_ask_for_them(clock):
    x = make_platform("x")
    for subject in (("everything", ""), ("platform", "x"), ("data-kind", "public-posts")):
        make_reader("", subject)
    make_reader("", ("view", "platform=x"))
    asking = {make_reader("", ("view", "topic=other")), make_reader("", ("view", "topic=all"))}
    assert readers_of(publish(x, topic="other")) == asking


def test_enforcement_reaches_those_who_follow_everything_or_the_platform(clock):
    x = make_platform("x")
    hear = {
        make_reader("", ("everything", "")),
        make_reader("", ("platform", "x")),
        make_reader("", ("view", "platform=x")),
        make_reader("", ("view", "topic=enforcement")),
    }
    make_reader("", ("data-kind", "public-posts"))
    make_reader("", ("turns-on", ""))
    make_reader("", ("view", "topic=training"))
    entry = publish(
        x,
        topic="enforcement",
        effects=["court-ruling"],
        effective_on=None,
        decided_on=dt.date(2026, 11, 1),
    )
    assert readers_of(entry) == hear


@pytest.mark.database
@pytest.mark.parametrize(
    "query",
    [
        "people=personal",
        "place=DE",
        "topic=training",
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
    fitting = make_entry(make_platform(), people=["personal"], places=["EU"], **reviewed)
    other = make_entry(
        make_platform(),
        people=["organisation"],
        places=["US"],
        topic="enforcement",
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


@pytest.mark.database
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


@pytest.mark.database
def test_what_a_worker_holds_cannot_be_taken_back(clock):
    make_reader()
    entry = publish()
    clock.move(minutes=11)
    assert len(claim(Alert)) == 1
    assert not announce.take_back(entry)


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


def test_that_an_announcement_came_to_nothing_goes_to_those_who_heard_of_it(
    clock, mailbox, deliver
):
    make_reader("told@mail.example", ("platform", "x"))
    x = make_platform("x", name="X")
    promised = publish(x, title="X will train", effective_on=None, due_on=dt.date(2027, 1, 1))
    deliver(minutes=11)
    Subscription.objects.update(frequency="weekly")
    make_reader("later@mail.example", ("platform", "slack"))
    gone = make_entry(x, title="X will not train", effects=["withdrawn"], direction="more-control")
    promised.outcome = gone
    promised.save()
    announce.announce(gone)
    deliver(minutes=11)
    assert [to for _s, to, _m in mailbox.accepted] == ["told@mail.example"] * 2
    assert "We told you before: X will train" in parts(mailbox.mails[1])[0]


@pytest.mark.database
def test_writing_alerts_takes_the_same_queries_for_one_reader_and_for_fifty(
    clock, django_assert_max_num_queries
):
    entry = publish()
    for _ in range(50):
        make_reader()
    with django_assert_max_num_queries(7):
        assert announce.announce(entry) == 50


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
    assert len(mailbox.accepted) == 1  # as long as it can be taken back
    deliver(minutes=11)
    assert [to for _s, to, _m in mailbox.accepted] == ["misled@mail.example"] * 2
    first, second = mailbox.mails
    assert second["Subject"].startswith(words)
    assert second["In-Reply-To"] == first["Message-ID"]
    assert "Not private messages." in parts(second)[0]


def test_a_guide_found_right_still_or_again_mails_nobody(clock, mailbox, deliver):
    x = make_platform("x", name="X")
    use = make_use(x)
    guide = make_guide(x, make_control(use))
    make_reader()
    entry = publish(x)
    entry.uses.add(use)
    deliver(minutes=11)
    for doubtful in (True, False):
        guide.source_changed_at = timezone.now() if doubtful else None
        guide.save()
        clock.move(minutes=1)
        check_surface(guide.surfaces.get(), CheckOutcome.STILL_RIGHT, curator=User.objects.get())
        deliver()
    assert len(mailbox.mails) == 1  # the entry


def test_subscriptions_follow_a_platform_to_its_successor(clock, mailbox, deliver):
    make_platform("old", name="Old")
    make_platform("new", name="New")
    reader = make_reader("", ("platform", "old"))
    call_command("stop_watching", "old", successor="new", stdout=io.StringIO())
    deliver()
    assert mailbox.subjects() == ["We no longer watch Old"]
    assert reader.subscriptions.get().value == "new"
