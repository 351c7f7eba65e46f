"""The command, one byte changed in each kind of part, and files that are no bundles."""

import gzip
import io
import json
import resource
import socket
import subprocess
import sys
import tracemalloc
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from consent.open_data.evidence import unpacking
from consent.open_data.evidence.bundle_check import verify
from consent.open_data.evidence.unpacking import NotABundle
from consent.open_data.stamps.authority import read_certificates
from consent.open_data.stamps.closed_days import close_day, stamp_days
from tests.consent.open_data.evidence.bundle_files import packed, relisted, unpacked
from tests.consent.open_data.evidence.conftest import built
from tests.consent.open_data.stamps.authority_server import AuthorityServer
from tests.sweeps import some

pytestmark = [pytest.mark.django_db]

#: For tests of what is the same in both kinds of bundles.
VISITED = pytest.mark.parametrize(
    "bundle", some(["visited_entry", "imported_entry"], 1), indirect=True
)
WARC, MANIFEST = "archive/snapshots.warc.gz", "evidence/manifest.json"


@pytest.fixture(params=["visited_entry", "imported_entry"])
def bundle(request, stamp_authority, long_ago):
    """A stamped bundle of each kind of change, or of the one that a test asks for."""
    entry = request.getfixturevalue(request.param)
    close_day(long_ago)
    assert stamp_days() == 1
    return built(entry)


def run(data, tmp_path, *arguments):
    """The exit code of the command, and what it says."""
    path, out = tmp_path / "bundle.wacz", io.StringIO()
    path.write_bytes(data)
    try:
        call_command("verify_evidence", str(path), *arguments, stdout=out)
    except SystemExit as stopped:
        return stopped.code, out.getvalue()
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def test_the_command_needs_nothing_but_the_file(bundle, tmp_path, monkeypatch, authority_server):
    def refuse(*_, **__):
        raise AssertionError("nothing but the file")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with connection.execute_wrapper(refuse):
        code, out = run(bundle, tmp_path, "--roots", str(authority_server.roots))
    if "HTTP headers" in out:
        assert (code, out.count("NOT PROVED")) == (2, 1)
    else:
        assert (code, out.count("NOT PROVED")) == (0, 0)
        assert "every part agrees; 6 records are stamped" in out
    assert out.count("proved      ") == 6


@VISITED
def test_without_roots_the_first_line_says_that_the_authority_was_not_checked(bundle, tmp_path):
    code, out = run(bundle, tmp_path)
    assert out.startswith("AUTHORITY NOT CHECKED: without --roots")
    assert "NOT PROVED  trusted because it is in the bundle: CN=Test root,O=Test" in out
    assert code == 2
    assert "every part agrees" not in out


@VISITED
def test_words_of_a_file_cannot_begin_a_line_of_the_command(bundle, tmp_path):
    files = unpacked(bundle)
    files["x\nevery part agrees; 6 records are stamped\x1b[2K"] = b""
    code, out = run(packed(relisted(files)), tmp_path)
    assert code == 1
    assert not any(line.startswith("every part") for line in out.splitlines())
    assert "\x1b" not in out


@VISITED
def test_one_byte_changed_in_any_part_is_found(bundle, tmp_path):
    files = unpacked(bundle)
    kinds = {name.split("/")[0] for name in files}
    assert kinds == {
        *("archive", "indexes", "pages", "evidence", "records", "texts", "diffs", "stamps"),
        *("datapackage.json", "datapackage-digest.json"),
    }
    for name, data in files.items():
        for at in (0, len(data) // 2, len(data) - 1):
            changed = bytearray(data)
            changed[at] ^= 1
            tampered = packed({**files, name: bytes(changed)})
            assert verify(tampered).problems, f"{name}, byte {at}"
    code, out = run(tampered, tmp_path)
    assert (code, "FAULT" in out) == (1, True)


@VISITED
def test_files_added_or_left_out_are_found(bundle):
    files = unpacked(bundle)
    assert verify(packed({**files, "texts/more.md": b"more"})).problems
    for name in files.keys() - {
        *("datapackage.json", "datapackage-digest.json", "evidence/manifest.json"),
    }:
        fewer = {path: data for path, data in files.items() if path != name}
        assert verify(packed(fewer)).problems, name


def test_a_chain_with_a_changed_link_is_found(visited_entry, stamp_authority, long_ago):
    stamp_authority.answers = lambda query: (503, b"")
    close_day(long_ago)
    stamp_days()
    close_day()
    files = unpacked(built(visited_entry))
    # No stamp yet, so the chain is that of one day; give it a second that does not follow.
    [line] = files["stamps/chain.jsonl"].splitlines()
    second = json.loads(line) | {"number": 2, "day": "2026-03-02"}
    forged = json.dumps(second, sort_keys=True, separators=(",", ":")).encode()
    files["stamps/chain.jsonl"] = line + b"\n" + forged + b"\n"
    assert "stamps/chain.jsonl: root 2 is not chained" in verify(packed(relisted(files))).problems


@VISITED
def test_an_authority_that_one_does_not_trust_proves_nothing(bundle, tmp_path):
    with AuthorityServer(tmp_path / "other") as other:
        report = verify(bundle, roots=read_certificates(other.roots.read_bytes()))
    assert any("not a valid stamp on root 1" in each for each in report.problems)
    assert report.proved == []


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 40])
def test_other_files_are_refused(data, tmp_path):
    with pytest.raises(NotABundle):
        verify(data)
    assert run(data, tmp_path)[0] == 1


