"""The connection of a worker to the mail server."""

from __future__ import annotations

import binascii
import io
import logging
import re
import secrets
import smtplib
import time
from collections.abc import Callable
from email.charset import QP, Charset
from email.header import Header
from email.utils import formataddr, parseaddr
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend as SMTPBackend

from consent.alerts.mails.emails import Mail
from consent.alerts.subscriptions.mail_addresses import bare_address, domain_of

log = logging.getLogger(__name__)

#: Between the parts of every mail of this process. Looking for one that no part contains, as the
#: email package does for each mail, takes a tenth of the time to write it. "=_": no text in
#: quoted-printable contains that.
_BOUNDARY = f"=_{secrets.token_hex(16)}"
#: Seconds for one mail: connecting, a second try and closing included. A claim lasts longer
#: (CLAIM_LASTS). Chosen: a server that is merely slow takes less.
MOST_SECONDS = 40.0
_CLOSING = 421  # RFC 5321, section 4.2.3
_CODE = re.compile(r"^[245]\d\d(?= )")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ANY_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:=]+@[^\s<>()\[\]\"',;:=]+")


class ServerUnusable(Exception):
    """The mail server cannot be reached, or refuses everything we send."""


class Interrupted(Exception):
    """The connection broke during a mail; the server may or may not have accepted it."""


class _TimedReads(io.RawIOBase):
    """Reads a socket until a time of its server, however often bytes arrive before."""

    def __init__(self, server: _Server) -> None:
        self._server = server

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        sock = self._server.sock
        if sock is None:
            return 0  # as at the end of what a server sends
        sock.settimeout(self._server.seconds_left())
        count: int = sock.recv_into(buffer)
        return count


class _Server(smtplib.SMTP):
    """Raises Interrupted if the connection breaks when the server may have the mail.

    ends_at: returns the time (time.monotonic) after which we wait for it no longer.
    """

    def __init__(self, *arguments: Any, ends_at: Callable[[], float], **options: Any) -> None:
        self._ends_at = ends_at
        super().__init__(*arguments, **options | {"timeout": self.seconds_left()})

    def seconds_left(self) -> float:
        """Return how long the next wait may be. Raises TimeoutError if no time is left."""
        left = self._ends_at() - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail server takes too long")
        return min(left, settings.EMAIL_TIMEOUT)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = io.BufferedReader(_TimedReads(self))
        return super().getreply()

    def send(self, s: Any) -> None:
        if self.sock is not None:
            try:
                self.sock.settimeout(self.seconds_left())
            except TimeoutError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected(str(error)) from error
        super().send(s)

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as error:
            raise Interrupted(in_words(error)) from error


class _TLSServer(_Server, smtplib.SMTP_SSL):
    """The same with TLS from the start."""


