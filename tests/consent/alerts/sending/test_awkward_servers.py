"""Mail servers as they are found: nobody is lost, and nobody is written to twice."""

import asyncio
import io
from typing import ClassVar

import pytest
from aiosmtpd.smtp import SMTP
from django.core.management import CommandError, call_command

from consent.alerts.sending import smtp
from consent.alerts.sending.delivery import COOLING, MOST_ATTEMPTS, send_due
from consent.models import Alert, Subscriber
from tests.consent.alerts.conftest import Mailbox
from tests.consent.alerts.readers import make_reader, publish
from tests.dripping import dripping
from tests.mail_server import MailServer
from tests.platforms.fetching.certificates import Authority
from tests.services import free_port

pytestmark = pytest.mark.django_db


class Awkward(Mailbox):
    """One that may hang up, ask for patience, or forget to answer."""

    def __init__(self):
        super().__init__()
        self.lasts = None  # mails over one connection
        self.forgets = 0  # mails that it takes and does not answer
        self.hangs_up_after = ()  # refusals after which it is gone
        self.hangs_up_on = None  # whose mail it does not even refuse
        self.goodbye = "221 bye"
        self.connections = 0
        self.hesitates = 0.0  # seconds before it answers to a recipient

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        session.carried = 0
        self.connections += 1
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.lasts is not None and session.carried >= self.lasts:
            asyncio.get_running_loop().call_later(0.05, server.transport.close)
            return "421 4.7.0 enough over this connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == self.hangs_up_on:
            server.transport.abort()
        await asyncio.sleep(self.hesitates)
        answer = await super().handle_RCPT(server, session, envelope, address, options)
        if answer[:3] in self.hangs_up_after:
            asyncio.get_running_loop().call_later(0.05, server.transport.close)
            await server.push(answer)
            await asyncio.sleep(0.2)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        session.carried += 1
        if self.forgets:
            self.forgets -= 1
            server.transport.abort()
        return answer

    async def handle_QUIT(self, server, session, envelope):
        return self.goodbye


class Sleepy(SMTP):
    """Says nothing for a while after a connection is made."""

    seconds = 0.0
    first: ClassVar[list[float]] = []  # seconds for the first connections

    async def _handle_client(self):
        await asyncio.sleep(self.first.pop(0) if self.first else self.seconds)
        await super()._handle_client()


class Place(MailServer):
    """Where such a server listens."""

    protocol = Sleepy


@pytest.fixture
def server(settings, clock):
    handler = Awkward()
    place = Place(handler, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=False)
    place.start()
    settings.EMAIL_BACKEND = "consent.alerts.sending.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", place.port
    yield handler
    place.stop()


@pytest.fixture
def told(clock):
    """Make readers of these addresses, and an entry whose time to be sent has come."""

    def told(*addresses):
        readers = [make_reader(address) for address in addresses]
        publish()
        clock.move(minutes=11)
        return readers

    return told


def arrived(server):
    return sorted(to for _sender, to, _mail in server.accepted)


def state(reader):
    return Subscriber.objects.get(pk=reader.pk).state


def test_a_connection_that_carries_a_few_mails_is_opened_anew(server, told):
    people = [f"r{number}@mail.example" for number in range(7)]
    told(*people)
    server.lasts = 2
    assert send_due().sent == 7
    assert arrived(server) == people
    assert server.connections == 4


@pytest.mark.parametrize("refusal", ["550 5.1.1 no such user", "451 4.3.0 later"])
def test_one_that_hangs_up_after_a_refusal_keeps_no_other_mail(server, told, refusal):
    told("a@a.example", "bad@b.example", "c@c.example")
    server.refuse["bad@b.example"] = refusal
    server.hangs_up_after = (refusal[:3],)
    assert send_due().sent == 2
    assert arrived(server) == ["a@a.example", "c@c.example"]


