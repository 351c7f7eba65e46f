"""Tries other selectors on the stored snapshots of a page, without a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from platforms.archive import Archive, ArchiveError
from platforms.extraction import Document
from platforms.fetching import reader
from platforms.fetching.visit_errors import FetchError
from platforms.models import Page, Snapshot

#: The latest snapshots are enough; reading these twice takes a second or two.
MOST_CAPTURES = 40
# For each snapshot, as a curator waits for all of them.
_CPU_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Replay:
    """The snapshots of a page, read with its present selectors ("now") and with others ("then").

    seen_now, seen_then: how many snapshots differ from the one before. spared, added: those that
    differ only with the present selectors, or only with the others. missed: snapshots in which
    the others match nothing, with the missing selectors.
    """

    read: int
    unreadable: int
    seen_now: int
    seen_then: int
    missed: tuple[tuple[Snapshot, str], ...]
    spared: tuple[Snapshot, ...]
    added: tuple[Snapshot, ...]


def replay(page: Page, *, select: Sequence[Any], remove: Sequence[Any], archive: Archive) -> Replay:
    """Read the latest snapshots of a page, oldest first, with both selectors."""
    snapshots = page.snapshots.readable().exclude(sha256="").select_related("page__platform")
    latest = list(snapshots.order_by("-first_seen_at")[:MOST_CAPTURES])[::-1]
    missed: list[tuple[Snapshot, str]] = []
    spared: list[Snapshot] = []
    added: list[Snapshot] = []
    read = seen_now = seen_then = 0
    before: tuple[str, str] | None = None
    for snapshot in latest:
        try:
            body = archive.get(snapshot.sha256)
        except ArchiveError:
            continue  # verify_archive reports it
        try:
            now = _read(snapshot, body, page.select, page.remove)
            then = _read(snapshot, body, select, remove)
        except FetchError:
            continue
        read += 1
        if missing := then.missed_selectors or (() if then.text.strip() else ("any text",)):
            missed.append((snapshot, ", ".join(map(str, missing))))
        if before is not None:
            differs_now, differs_then = now.digest != before[0], then.digest != before[1]
            seen_now += differs_now
            seen_then += differs_then
            if differs_now and not differs_then:
                spared.append(snapshot)
            if differs_then and not differs_now:
                added.append(snapshot)
        before = (now.digest, then.digest)
    return Replay(
        read, len(latest) - read, seen_now, seen_then, tuple(missed), tuple(spared), tuple(added)
    )


def _read(
    snapshot: Snapshot, body: bytes, select: Sequence[Any], remove: Sequence[Any]
) -> Document:
    return reader.read(
        body,
        url=snapshot.final_url,
        content_type=snapshot.content_type,
        select=select,
        remove=remove,
        limits=reader.Limits.from_settings(cpu_seconds=_CPU_SECONDS),
    )
