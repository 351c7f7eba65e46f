"""The evidence bundle of a change: what goes in, and what is only named (decision 0018)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from consent.diffing import diff, passages
from consent.models import Change, Decision, Entry, StampedDay, StampedRecord
from consent.open_data.evidence import parts
from consent.open_data.evidence.parts import Part, ReplayPage, json_part
from consent.open_data.stamps.chain import VERIFY_COMMAND
from consent.open_data.stamps.days import header_of, roots_pem
from consent.open_data.stamps.merkle import paths_of
from consent.open_data.stamps.records import (
    Record,
    entry_records,
    revision_record,
    snapshot_record,
    text_record,
)
from consent.web.links import absolute_url
from platforms.archive import Archive, ArchiveError, ArchiveUnavailable
from platforms.archive.exporting import received_pages
from platforms.archive.warc import ReceivedPage, write_warc
from platforms.fetching.policy import has_contact
from platforms.models import Document, Snapshot
from platforms.vocabulary import Access

FORMAT = 1
#: Bytes of one snapshot, and of all in a bundle. Chosen: the largest policy pages have 5 MB.
LARGEST_SNAPSHOT = 10_000_000
LARGEST_BUNDLE = 30_000_000
#: Characters of both texts. Comparing longer ones could take more than a few seconds.
LONGEST_COMPARISON = 1_000_000
#: Snapshots in a bundle. Chosen: an entry rests on one to six.
MOST_SNAPSHOTS = 40

LICENCE = {
    "name": "CC BY 4.0",
    "url": "https://creativecommons.org/licenses/by/4.0/",
    "covers": "Our words: the entry, the decision, the manifest, the comparison, the how-to.",
    "excludes": (
        "Snapshots, texts and passages are the words of the platforms and publishers named. They "
        "are here as evidence and are not ours to license."
    ),
}
_WHY = {
    "session": "read with a login that a curator lent; such pages are not handed out",
    "quarantined": "not the content of the page (a wall or an error page)",
    "large": "too large for a bundle",
    "damaged": "cannot be read from our archive",
}


@dataclass(slots=True)
class _Collected:
    """What is gathered for a bundle, in the order in which it is listed."""

    files: list[Part] = field(default_factory=list)
    records: dict[str, Record] = field(default_factory=dict)  # by path
    received: list[ReceivedPage] = field(default_factory=list)
    pages: list[ReplayPage] = field(default_factory=list)
    snapshots: list[dict[str, Any]] = field(default_factory=list)
    withheld: list[dict[str, str]] = field(default_factory=list)
    text_paths: dict[int, str] = field(default_factory=dict)  # by the key of a document
    size: int = 0

    def add_record(self, path: str, record: Record, about: str) -> None:
        self.files.append(Part(path, record.data, about))
        self.records[path] = record


def build(entry: Entry, archive: Archive) -> bytes:
    """Return the bundle of an entry read with EntryQuerySet.for_change_page().

    The same data give the same bytes. Raises ArchiveUnavailable.
    """
    gathered = _Collected()
    [entry_record] = entry_records(Entry.objects.filter(pk=entry.pk))
    gathered.add_record(parts.ENTRY_PATH, entry_record, "the entry as it is now")
    revisions = sorted(entry.revisions.all(), key=lambda each: (each.revised_at, each.pk))
    for number, revision in enumerate(revisions, start=1):
        revision.entry = entry
        record = revision_record(revision)
        gathered.add_record(f"records/revision-{number}.json", record, "a public revision of it")
    for number, cited in enumerate(_cited_texts(entry), start=1):
        _add_snapshot(gathered, number, cited, entry, archive)
    decision = json_part(parts.DECISION_PATH, _decision(entry), "who decided what, and when")
    gathered.files += [
        decision,
        json_part(parts.PASSAGES_PATH, _passages(entry), "the words that the entry rests on"),
        *_comparisons(gathered, entry),
        *_stamps(gathered),
        *_guidance(entry),
    ]
    return _packed(gathered, entry, decision)


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


def _add_snapshot(
    gathered: _Collected, number: int, cited: _Cited, entry: Entry, archive: Archive
) -> None:
    snapshot, document = cited.snapshot, cited.document
    record = snapshot_record(snapshot)
    record_path = f"records/snapshot-{number}.json"
    gathered.add_record(record_path, record, "address, time and hash of a snapshot")
    why = _why_withheld(snapshot) or (number > MOST_SNAPSHOTS and "large") or ""
    listed: dict[str, Any] = {
        "record": record_path,
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
    name = f"{snapshot.page.title}, {snapshot.first_seen_at:%Y-%m-%d %H:%M} UTC"
    if document is not None:
        text_path = f"texts/text-{number}.md"
        document.snapshot = snapshot
        gathered.add_record(f"records/text-{number}.json", text_record(document), "hash of a text")
        if (problem := why or _too_large(gathered, len(document.text))) == "":
            about = (
                "the text that was imported; the bytes of the page were never ours"
                if not snapshot.sha256
                else "the text that we read from a snapshot"
            )
            gathered.files.append(Part(text_path, document.text.encode(), about))
            gathered.text_paths[document.pk] = listed["text"] = text_path
            listed["text_record"] = f"records/text-{number}.json"
            if not snapshot.sha256:
                # Its address is one of ours: the platform never sent this text as it is.
                address = absolute_url(reverse("evidence-bundle", args=[entry.public_id]))
                url = f"{address}/{text_path}"
                gathered.received.append(_as_resource(url, document, snapshot))
                title = f"{name}: text from {snapshot.get_source_display()}, not the page itself"
                gathered.pages.append(ReplayPage(url, title, snapshot.first_seen_at))
                listed["in_warc"] = "text"
        else:
            gathered.withheld.append(_named(f"text of {name}", text_record(document), problem))
    if snapshot.sha256:
        why = why or _add_body(gathered, snapshot, listed, name, archive)
        if why:
            gathered.withheld.append(_named(f"bytes of {name}", record, why, snapshot.sha256))


def _add_body(
    gathered: _Collected, snapshot: Snapshot, listed: dict[str, Any], name: str, archive: Archive
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


def _too_large(gathered: _Collected, size: int) -> str:
    is_too_large = size > LARGEST_SNAPSHOT or gathered.size + size > LARGEST_BUNDLE
    return "large" if is_too_large else ""


def _named(what: str, record: Record, why: str, sha256: str = "") -> dict[str, str]:
    return {"what": what, "sha256": sha256 or record.leaf.hex(), "why": _WHY[why]}


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


def _decision(entry: Entry) -> dict[str, Any]:
    """What the change page says of who stands for the entry; notes of curators are not public."""
    decided = Decision.objects.standing().filter(entry=entry).order_by("decided_at", "pk")
    return {
        "entry": entry.public_id,
        "origin": entry.origin,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "reviews": [
            {"by": person.get_username(), "at": at.isoformat()}
            for person, at in (
                (entry.reviewer, entry.reviewed_at),
                (entry.second_reviewer, entry.second_reviewed_at),
            )
            if person is not None and at is not None
        ],
        "decisions": [
            {"ruling": decision.ruling, "at": decision.decided_at.isoformat()}
            for decision in decided
        ],
    }


def _passages(entry: Entry) -> list[dict[str, Any]]:
    return [
        {
            "source": source.url,
            "publisher": source.publisher,
            "snapshot_sha256": source.snapshot.sha256 if source.snapshot else None,
            "side": passage.side,
            "starts_at": passage.starts_at,
            "ends_at": passage.ends_at,
            "sha256": passage.sha256,
            "words": passage.words or None,
        }
        for source in entry.sources.all()
        for passage in source.passages.all()
    ]


def _comparisons(gathered: _Collected, entry: Entry) -> Iterable[Part]:
    changes = sorted(entry.changes.all(), key=lambda each: (each.observed_to, each.pk))
    for number, change in enumerate(changes, start=1):
        before = gathered.text_paths.get(change.before_document_id)
        after = gathered.text_paths.get(change.after_document_id)
        what = f"comparison {number}"
        length = len(change.before_document.text) + len(change.after_document.text)
        if before is None or after is None:
            gathered.withheld.append({"what": what, "sha256": "", "why": "a text is not here"})
        elif length > LONGEST_COMPARISON:
            gathered.withheld.append({"what": what, "sha256": "", "why": _WHY["large"]})
        else:
            compared = _comparison(change, before, after)
            yield json_part(f"diffs/diff-{number}.json", compared, "what changed between two texts")


def _comparison(change: Change, before: str, after: str) -> dict[str, Any]:
    old, new = change.before_document.text, change.after_document.text
    difference = diff(old, new)
    return {
        "before": {"path": before, "sha256": Part("", old.encode(), "").sha256},
        "after": {"path": after, "sha256": Part("", new.encode(), "").sha256},
        "observed_from": change.observed_from.isoformat(),
        "observed_to": change.observed_to.isoformat(),
        "changes": [
            {
                "kind": passage.kind,
                "under": list(passage.place),
                "before_span": list(hunk.before_span),
                "after_span": list(hunk.after_span),
                "removed": passage.removed,
                "added": passage.added,
            }
            for passage, hunk in zip(passages(difference), difference.changes, strict=True)
        ],
    }


def _stamps(gathered: _Collected) -> Iterable[Part]:
    """Yield the proofs of the records, the headers they lead to, and the stamps on those."""
    stamped = {
        path: StampedRecord.objects.filter(
            kind=record.kind, record_id=record.row_id, sha256=record.leaf.hex()
        )
        .select_related("day")
        .order_by("day__number")
        .first()
        for path, record in gathered.records.items()
    }
    by_day: dict[StampedDay, list[tuple[str, int]]] = {}
    for path, row in stamped.items():
        if row is not None:
            by_day.setdefault(row.day, []).append((path, row.position))
    proofs: list[dict[str, Any]] = []
    for day, below in sorted(by_day.items(), key=lambda each: each[0].number):
        leaves = day.records.order_by("position").values_list("sha256", flat=True)
        positions = [position for _, position in below]
        paths = paths_of([bytes.fromhex(leaf) for leaf in leaves], positions)
        proofs += [
            {"record": name, "header": day.number, "index": at, "path": [h.hex() for h in path]}
            for (name, at), path in zip(below, paths, strict=True)
        ]
    waiting = [path for path, row in stamped.items() if row is None]
    proofs_value = {"format": FORMAT, "proofs": proofs, "waiting": waiting}
    yield json_part(parts.PROOFS_PATH, proofs_value, "how each record leads to a daily root")
    chain = _chain([day.number for day in by_day])
    headers = b"".join(header_of(day).to_bytes() + b"\n" for day in chain)
    yield Part(parts.CHAIN_PATH, headers, "the daily roots, chained")
    for day in chain:
        if (stamp := getattr(day, "timestamp", None)) is not None:
            about = f"time stamp on root {day.number} by {stamp.authority} (RFC 3161)"
            yield Part(f"stamps/{day.number}.tsr", bytes(stamp.response), about)
    if pem := roots_pem():
        yield Part(parts.AUTHORITY_PATH, pem, "root certificates of the time-stamp authority")


def _chain(numbers: Sequence[int]) -> list[StampedDay]:
    """Return the days from the first of these to the first stamped one after the last."""
    if not numbers:
        return []
    last = max(numbers)
    later = StampedDay.objects.filter(number__gte=last).exclude(timestamp=None)
    first_stamped = later.order_by("number").first()
    until = first_stamped.number if first_stamped else last
    days = StampedDay.objects.filter(number__range=(min(numbers), until))
    return list(days.select_related("timestamp").order_by("number"))


def _guidance(entry: Entry) -> Iterable[Part]:
    context = {
        "entry": entry,
        "address": absolute_url(reverse("change-by-id", args=[entry.public_id])),
        "contact": settings.CONTACT_EMAIL if has_contact() else absolute_url(reverse("report")),
        "licence": LICENCE,
        "verify_command": VERIFY_COMMAND,
        "strict_command": f"{VERIFY_COMMAND} --roots AUTHORITY.pem",
        "openssl_command": (
            "openssl ts -verify -data HEADER -in stamps/NUMBER.tsr -CAfile stamps/authority.pem"
        ),
    }
    for language, name in settings.LANGUAGES:
        with translation.override(language):
            text = render_to_string("evidence/how_to.txt", context)
        yield Part(f"evidence/how-to.{language}.md", text.encode(), f"how to check this ({name})")
    licence = "\n\n".join(
        (f"{LICENCE['name']}: {LICENCE['url']}", LICENCE["covers"], LICENCE["excludes"])
    )
    yield Part("evidence/licence.txt", f"{licence}\n".encode(), "licence")


def _packed(gathered: _Collected, entry: Entry, decision: Part) -> bytes:
    made_at = max([entry.updated_at, *(page.at for page in gathered.pages)])
    address = absolute_url(reverse("change-by-id", args=[entry.public_id]))
    warc = io.BytesIO()
    about = {
        "software": "Default On",
        "operator": settings.CONTACT_EMAIL,
        "isPartOf": address,
        "description": "Evidence of a change. Bodies are decoded, as the archive keeps them.",
    }
    written = write_warc(warc, gathered.received, about=about, made_at=made_at)
    files = [
        Part(parts.WARC_PATH, warc.getvalue(), "the snapshots (WARC 1.1), bodies decoded"),
        parts.index_part(written),
        parts.pages_part(gathered.pages),
        *gathered.files,
    ]
    manifest = {
        "format": FORMAT,
        "entry": {"id": entry.public_id, "title": entry.title, "address": address},
        "licence": LICENCE,
        "contact": settings.CONTACT_EMAIL,
        "how_to": [f"evidence/how-to.{language}.md" for language, _ in settings.LANGUAGES],
        "decision_sha256": decision.sha256,
        "snapshots": gathered.snapshots,
        "withheld": gathered.withheld,
        "parts": [
            {
                "path": part.path,
                "sha256": part.sha256,
                "bytes": len(part.data),
                "about": part.about,
            }
            for part in files
        ],
    }
    return parts.pack(
        [*files, json_part(parts.MANIFEST_PATH, manifest, "")],
        title=entry.title,
        description=f"Evidence of a change, from {address}",
        made_at=made_at,
        main=gathered.pages[-1] if gathered.pages else None,
    )
