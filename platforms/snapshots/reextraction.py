"""Read stored captures again by today's extractor and selectors (promise 5).

Both texts are kept, the new one labelled as a re-extraction; nothing is announced. Workers do the
same for a single capture when they meet an old reading (documents.current_document).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from platforms.archive import Archive, ArchiveError
from platforms.fetching.errors import FetchError
from platforms.models import Snapshot
from platforms.snapshots.documents import current_document, read_stored

Result = Literal["same text", "other text", "not readable"]


@dataclass(frozen=True, slots=True)
class ReRead:
    """What reading one capture again came to. detail: why it could not be read."""

    snapshot: Snapshot
    result: Result
    detail: str = ""


def reextract(
    snapshots: Iterable[Snapshot], *, archive: Archive, dry_run: bool = False
) -> Iterator[ReRead]:
    """Read captures again, one at a time, and keep what was read unless it is a dry run.

    snapshots: those that lack today's reading (documents.lacking_todays_reading), with their page.
    """
    for snapshot in snapshots:
        before = snapshot.documents.latest("created_at")
        try:
            if dry_run:
                digest = read_stored(snapshot.page, snapshot, archive).digest
            else:
                digest = current_document(snapshot.page, snapshot, archive).digest
        except ArchiveError as error:
            yield ReRead(snapshot, "not readable", str(error))
            continue
        except FetchError as error:
            yield ReRead(snapshot, "not readable", error.detail)
            continue
        yield ReRead(snapshot, "same text" if digest == before.digest else "other text")
