"""The snapshots and texts that the evidence of a change contains, and what is withheld."""

from __future__ import annotations

from dataclasses import dataclass, field

from consent.models import Entry
from consent.open_data.evidence.contents import WHY
from consent.open_data.stamps.leaves import Leaf, snapshot_leaf, text_leaf
from platforms.archive import Archive, ArchiveError, ArchiveUnavailable
from platforms.archive.warc import ReceivedPage
from platforms.archive.warc_records import received_pages
from platforms.models import Document, Snapshot
from platforms.vocabulary import Access

#: Bytes of one snapshot or text, and of all in a bundle. The largest policy pages have 5 MB.
LARGEST_SNAPSHOT = 10_000_000
LARGEST_BUNDLE = 30_000_000
#: Snapshots in a bundle. Chosen: an entry rests on one to six.
MOST_SNAPSHOTS = 40


@dataclass(slots=True)
class Collected:
    """What an entry cites, by the path of its record, in the order in which it is listed."""

    snapshots: dict[str, Leaf] = field(default_factory=dict)
    text_records: dict[str, Leaf] = field(default_factory=dict)
    received: dict[str, tuple[ReceivedPage, ...]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)
    size: int = 0


def handed_out(entry: Entry) -> list[tuple[int, int | None, str]]:
    """Return the keys of each snapshot and its text, and why they are withheld, if they are."""
    return [
        (
            each.snapshot.pk,
            each.document.pk if each.document else None,
            _why_withheld(each.snapshot),
        )
        for each in _cited_texts(entry)
    ]


@dataclass(frozen=True, slots=True)
class _Cited:
    """A snapshot, the text of it that the entry uses, and what for."""

    snapshot: Snapshot
    document: Document | None
    role: str


def _cited_texts(entry: Entry) -> list[_Cited]:
    """Return what the entry's changes compare, then what its sources cite besides, each once."""
    cited: list[_Cited] = []
    for change in entry.compared_changes:
        cited.append(_Cited(change.before, change.before_document, "before the change"))
        cited.append(_Cited(change.after, change.after_document, "after the change"))
    known = {each.snapshot.pk for each in cited}
    for source in entry.sources.all():
        for snapshot, role in (
            (source.snapshot_before, "before the change"),
            (source.snapshot, "cited"),
        ):
            if snapshot is not None and snapshot.pk not in known:
                known.add(snapshot.pk)
                document = snapshot.documents.order_by("created_at", "pk").first()
                cited.append(_Cited(snapshot, document, role))
    once = {(each.snapshot.pk, each.document and each.document.pk): each for each in cited}
    return sorted(once.values(), key=lambda each: (each.snapshot.first_seen_at, each.snapshot.pk))


def collect(entry: Entry, archive: Archive) -> Collected:
    """Gather what an entry cites, in order. Raises ArchiveUnavailable."""
    gathered = Collected()
    known: dict[bytes, str] = {}  # why a snapshot is withheld, by its record
    for cited in _cited_texts(entry):
        leaf = snapshot_leaf(cited.snapshot)
        if leaf.data not in known:
            path = f"records/snapshot-{len(known) + 1}.json"
            gathered.snapshots[path] = leaf
            too_many = "large" if len(known) >= MOST_SNAPSHOTS else ""
            known[leaf.data] = _why_withheld(cited.snapshot) or too_many
            if cited.snapshot.sha256:
                _add_body(gathered, cited.snapshot, path, known[leaf.data], archive)
        if cited.document is not None:
            _add_text(gathered, cited.document, known[leaf.data])
    return gathered


def _add_text(gathered: Collected, document: Document, why: str) -> None:
    """Add the text of a snapshot. why: the reason to withhold the snapshot, if there is one."""
    leaf = text_leaf(document)
    if any(leaf.data == other.data for other in gathered.text_records.values()):
        return
    path = f"records/text-{len(gathered.text_records) + 1}.json"
    gathered.text_records[path] = leaf
    size = len(document.text.encode())
    if why := why or _too_large(gathered, size):
        gathered.withheld[path] = WHY[why]
    else:
        gathered.texts[path] = document.text
        gathered.size += size


def _add_body(
    gathered: Collected, snapshot: Snapshot, path: str, why: str, archive: Archive
) -> None:
    """Add the bytes of a snapshot, or why they are withheld."""
    why = why or _too_large(gathered, snapshot.size)
    body = b""
    if not why:
        try:
            body = archive.get(snapshot.sha256)
        except ArchiveUnavailable:
            raise
        except ArchiveError:
            why = "damaged"
    if why := why or _too_large(gathered, len(body)):
        gathered.withheld[path] = WHY[why]
    else:
        gathered.received[path] = received_pages(snapshot, body)
        gathered.size += len(body)


def _why_withheld(snapshot: Snapshot) -> str:
    if snapshot.behind_login or snapshot.page.access == Access.ACCOUNT:
        return "session"
    if snapshot.quarantined_as and snapshot.released_at is None:
        return "quarantined"
    return ""


def _too_large(gathered: Collected, size: int) -> str:
    is_too_large = size > LARGEST_SNAPSHOT or gathered.size + size > LARGEST_BUNDLE
    return "large" if is_too_large else ""
