"""The one connection to the mail server through which a worker sends."""

from __future__ import annotations

import logging
import smtplib
import time
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from consent.alerts.addresses import domain_of
from consent.alerts.emails import Mail
from consent.alerts.wire import as_bytes, bare_address

log = logging.getLogger(__name__)


class ServerUnusable(Exception):
    """The mail server cannot be reached or refuses us altogether: no mail is to blame."""


class Post:
    """One connection to the mail server, opened when first needed and kept for many mails.

    Also keeps the pace: no more than MAIL_PACE mails a second to one provider.
    """

    def __init__(self) -> None:
        self._connection: Any = None
        self._next_at: dict[str, float] = {}

    def send(self, mail: Mail) -> None:
        """Hand a mail to the server. Raises what the server said about this mail.

        A connection that broke is opened once again; raises ServerUnusable if that fails too.
        """
        self._keep_pace(mail.to)
        for second_try in (False, True):
            try:
                self._open()
                hand_over(self._connection, mail)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError):
                raise
            except OSError as error:  # smtplib's errors are of this family
                self.close()
                if second_try:
                    raise ServerUnusable(f"{type(error).__name__}: {error}") from error
            else:
                return

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except OSError:
                log.debug("the mail server was gone before we said goodbye")

    def _open(self) -> None:
        if self._connection is None:
            self._connection = get_connection()
            self._connection.open()

    def _keep_pace(self, to: str) -> None:
        if not settings.MAIL_PACE:
            return
        domain, now = domain_of(to), time.monotonic()
        wait = self._next_at.get(domain, now) - now
        if wait > 0:
            time.sleep(wait)
        self._next_at[domain] = max(now, self._next_at.get(domain, now)) + 1 / settings.MAIL_PACE


def hand_over(connection: Any, mail: Mail) -> None:
    """Send a mail through an open connection of Django's: in our own bytes where it is SMTP."""
    server = getattr(connection, "connection", None)
    if isinstance(server, smtplib.SMTP):
        envelope = bare_address(mail.returns_to), bare_address(mail.to)
        _transact(server, *envelope, as_bytes(mail))
    else:
        connection.send_messages([as_message(mail)])


def as_message(mail: Mail) -> EmailMultiAlternatives:
    """Django's form of a mail, for backends that write files or speak a provider's API.

    from_email is the envelope's sender; the header From is ours.
    """
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        mail.returns_to,
        [mail.to],
        headers=mail.headers | {"From": mail.sender},
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def _transact(server: smtplib.SMTP, sender: str, to: str, raw: bytes) -> None:
    """One mail. Raises what smtplib.SMTP.sendmail raises.

    Where the server takes commands in groups (RFC 2920), three of the four waits for an answer
    become one: across a network that is most of the time a mail takes.
    """
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("pipelining"):
        server.sendmail(sender, [to], raw)
        return
    size = f" SIZE={len(raw)}" if server.has_extn("size") else ""
    server.send(f"MAIL FROM:<{sender}>{size}\r\nRCPT TO:<{to}>\r\nDATA\r\n")
    mail_from, rcpt, data = server.getreply(), server.getreply(), server.getreply()
    accepted = mail_from[0] == 250 and rcpt[0] in (250, 251)
    if data[0] == 354:
        # It waits for a mail now, even where it took no recipient; then it gets an empty one.
        content = raw.replace(b"\r\n.", b"\r\n..") if accepted else b""
        server.send(content + b".\r\n")
        data = server.getreply()
    if accepted and data[0] == 250:
        return
    if 421 in (mail_from[0], rcpt[0], data[0]):
        server.close()
    else:
        server.rset()
    if mail_from[0] != 250:
        raise smtplib.SMTPSenderRefused(*mail_from, sender)
    if rcpt[0] not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({to: rcpt})
    raise smtplib.SMTPDataError(*data)
