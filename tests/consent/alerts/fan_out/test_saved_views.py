"""Saved views of the timeline when an entry is published."""

import datetime as dt
import logging

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from consent.alerts.fan_out import announce
from consent.alerts.sending.mail_health import raise_alarm
from consent.alerts.subscriptions import tokens
from consent.alerts.subscriptions.choices import MOST_VIEWS, Choices
from consent.alerts.subscriptions.forms import ChoicesForm
from consent.ledger.dates import ListedBy
from consent.ledger.filters import EntryStatus, TimelineFilters
from consent.ledger.turns import Turning
from consent.models import Alert, Subscription
from consent.vocabulary import (
    ENFORCEMENT_EFFECTS,
    DataKind,
    Direction,
    Effect,
    People,
    StateValue,
    TokenPurpose,
    Topic,
)
from platforms.models import Platform
from tests.consent.alerts.readers import make_reader, publish
from tests.factories import make_entry, make_platform
from tests.sweeps import some

pytestmark = pytest.mark.django_db

DAYS = ("1970-01-01", "2024-07-26", "2026-11-24", "2100-12-31")


def every_view():
    """Each filter with each of its values, spans of extreme days by each date, and some mixed."""
    for name, values in {
        "q": ("posts", "no such word", "x" * 100, "%", "_", "'", '"', "\\", "(", "*", "ß"),
        "platform": ("x", "chirp"),
        "kind": Effect.values,
        "direction": Direction.values,
        "datakind": DataKind.values,
        "turned": Turning.values,
        "topic": (*Topic.values, "all"),
        "place": ("DE", "EU", "US-CA", "ZZ"),
        "people": People.values,
        "state": StateValue.values,
        "status": EntryStatus.values,
        "by": ListedBy.values,
        "guide": ("on",),
        "reviewed": ("on",),
        "wording": ("on",),
    }.items():
        for value in values:
            given = QueryDict(mutable=True)
            given[name] = value
            yield given.urlencode()
    for by in ("", *ListedBy.values):
        for day in DAYS:
            yield f"by={by}&since={day}"
            yield f"by={by}&until={day}"
        yield f"by={by}&since={DAYS[0]}&until={DAYS[-1]}&wording=on"


@pytest.fixture
def platforms():
    """Two platforms, and an entry about one of them."""
    x, chirp = make_platform("x", name="X"), make_platform("chirp", name="Chirp")
    make_entry(x, places=["EU"])
    return x, chirp


def topic_of(effect):
    """The topic that an entry with this effect alone may have."""
    return "enforcement" if effect in ENFORCEMENT_EFFECTS else "training"


@pytest.mark.database
def test_an_entry_is_told_to_exactly_the_views_that_show_it(platforms, clock):
    """The public page is the measure: what it lists of a view, its reader hears of."""
    readers = {}
    for view in every_view():
        form = ChoicesForm(
            {"what": ["view"], "view": view, "frequency": "daily", "time_zone": "UTC"}
        )
        if not TimelineFilters(QueryDict(view)).can_be_mailed():
            continue
        assert form.is_valid(), (view, form.errors)
        readers[view] = make_reader("", *form.choices().subjects)
    entries = {}
    for effect, topic in (
        *((effect, topic_of(effect)) for effect in some(Effect.values, 2)),
        ("complaint", "enforcement"),
        ("default-on", "other"),
    ):
        entry = publish(
            platforms[0], effects=[effect], places=["EU"], people=["personal"], topic=topic
        )
        entries[entry.pk] = (effect, topic)
    shown = {
        (reader.pk, pk)
        for view, reader in readers.items()
        for pk in TimelineFilters(QueryDict(view)).shown().values_list("pk", flat=True)
    }
    for pk, kind in entries.items():
        told = {alert.subscriber_id for alert in Alert.objects.filter(entry=pk)}
        assert told == {reader for reader, entry in shown if entry == pk}, kind
    assert not Subscription.objects.exclude(fault="").exists()


def test_entries_are_published_without_any_saved_view(platforms):
    for effect in some(Effect.values, 3):
        entry = publish(platforms[0], effects=[effect], topic=topic_of(effect))
        assert not Alert.objects.filter(entry=entry).exists(), effect


#: What was saved before days were bounded, or by hand.
UNASKABLE = ("until=9999-12-31", "since=0001-01-01", "platform=gone", "kind=no-such", "place=Mars")


