"""The messages between a worker and its reader process: frames of JSON and bytes."""

from __future__ import annotations

import dataclasses
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from platforms.extraction import Block, Document, Link, Selector
from platforms.fetching.page_metadata import SelfDescription
from platforms.fetching.selector_suggestions import SelectorSuggestion

_LENGTHS = struct.Struct("!QQ")
_LISTS_OF_LINKS = ("links", "images", "forms")


@dataclass(frozen=True, slots=True)
class Job:
    """A body to read. examine: also return metadata and suggested selectors.

    cpu_seconds: limit of processor time.
    """

    url: str
    content_type: str
    select: Sequence[Selector]
    remove: Sequence[Selector]
    cpu_seconds: int
    examine: bool = False


@dataclass(frozen=True, slots=True)
class Examined:
    """The Document, and what helps curators to decide whether to watch the page."""

    document: Document
    says: SelfDescription = field(default_factory=SelfDescription)
    suggestions: tuple[SelectorSuggestion, ...] = ()


def frame(values: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return one message: two lengths, JSON, bytes."""
    # Damaged files may contain lone surrogates, which are passed on unchanged.
    head = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    encoded = head.encode("utf-8", "surrogatepass")
    return b"".join((_LENGTHS.pack(len(encoded), len(body)), encoded, body))


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
    # Written out, because dataclasses.asdict() takes longer than reading some pages.
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
            "suggestions": [dataclasses.asdict(suggestion) for suggestion in examined.suggestions],
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
        tuple(SelectorSuggestion(**suggestion) for suggestion in values["suggestions"]),
    )