def test_an_answer_that_is_lost_delays_that_mail_and_no_other(server, told, clock):
    told("a@a.example", "b@b.example", "c@c.example")
    server.forgets = 1
    tally = send_due()
    assert (tally.sent, tally.put_off) == (2, 1)
    assert arrived(server) == ["a@a.example", "b@b.example", "c@c.example"]
    assert send_due().sent == 0
    clock.move(minutes=2)
    assert send_due().sent == 1  # the one in doubt, once more
    first, *_others, again = server.mails
    assert first["Message-ID"] == again["Message-ID"]


def test_one_that_never_answers_is_asked_twice_and_then_left_alone_for_a_while(server, told, clock):
    told(*(f"r{number}@mail.example" for number in range(20)))
    server.forgets = 1000
    for _ in range(3):
        send_due()
    assert len(server.accepted) <= 6
    assert len(set(arrived(server))) == len(server.accepted)
    server.forgets = 0
    clock.move(minutes=10)
    send_due()
    assert set(arrived(server)) == {f"r{number}@mail.example" for number in range(20)}


def test_one_that_hangs_up_on_one_mail_takes_the_others(server, told):
    told("a@a.example", "bad@b.example", "c@c.example")
    server.hangs_up_on = "bad@b.example"
    tally = send_due()
    assert (tally.sent, tally.put_off) == (2, 1)
    assert arrived(server) == ["a@a.example", "c@c.example"]


def test_a_refused_goodbye_is_none_of_a_readers_business(server, told):
    told("a@a.example")
    server.goodbye = "451 4.3.0 stay"
    assert send_due().sent == 1
    assert send_due().sent == 0
    assert len(server.accepted) == 1


def test_asked_for_patience_after_the_mail_it_comes_once_later(server, told, clock):
    (reader,) = told("a@a.example")
    server.refuse["data"] = "451 4.3.2 not now"
    assert send_due().put_off == 1
    server.refuse.clear()
    clock.move(seconds=COOLING + 1)
    assert send_due().sent == 1
    assert arrived(server) == ["a@a.example"]
    assert state(reader) == "active"


def test_a_server_that_greets_slowly_costs_no_attempt(server, told, settings, monkeypatch):
    told("a@a.example")
    settings.EMAIL_TIMEOUT = 0.2
    monkeypatch.setattr(Sleepy, "seconds", 1.0)
    assert send_due().sent == 0
    assert Alert.objects.get().attempts == 0
    settings.EMAIL_TIMEOUT = 20
    assert send_due().sent == 1
    assert arrived(server) == ["a@a.example"]


@pytest.mark.parametrize("start", [b"", b"220 here\r\n", b"220 here\r\n250-first\r\n250-"])
def test_a_server_that_drips_delays_a_mail(server, told, settings, monkeypatch, clock, start):
    told("a@a.example")
    monkeypatch.setattr(smtp, "MOST_SECONDS", 0.3)
    port = settings.EMAIL_PORT
    with dripping(start) as settings.EMAIL_PORT:
        assert send_due().sent == 0
    monkeypatch.undo()
    settings.EMAIL_PORT = port
    clock.move(minutes=10)
    assert send_due().sent == 1


def test_all_answers_to_one_mail_share_one_time_limit(server, told, monkeypatch):
    """Each answer is in time, and all together are not: the claim on the mail may have ended."""
    told("a@a.example")
    monkeypatch.setattr(smtp, "MOST_SECONDS", 1.0)
    monkeypatch.setattr(Sleepy, "seconds", 0.7)
    server.hesitates = 0.7
    assert send_due().sent == 0
    assert not server.accepted


def test_a_second_try_has_no_time_limit_of_its_own(server, told, monkeypatch, settings):
    told("a@a.example")
    settings.EMAIL_TIMEOUT = 0.5
    monkeypatch.setattr(smtp, "MOST_SECONDS", 0.8)
    monkeypatch.setattr(Sleepy, "first", [60.0])
    server.hesitates = 0.4
    assert send_due().sent == 0
    assert not Sleepy.first
    assert not server.accepted


