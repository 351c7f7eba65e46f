"""The snapshots and texts that the evidence of a change contains, and what is withheld."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from consent.models import Entry
from consent.open_data.evidence.members import Part, ReplayPage
from consent.open_data.stamps.leaves import Leaf, snapshot_leaf, text_leaf
from consent.web.absolute_urls import absolute_url
from platforms.archive import Archive, ArchiveError, ArchiveUnavailable
from platforms.archive.warc import ReceivedPage
from platforms.archive.warc_records import received_pages
from platforms.models import Document, Snapshot
from platforms.vocabulary import Access

#: Bytes of one snapshot, and of all in a bundle. Chosen: the largest policy pages have 5 MB.
LARGEST_SNAPSHOT = 10_000_000
LARGEST_BUNDLE = 30_000_000
#: Snapshots in a bundle. Chosen: an entry rests on one to six.
MOST_SNAPSHOTS = 40

TOO_LARGE = "too large for a bundle"
_WHY = {
    "session": "read with a login that a curator lent; such pages are not handed out",
    "quarantined": "not the content of the page (a wall or an error page)",
    "large": TOO_LARGE,
    "damaged": "cannot be read from our archive",
}


@dataclass(slots=True)
class Collected:
    """What is gathered for a bundle, in the order in which it is listed."""

    files: list[Part] = field(default_factory=list)
    records: dict[str, Leaf] = field(default_factory=dict)  # by path
    received: list[ReceivedPage] = field(default_factory=list)
    pages: list[ReplayPage] = field(default_factory=list)
    snapshots: list[dict[str, Any]] = field(default_factory=list)
    withheld: list[dict[str, str]] = field(default_factory=list)
    text_paths: dict[int, str] = field(default_factory=dict)  # by the key of a document
    size: int = 0

    def add_record(self, path: str, leaf: Leaf, about: str) -> None:
        self.files.append(Part(path, leaf.data, about))
        self.records[path] = leaf


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
    for change in entry.changes.all():
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
    for number, cited in enumerate(_cited_texts(entry), start=1):
        _add_snapshot(gathered, number, cited, entry, archive)
    return gathered


def _add_snapshot(
    gathered: Collected, number: int, cited: _Cited, entry: Entry, archive: Archive
) -> None:
    snapshot = cited.snapshot
    leaf = snapshot_leaf(snapshot)
    path = f"records/snapshot-{number}.json"
    gathered.add_record(path, leaf, "address, time and hash of a snapshot")
    listed: dict[str, Any] = {
        "record": path,
        "page": snapshot.page.title,
        "role": cited.role,
        "url": snapshot.final_url,
        "first_seen_at": snapshot.first_seen_at.isoformat(),
        "sha256": snapshot.sha256 or None,
        "source": snapshot.get_source_display(),
        "rendered_in_a_browser": snapshot.rendered,
        "text": None,
        "in_warc": None,
    }
    gathered.snapshots.append(listed)
    why = _why_withheld(snapshot) or (number > MOST_SNAPSHOTS and "large") or ""
    name = f"{snapshot.page.title}, {snapshot.first_seen_at:%Y-%m-%d %H:%M} UTC"
    if cited.document is not None:
        _add_text(gathered, cited.document, listed, number=number, name=name, entry=entry, why=why)
    if snapshot.sha256 and (why := why or _add_body(gathered, snapshot, listed, name, archive)):
        gathered.withheld.append(_named(f"bytes of {name}", leaf, why, snapshot.sha256))


def _add_text(
    gathered: Collected,
    document: Document,
    listed: dict[str, Any],
    *,
    number: int,
    name: str,
    entry: Entry,
    why: str,
) -> None:
    """Add the text of a snapshot. why: the reason to withhold the snapshot, if there is one."""
    snapshot = document.snapshot
    leaf, leaf_path = text_leaf(document), f"records/text-{number}.json"
    gathered.add_record(leaf_path, leaf, "hash of a text")
    if problem := why or _too_large(gathered, len(document.text)):
        gathered.withheld.append(_named(f"text of {name}", leaf, problem))
        return
    path = f"texts/text-{number}.md"
    about = (
        "the text that we read from a snapshot"
        if snapshot.sha256
        else "the text that was imported; the bytes of the page were never ours"
    )
    gathered.files.append(Part(path, document.text.encode(), about))
    gathered.text_paths[document.pk] = listed["text"] = path
    listed["text_record"] = leaf_path
    if not snapshot.sha256:
        # Its address is one of ours: the platform never sent this text as it is.
        address = absolute_url(reverse("evidence-bundle", args=[entry.public_id]))
        url = f"{address}/{path}"
        gathered.received.append(_as_resource(url, document, snapshot))
        title = f"{name}: text from {snapshot.get_source_display()}, not the page itself"
        gathered.pages.append(ReplayPage(url, title, snapshot.first_seen_at))
        listed["in_warc"] = "text"


def _add_body(
    gathered: Collected, snapshot: Snapshot, listed: dict[str, Any], name: str, archive: Archive
) -> str:
    """Add the bytes of a snapshot; return why not, or nothing."""
    if problem := _too_large(gathered, snapshot.size):
        return problem
    try:
        body = archive.get(snapshot.sha256)
    except ArchiveUnavailable:
        raise
    except ArchiveError:
        return "damaged"
    if problem := _too_large(gathered, len(body)):
        return problem
    received = received_pages(snapshot, body)
    listed["in_warc"] = [page.url for page in received]
    listed["content_type"] = snapshot.content_type
    if not any(page in gathered.received for page in received):  # else listed with another text
        gathered.size += len(body)
        gathered.received += received
        gathered.pages += [ReplayPage(page.url, name, page.received_at) for page in received[:1]]
    return ""


def _why_withheld(snapshot: Snapshot) -> str:
    if snapshot.behind_login or snapshot.page.access == Access.ACCOUNT:
        return "session"
    if snapshot.quarantined_as and snapshot.released_at is None:
        return "quarantined"
    return ""


def _too_large(gathered: Collected, size: int) -> str:
    is_too_large = size > LARGEST_SNAPSHOT or gathered.size + size > LARGEST_BUNDLE
    return "large" if is_too_large else ""


def _named(what: str, leaf: Leaf, why: str, sha256: str = "") -> dict[str, str]:
    return {"what": what, "sha256": sha256 or leaf.hash.hex(), "why": _WHY[why]}


def _as_resource(url: str, document: Document, snapshot: Snapshot) -> ReceivedPage:
    part = Part("", document.text.encode(), "")
    return ReceivedPage(
        url=url,
        received_at=snapshot.first_seen_at,
        status=None,
        headers={},
        content_type="text/plain; charset=utf-8",
        body=part.data,
        sha256=part.sha256,
    )
