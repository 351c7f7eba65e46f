"""Packs the responses of several addresses that together form one text, and unpacks them.

The format follows MIME's multipart/related (RFC 2387, RFC 2557): each response as received, after
headers that name its address and type. A bundle is stored and read again like any other body.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

_MEDIA_TYPE = "multipart/related"
_BOUNDARY = re.compile(r"boundary=([0-9a-f]{64})\Z")
_HEAD = re.compile(
    rb"--(?P<boundary>[0-9a-f]{64})\r\n"
    rb"Content-Location: (?P<url>[^\r\n]*)\r\n"
    rb"Content-Type: (?P<type>[^\r\n]*)\r\n"
    rb"Content-Length: (?P<length>\d{1,12})\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Part:
    """The response of one address. url: the final one, after redirects."""

    url: str
    content_type: str
    body: bytes


def bundle(parts: Sequence[Part]) -> tuple[bytes, str]:
    """Return one body and its content type. The same parts always give the same bytes."""
    boundary = hashlib.sha256(b"\0".join(part.body for part in parts)).hexdigest()
    packed = bytearray()
    for part in parts:
        head = (
            f"--{boundary}\r\nContent-Location: {_line(part.url)}\r\n"
            f"Content-Type: {_line(part.content_type)}\r\nContent-Length: {len(part.body)}\r\n\r\n"
        )
        packed += head.encode() + part.body + b"\r\n"
    packed += f"--{boundary}--\r\n".encode()
    return bytes(packed), f"{_MEDIA_TYPE}; boundary={boundary}"


def is_bundle(content_type: str) -> bool:
    """Return whether a content type is one that bundle() returned."""
    return content_type.startswith(_MEDIA_TYPE) and _BOUNDARY.search(content_type) is not None


def unbundle(body: bytes) -> tuple[Part, ...]:
    """Return the parts of a bundle; none if any of it is damaged."""
    parts: list[Part] = []
    at = 0
    while head := _HEAD.match(body, at):
        end = head.end() + int(head["length"])
        if body[end : end + 2] != b"\r\n":
            return ()
        url, content_type = (head[name].decode("utf-8", "replace") for name in ("url", "type"))
        parts.append(Part(url, content_type, body[head.end() : end]))
        at = end + 2
        if body[at:] == b"--%s--\r\n" % head["boundary"]:
            return tuple(parts)
    return ()


def _line(value: str) -> str:
    return " ".join(value.split())
