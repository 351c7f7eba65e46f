"""Checks a bundle with nothing but the file. Needs no database and no network.

The check starts from the records that a time stamp proves. An entry names its snapshots, decisions
and revisions by their leaf hashes, a text names its snapshot, and bytes and texts have the SHA-256
that their records have. All other files are made again from those and compared. Whatever hangs on
no record, or differs from what follows from the records, is a fault.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from consent.open_data.evidence import members
from consent.open_data.evidence.contents import (
    FORMAT,
    WHY,
    Contents,
    Proof,
    Stamps,
    about_warc,
    files_of,
    is_of,
    listings_of,
    made_at,
    missing_comparisons,
    passage_list,
    replayed,
    text_path,
)
from consent.open_data.evidence.members import Part
from consent.open_data.evidence.unpacking import (
    LARGEST_PARSED,
    NotABundle,
    gzip_members,
    parsed,
    unzipped,
)
from consent.open_data.stamps import authority
from consent.open_data.stamps.chain import Header, canonical_json, read_header
from consent.open_data.stamps.merkle import leaf_hash, root_from_path
from platforms.archive.warc import ReceivedPage, WrittenRecord, write_warc
from platforms.extraction import is_bundle
from platforms.extraction.multipart import Part as Response
from platforms.extraction.multipart import bundle
from platforms.release import VERSION

_RECORD = re.compile(r"records/(snapshot|text|decision|revision)-([1-9]\d{0,3})\.json")
_KINDS = ("snapshot", "text", "decision", "revision")
_STAMP = re.compile(r"stamps/([1-9]\d{0,8})\.tsr")
#: What another version of the program may write in other words, or compare in another way.
_OF_VERSION = ("diffs/", "evidence/how-to.", members.LICENCE_PATH, members.COMMANDS_PATH)


@dataclass(slots=True)
class Report:
    """problems: what hangs on no record or does not agree; the bundle was changed or is damaged.

    not_proved: what may be true, but nothing in the bundle proves it. proved: for each record with
    a stamp, what and when.
    """

    problems: list[str] = field(default_factory=list)
    not_proved: list[str] = field(default_factory=list)
    proved: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0: every part agrees and is proved. 1: a fault. 2: sound, but not all is proved."""
        if self.problems:
            return 1
        return 2 if self.not_proved else 0


class _Fault(Exception):
    """What differs makes it useless to look further."""


def verify(data: bytes, *, roots: Sequence[x509.Certificate] = ()) -> Report:
    """Check a bundle. roots: certificates to trust instead of those in it.

    Raises NotABundle.
    """
    files = unzipped(data)
    report = Report()
    try:
        _check(files, roots, report)
    except NotABundle:
        raise
    except _Fault as fault:
        report.problems.append(str(fault))
    except Exception as error:  # whatever parsers raise for files that somebody changed
        report.problems.append(f"a file is missing or not of the expected shape: {error!r}")
    return report


def _check(files: Mapping[str, bytes], roots: Sequence[x509.Certificate], report: Report) -> None:
    manifest = parsed(files[members.MANIFEST_PATH])
    if (format_ := manifest["format"]) != FORMAT:
        raise NotABundle(f"its format is {format_!r}; this program checks format {FORMAT} only")
    records = _records(files)
    stamps = _stamps(files, records)
    _check_stamps(records, stamps, roots, report)
    contents = Contents(records=records, stamps=stamps, version=manifest["version"])
    _check_references(contents)
    contents = _with_texts(contents, files, manifest)
    contents, written = _with_bodies(contents, files[members.WARC_PATH], report)
    _check_withheld(contents, report)
    _compare(files, contents, written, report)


