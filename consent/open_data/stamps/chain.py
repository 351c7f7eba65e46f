"""The header of a day: what is chained and stamped. Pure.

A header is canonical JSON, and its SHA-256 is the `previous` of the next day's. A stamp on one
header therefore also proves all headers before it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from consent.models import StampedDay

FORMAT = 1
#: How readers check a bundle with our code.
VERIFY_COMMAND = "manage.py verify_evidence FILE"
STRICT_VERIFY_COMMAND = f"{VERIFY_COMMAND} --roots AUTHORITY.pem"
#: The `previous` of the first header.
NO_PREVIOUS = "0" * 64


def canonical_json(value: Any) -> bytes:
    """Return JSON that is the same for equal values: sorted names, no spaces, UTF-8."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


@dataclass(frozen=True, slots=True)
class Header:
    """number: counts the headers from 1. day: the last day that it covers. root: of the tree over
    `size` leaves.
    """

    number: int
    day: dt.date
    size: int
    root: str
    previous: str

    def to_bytes(self) -> bytes:
        return canonical_json({**asdict(self), "day": self.day.isoformat(), "format": FORMAT})

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.to_bytes()).hexdigest()


def header_of(day: StampedDay) -> Header:
    return Header(
        number=day.number, day=day.day, size=day.size, root=day.root, previous=day.previous
    )


def read_header(data: bytes) -> Header:
    """Raises ValueError if this is not a header, byte for byte."""
    try:
        values = json.loads(data)
        header = Header(
            number=values["number"],
            day=dt.date.fromisoformat(values["day"]),
            size=values["size"],
            root=values["root"],
            previous=values["previous"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"not a header: {error}") from error
    if header.to_bytes() != data:
        raise ValueError("not a header in its canonical form")
    return header
