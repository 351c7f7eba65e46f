"""The files of a bundle: they all follow from the stamped records and what hangs on those.

Whoever builds a bundle and whoever checks one call the same functions. A file that differs from
what follows from the records is a fault. Needs no database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from consent.diffing import diff, passages
from consent.open_data.evidence import members
from consent.open_data.evidence.commands import commands
from consent.open_data.evidence.members import Part, ReplayPage, json_part
from consent.open_data.stamps.chain import STRICT_VERIFY_COMMAND, VERIFY_COMMAND, Header
from consent.open_data.stamps.merkle import leaf_hash
from platforms.archive.warc import ReceivedPage, WrittenRecord
from platforms.release import VERSION
from platforms.vocabulary import CaptureSource

#: 3: everything hangs on records, which name each other. No other format is read.
FORMAT = 3
#: Characters of both texts. Comparing longer ones could take more than a few seconds.
LONGEST_COMPARISON = 1_000_000
TOO_LARGE = "too large for a bundle"
#: Reasons to withhold the bytes or the text of a snapshot.
WHY = {
    "session": "read with a login that a curator lent; such pages are not handed out",
    "quarantined": "not the content of the page (a wall or an error page)",
    "large": TOO_LARGE,
    "damaged": "cannot be read from our archive",
}
LICENCE = {
    "name": "CC BY 4.0",
    "url": "https://creativecommons.org/licenses/by/4.0/",
    "covers": "Our words: the entry, the records, the manifest, the comparison, the how-to.",
    "excludes": (
        "Snapshots, texts and passages are the words of the platforms and publishers named. They "
        "are here as evidence and are not ours to license."
    ),
}
_ABOUT = {
    "snapshot": "address, time and hash of a snapshot",
    "text": "hash of a text",
    "decision": "a decision of a curator on the entry",
    "revision": "a public revision of the entry",
    "entry": "the entry as it was when this file was made",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """How a record leads to the root of a header."""

    header: int
    index: int
    path: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stamps:
    """proofs: by the path of a record; records without one wait for the next root.

    responses: of the authority, by the number of a header. authority: root certificates (PEM).
    """

    proofs: Mapping[str, Proof]
    headers: Sequence[Header]
    responses: Mapping[int, bytes]
    authority: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What a bundle is made from.

    records: by path, in the order of the bundle. received: what the archive has of a snapshot, and
    texts: of a text record, by the path of the record. words: of passages, by their SHA-256.
    withheld: why something is in neither, by the path of its record. version: of the program that
    made the bundle.
    """

    records: Mapping[str, bytes]
    stamps: Stamps
    received: Mapping[str, Sequence[ReceivedPage]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    version: str = VERSION

    @property
    def entry(self) -> dict[str, Any]:
        return self._value(members.ENTRY_PATH)

    def of_kind(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the records of a kind by path."""
        return {
            path: self._value(path) for path in self.records if path.startswith(f"records/{kind}-")
        }

    def name(self, path: str) -> str:
        """Return what other records call this one."""
        return leaf_hash(self.records[path]).hex()

    def texts_of(self, snapshot: str) -> dict[str, dict[str, Any]]:
        """Return the text records of the snapshot with this path."""
        name = self.name(snapshot)
        return {
            path: text for path, text in self.of_kind("text").items() if text["snapshot"] == name
        }

    def text_record(self, side: Mapping[str, Any]) -> str | None:
        """Return the path of the record of the text on one side of a change."""
        found = (path for path, text in self.of_kind("text").items() if is_of(text, side))
        return next(found, None)

    def _value(self, path: str) -> dict[str, Any]:
        return dict(json.loads(self.records[path]))


def is_of(text: Mapping[str, Any], side: Mapping[str, Any]) -> bool:
    """Return whether a text record is of the text that a change names."""
    return all(text[name] == side[name] for name in ("snapshot", "extractor_version", "rules"))


def text_path(record: str) -> str:
    return record.replace("records/", "texts/").replace(".json", ".md")


def replayed(contents: Contents) -> list[tuple[ReceivedPage, str]]:
    """Return the records of the WARC file in order, each with its title for players.

    The title is empty for further addresses of a snapshot.
    """
    pages = []
    for path, snapshot in contents.of_kind("snapshot").items():
        at = dt.datetime.fromisoformat(snapshot["first_seen_at"])
        name = f"{snapshot['url']}, {at:%Y-%m-%d %H:%M} UTC"
        for number, page in enumerate(contents.received.get(path, ())):
            pages.append((page, "" if number else name))
        if snapshot["sha256"]:
            continue
        with translation.override("en"):
            source = CaptureSource(snapshot["source"]).label
        title = f"{name}: text from {source}, not the page itself"
        for record in contents.texts_of(path):
            if record in contents.texts:
                pages.append((_as_resource(contents, record, at), title))
    return pages


def _as_resource(contents: Contents, record: str, at: dt.datetime) -> ReceivedPage:
    """The address is one of ours: the platform never sent this text as it is."""
    part = Part("", contents.texts[record].encode(), "")
    return ReceivedPage(
        url=f"{contents.entry['address']}/evidence.wacz/{text_path(record)}",
        received_at=at,
        status=None,
        headers={},
        content_type="text/plain; charset=utf-8",
        body=part.data,
        sha256=part.sha256,
    )


def made_at(contents: Contents) -> dt.datetime:
    """Return the latest moment that a record names: the same data give the same bundle."""
    names = ("first_seen_at", "decided_at", "revised_at", "published_at")
    records = [contents.entry, *map(contents._value, contents.records)]
    moments = [record[name] for record in records for name in names if record.get(name)]
    return max(map(dt.datetime.fromisoformat, moments))


def about_warc(contents: Contents) -> dict[str, str]:
    return {
        "software": "Default On",
        "isPartOf": contents.entry["address"],
        "description": "Evidence of a change. Bodies are decoded, as the archive keeps them.",
    }


def passage_list(contents: Contents) -> list[dict[str, Any]]:
    """Return the passages that the entry names. words: None if they are not at hand."""
    return [
        {
            "source": source["url"],
            "publisher": source["publisher"],
            "snapshot": source["snapshot"],
            **passage,
            "words": contents.words.get(passage["sha256"]) or _quoted(contents, passage),
        }
        for source in contents.entry["sources"]
        for passage in source["passages"]
    ]


def _quoted(contents: Contents, passage: Mapping[str, Any]) -> str | None:
    """Return the words of a passage from a text in the bundle."""
    if passage["starts_at"] is None:
        return None
    for text in contents.texts.values():
        words = text[passage["starts_at"] : passage["ends_at"]]
        if hashlib.sha256(words.encode()).hexdigest() == passage["sha256"]:
            return words
    return None


def files_of(contents: Contents, warc: bytes, written: Sequence[WrittenRecord]) -> list[Part]:
    """Return all files of a bundle but the listings. written: what is where in the WARC file."""
    return [
        Part(members.WARC_PATH, warc, "the snapshots (WARC 1.1), bodies decoded"),
        members.index_part(written),
        members.pages_part(_pages(contents)),
        *(
            Part(path, data, _ABOUT[path.rpartition("/")[2].partition("-")[0].partition(".")[0]])
            for path, data in contents.records.items()
        ),
        *(
            Part(text_path(record), text.encode(), "the text that we read from a snapshot, or got")
            for record, text in contents.texts.items()
        ),
        json_part(
            members.PASSAGES_PATH, passage_list(contents), "the words that the entry rests on"
        ),
        *_comparisons(contents),
        *_stamp_parts(contents),
        Part(
            members.COMMANDS_PATH,
            commands(contents, written).encode(),
            "commands that check this bundle without our program",
        ),
        *_guidance(contents),
    ]


def listings_of(contents: Contents, files: Sequence[Part]) -> list[Part]:
    """Return the manifest and the two listings of WACZ."""
    manifest = json_part(members.MANIFEST_PATH, _manifest(contents, files), "")
    pages = _pages(contents)
    return [
        manifest,
        *members.package_parts(
            [*files, manifest],
            title=contents.entry["title"],
            description=f"Evidence of a change, from {contents.entry['address']}",
            made_at=made_at(contents),
            main=pages[-1] if pages else None,
        ),
    ]


def _pages(contents: Contents) -> list[ReplayPage]:
    return [
        ReplayPage(page.url, title, page.received_at) for page, title in replayed(contents) if title
    ]


def missing_comparisons(contents: Contents) -> dict[str, str]:
    """Return why a comparison is not in the bundle, by its path."""
    missing = {}
    for path, before, after in _compared(contents):
        texts = [contents.texts.get(record or "") for record in (before, after)]
        if None in texts:
            missing[path] = "a text is not here"
        elif sum(len(text or "") for text in texts) > LONGEST_COMPARISON:
            missing[path] = TOO_LARGE
    return missing


def _compared(contents: Contents) -> Iterator[tuple[str, str | None, str | None]]:
    for number, change in enumerate(contents.entry["changes"], start=1):
        before, after = (contents.text_record(change[side]) for side in ("before", "after"))
        yield f"diffs/diff-{number}.json", before, after


def _comparisons(contents: Contents) -> Iterator[Part]:
    missing = missing_comparisons(contents)
    for path, before, after in _compared(contents):
        if path not in missing and before and after:
            value = _comparison(contents, before, after)
            yield json_part(path, value, "what changed between two texts")


def _comparison(contents: Contents, before: str, after: str) -> dict[str, Any]:
    difference = diff(contents.texts[before], contents.texts[after])
    return {
        "before": text_path(before),
        "after": text_path(after),
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


def _stamp_parts(contents: Contents) -> Iterator[Part]:
    stamps = contents.stamps
    proofs = {
        "proofs": [
            {
                "record": path,
                "header": proof.header,
                "index": proof.index,
                "path": list(proof.path),
            }
            for path in contents.records
            if (proof := stamps.proofs.get(path))
        ],
        "waiting": [path for path in contents.records if path not in stamps.proofs],
    }
    yield json_part(members.PROOFS_PATH, proofs, "how each record leads to a daily root")
    chain = b"".join(header.to_bytes() + b"\n" for header in stamps.headers)
    yield Part(members.CHAIN_PATH, chain, "the daily roots, chained")
    for number, response in sorted(stamps.responses.items()):
        about = f"time stamp on root {number} (RFC 3161)"
        yield Part(members.stamp_path(number), response, about)
    if stamps.authority:
        about = "root certificates of the time-stamp authority"
        yield Part(members.AUTHORITY_PATH, stamps.authority, about)


def _guidance(contents: Contents) -> Iterator[Part]:
    address = contents.entry["address"]
    with translation.override("en"):
        report = reverse("report")
    context = {
        "entry": contents.entry,
        "contact": urljoin(address, report),
        "licence": LICENCE,
        "verify_command": VERIFY_COMMAND,
        "strict_command": STRICT_VERIFY_COMMAND,
        "commands": f"bash {members.COMMANDS_PATH} AUTHORITY.pem",
    }
    for path, (language, name) in zip(_how_to(), settings.LANGUAGES, strict=True):
        with translation.override(language):
            text = render_to_string("evidence/how_to.txt", context)
        yield Part(path, text.encode(), f"how to check this ({name})")
    licence = "\n\n".join(
        (f"{LICENCE['name']}: {LICENCE['url']}", LICENCE["covers"], LICENCE["excludes"])
    )
    yield Part(members.LICENCE_PATH, f"{licence}\n".encode(), "licence")


def _how_to() -> list[str]:
    return [f"evidence/how-to.{language}.md" for language, _ in settings.LANGUAGES]


def _manifest(contents: Contents, files: Sequence[Part]) -> dict[str, Any]:
    entry = contents.entry
    return {
        "format": FORMAT,
        "version": contents.version,
        "entry": {name: entry[name] for name in ("id", "title", "address")},
        "licence": LICENCE,
        "how_to": _how_to(),
        "snapshots": [
            {
                "record": path,
                **{name: snapshot[name] for name in ("url", "first_seen_at", "sha256")},
                "in_warc": [page.url for page in contents.received.get(path, ())],
                "texts": [
                    text_path(record)
                    for record in contents.texts_of(path)
                    if record in contents.texts
                ],
            }
            for path, snapshot in contents.of_kind("snapshot").items()
        ],
        "withheld": [
            *(
                {"path": path, "why": contents.withheld[path]}
                for path in contents.records
                if path in contents.withheld
            ),
            *({"path": path, "why": why} for path, why in missing_comparisons(contents).items()),
        ],
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
