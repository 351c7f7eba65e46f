"""The connection of a worker to the mail server."""

from __future__ import annotations

import logging
import re
import smtplib
import time
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from consent.alerts.mails.emails import Mail
from consent.alerts.sending.mime import as_bytes
from consent.alerts.subscriptions.addresses import bare_address, domain_of

log = logging.getLogger(__name__)

_DONE, _GO_ON, _CLOSING = 250, 354, 421  # RFC 5321, section 4.2.3
_TAKEN = (250, 251)
_NOT_ASKED = (0, b"")
_ANY_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:=]+@[^\s<>()\[\]\"',;:=]+")


class ServerUnusable(Exception):
    """The mail server cannot be reached, or refuses everything we send."""


class Interrupted(Exception):
    """The connection broke during a mail; the server may or may not have accepted it."""


class MailConnection:
    """A connection that is opened when first needed and used for many mails.

    Sends at most MAIL_PACE mails a second to one provider.
    """

    def __init__(self) -> None:
        #: Number of consecutive mails during which the connection broke.
        self.interrupted = 0
        self._connection: Any = None
        self._next_at: dict[str, float] = {}

    def send(self, mail: Mail) -> None:
        """Send a mail. Raises smtplib's errors if the server refuses it.

        If the connection breaks before the server has the mail, it is opened once more. Raises
        Interrupted if it breaks again or later, ServerUnusable if there is no connection.
        """
        self._keep_pace(mail.to)
        for second_try in (False, True):
            try:
                self._open()
                self._hand_over(mail)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refused:
                # 421: the server closes this connection, by its limits or because it stops.
                if second_try or answer_of(refused)[0] != _CLOSING:
                    raise
                self.close()
            except OSError as error:  # smtplib's errors are of this family
                greeted = self._connection is not None
                self.close()
                if second_try and greeted and isinstance(error, smtplib.SMTPServerDisconnected):
                    self.interrupted += 1
                    raise Interrupted(in_words(error)) from error
                if second_try:
                    raise ServerUnusable(in_words(error)) from error
            else:
                self.interrupted = 0
                return

    def _hand_over(self, mail: Mail) -> None:
        try:
            hand_over(self._connection, mail)
        except Interrupted:
            self.interrupted += 1
            self.close()
            raise

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except OSError:
                log.debug("the mail server had closed the connection already")

    def _open(self) -> None:
        if self._connection is None:
            connection = get_connection()
            connection.open()
            self._connection = connection

    def _keep_pace(self, to: str) -> None:
        if not settings.MAIL_PACE:
            return
        domain, now = domain_of(to), time.monotonic()
        wait = self._next_at.get(domain, now) - now
        if wait > 0:
            time.sleep(wait)
        self._next_at[domain] = max(now, self._next_at.get(domain, now)) + 1 / settings.MAIL_PACE


def hand_over(connection: Any, mail: Mail) -> None:
    """Send a mail through an open connection of Django; over SMTP as our own bytes."""
    server = getattr(connection, "connection", None)
    if isinstance(server, smtplib.SMTP):
        envelope = bare_address(mail.returns_to), bare_address(mail.to)
        _transact(server, *envelope, as_bytes(mail))
    else:
        connection.send_messages([as_message(mail)])


def as_message(mail: Mail) -> EmailMultiAlternatives:
    """Convert a mail for Django's backends that write files or use a provider's API.

    from_email is the envelope sender; the From header is set separately.
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


def answer_of(
    refused: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError,
) -> tuple[int, bytes | str]:
    """Return the code and text with which a server refused a mail."""
    if isinstance(refused, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(refused.recipients.values()))
        return code, words
    return refused.smtp_code, refused.smtp_error


def in_words(error: Exception) -> str:
    """Return an error in words, without mail addresses."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {redacted(error.smtp_error)}"
    return f"{type(error).__name__}: {without_addresses(str(error))}"


def redacted(words: bytes | str) -> str:
    """Return a server's text on one line, without mail addresses, to be stored and shown."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return without_addresses(" ".join(text.split()))


def without_addresses(text: str) -> str:
    return _ANY_ADDRESS.sub("…", text)


def _transact(server: smtplib.SMTP, sender: str, to: str, raw: bytes) -> None:
    """Send one mail. Raises the errors of smtplib.SMTP.sendmail, and Interrupted.

    With pipelining (RFC 2920) three of the four waits for an answer become one; across a network
    these waits are most of the time that a mail takes.
    """
    server.ehlo_or_helo_if_needed()
    size = f" SIZE={len(raw)}" if server.has_extn("size") else ""
    commands = [f"MAIL FROM:<{sender}>{size}\r\n", f"RCPT TO:<{to}>\r\n", "DATA\r\n"]
    if server.has_extn("pipelining"):
        server.send("".join(commands))
        mail_from, rcpt, data = _answers(server)
    else:
        mail_from = rcpt = data = _NOT_ASKED
        mail_from = _ask(server, commands[0])
        if mail_from[0] == _DONE:
            rcpt = _ask(server, commands[1])
        if rcpt[0] in _TAKEN:
            data = _ask(server, commands[2])
    accepted = mail_from[0] == _DONE and rcpt[0] in _TAKEN
    if data[0] == _GO_ON:
        # The server waits for a mail now, even if it refused the recipient: then send an empty one.
        content = raw.replace(b"\r\n.", b"\r\n..") if accepted else b""
        try:
            server.send(content + b".\r\n")
            data = server.getreply()
        except OSError as error:
            if accepted:
                raise Interrupted(in_words(error)) from error
            data = _NOT_ASKED
    if accepted and data[0] == _DONE:
        return
    _reset(server, mail_from[0], rcpt[0], data[0])
    if mail_from[0] != _DONE:
        raise smtplib.SMTPSenderRefused(*mail_from, sender)
    if rcpt[0] not in _TAKEN:
        raise smtplib.SMTPRecipientsRefused({to: rcpt})
    raise smtplib.SMTPDataError(*data)


def _answers(server: smtplib.SMTP) -> list[tuple[int, bytes]]:
    """Read three pipelined answers. A server may hang up after refusing a command."""
    answers = [_NOT_ASKED] * 3
    try:
        for number in range(3):
            answers[number] = server.getreply()
    except smtplib.SMTPServerDisconnected:
        if not any(code >= 400 and code != _CLOSING for code, _words in answers):
            raise
    return answers


def _ask(server: smtplib.SMTP, command: str) -> tuple[int, bytes]:
    server.send(command)
    return server.getreply()


def _reset(server: smtplib.SMTP, *codes: int) -> None:
    """Make the connection ready for the next mail after a refusal, or close it."""
    try:
        if _CLOSING not in codes:
            server.rset()
            return
    except OSError:
        log.debug("the mail server hung up after a refusal")
    server.close()
