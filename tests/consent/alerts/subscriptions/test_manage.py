"""The manage page: change, pause, move, export, erase, with nothing but the link."""

import json

import pytest
from django.apps import apps
from django.utils import timezone

from consent.alerts.sending.bounces import record_bounce
from consent.alerts.subscriptions import tokens
from consent.alerts.subscriptions.tokens import Returned
from consent.models import Subscriber
from tests.consent.alerts.readers import follow, links, make_reader, parts, publish
from tests.consent.alerts.subscriptions.test_journey import sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(clock):
    return make_reader("ada@mail.example", ("everything", ""), ("platform", "x"))


def page_of(reader):
    return f"/alerts/{tokens.manage_text(reader)}"


def post(client, reader, **fields):
    answer = client.post(page_of(reader), fields)
    reader = Subscriber.objects.filter(pk=reader.pk).first()
    return answer, reader


def test_a_subscription_is_changed_and_removed(client, reader):
    first, second = reader.subscriptions.all()
    changed = {f"s{first.pk}-frequency": "weekly", f"s{first.pk}-place": "GB"}
    post(client, reader, act="change", subscription=first.pk, **changed)
    first.refresh_from_db()
    assert (first.frequency, first.place) == ("weekly", "GB")
    assert "next digest" in client.get(page_of(reader)).text
    post(client, reader, act="remove", subscription=second.pk)
    assert reader.subscriptions.get() == first
    _answer, reader = post(client, reader, act="remove", subscription=first.pk)
    assert reader.state == "left"


def test_nobody_changes_the_subscription_of_somebody_else(client, reader):
    other = make_reader().subscriptions.get()
    answer, _ = post(client, reader, act="remove", subscription=other.pk)
    assert answer.status_code == 404


def test_a_pause_ends_by_itself_or_at_once(client, clock, reader):
    from consent.alerts.subscriptions.retention import update_subscribers

    _, reader = post(client, reader, act="pause")
    assert reader.state == "paused"
    _, reader = post(client, reader, act="resume")
    assert reader.state == "active"
    post(client, reader, act="pause")
    clock.move(days=31)
    update_subscribers(timezone.now())
    reader.refresh_from_db()
    assert reader.state == "active"


def test_a_new_address_is_confirmed_there_and_the_old_one_is_told(client, reader, mailbox, deliver):
    old_link = page_of(reader)
    post(client, reader, act="address", address="new@mail.example")
    deliver()
    (_, to, m12) = mailbox.accepted[0]
    assert to == "new@mail.example"
    (link,) = [url for url in links(parts(m12)[0]) if "/address/" in url]
    client.post(link.removeprefix("https://defaulton.example"))
    deliver()
    reader.refresh_from_db()
    assert reader.address == "new@mail.example"
    assert mailbox.accepted[1][1] == "ada@mail.example"
    assert client.get(old_link).status_code == 404


def test_the_address_that_alerts_go_to_already_is_no_new_one(client, reader, mailbox, deliver):
    answer, _ = post(client, reader, act="address", address="ADA@mail.example")
    assert answer.status_code == 422
    assert "Your alerts go to this address already." in answer.text
    deliver()
    assert mailbox.mails == []


@pytest.mark.parametrize("state", ["left", "complained"])
def test_who_gets_no_alerts_cannot_have_mail_sent_to_another_address(
    client, reader, mailbox, deliver, state
):
    Subscriber.objects.update(state=state)
    post(client, reader, act="address", address="other@mail.example")
    deliver()
    assert mailbox.mails == []


def test_everything_we_hold_can_be_downloaded(client, reader):
    data = json.loads(client.get(f"{page_of(reader)}/export").content)
    assert data["address"] == "ada@mail.example"
    assert len(data["subscriptions"]) == 2


def test_erasing_needs_the_box_and_leaves_nothing(client, reader):
    answer, still = post(client, reader, act="erase")
    assert (answer.status_code, still) == (422, reader)
    _answer, gone = post(client, reader, act="erase", sure="yes")
    assert gone is None


def everything_kept():
    """Every row of every table, as text."""
    return "\n".join(str(row) for model in apps.get_models() for row in model.objects.values())


@pytest.mark.database
def test_after_all_that_may_happen_to_a_reader_erasing_leaves_no_trace_of_an_address(
    client, clock, mailbox, deliver
):
    mailbox.refuse["full@mail.example"] = "452 4.2.2 <full@mail.example> is over quota"
    sign_up(client, clock, "full@mail.example", what="everything")
    deliver()
    del mailbox.refuse["full@mail.example"]
    client.post("/alerts", {"address": "full@mail.example"})
    sign_up(client, clock, "full@mail.example", what="turns-on")
    deliver(minutes=6)
    follow(client, mailbox.mails[0], "confirm")
    publish()
    deliver(minutes=11)
    reader = Subscriber.objects.get()
    record_bounce(
        Returned("a1", reader.pk), "transient", detail="mailbox of full@mail.example is full"
    )
    post(client, reader, act="address", address="next@mail.example")
    deliver()
    follow(client, mailbox.mails[-1], "address")
    deliver()
    reader.refresh_from_db()
    assert reader.address == "next@mail.example"
    data = json.loads(client.get(f"{page_of(reader)}/export").content)
    assert [len(data[name]) for name in ("alerts", "mails_that_came_back", "links")] == [1, 1, 2]
    assert {mail["kind"] for mail in data["other_mails"]} >= {"confirm", "welcome", "new-address"}
    assert "next@mail.example" in everything_kept()
    post(client, reader, act="erase", sure="yes")
    for address in ("full@mail.example", "next@mail.example"):
        assert address not in everything_kept()


def test_a_link_ends_after_thirty_days_and_a_forged_one_never_opens(client, clock, reader):
    path = page_of(reader)
    clock.move(days=31)
    assert client.get(path).status_code == 410
    assert client.get(path[:-1] + ("A" if path[-1] != "A" else "B")).status_code == 404


def test_leaving_by_the_button_can_be_undone_and_explained(client, reader):
    path = f"/u/{tokens.unsubscribe_text(reader.pk)}/now"
    assert "No more alerts come" in client.post(path, {"act": "leave"}).text
    client.post(path, {"act": "reason", "reason": "Too many"})
    reader.refresh_from_db()
    assert (reader.state, reader.leave_reason) == ("left", "Too many")
    assert "Your alerts are back" in client.post(path, {"act": "undo"}).text
    reader.refresh_from_db()
    assert reader.state == "active"


def test_pages_of_readers_are_private(client, reader):
    answer = client.get(page_of(reader))
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]
