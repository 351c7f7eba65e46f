"""Serialise a mail to bytes: RFC 5322 headers and MIME parts.

Both bodies are quoted-printable: seven bits, lines of at most 76 characters. No server on the way
needs to re-encode them, which would break their DKIM signature. Own code, because Python's classes
take longer to build a mail than a server to accept it.
"""

from __future__ import annotations

import binascii
import datetime as dt
import re
from email.header import Header
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from functools import lru_cache

from consent.alerts.mails.emails import Mail
from consent.alerts.subscriptions.addresses import bare_address, domain_of

#: Quoted-printable text never contains "=_", so no body can contain the boundary.
_BOUNDARY = "=_default-on"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_LINE = 78
_LONGEST_ALLOWED = 998  # RFC 5322, section 2.1.1


def as_bytes(mail: Mail) -> bytes:
    """Return the mail with its headers. Raises ValueError for values no header may have."""
    sender = _mailbox(mail.sender)
    headers = {
        "From": sender,
        "To": bare_address(mail.to),
        "Subject": mail.subject,
        "Date": format_datetime(dt.datetime.now(dt.UTC)),
        **mail.headers,
    }
    if "Message-ID" not in headers:
        headers["Message-ID"] = make_msgid(domain=domain_of(parseaddr(sender)[1]))
    head = "\r\n".join(_header(name, value) for name, value in headers.items())
    return (
        f"{head}\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n'
    ).encode("ascii") + b"".join(
        (
            _part("plain", mail.text),
            _part("html", mail.html),
            f"\r\n--{_BOUNDARY}--\r\n".encode(),
        )
    )


def _part(subtype: str, text: str) -> bytes:
    encoded = binascii.b2a_qp(re.sub(r"\r\n?", "\n", text).encode(), istext=True)
    return (
        f"\r\n--{_BOUNDARY}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode() + encoded.replace(b"\n", b"\r\n")


def _header(name: str, value: str) -> str:
    """Return one folded header. Raises ValueError for control characters such as line breaks."""
    if _CONTROL.search(value):
        raise ValueError(f"{name} contains a line break or another control character")
    looks_encoded = name == "Subject" and "=?" in value  # readers would decode it
    if looks_encoded or not value.isascii():
        return f"{name}: {_encoded(name, value)}"
    line = f"{name}: {value}"
    return line if len(line) <= _LONGEST_LINE else _folded(name, line)


def _folded(name: str, line: str) -> str:
    """Break a long line before spaces; readers join the lines again."""
    lines = [""]
    for word in line.split(" "):
        # Some readers take a line of white space for the end of the headers.
        if lines[-1].strip() and len(lines[-1]) + len(word) >= _LONGEST_LINE and word:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] or len(lines) > 1 else ''}{word}"
    if max(map(len, lines)) > _LONGEST_ALLOWED:
        raise ValueError(f"{name} is longer than a header may be")
    return "\r\n".join(lines)


@lru_cache(maxsize=256)  # all mails about an entry have the same subject
def _encoded(name: str, value: str) -> str:
    """Encode a header by RFC 2047."""
    header = Header(value, "utf-8", header_name=name, maxlinelen=_LONGEST_LINE)
    return header.encode(linesep="\r\n")


@lru_cache(maxsize=16)  # there are two senders
def _mailbox(sender: str) -> str:
    """Return name and address in the form of the From header."""
    name, address = parseaddr(sender)
    return formataddr((name, bare_address(address)), "utf-8")