def zeros(size):
    """A page of so many zeros, compressed."""
    return gzip.compress(bytes(size), compresslevel=1, mtime=0)


def nested_gzip(files, size=600_000_000):
    """An answer with Content-Encoding in a record that is compressed, too."""
    inner = gzip.compress(zeros(size))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    record = (
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%s%s\r\n\r\n" % (len(head + inner), head, inner)
    )
    return {**files, WARC: files[WARC] + gzip.compress(record, mtime=0)}


def large_member(files, size=600_000_000):
    return {**files, WARC: files[WARC] + zeros(size)}


def many_members(files):
    return {**files, WARC: files[WARC] + 60 * gzip.compress(bytes(10_000_000), mtime=0)}


def large_json(files):
    return {**files, "stamps/proofs.json": b"[" + b"{}," * 20_000_000 + b"{}]"}


@pytest.mark.drill
@pytest.mark.parametrize("bomb", [nested_gzip, large_member, many_members, large_json])
def test_what_unpacks_to_much_more_is_refused_in_little_memory(visited_entry, tmp_path, bomb):
    path = tmp_path / "bomb.wacz"
    path.write_bytes(smallest(relisted(bomb(unpacked(built(visited_entry))))))
    assert path.stat().st_size < 4_000_000
    assert_refused_in_little_memory(path)


def lying_about_its_size(size):
    """A ZIP file whose only member says that it has ten bytes, and unpacks to so many."""
    data = smallest({"bomb": bytes(size)})
    declared = data.rindex(b"PK\x01\x02") + 24  # the size in the directory of the ZIP file
    return data[:declared] + (10).to_bytes(4, "little") + data[declared + 4 :]


def test_a_size_that_a_file_declares_is_not_believed():
    data = lying_about_its_size(20_000_000)
    tracemalloc.start()
    with pytest.raises(NotABundle):
        verify(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize("bomb", [nested_gzip, large_member])
def test_what_unpacks_to_more_than_the_limit_is_a_fault_and_not_unpacked(
    visited_entry, monkeypatch, bomb
):
    monkeypatch.setattr(unpacking, "LARGEST", 2_000_000)
    data = packed(relisted(bomb(unpacked(built(visited_entry)), size=20_000_000)))
    tracemalloc.start()
    problems = verify(data).problems
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert problems
    assert most < 15_000_000


@pytest.mark.drill
def test_a_file_that_lies_about_its_size_is_refused_in_little_memory(tmp_path):
    path = tmp_path / "bomb.wacz"
    path.write_bytes(lying_about_its_size(600_000_000))
    assert_refused_in_little_memory(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_cannot_be_bounded_is_refused(method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        file.writestr("file", b"content")
    with pytest.raises(NotABundle, match="compressed in a way that bundles are not"):
        verify(out.getvalue())


def smallest(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def assert_refused_in_little_memory(path):
    """The command says so within 500 MB of addresses; a fifth of them is the program itself."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (500_000_000, 500_000_000))

    command = [sys.executable, "manage.py", "verify_evidence", str(path)]
    ended = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    assert "MemoryError" not in ended.stdout + ended.stderr
    assert "CommandError" in ended.stderr


def test_files_that_declare_more_than_the_limit_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(3):
            file.writestr(f"{number}", bytes(40_000_000))
    with pytest.raises(NotABundle, match="too large"):
        verify(out.getvalue())


@VISITED
def test_listings_of_an_unexpected_shape_are_faults_not_errors(bundle):
    files = unpacked(bundle)
    for name in files:
        if name.endswith((".json", ".jsonl", ".cdx")):
            for value in (b"[]", b"{}", b"null", b'{"parts":[1]}', b"\xff", b"[" * 100_000):
                assert verify(packed({**files, name: value})).problems, (name, value)
                if name not in ("datapackage.json", "datapackage-digest.json", MANIFEST):
                    assert verify(packed(relisted({**files, name: value}))).problems
