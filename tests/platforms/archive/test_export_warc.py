import base64
import gzip
import io
import zlib

import pytest
from django.core.management import CommandError, call_command
from warcio.archiveiterator import ArchiveIterator

from platforms.vocabulary import CaptureSource
from tests.platforms.archive.snapshots import make_page, make_snapshot

pytestmark = pytest.mark.django_db

BODY = "<p>Nous n’entraînons rien.</p>".encode()


@pytest.fixture(autouse=True)
def archive_of_the_settings(storage, settings):
    settings.ARCHIVE_URL = f"file://{storage.root}"


def export(path, *snapshots):
    call_command("export_warc", *(str(s.pk) for s in snapshots), out=path, stdout=io.StringIO())
    return path


def records(path):
    """Return (headers, HTTP head, payload) for each record, all digests checked."""
    with path.open("rb") as file:
        return [
            (record.rec_headers, record.http_headers, record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]


def gzip_members(data):
    members = []
    while data:
        decompressor = zlib.decompressobj(wbits=31)
        members.append(decompressor.decompress(data))
        data = decompressor.unused_data
    return members


def test_a_snapshot_becomes_a_response_record_with_its_address_time_and_hash(archive, tmp_path):
    snapshot = make_snapshot(
        make_page(),
        sha256=archive.put(BODY),
        headers={"content-type": "text/html; charset=utf-8", "etag": '"42"'},
    )

    _, (headers, http, payload) = records(export(tmp_path / "out.warc.gz", snapshot))

    assert payload == BODY
    assert headers.protocol == "WARC/1.1"
    assert headers.get_header("WARC-Type") == "response"
    assert headers.get_header("WARC-Target-URI") == "https://chirper.example/en/privacy"
    assert headers.get_header("WARC-Date") == "2026-03-04T05:06:07.000890Z"
    algorithm, _, digest = headers.get_header("WARC-Payload-Digest").partition(":")
    assert (algorithm, base64.b32decode(digest).hex()) == ("sha256", snapshot.sha256)
    assert headers.get_header("Content-Type") == "application/http; msgtype=response"
    assert (http.protocol, http.statusline) == ("HTTP/1.1", "200 OK")
    assert http.headers == [
        ("content-type", "text/html; charset=utf-8"),
        ("etag", '"42"'),
        ("Content-Length", str(len(BODY))),
    ]


def test_the_file_begins_with_its_creator_and_software(archive, tmp_path, settings):
    settings.CONTACT_EMAIL = "curators@site.example"
    snapshot = make_snapshot(make_page(), sha256=archive.put(BODY))

    (headers, _, payload), (response, _, _) = records(export(tmp_path / "o.warc.gz", snapshot))

    assert headers.get_header("WARC-Type") == "warcinfo"
    assert b"software: Default On\r\n" in payload
    assert b"operator: curators@site.example\r\n" in payload
    assert b"format: WARC File Format 1.1\r\n" in payload
    assert response.get_header("WARC-Warcinfo-ID") == headers.get_header("WARC-Record-ID")


def test_each_record_is_a_gzip_member_of_its_own(archive, tmp_path):
    page = make_page()
    snapshots = [make_snapshot(page, sha256=archive.put(body)) for body in (BODY, b"<p>second</p>")]

    data = export(tmp_path / "out.warc.gz", *snapshots).read_bytes()

    members = gzip_members(data)
    assert len(members) == 3
    assert all(member.startswith(b"WARC/1.1\r\n") for member in members)
    assert gzip.decompress(data) == b"".join(members)


def test_records_are_in_the_given_order_without_duplicates(archive, tmp_path):
    page = make_page()
    first, second = (make_snapshot(page, sha256=archive.put(body)) for body in (b"1", b"2"))

    exported = records(export(tmp_path / "out.warc.gz", second, first, second))

    assert [payload for _, _, payload in exported[1:]] == [b"2", b"1"]


def test_headers_of_the_transfer_are_renamed_because_bodies_are_stored_decoded(archive, tmp_path):
    snapshot = make_snapshot(
        make_page(),
        sha256=archive.put(BODY),
        headers={
            "content-encoding": "br",
            "transfer-encoding": "chunked",
            "content-length": "7",
            "x-split": "one\r\nInjected: two",
        },
    )

    _, (_, http, payload) = records(export(tmp_path / "out.warc.gz", snapshot))

    assert payload == BODY
    assert http.headers == [
        ("X-Archive-Orig-content-encoding", "br"),
        ("X-Archive-Orig-transfer-encoding", "chunked"),
        ("X-Archive-Orig-content-length", "7"),
        ("x-split", "one Injected: two"),
        ("Content-Length", str(len(BODY))),
    ]


@pytest.mark.parametrize(("status", "line"), [(403, "403 Forbidden"), (520, "520 Unknown")])
def test_the_status_is_kept(archive, tmp_path, status, line):
    snapshot = make_snapshot(make_page(), sha256=archive.put(BODY), http_status=status)

    _, (_, http, _) = records(export(tmp_path / "out.warc.gz", snapshot))

    assert http.statusline == line


def test_a_snapshot_without_a_status_becomes_a_resource_record(archive, tmp_path):
    snapshot = make_snapshot(
        make_page(),
        sha256=archive.put(BODY),
        http_status=None,
        headers={},
        source=CaptureSource.OPEN_TERMS_ARCHIVE,
    )

    _, (headers, http, payload) = records(export(tmp_path / "out.warc.gz", snapshot))

    assert headers.get_header("WARC-Type") == "resource"
    assert headers.get_header("Content-Type") == "text/html; charset=utf-8"
    assert http is None
    assert payload == BODY


def test_an_empty_body_is_exported(archive, tmp_path):
    snapshot = make_snapshot(make_page(), sha256=archive.put(b""))

    assert records(export(tmp_path / "out.warc.gz", snapshot))[1][2] == b""


def test_a_missing_body_leaves_no_file_and_an_earlier_one_untouched(archive, tmp_path):
    page = make_page()
    sound = make_snapshot(page, sha256=archive.put(BODY))
    lost = make_snapshot(page, sha256="0" * 64)
    out = tmp_path / "out.warc.gz"
    out.write_bytes(b"earlier")

    with pytest.raises(CommandError, match="not in the archive"):
        export(out, sound, lost)

    assert out.read_bytes() == b"earlier"
    assert [path.name for path in tmp_path.glob("out*")] == ["out.warc.gz"]


def test_unknown_snapshots_and_those_without_bytes_are_reported(tmp_path):
    imported = make_snapshot(make_page(), sha256="", evidence_url="https://archive.example/1")

    with pytest.raises(CommandError, match=f"no bytes: {imported.pk}"):
        export(tmp_path / "out.warc.gz", imported)
    with pytest.raises(CommandError, match="No such snapshot: 999"):
        call_command("export_warc", "999", out=tmp_path / "out.warc.gz")
