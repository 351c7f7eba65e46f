"""The files of a bundle, and how a bundle is packed as WACZ. Pure.

Source: WACZ 1.1.1 (specs.webrecorder.net/wacz/1.1.1). Files of our own are in folders, since
validators allow none beside datapackage.json.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from platforms.archive.warc import WrittenRecord

WARC_PATH = "archive/snapshots.warc.gz"
INDEX_PATH = "indexes/index.cdx"
PAGES_PATH = "pages/pages.jsonl"
DATAPACKAGE_PATH = "datapackage.json"
DIGEST_PATH = "datapackage-digest.json"
MANIFEST_PATH = "evidence/manifest.json"
ENTRY_PATH = "evidence/entry.json"
PASSAGES_PATH = "evidence/passages.json"
COMMANDS_PATH = "evidence/commands.txt"
LICENCE_PATH = "evidence/licence.txt"
CHAIN_PATH = "stamps/chain.jsonl"
PROOFS_PATH = "stamps/proofs.json"
AUTHORITY_PATH = "stamps/authority.pem"
#: Folders that players read in place, at an offset.
_STORED = ("archive/", "indexes/")
#: Zip has no time before it. All members have the same, so that equal bundles are equal files.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a bundle. about: what it is, for the manifest."""

    path: str
    data: bytes
    about: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """A line in the list of pages that players show."""

    url: str
    title: str
    at: dt.datetime


def json_part(path: str, value: Any, about: str) -> Part:
    """Return JSON for people to read: indented, in the order given."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return Part(path, f"{text}\n".encode(), about)


def index_part(records: Iterable[WrittenRecord]) -> Part:
    """Return the index of the WARC file (CDXJ), by which players find a record."""
    lines = sorted(map(_index_line, records))
    return Part(INDEX_PATH, "".join(lines).encode(), "index of the WARC file (CDXJ)")


def pages_part(pages: Iterable[ReplayPage]) -> Part:
    lines: list[dict[str, Any]] = [
        {"format": "json-pages-1.0", "id": "pages", "title": "Snapshots"},
        *(
            {
                "id": hashlib.sha256(f"{page.at.isoformat()} {page.url}".encode()).hexdigest()[:22],
                "url": page.url,
                "ts": _iso_seconds(page.at),
                "title": page.title,
            }
            for page in pages
        ),
    ]
    text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    return Part(PAGES_PATH, text.encode(), "list of the snapshots, for players")


def stamp_path(number: int) -> str:
    return f"stamps/{number}.tsr"


def package_parts(
    parts: Sequence[Part],
    *,
    title: str,
    description: str,
    made_at: dt.datetime,
    main: ReplayPage | None,
) -> list[Part]:
    """Return the listing of these parts that WACZ asks for, and its digest."""
    package = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "description": description,
        "created": _iso_seconds(made_at),
        "software": "Default On",
        **({"mainPageUrl": main.url, "mainPageDate": _iso_seconds(main.at)} if main else {}),
        "resources": [
            {
                "name": part.path.rpartition("/")[2].lower(),
                "path": part.path,
                "hash": f"sha256:{part.sha256}",
                "bytes": len(part.data),
            }
            for part in parts
        ],
    }
    datapackage = json_part(DATAPACKAGE_PATH, package, "")
    digest = {"path": DATAPACKAGE_PATH, "hash": f"sha256:{datapackage.sha256}"}
    return [datapackage, json_part(DIGEST_PATH, digest, "")]


def pack(parts: Iterable[Part]) -> bytes:
    """Return the WACZ file. The same parts give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part in parts:
            member = zipfile.ZipInfo(part.path, _NO_TIME)
            member.external_attr = 0o644 << 16
            is_stored = part.path.startswith(_STORED) or part.path == DATAPACKAGE_PATH
            member.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
            file.writestr(member, part.data)
    return out.getvalue()


def surt(url: str) -> str:
    """Return the sort key of an address, as indexes of web archives have it.

    com,example)/path?query for https://www.example.com/Path?query.
    """
    split = urlsplit(url.lower())
    host = (split.hostname or "").removeprefix("www.")
    port = f":{split.port}" if split.port and split.port not in (80, 443) else ""
    query = f"?{'&'.join(sorted(split.query.split('&')))}" if split.query else ""
    path = split.path if split.path == "/" else split.path.rstrip("/")
    return f"{','.join(reversed(host.split('.')))}{port}){path or '/'}{query}"


def _index_line(record: WrittenRecord) -> str:
    page = record.page
    fields = {
        "url": page.url,
        "digest": f"sha256:{page.sha256}",
        "mime": page.content_type.partition(";")[0].strip() or "application/octet-stream",
        "offset": str(record.offset),
        "length": str(record.length),
        "status": str(page.status or 200),
        "filename": WARC_PATH.rpartition("/")[2],
    }
    stamp = page.received_at.astimezone(dt.UTC).strftime("%Y%m%d%H%M%S")
    return f"{surt(page.url)} {stamp} {json.dumps(fields)}\n"


def _iso_seconds(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
