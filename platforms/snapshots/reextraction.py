"""Extract the text of stored snapshots again by today's extractor and selectors (promise 5).

Both texts are kept, and the new one is labelled as a re-extraction. Nothing is announced. Workers
do the same for a single snapshot when they need it (documents.current_document).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from platforms.archive import Archive, ArchiveError
from platforms.fetching.visit_errors import FetchError
from platforms.models import Snapshot
from platforms.snapshots.documents import current_document, read_stored

Result = Literal["same text", "other text", "not readable"]


@dataclass(frozen=True, slots=True)
class ReRead:
    """The result of one re-extraction. detail: why the snapshot could not be read."""

    snapshot: Snapshot
    result: Result
    detail: str = ""


def reextract(
    snapshots: Iterable[Snapshot], *, archive: Archive, dry_run: bool = False
) -> Iterator[ReRead]:
    """Extract snapshots again, one at a time. Stores the texts unless it is a dry run.

    snapshots: those without a Document by today's rules, with their page
    (documents.lacking_todays_reading).
    """
    for snapshot in snapshots:
        before = snapshot.documents.latest("created_at")
        try:
            if dry_run:
                digest = read_stored(snapshot.page, snapshot, archive).digest
            else:
                digest = current_document(snapshot.page, snapshot, archive).digest
        except (ArchiveError, FetchError) as error:
            yield ReRead(snapshot, "not readable", str(error))
            continue
        yield ReRead(snapshot, "same text" if digest == before.digest else "other text")
