"""What other selectors would have seen in a page's stored captures, without a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from platforms.archive import Archive, ArchiveError
from platforms.extraction import Document
from platforms.fetching import reader
from platforms.fetching.errors import FetchError
from platforms.models import Page, Snapshot

#: The latest captures tell best; reading them twice takes a second or two.
MOST_CAPTURES = 40
# A curator waits for all of them together.
_LIMITS = reader.Limits(cpu_seconds=3)


@dataclass(frozen=True, slots=True)
class Replay:
    """Captures read by a page's selectors as they are, and by others.

    missed: captures in which the others do not find their part, with what is missing. spared,
    added: captures whose difference to the one before would not be seen any more, or only then.
    """

    read: int
    unreadable: int
    seen_now: int
    seen_then: int
    missed: tuple[tuple[Snapshot, str], ...]
    spared: tuple[Snapshot, ...]
    added: tuple[Snapshot, ...]


def replay(page: Page, *, select: Sequence[Any], remove: Sequence[Any], archive: Archive) -> Replay:
    """Read a page's latest captures, oldest first, both ways."""
    captures = page.snapshots.readable().exclude(sha256="").select_related("page__platform")
    latest = list(captures.order_by("-first_seen_at")[:MOST_CAPTURES])[::-1]
    missed: list[tuple[Snapshot, str]] = []
    spared: list[Snapshot] = []
    added: list[Snapshot] = []
    read = seen_now = seen_then = 0
    before: tuple[str, str] | None = None
    for capture in latest:
        try:
            body = archive.get(capture.sha256)
        except ArchiveError:
            continue  # verify_archive reports it
        try:
            now = _read(capture, body, page.select, page.remove)
            then = _read(capture, body, select, remove)
        except FetchError:
            continue
        read += 1
        if lacking := then.missed_selectors or (() if then.text.strip() else ("any text",)):
            missed.append((capture, ", ".join(map(str, lacking))))
        if before is not None:
            differs_now, differs_then = now.digest != before[0], then.digest != before[1]
            seen_now += differs_now
            seen_then += differs_then
            if differs_now and not differs_then:
                spared.append(capture)
            if differs_then and not differs_now:
                added.append(capture)
        before = (now.digest, then.digest)
    return Replay(
        read, len(latest) - read, seen_now, seen_then, tuple(missed), tuple(spared), tuple(added)
    )


def _read(capture: Snapshot, body: bytes, select: Sequence[Any], remove: Sequence[Any]) -> Document:
    return reader.read(
        body,
        url=capture.final_url,
        content_type=capture.content_type,
        select=select,
        remove=remove,
        limits=_LIMITS,
    )
