"""Readers, entries and a real mail server for the tests of alerts."""

import email
import email.policy
from contextlib import contextmanager

import pytest
from django.core.cache import cache

from consent.alerts.sending.delivery import send_due
from tests.mail_server import MailServer
from tests.services import free_port


class Mailbox:
    """What a mail server accepted: (envelope sender, recipient, parsed mail)."""

    def __init__(self):
        self.accepted = []
        self.refuse = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if refusal := self.refuse.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if refusal := self.refuse.get("data"):
            return refusal
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.accepted.append((envelope.mail_from, envelope.rcpt_tos[0], mail))
        return "250 OK"

    @property
    def mails(self):
        return [mail for _sender, _to, mail in self.accepted]

    def subjects(self):
        return [mail["Subject"] for mail in self.mails]


@contextmanager
def serving(handler, settings):
    """Run a real SMTP server that the outbox is sent to."""
    controller = MailServer(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "consent.alerts.sending.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    yield handler
    controller.stop()


@pytest.fixture
def mailbox(settings):
    with serving(Mailbox(), settings) as handler:
        yield handler


@pytest.fixture(autouse=True)
def place(settings):
    cache.clear()
    settings.SITE_URL = "https://defaulton.example"
    settings.SECURE_SSL_REDIRECT = False
    settings.CONTACT_EMAIL = "desk@defaulton.example"
    settings.DEFAULT_FROM_EMAIL = "Default On <hello@defaulton.example>"
    settings.ALERTS_FROM_EMAIL = "Default On <alerts@defaulton.example>"
    settings.MAIL_RETURN_ADDRESS = "bounces@defaulton.example"


@pytest.fixture
def deliver(clock):
    """Let the hold pass and send all that is due."""

    def deliver(minutes=0):
        clock.move(minutes=minutes)
        return send_due()

    return deliver
