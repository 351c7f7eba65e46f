"""Writes snapshots as WARC 1.1 (ISO 28500:2017), the file format of web archives."""

import base64
import datetime as dt
import io
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO

# warcio ships no types.
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

#: Headers that describe the transfer. Bodies are stored decoded, so these no longer apply.
_TRANSFER_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_ORIGINAL_PREFIX = "X-Archive-Orig-"
_CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """One answer to export. status: None if only the bytes are known (imports)."""

    url: str
    received_at: dt.datetime
    status: int | None
    headers: Mapping[str, str]
    content_type: str
    body: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """Where the record of a page is in the file. offset, length: of its gzip member, in bytes."""

    page: ReceivedPage
    offset: int
    length: int


def write_warc(
    out: BinaryIO,
    pages: Iterable[ReceivedPage],
    *,
    about: Mapping[str, str],
    made_at: dt.datetime | None = None,
) -> list[WrittenRecord]:
    """Write a warcinfo record and one record per page, each as its own gzip member.

    about: fields of the warcinfo record beside the format, such as software and operator.
    made_at: time of the warcinfo record, now by default. With the same arguments, the same bytes
    are written. Returns where each page is.
    """
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    information = writer.create_warcinfo_record(
        None, {**about, "format": "WARC File Format 1.1", "conformsTo": _CONFORMS_TO}
    )
    date = _warc_date(made_at or dt.datetime.now(dt.UTC))
    information_id = _record_id(date, *(f"{name}: {value}" for name, value in about.items()))
    information.rec_headers.replace_header("WARC-Date", date)
    information.rec_headers.replace_header("WARC-Record-ID", information_id)
    writer.write_record(information)
    written = []
    for page in pages:
        offset = out.tell()
        _write_page(writer, page, information_id)
        written.append(WrittenRecord(page, offset, out.tell() - offset))
    return written


def _record_id(*identity: str) -> str:
    return f"<{uuid.uuid5(uuid.NAMESPACE_URL, chr(10).join(identity)).urn}>"


def _warc_date(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _write_page(writer: WARCWriter, page: ReceivedPage, information_id: str) -> None:
    date = _warc_date(page.received_at)
    record = writer.create_warc_record(
        page.url,
        "resource" if page.status is None else "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),  # without it the library discards the digest below
        http_headers=None if page.status is None else _http_head(page, page.status),
        warc_content_type=page.content_type if page.status is None else "",
        warc_headers_dict={
            "WARC-Date": date,
            "WARC-Record-ID": _record_id(information_id, page.url, date, page.sha256),
            "WARC-Payload-Digest": _labelled_digest(page.sha256),
            "WARC-Warcinfo-ID": information_id,
        },
    )
    writer.write_record(record)


def _http_head(page: ReceivedPage, status: int) -> StatusAndHeaders:
    lines = [
        (_ORIGINAL_PREFIX + name if name.lower() in _TRANSFER_HEADERS else name, _one_line(value))
        for name, value in page.headers.items()
    ]
    lines.append(("Content-Length", str(len(page.body))))
    return StatusAndHeaders(f"{status} {_phrase(status)}", lines, protocol="HTTP/1.1")


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _labelled_digest(sha256: str) -> str:
    return f"sha256:{base64.b32encode(bytes.fromhex(sha256)).decode('ascii')}"