class EmailBackend(SMTPBackend):
    """Django's backend with a server that knows of doubts and has a time limit.

    ends_at: as time.monotonic counts; MOST_SECONDS from now unless it is set.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ends_at = time.monotonic() + MOST_SECONDS

    @property
    def connection_class(self) -> Callable[..., _Server]:  # type: ignore[override] # a factory
        kind = _TLSServer if self.use_ssl else _Server
        return partial(kind, ends_at=lambda: self.ends_at)


class _QuotedPrintable(Charset):
    """UTF-8 in quoted-printable by the C function: Python's own takes a fifth of a mail's time."""

    def __init__(self) -> None:
        super().__init__("utf-8")
        self.body_encoding = QP

    def body_encode(self, string: Any) -> Any:
        raw = string.encode() if isinstance(string, str) else string
        lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return binascii.b2a_qp(lines, istext=True).decode("ascii")


class _Message(EmailMultiAlternatives):
    def message(self, **options: Any) -> Any:
        message = super().message(**options)
        message.set_boundary(_BOUNDARY)
        return message


class MailConnection:
    """A connection that is opened when first needed and used for many mails.

    Sends at most MAIL_PACE mails a second to one provider.
    """

    def __init__(self) -> None:
        #: Number of consecutive mails during which the connection broke.
        self.interrupted = 0
        self._connection: Any = None
        self._ends_at = 0.0
        self._next_at: dict[str, float] = {}

    def send(self, mail: Mail) -> None:
        """Send a mail. Raises smtplib's errors if the server refuses it.

        If the connection breaks before the server has the mail, it is opened once more. Raises
        Interrupted if it breaks again or later, ServerUnusable if there is no connection. Both
        tries share MOST_SECONDS, because the claim on the mail does not last much longer.
        """
        self._keep_pace(mail.to)
        self._begin()
        for second_try in (False, True):
            try:
                self._open()
                self._hand_over(mail)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refused:
                # 421: the server closes this connection, by its limits or because it stops.
                if second_try or answer_of(refused)[0] != _CLOSING:
                    raise
                self._drop()
            except OSError as error:  # smtplib's errors are of this family
                greeted = self._connection is not None
                self._drop()
                is_last = second_try or time.monotonic() >= self._ends_at
                if is_last and greeted and isinstance(error, smtplib.SMTPServerDisconnected):
                    self.interrupted += 1
                    raise Interrupted(in_words(error)) from error
                if is_last:
                    raise ServerUnusable(in_words(error)) from error
            else:
                self.interrupted = 0
                return

    def _hand_over(self, mail: Mail) -> None:
        try:
            hand_over(self._connection, mail)
        except Interrupted:
            self.interrupted += 1
            self._drop()
            raise

    def close(self) -> None:
        """Close the connection after the last mail."""
        self._begin()
        self._drop()

    def _begin(self) -> None:
        """Begin the time limit anew."""
        self._ends_at = time.monotonic() + MOST_SECONDS
        if isinstance(self._connection, EmailBackend):
            self._connection.ends_at = self._ends_at

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except OSError:
                log.debug("the mail server had closed the connection already")

    def _open(self) -> None:
        if self._connection is None:
            self._connection = open_connection(self._ends_at)

    def _keep_pace(self, to: str) -> None:
        if not settings.MAIL_PACE:
            return
        domain, now = domain_of(to), time.monotonic()
        wait = self._next_at.get(domain, now) - now
        if wait > 0:
            time.sleep(wait)
        self._next_at[domain] = max(now, self._next_at.get(domain, now)) + 1 / settings.MAIL_PACE


def open_connection(ends_at: float | None = None) -> Any:
    """Open a connection with the backend of the settings. ends_at: see EmailBackend."""
    connection = get_connection()
    if ends_at is not None and isinstance(connection, EmailBackend):
        connection.ends_at = ends_at
    connection.open()
    return connection


def hand_over(connection: Any, mail: Mail) -> None:
    """Send a mail through an open connection.

    Raises smtplib's errors, Interrupted, and ValueError if it cannot be written as a mail.
    """
    message = as_message(mail)
    if isinstance(connection, EmailBackend):
        # Seven bits, lines of at most 76 characters: no server on the way needs to re-encode the
        # mail, which would break its DKIM signature. Files in var/mail stay easy to read.
        message.encoding = _QuotedPrintable()
    connection.send_messages([message])


def as_message(mail: Mail) -> EmailMultiAlternatives:
    """Convert a mail for Django's backends. from_email is the envelope sender.

    Raises ValueError for addresses and headers that no mail may have.
    """
    headers = mail.headers | {"From": _from(mail.sender)}
    for header, value in {"Subject": mail.subject, **headers}.items():
        if _CONTROL.search(value):
            raise ValueError(f"{header} contains a line break or another control character")
    message = _Message(
        _encoded(mail.subject),
        mail.text,
        bare_address(mail.returns_to),
        [bare_address(mail.to)],
        headers=headers,
    )
    message.attach_alternative(mail.html, "text/html")
    return message


@lru_cache(maxsize=16)
def _from(sender: str) -> str:
    name, address = parseaddr(sender)
    return formataddr((name, bare_address(address)), "utf-8")


# All readers of an entry who read the same language get the same subject.
@lru_cache(maxsize=64)
def _encoded(subject: str) -> str:
    """Encode a subject by RFC 2047 if necessary.

    Necessary also if it looks encoded already, for readers would decode it. Django would not
    encode that, and leaves no room for the header's name in the first line.
    """
    if subject.isascii() and "=?" not in subject:
        return subject
    return Header(subject, "utf-8", header_name="Subject").encode().replace("\n", "")


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


def short_reason(reason: str) -> str:
    """Return a server's code without its text, which differs by mail and names recipients."""
    found = _CODE.match(reason)
    return found[0] if found else reason.partition(":")[0]


def without_addresses(text: str) -> str:
    return _ANY_ADDRESS.sub("…", text)
