"""A new SECRET_KEY, with the former one in SECRET_KEY_FALLBACKS: links in sent mails live on."""

import re
import secrets

import pytest

from consent.alerts.subscriptions import lifecycle, tokens
from consent.models import Letter, Subscriber
from tests.consent.alerts.readers import follow, links, make_reader, parts, publish
from tests.consent.alerts.subscriptions.test_journey import filled, sign_up
from tests.factories import make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def rotate(settings):
    """Give the site a new key; keep the former one to read with, unless it is dropped."""

    def rotate(keep=True):
        former = settings.SECRET_KEY
        settings.SECRET_KEY = secrets.token_urlsafe(60)
        settings.SECRET_KEY_FALLBACKS = [former, *settings.SECRET_KEY_FALLBACKS] if keep else []

    return rotate


def path_in(mail, kind):
    (link,) = {url for url in links(parts(mail)[0]) if f"/{kind}/" in url}
    return link.removeprefix("https://defaulton.example")


@pytest.mark.database
def test_confirm_and_manage_links_live_on(client, clock, mailbox, deliver, rotate):
    sign_up(client, clock, what="everything")
    deliver()
    rotate()
    rotate()
    assert "You are set" in client.post(path_in(mailbox.mails[0], "confirm"), follow=True).text
    deliver()
    rotate()
    assert client.get(path_in(mailbox.mails[1], "alerts")).status_code == 200


def test_a_letter_that_waited_during_the_rotation_has_a_link_that_works(
    client, clock, mailbox, deliver, rotate
):
    sign_up(client, clock, what="everything")
    rotate()
    deliver()
    assert follow(client, mailbox.mails[0]).status_code == 302
    assert Subscriber.objects.get().state == "active"


def test_a_code_that_was_mailed_can_still_be_typed(client, clock, mailbox, deliver, rotate):
    page = sign_up(client, clock, what="everything").text
    deliver()
    (code,) = set(re.findall(r"\b\d{6}\b", parts(mailbox.mails[0])[0]))
    rotate()
    client.post("/subscribe/code", filled(page, code=code))
    assert Subscriber.objects.get().state == "active"


def test_a_form_that_was_open_can_still_be_sent(client, clock, rotate):
    page = client.get("/subscribe?what=turns-on").text
    clock.move(seconds=10)
    rotate()
    client.post("/subscribe", filled(page, address="ada@mail.example", what="everything"))
    assert Letter.objects.count() == 1


def test_unsubscribing_lives_on_by_the_link_and_by_one_click(
    client, clock, mailbox, deliver, rotate
):
    reader = make_reader()
    publish(make_platform("chirp"))
    deliver(minutes=11)
    (alert,) = mailbox.mails
    rotate()
    one_click = re.search(r"<https://[^/]+([^>]+)>", alert["List-Unsubscribe"])[1]
    assert client.get(path_in(alert, "u")).status_code == 200
    assert client.post(one_click, {"List-Unsubscribe": "One-Click"}).status_code == 200
    reader.refresh_from_db()
    assert reader.state == "left"


def test_a_new_address_is_confirmed_by_a_link_of_before(client, clock, mailbox, deliver, rotate):
    reader = make_reader("ada@mail.example")
    client.post(
        f"/alerts/{tokens.manage_text(reader)}", {"act": "address", "address": "new@mail.example"}
    )
    deliver()
    (mail,) = mailbox.mails
    rotate()
    client.post(path_in(mail, "address"))
    reader.refresh_from_db()
    assert reader.address == "new@mail.example"


def test_bounces_of_mails_of_before_are_read(rotate):
    reader = make_reader()
    address = tokens.return_address("a12", reader.pk, reader.epoch)
    rotate()
    assert tokens.read_return_address(address).subscriber_id == reader.pk


def test_who_complained_and_was_erased_is_not_written_to_again(
    client, clock, mailbox, deliver, rotate
):
    lifecycle.forget(make_reader("ada@mail.example", state="complained"))
    rotate()
    sign_up(client, clock, what="everything")
    deliver()
    assert mailbox.mails == []
    rotate(keep=False)
    sign_up(client, clock, what="everything")
    deliver(minutes=2000)
    assert len(mailbox.mails) == 1  # docs/operating.md says so: it needs the former key


def test_without_the_former_key_its_links_open_nothing(client, clock, rotate):
    reader = make_reader()
    paths = [f"/alerts/{tokens.manage_text(reader)}"]
    rotate(keep=False)
    assert [client.get(path).status_code for path in paths] == [404]
    address = tokens.return_address("a12", reader.pk)
    rotate(keep=False)
    assert tokens.read_return_address(address) is None
