"""Checks a bundle with nothing but the file: hashes, chain and time stamps. Needs no database.

What is proved: that the bytes, texts and records in the bundle existed, as they are, when the
authority stamped a root above them. Whoever does not trust the root certificates in the bundle
passes those that the authority publishes.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from warcio.archiveiterator import ArchiveIterator

from consent.open_data.evidence import members
from consent.open_data.stamps import authority
from consent.open_data.stamps.chain import Header, read_header
from consent.open_data.stamps.merkle import leaf_hash, root_from_path
from platforms.extraction import is_bundle
from platforms.extraction.multipart import Part as Response
from platforms.extraction.multipart import bundle

#: Files in a bundle that describe the others.
_DESCRIBING = (members.DATAPACKAGE_PATH, members.DIGEST_PATH, members.MANIFEST_PATH)
#: Bytes after decompression. Ours have at most some 40 MB (bundles.py).
LARGEST = 200_000_000
MOST_FILES = 2000


class NotABundle(ValueError):
    """The file cannot be read as an evidence bundle at all."""


@dataclass(slots=True)
class Report:
    """problems: what does not agree; the bundle was changed or is damaged. notes: what is not
    proved yet, or not in the bundle. proved: for each record with a stamp, what and when.
    """

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    proved: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.problems


def verify(data: bytes, *, roots: Sequence[x509.Certificate] = ()) -> Report:
    """Check a bundle. roots: certificates to trust instead of those in it.

    Raises NotABundle.
    """
    files = _files(data)
    report = Report()
    for check in (_check_listing, _check_evidence, partial(_check_stamps, roots=roots)):
        try:
            check(files, report)
        except Exception as error:  # whatever parsers raise for files that somebody changed
            report.problems.append(f"a file is missing or not of the expected shape: {error!r}")
    return report


def _files(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            members = file.infolist()
            if len(members) > MOST_FILES or sum(each.file_size for each in members) > LARGEST:
                raise NotABundle("too large for an evidence bundle")
            files = {member.filename: file.read(member) for member in members}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise NotABundle(f"not a readable ZIP file: {error}") from error
    except Exception as error:  # zlib.error and others that damaged members raise
        if isinstance(error, NotABundle):
            raise
        raise NotABundle(f"damaged: {error}") from error
    if len(files) != len(members):
        raise NotABundle("two files in it have one name")
    if absent := [path for path in _DESCRIBING if path not in files]:
        raise NotABundle(f"not an evidence bundle: {', '.join(absent)} missing")
    return files


def _check_listing(files: dict[str, bytes], report: Report) -> None:
    """Compare every file with its hashes in the WACZ listing and in our manifest."""
    package, digest, manifest = (json.loads(files[path]) for path in _DESCRIBING)
    if digest["hash"] != f"sha256:{_sha256(files[members.DATAPACKAGE_PATH])}":
        report.problems.append(f"{members.DATAPACKAGE_PATH}: another SHA-256 than listed")
    of_wacz = {each["path"]: each["hash"].removeprefix("sha256:") for each in package["resources"]}
    of_manifest = {each["path"]: each["sha256"] for each in manifest["parts"]}
    for listing, listed, unlisted in (
        (members.DATAPACKAGE_PATH, of_wacz, {members.DATAPACKAGE_PATH, members.DIGEST_PATH}),
        (members.MANIFEST_PATH, of_manifest, set(_DESCRIBING)),
    ):
        for path in sorted(files.keys() - unlisted - listed.keys()):
            report.problems.append(f"{path}: not listed in {listing}")
        for path, sha256 in sorted(listed.items()):
            if path not in files:
                report.problems.append(f"{path}: listed in {listing}, but missing")
            elif _sha256(files[path]) != sha256:
                report.problems.append(f"{path}: another SHA-256 than in {listing}")
    if manifest["decision_sha256"] != of_manifest.get(members.DECISION_PATH):
        report.problems.append(f"{members.DECISION_PATH}: another SHA-256 than the manifest names")


def _check_evidence(files: dict[str, bytes], report: Report) -> None:
    """Compare snapshots, texts, passages and comparisons with the records and with each other."""
    manifest = json.loads(files[members.MANIFEST_PATH])
    responses = _responses(files[members.WARC_PATH], report)
    _check_index(files, responses, report)
    texts: dict[str, str] = {}
    for listed in manifest["snapshots"]:
        record = json.loads(files[listed["record"]])
        for name in ("url", "sha256"):
            if (listed[name] or "") != record[name]:
                report.problems.append(f"{listed['record']}: another {name} than the manifest")
        if record["sha256"] and listed["in_warc"]:
            _check_body(record, listed, responses, report)
        if listed["text"]:
            text_record = json.loads(files[listed["text_record"]])
            if _sha256(files[listed["text"]]) != text_record["sha256"]:
                report.problems.append(f"{listed['text']}: another SHA-256 than its record has")
            if text_record["snapshot_sha256"] != record["sha256"]:
                report.problems.append(f"{listed['text_record']}: of another snapshot")
            texts[listed["text"]] = files[listed["text"]].decode()
    report.notes += [
        f"not in the bundle: {each['what']}: {each['why']}" for each in manifest["withheld"]
    ]
    if manifest["format"] > 1:
        _check_decisions(files, report)
    _check_passages(files, report)
    for path in sorted(path for path in files if path.startswith("diffs/")):
        compared = json.loads(files[path])
        for side in ("before", "after"):
            text = texts.get(compared[side]["path"])
            if text is None or _sha256(text.encode()) != compared[side]["sha256"]:
                report.problems.append(f"{path}: not of the text {compared[side]['path']}")


def _check_decisions(files: dict[str, bytes], report: Report) -> None:
    """Compare each decision with its record, which is what is stamped."""
    decided = json.loads(files[members.DECISION_PATH])
    for listed in decided["decisions"]:
        record = json.loads(files[listed["record"]])
        times = {dt.datetime.fromisoformat(at) for at in (listed["at"], record["decided_at"])}
        said, stamped = (decided["entry"], listed["ruling"]), (record["entry"], record["ruling"])
        if said != stamped or len(times) > 1:
            report.problems.append(f"{listed['record']}: another decision than it is listed as")


@dataclass(frozen=True, slots=True)
class _Response:
    url: str
    date: str
    offset: int
    content_type: str
    body: bytes


def _responses(warc: bytes, report: Report) -> list[_Response]:
    found = []
    records = ArchiveIterator(io.BytesIO(warc), check_digests=False)
    for record in records:
        headers = record.rec_headers
        body = record.content_stream().read()
        if record.rec_type == "warcinfo":
            continue
        url = headers.get_header("WARC-Target-URI")
        declared = headers.get_header("WARC-Payload-Digest").removeprefix("sha256:")
        if base64.b32decode(declared).hex() != _sha256(body):
            report.problems.append(f"{members.WARC_PATH}: the payload of {url} has another digest")
        http = record.http_headers
        content_type = http.get_header("content-type") if http else ""
        date = headers.get_header("WARC-Date")
        found.append(_Response(url, date, records.get_record_offset(), content_type or "", body))
    return found


def _check_index(files: dict[str, bytes], responses: Sequence[_Response], report: Report) -> None:
    """Every line of the index must lead to the record it names, and every record have a line."""
    lines = [
        json.loads(line.split(" ", 2)[2])
        for line in files[members.INDEX_PATH].decode().splitlines()
    ]
    indexed = {(each["url"], int(each["offset"]), each["digest"]) for each in lines}
    written = {(each.url, each.offset, f"sha256:{_sha256(each.body)}") for each in responses}
    if indexed != written:
        report.problems.append(f"{members.INDEX_PATH}: does not agree with the WARC file")
    pages = [json.loads(line) for line in files[members.PAGES_PATH].decode().splitlines()][1:]
    urls = {each.url for each in responses}
    for page in pages:
        if page["url"] not in urls:
            report.problems.append(f"{members.PAGES_PATH}: {page['url']} is not in the WARC file")


def _check_body(record: Any, listed: Any, responses: Sequence[_Response], report: Report) -> None:
    """The bytes of a snapshot must have its SHA-256; several addresses are packed into one body."""
    at = record["first_seen_at"].removesuffix("+00:00") + "Z"
    mine = [each for each in responses if each.date == at and each.url in listed["in_warc"]]
    mine.sort(key=lambda each: each.offset)
    if is_bundle(listed["content_type"]):
        body, _ = bundle([Response(each.url, each.content_type, each.body) for each in mine])
    else:
        body = mine[0].body if len(mine) == 1 else b""
    if _sha256(body) != record["sha256"]:
        report.problems.append(
            f"{members.WARC_PATH}: the bytes of {record['url']} have another SHA-256 than the "
            "record"
        )


def _check_passages(files: dict[str, bytes], report: Report) -> None:
    named = {
        (passage["side"], passage["starts_at"], passage["ends_at"], passage["sha256"])
        for source in json.loads(files[members.ENTRY_PATH])["sources"]
        for passage in source["passages"]
    }
    for passage in json.loads(files[members.PASSAGES_PATH]):
        key = (passage["side"], passage["starts_at"], passage["ends_at"], passage["sha256"])
        if key not in named:
            report.problems.append(
                f"{members.PASSAGES_PATH}: a passage that the entry does not name"
            )
        if passage["words"] is not None and _sha256(passage["words"].encode()) != passage["sha256"]:
            report.problems.append(f"{members.PASSAGES_PATH}: words with another SHA-256")


def _check_stamps(
    files: dict[str, bytes], report: Report, roots: Sequence[x509.Certificate]
) -> None:
    headers = _chain(files[members.CHAIN_PATH], report)
    stamps = _stamps(files, headers, roots, report)
    listed = json.loads(files[members.PROOFS_PATH])
    records = {path for path in files if path.startswith("records/") or path == members.ENTRY_PATH}
    if records != {*(proof["record"] for proof in listed["proofs"]), *listed["waiting"]}:
        report.problems.append(f"{members.PROOFS_PATH}: does not name every record once")
    for proof in listed["proofs"]:
        path, header = proof["record"], headers.get(proof["header"])
        root = root_from_path(
            leaf_hash(files[path]),
            index=proof["index"],
            size=header.size if header else 0,
            path=[bytes.fromhex(each) for each in proof["path"]],
        )
        if header is None or root is None or root.hex() != header.root:
            report.problems.append(f"{path}: not under the root that {members.PROOFS_PATH} names")
            continue
        stamp = next((stamps[at] for at in sorted(stamps) if at >= header.number), None)
        if stamp:
            at = f"{stamp.stamped_at:%Y-%m-%d %H:%M:%S} UTC"
            report.proved.append(f"{path}: existed at {at}, says {stamp.authority}")
        else:
            report.notes.append(f"{path}: in the root of {header.day}, which has no stamp yet")
    report.notes += [f"{path}: in no daily root yet" for path in listed["waiting"]]


def _chain(lines: bytes, report: Report) -> dict[int, Header]:
    headers: dict[int, Header] = {}
    before: Header | None = None
    for line in lines.splitlines():
        header = read_header(line)
        if before and (header.number, header.previous) != (before.number + 1, before.sha256):
            report.problems.append(f"{members.CHAIN_PATH}: root {header.number} is not chained")
        headers[header.number] = before = header
    return headers


def _stamps(
    files: dict[str, bytes],
    headers: dict[int, Header],
    roots: Sequence[x509.Certificate],
    report: Report,
) -> dict[int, authority.Stamp]:
    """Return the valid stamps by the number of their header."""
    responses = {path: data for path, data in files.items() if path.endswith(".tsr")}
    if not responses:
        return {}
    trusted = list(roots) or authority.read_certificates(files[members.AUTHORITY_PATH])
    stamps = {}
    for path, response in sorted(responses.items()):
        number = int(path.removeprefix("stamps/").removesuffix(".tsr"))
        try:
            stamps[number] = authority.check(response, headers[number].to_bytes(), trusted)
        except authority.BadStamp as error:
            report.problems.append(f"{path}: not a valid stamp on root {number}: {error}")
    if not roots:
        for root in trusted:
            fingerprint = root.fingerprint(SHA256()).hex()
            report.notes.append(
                f"trusted because it is in the bundle: {root.subject.rfc4514_string()}, "
                f"SHA-256 {fingerprint}"
            )
    return stamps


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
