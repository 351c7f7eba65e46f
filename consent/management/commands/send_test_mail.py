"""Send one mail through the configured server, and say in plain words what is wrong if it fails."""

from __future__ import annotations

import smtplib
import socket
import ssl
from argparse import ArgumentParser
from email.utils import make_msgid, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from consent.alerts.mails.emails import Mail
from consent.alerts.sending.mail_files import are_written
from consent.alerts.sending.smtp import Interrupted, hand_over, open_connection
from consent.alerts.subscriptions import tokens
from consent.alerts.subscriptions.mail_addresses import domain_of

_LONGEST_UNSUBSCRIBE = 70


class Command(BaseCommand):
    help = "Send a test mail to ADDRESS; exit code 1 and the reason when it was not accepted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["address"]
        validate_email(address)
        where = _where()
        self.stdout.write(f"Through {where}, from {settings.ALERTS_FROM_EMAIL}")
        for warning in warnings():
            self.stdout.write(self.style.WARNING(f"Note: {warning}"))
        try:
            connection = open_connection()
            hand_over(connection, _mail(address))
            connection.close()
        except (smtplib.SMTPException, OSError, Interrupted, ValueError) as error:
            raise CommandError(f"Not sent: {explain(error)}") from error
        self.stdout.write(self.style.SUCCESS(f"Accepted for {address}."))


def warnings() -> list[str]:
    """What would work but hurt: read from the settings alone."""
    found = []
    site = urlsplit(settings.SITE_URL)
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        found.append("EMAIL_URL is not set to a mail server; mails go nowhere but where it says.")
    if site.scheme != "https":
        found.append("SITE_URL is not https: one-click unsubscribe (RFC 8058) asks for it.")
    if len(tokens.unsubscribe_url(10_000_000)) > _LONGEST_UNSUBSCRIBE:
        found.append("SITE_URL is so long that unsubscribe links exceed 70 characters.")
    for name in ("ALERTS_FROM_EMAIL", "DEFAULT_FROM_EMAIL", "MAIL_RETURN_ADDRESS"):
        domain = domain_of(parseaddr(getattr(settings, name))[1])
        host = site.hostname or ""
        if domain != host and not host.endswith(f".{domain}"):
            found.append(f"{name} is at {domain}, the site at {host}: DMARC wants them to match.")
    return found


def explain(error: Exception) -> str:
    """Turn what went wrong into what to do about it."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the server refused user or password in EMAIL_URL ({_said(error)})."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"the server does not offer what EMAIL_URL asks for: {error}."
    if isinstance(error, smtplib.SMTPSenderRefused):
        return (
            f"the server does not let us send from {error.sender}: allow MAIL_RETURN_ADDRESS with "
            f"its +… parts ({_said(error)})."
        )
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return f"the server refused the address: {code} {_text(words)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server said {_said(error)}"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection: {error}. Is it ssl=True (465) or tls=True (587)?"
    if isinstance(error, socket.gaierror):
        return f"there is no host named {settings.EMAIL_HOST}."
    if isinstance(error, ConnectionRefusedError):
        return f"nothing listens at {settings.EMAIL_HOST}, port {settings.EMAIL_PORT}."
    if isinstance(error, TimeoutError):
        return f"no answer from {settings.EMAIL_HOST}, port {settings.EMAIL_PORT}; a firewall?"
    if isinstance(error, Interrupted):
        return f"the server took the mail and hung up without a word: {error}"
    if isinstance(error, ValueError):
        return f"{error}."
    return f"{type(error).__name__}: {error}"


def _where() -> str:
    if are_written():
        return f"files in {settings.EMAIL_FILE_PATH}"
    return f"{settings.EMAIL_HOST}, port {settings.EMAIL_PORT}"


def _mail(address: str) -> Mail:
    text = f"This is a test mail from Default On at {settings.SITE_URL}. It works.\n"
    return Mail(
        to=address,
        subject="Test mail from Default On",
        text=text,
        html=f'<!doctype html><html lang="en"><body><p>{text}</p></body></html>',
        sender=settings.ALERTS_FROM_EMAIL,
        returns_to=tokens.return_address("t0", 0),
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
        },
    )


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_text(error.smtp_error)}"


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
