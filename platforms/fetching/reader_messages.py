"""What passes between a worker and the process that reads for it: frames of JSON and bytes."""

from __future__ import annotations

import dataclasses
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from platforms.extraction import Block, Document, Link, Selector
from platforms.fetching.page_metadata import SelfDescription
from platforms.fetching.suggesting import SelectorSuggestion

_LENGTHS = struct.Struct("!QQ")
_LISTS_OF_LINKS = ("links", "images", "forms")


@dataclass(frozen=True, slots=True)
class Job:
    """A body to read. examine: also look for its description and for selectors.

    cpu_seconds: the processor time that it may take.
    """

    url: str
    content_type: str
    select: Sequence[Selector]
    remove: Sequence[Selector]
    cpu_seconds: int
    examine: bool = False


@dataclass(frozen=True, slots=True)
class Examined:
    """What was read, and what a curator wants to know of a page before it is watched."""

    document: Document
    says: SelfDescription = field(default_factory=SelfDescription)
    suggestions: tuple[SelectorSuggestion, ...] = ()


def frame(values: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return one message: two lengths, JSON, bytes."""
    # Lone surrogates, which damaged files contain, pass as they are.
    head = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    written = head.encode("utf-8", "surrogatepass")
    return b"".join((_LENGTHS.pack(len(written), len(body)), written, body))


def lengths_of(start: bytes) -> tuple[int, int]:
    """Return the lengths of JSON and bytes from the start of a message."""
    head, body = _LENGTHS.unpack(start)
    return head, body


START = _LENGTHS.size


def values_of(head: bytes) -> dict[str, Any]:
    """Return the values of a message."""
    values: dict[str, Any] = json.loads(head.decode("utf-8", "surrogatepass"))
    return values


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Return the next message of a stream; None at its end."""
    start = stream.read(START)
    if len(start) < START:
        return None
    head, body = lengths_of(start)
    return values_of(stream.read(head)), stream.read(body)


def write_job(job: Job, body: bytes) -> bytes:
    values = {field.name: getattr(job, field.name) for field in dataclasses.fields(job)}
    return frame(values, body)


def write_examined(examined: Examined) -> bytes:
    document = examined.document
    values = {field.name: getattr(document, field.name) for field in dataclasses.fields(document)}
    # By hand, for dataclasses.asdict() costs more than reading some pages.
    values["blocks"] = [
        (block.kind, block.text, block.level, block.marker, block.quoted)
        for block in document.blocks
    ]
    for name in _LISTS_OF_LINKS:
        values[name] = [(link.target, link.text) for link in values[name]]
    return frame(
        {
            "document": values,
            "says": dataclasses.asdict(examined.says),
            "suggestions": [dataclasses.asdict(found) for found in examined.suggestions],
        }
    )


def read_examined(values: dict[str, Any]) -> Examined:
    document = values["document"]
    document["blocks"] = tuple(Block(*block) for block in document["blocks"])
    for name in _LISTS_OF_LINKS:
        document[name] = tuple(Link(*link) for link in document[name])
    document["missed_selectors"] = tuple(document["missed_selectors"])
    says = values["says"] | {"languages": tuple(values["says"]["languages"])}
    return Examined(
        Document(**document),
        SelfDescription(**says),
        tuple(SelectorSuggestion(**found) for found in values["suggestions"]),
    )