def test_a_full_mailbox_does_not_keep_its_provider_from_others(server, told):
    told("full@big.example", "fine@big.example")
    server.refuse["full@big.example"] = "452 4.2.2 mailbox full"
    tally = send_due()
    assert (tally.sent, tally.put_off) == (1, 1)
    assert arrived(server) == ["fine@big.example"]


def test_waiting_for_a_busy_provider_costs_no_attempts(server, told, clock):
    told("first@big.example", *(f"r{number}@big.example" for number in range(4)))
    server.refuse["first@big.example"] = "450 4.7.1 too fast"
    for _ in range(2 * MOST_ATTEMPTS):
        send_due()
        clock.move(seconds=COOLING + 1)
    server.refuse.clear()
    clock.move(days=1)
    send_due()
    assert {f"r{number}@big.example" for number in range(4)} <= set(arrived(server))


def test_a_server_that_no_longer_relays_for_us_strikes_out_no_reader(server, told, clock):
    people = told("a@a.example", "b@b.example")
    for each in people:
        server.refuse[each.address] = f"550 5.7.1 <{each.address}>: relay access denied"
    assert send_due().put_off == 2
    assert {state(each) for each in people} == {"active"}
    assert not Alert.objects.filter(last_error__contains="@").exists()
    server.refuse.clear()
    clock.move(minutes=5)
    assert send_due().sent == 2


def test_a_mailbox_that_never_accepts_is_one_transient_failure(server, told, clock):
    (reader,) = told("full@big.example")
    server.refuse["full@big.example"] = "452 4.2.2 mailbox full"
    for _ in range(MOST_ATTEMPTS + 1):
        send_due()
        clock.move(hours=7)
    assert Alert.objects.get().failed_at
    (bounce,) = reader.bounces.all()
    assert (bounce.kind, bounce.status) == ("transient", "4.2.2")
    assert state(reader) == "active"


def test_who_leaves_while_a_slow_server_takes_a_batch_gets_nothing_more(server, told):
    told("a@a.example", "b@b.example", "c@c.example")
    seconds = 0

    def slow():
        """Three seconds pass from one look at the clock to the next; once one has mail, all go."""
        nonlocal seconds
        seconds += 3
        if server.accepted:
            Subscriber.objects.update(state="left")
        return seconds

    assert send_due(seconds=1000, clock=slow).sent == 1
    assert len(server.accepted) == 1
    assert not Alert.objects.exclude(claim=None).exists()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Made before any clock is stopped: OpenSSL knows the true time."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    return authority.ca_file, authority.server("localhost")


@pytest.mark.parametrize("setting", ["EMAIL_USE_TLS", "EMAIL_USE_SSL"])
def test_mail_is_sent_through_tls(certificate, settings, told, monkeypatch, setting):
    ca_file, context = certificate
    handler = Awkward()
    handler.forgets = 1
    tls = {
        "EMAIL_USE_TLS": {"tls_context": context, "require_starttls": True},
        "EMAIL_USE_SSL": {"ssl_context": context},
    }
    place = Place(handler, hostname="localhost", port=free_port(), **tls[setting])
    place.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    settings.EMAIL_BACKEND = "consent.alerts.sending.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", place.port
    setattr(settings, setting, True)
    try:
        told("a@a.example", "b@b.example")
        tally = send_due()
        assert (tally.sent, tally.put_off) == (1, 1)  # the first one got no answer
        assert arrived(handler) == ["a@a.example", "b@b.example"]
    finally:
        place.stop()


def test_the_test_mail_says_that_the_server_hung_up(server):
    server.forgets = 1
    with pytest.raises(CommandError, match="hung up without a word"):
        call_command("send_test_mail", "me@mail.example", stdout=io.StringIO())