@pytest.mark.parametrize("view", UNASKABLE)
def test_a_view_that_cannot_be_asked_is_not_in_the_way(platforms, view, caplog):
    make_reader("", ("view", view))
    other = make_reader("", ("view", "platform=x"))
    with caplog.at_level(logging.WARNING):
        entry = publish(platforms[0])
    assert [alert.subscriber for alert in Alert.objects.filter(entry=entry)] == [other]
    assert "The query of a saved view failed: ValueError" in caplog.text
    assert view not in caplog.text  # what a reader looks for is theirs


@pytest.mark.database
def test_a_view_that_fails_in_the_database_is_not_in_the_way(platforms, monkeypatch, caplog):
    """Whatever the reason: even one that leaves a transaction of PostgreSQL unusable."""
    bad = make_reader("", ("view", "platform=chirp"))
    good = make_reader("", ("view", "platform=x"))
    narrow = TimelineFilters.narrow

    def failing(self, entries):
        if self.data.get("platform") == "chirp":
            return entries.extra(where=["no_such_column = 1"])
        return narrow(self, entries)

    monkeypatch.setattr(TimelineFilters, "narrow", failing)
    entry = publish(platforms[0])
    assert [alert.subscriber for alert in Alert.objects.filter(entry=entry)] == [good]
    assert "no_such_column" in bad.subscriptions.get().fault


def test_views_of_those_who_left_are_not_asked(platforms, monkeypatch):
    make_reader("", ("view", "platform=chirp"), state="left")
    asked = []
    monkeypatch.setattr(
        announce, "TimelineFilters", lambda data: asked.append(data) or TimelineFilters(data)
    )
    publish(platforms[0])
    assert asked == []


def test_the_operator_is_told_of_views_that_cannot_be_asked(platforms, mailbox, client, settings):
    settings.METRICS_TOKEN = "figures"
    make_reader("", ("view", "until=9999-12-31"))
    make_reader("", ("view", "until=9999-12-31"))
    publish(platforms[0])
    assert raise_alarm()
    (mail,) = mailbox.mails
    assert mail["To"] == "desk@defaulton.example"
    assert "1 saved view" in mail["Subject"]
    assert "until=9999-12-31" in mail.get_content()
    assert "from 1970 to 2100" in mail.get_content()
    assert not raise_alarm()  # once is enough
    answer = client.get(reverse("metrics"), headers={"Authorization": "Bearer figures"})
    assert "default_on_saved_views_failing 1.0" in answer.content.decode()


def test_a_view_that_can_be_asked_again_is_no_longer_told(platforms, mailbox):
    reader = make_reader("", ("view", "platform=later"))
    publish(platforms[0])
    assert reader.subscriptions.get().fault
    make_platform("later", name="Later")
    entry = publish(Platform.objects.get(slug="later"))
    assert reader.subscriptions.get().fault == ""
    assert Alert.objects.filter(entry=entry, subscriber=reader).exists()
    cache.clear()
    assert not raise_alarm()


@pytest.mark.database
def test_the_day_of_an_entry_may_be_the_last_there_is(platforms):
    make_reader("", ("view", "until=2100-12-31"))
    entry = publish(platforms[0], effective_on=dt.date(2100, 12, 31))
    assert Alert.objects.filter(entry=entry).count() == 1


def test_one_reader_follows_so_many_views_and_no_more(platforms, client):
    reader = make_reader("", ("view", "q=0"))
    path = f"/alerts/{tokens.manage_text(reader)}"

    def add(view):
        fields = {"act": "add", "what": "view", "view": view, "frequency": "daily"}
        return client.post(path, fields)

    statuses = [add(f"q={number}").status_code for number in range(MOST_VIEWS)]
    assert statuses == [302] * MOST_VIEWS  # the first is there already, and changed
    answer = add("q=one-more")
    assert answer.status_code == 422
    assert f"You follow {MOST_VIEWS} views already" in answer.text
    assert add("q=0").status_code == 302
    assert reader.subscriptions.count() == MOST_VIEWS


def test_a_confirmed_view_that_is_one_too_many_is_said_so(platforms, client):
    reader = make_reader("", *(("view", f"q={number}") for number in range(MOST_VIEWS)))
    choices = Choices((("view", "q=one-more"),), "daily")
    token = tokens.issue(reader, TokenPurpose.CONFIRM, choices.as_json(), timezone.now())
    answer = client.post(f"/confirm/{tokens.link_text(token)}", follow=True)
    assert "so this one was not added" in answer.text
    assert reader.subscriptions.count() == MOST_VIEWS
