"""A mail in the bytes that cross the wire: RFC 5322 headers, MIME parts, nothing left to others.

Both bodies are quoted-printable: seven bits, lines of at most 76 characters. No server on the way
has a reason to encode them anew, which would break the signature (DKIM) over them. Written here
because Python's own classes take longer to put a mail together than its server to accept it.
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

#: No quoted-printable text can hold "=_", so no body can end its part early.
_BOUNDARY = "=_default-on"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_LINE = 78
_LONGEST_ALLOWED = 998  # RFC 5322, section 2.1.1


def as_bytes(mail: Mail) -> bytes:
    """Return the mail with its headers. Raises ValueError for what no header may hold."""
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
    """One header, folded. A value that would begin another line is refused, never mended."""
    if _CONTROL.search(value):
        raise ValueError(f"{name} holds a line break or another control character")
    looks_encoded = name == "Subject" and "=?" in value  # it would be read as something else
    if looks_encoded or not value.isascii():
        return f"{name}: {_encoded(name, value)}"
    line = f"{name}: {value}"
    return line if len(line) <= _LONGEST_LINE else _folded(name, line)


def _folded(name: str, line: str) -> str:
    """Break a long line before its spaces, which reading joins again."""
    lines = [""]
    for word in line.split(" "):
        # A line of nothing but white space would end the headers for some readers.
        if lines[-1].strip() and len(lines[-1]) + len(word) >= _LONGEST_LINE and word:
            lines.append("")
        lines[-1] += f"{' ' if lines[-1] or len(lines) > 1 else ''}{word}"
    if max(map(len, lines)) > _LONGEST_ALLOWED:
        raise ValueError(f"{name} is longer than a header may be")
    return "\r\n".join(lines)


@lru_cache(maxsize=256)  # a subject is the same for everybody whom an entry is told to
def _encoded(name: str, value: str) -> str:
    """RFC 2047."""
    header = Header(value, "utf-8", header_name=name, maxlinelen=_LONGEST_LINE)
    return header.encode(linesep="\r\n")


@lru_cache(maxsize=16)  # there are two senders
def _mailbox(sender: str) -> str:
    """A name and an address, as the From header takes them."""
    name, address = parseaddr(sender)
    return formataddr((name, bare_address(address)), "utf-8")