def _records(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the records in the order of a bundle: by kind and number, the entry last."""
    named = {path: match for path in files if (match := _RECORD.fullmatch(path))}
    paths = sorted(named, key=lambda path: (_KINDS.index(named[path][1]), int(named[path][2])))
    for kind in _KINDS:
        numbers = [int(named[path][2]) for path in paths if named[path][1] == kind]
        if numbers != list(range(1, len(numbers) + 1)):
            raise _Fault(f"records/: a {kind} is missing between others")
    for path in (*paths, members.ENTRY_PATH):
        value = parsed(files[path])
        kind = named[path][1] if path in named else "entry"
        if canonical_json(value) != files[path] or value["kind"] != kind:
            raise _Fault(f"{path}: not a record of this kind in its canonical form")
    return {path: files[path] for path in (*paths, members.ENTRY_PATH)}


def _stamps(files: Mapping[str, bytes], records: Mapping[str, bytes]) -> Stamps:
    listed = parsed(files[members.PROOFS_PATH])
    proofs = {
        each["record"]: Proof(int(each["header"]), int(each["index"]), each["path"])
        for each in listed["proofs"]
    }
    if len(files[members.CHAIN_PATH]) > LARGEST_PARSED:
        raise _Fault(f"{members.CHAIN_PATH}: too large")
    named = [*(each["record"] for each in listed["proofs"]), *listed["waiting"]]
    if sorted(named) != sorted(records):
        raise _Fault(f"{members.PROOFS_PATH}: does not name every record once")
    return Stamps(
        proofs=proofs,
        headers=[read_header(line) for line in files[members.CHAIN_PATH].splitlines()],
        responses={
            int(match[1]): data for path, data in files.items() if (match := _STAMP.fullmatch(path))
        },
        authority=files.get(members.AUTHORITY_PATH, b""),
    )


def _check_stamps(
    records: Mapping[str, bytes],
    stamps: Stamps,
    roots: Sequence[x509.Certificate],
    report: Report,
) -> None:
    headers = {header.number: header for header in stamps.headers}
    _check_chain(stamps, report)
    valid = _valid_stamps(stamps, headers, roots, report)
    for path, data in records.items():
        proof = stamps.proofs.get(path)
        if proof is None:
            report.not_proved.append(f"{path}: in no daily root yet")
            continue
        header = headers[proof.header]
        root = root_from_path(
            leaf_hash(data),
            index=proof.index,
            size=header.size,
            path=[bytes.fromhex(each) for each in proof.path],
        )
        stamp = next((valid[at] for at in sorted(valid) if at >= header.number), None)
        if root is None or root.hex() != header.root:
            report.problems.append(f"{path}: not under the root that {members.PROOFS_PATH} names")
        elif stamp:
            at = f"{stamp.stamped_at:%Y-%m-%d %H:%M:%S} UTC"
            report.proved.append(f"{path}: existed at {at}, says {stamp.authority}")
        else:
            report.not_proved.append(f"{path}: in the root of {header.day}, which has no stamp yet")


def _check_chain(stamps: Stamps, report: Report) -> None:
    """The chain goes from the first header with a record to the first stamp above the last."""
    before: Header | None = None
    for header in stamps.headers:
        if before and (header.number, header.previous) != (before.number + 1, before.sha256):
            report.problems.append(f"{members.CHAIN_PATH}: root {header.number} is not chained")
        before = header
    needed = {proof.header for proof in stamps.proofs.values()}
    numbers = [header.number for header in stamps.headers]
    if not needed and (numbers or stamps.responses):
        raise _Fault(f"{members.CHAIN_PATH}: nothing in the bundle is under these roots")
    if needed:
        above = [number for number in stamps.responses if number >= max(needed)]
        if numbers != list(range(min(needed), min(above, default=max(needed)) + 1)):
            report.problems.append(
                f"{members.CHAIN_PATH}: not the roots that the records are under"
            )


def _valid_stamps(
    stamps: Stamps,
    headers: Mapping[int, Header],
    roots: Sequence[x509.Certificate],
    report: Report,
) -> dict[int, authority.Stamp]:
    """Return the valid stamps by the number of their header."""
    enclosed = authority.read_certificates(stamps.authority) if stamps.authority else []
    if b"".join(root.public_bytes(Encoding.PEM) for root in enclosed) != stamps.authority:
        report.problems.append(f"{members.AUTHORITY_PATH}: has more in it than certificates")
    for root in enclosed:
        named = f"{root.subject.rfc4514_string()}, SHA-256 {root.fingerprint(SHA256()).hex()}"
        if not roots:
            report.not_proved.append(f"trusted because it is in the bundle: {named}")
        elif root not in roots:
            report.not_proved.append(f"{members.AUTHORITY_PATH}: not a root you trust: {named}")
    valid = {}
    for number, response in sorted(stamps.responses.items()):
        try:
            message = headers[number].to_bytes()
            valid[number] = authority.check(response, message, list(roots) or enclosed)
        except authority.BadStamp as error:
            report.problems.append(
                f"{members.stamp_path(number)}: not a valid stamp on root {number}: {error}"
            )
    return valid


def _check_references(contents: Contents) -> None:
    """The entry names all records beside it, and no other; each text has its snapshot."""
    entry = contents.entry
    later = [canonical_json(change["after"]) for change in entry["changes"]]
    if len(set(later)) != len(later):
        raise _Fault(f"{members.ENTRY_PATH}: one text is the later side of two changes")
    sides = [change[side] for change in entry["changes"] for side in ("before", "after")]
    cited = {source[name] for source in entry["sources"] for name in ("snapshot", "before")}
    compared = {side["snapshot"] for side in sides}
    for kind, names in (
        ("snapshot", (cited | compared) - {None}),
        ("decision", set(entry["decisions"])),
        ("revision", set(entry["revisions"])),
    ):
        present = [contents.name(path) for path in contents.of_kind(kind)]
        if Counter(present) != Counter(names):
            raise _Fault(f"records/: not each {kind} that the entry names, once, and no other")
    texts = contents.of_kind("text")
    for side in sides:
        if sum(is_of(text, side) for text in texts.values()) != 1:
            raise _Fault("records/: not one text for each side of a change")
    alone = Counter(text["snapshot"] for text in texts.values() if text["snapshot"] not in compared)
    for path, text in texts.items():
        is_only = alone[text["snapshot"]] == 1 and text["snapshot"] in cited
        if not is_only and not any(is_of(text, side) for side in sides):
            raise _Fault(f"{path}: hangs on nothing that the entry names")


def _with_texts(
    contents: Contents, files: Mapping[str, bytes], manifest: Mapping[str, Any]
) -> Contents:
    texts = {}
    for path, record in contents.of_kind("text").items():
        if (data := files.get(text_path(path))) is not None:
            if _sha256(data) != record["sha256"]:
                raise _Fault(f"{text_path(path)}: another SHA-256 than its record has")
            texts[path] = data.decode()
    quoted = [each["words"] for each in parsed(files[members.PASSAGES_PATH])]
    return replace(
        contents,
        texts=texts,
        words={_sha256(words.encode()): words for words in quoted if words is not None},
        withheld={
            each["path"]: each["why"]
            for each in manifest["withheld"]
            if each["path"] in contents.records
        },
    )


@dataclass(frozen=True, slots=True)
class _InWarc:
    """A record of the WARC file as it is there. plain: after decompression."""

    offset: int
    length: int
    plain: bytes

    def header(self, name: str) -> str:
        found = re.search(rb"\r\n%s: ([^\r\n]*)\r\n" % name.encode(), self._head)
        return found[1].decode() if found else ""

    @property
    def _head(self) -> bytes:
        return self.plain.partition(b"\r\n\r\n")[0] + b"\r\n"

    @property
    def _block(self) -> bytes:
        return self.plain.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n\r\n")

    @property
    def is_response(self) -> bool:
        return self.header("WARC-Type") == "response"

    @property
    def body(self) -> bytes:
        return self._block.partition(b"\r\n\r\n")[2] if self.is_response else self._block

    @property
    def http_headers(self) -> dict[str, str]:
        """Headers as received, without the length that we add."""
        if not self.is_response:
            return {}
        lines = self._block.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:-1]
        return {name: value for name, _, value in (line.partition(": ") for line in lines)}


def _with_bodies(
    contents: Contents, warc: bytes, report: Report
) -> tuple[Contents, list[WrittenRecord]]:
    """Give each snapshot its responses, in order, and refuse a file with anything else in it."""
    found, at = [], 0
    for length, plain in gzip_members(warc):
        found.append(_InWarc(at, length, plain))
        at += length
    responses = found[1:]
    received = {}
    for path, snapshot in contents.of_kind("snapshot").items():
        if not snapshot["sha256"]:
            # Only a text was imported. It is compared below, with all that follows from records.
            del responses[: sum(text in contents.texts for text in contents.texts_of(path))]
        elif path not in contents.withheld:
            received[path] = _received(path, snapshot, responses)
    if responses:
        raise _Fault(
            f"{members.WARC_PATH}: {responses[0].header('WARC-Target-URI')} hangs on no snapshot"
        )
    contents = replace(contents, received=received)
    pages = [page for page, _ in replayed(contents)]
    again = io.BytesIO()
    write_warc(again, pages, about=about_warc(contents), made_at=made_at(contents))
    written = [plain for _, plain in gzip_members(again.getvalue())]
    if [each.plain for each in found] != written:
        raise _Fault(f"{members.WARC_PATH}: not what the records of the snapshots say")
    if any(page.status is not None for page in pages):
        report.not_proved.append(
            f"{members.WARC_PATH}: the HTTP headers of the responses are in no record"
        )
    return contents, [
        WrittenRecord(page, each.offset, each.length)
        for page, each in zip(pages, found[1:], strict=True)
    ]


def _received(
    path: str, snapshot: Mapping[str, Any], responses: list[_InWarc]
) -> tuple[ReceivedPage, ...]:
    """Take the responses of a snapshot from the front; several addresses are packed as one."""
    if not responses:
        raise _Fault(f"{members.WARC_PATH}: the bytes of {path} are missing")
    mine = 1
    if is_bundle(snapshot["content_type"]):
        date = responses[0].header("WARC-Date")
        mine = next(
            (n for n, each in enumerate(responses) if each.header("WARC-Date") != date),
            len(responses),
        )
        parts = [
            Response(each.header("WARC-Target-URI"), each.http_headers["content-type"], each.body)
            for each in responses[:mine]
        ]
        body, _ = bundle(parts)
    else:
        parts = [Response(snapshot["url"], snapshot["content_type"], responses[0].body)]
        body = parts[0].body
    if _sha256(body) != snapshot["sha256"]:
        raise _Fault(
            f"{members.WARC_PATH}: the bytes of {snapshot['url']} have another SHA-256 than {path}"
        )
    headers = [each.http_headers for each in responses[:mine]]
    del responses[:mine]
    return tuple(
        ReceivedPage(
            url=part.url,
            received_at=dt.datetime.fromisoformat(snapshot["first_seen_at"]),
            status=snapshot["http_status"],
            headers=of_part,
            content_type=part.content_type,
            body=part.body,
            sha256=_sha256(part.body),
        )
        for part, of_part in zip(parts, headers, strict=True)
    )


def _check_withheld(contents: Contents, report: Report) -> None:
    snapshots = contents.of_kind("snapshot")
    missing = {
        *(path for path in contents.of_kind("text") if path not in contents.texts),
        *(
            path
            for path in snapshots
            if snapshots[path]["sha256"] and not contents.received.get(path)
        ),
    }
    if missing != contents.withheld.keys():
        raise _Fault(f"{members.MANIFEST_PATH}: does not name all that is withheld")
    for path, why in {**contents.withheld, **missing_comparisons(contents)}.items():
        if path in contents.withheld and why not in WHY.values():
            raise _Fault(f"{members.MANIFEST_PATH}: no reason to withhold something: {why}")
        report.not_proved.append(f"{path}: what it is about is not in the bundle: {why}")
    for path in snapshots:
        if not contents.texts_of(path):
            report.not_proved.append(f"{path}: no text of it is in the bundle")
    for passage in passage_list(contents):
        if passage["words"] is None:
            if passage["starts_at"] is None:
                raise _Fault(f"{members.PASSAGES_PATH}: the words of a passage are missing")
            report.not_proved.append(
                f"{members.PASSAGES_PATH}: the words with SHA-256 {passage['sha256']} are missing"
            )


def _compare(
    files: Mapping[str, bytes],
    contents: Contents,
    written: Sequence[WrittenRecord],
    report: Report,
) -> None:
    """Compare all files with what follows from the records."""
    is_ours = contents.version == VERSION
    if not is_ours:
        report.not_proved.append(
            f"{members.MANIFEST_PATH}: says that version {contents.version} of the program made "
            f"the bundle; this is {VERSION}"
        )
    made = []
    for part in files_of(contents, files[members.WARC_PATH], written):
        of_version = part.path in files and part.path.startswith(_OF_VERSION) and not is_ours
        if of_version and files[part.path] != part.data:
            report.not_proved.append(f"{part.path}: not as this version of the program writes it")
            part = Part(part.path, files[part.path], part.about)
        made.append(part)
    made += listings_of(contents, made)
    for part in made:
        if files.get(part.path) != part.data:
            report.problems.append(f"{part.path}: not what follows from the records")
    for path in sorted(files.keys() - {part.path for part in made}):
        report.problems.append(f"{path}: hangs on no record")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
