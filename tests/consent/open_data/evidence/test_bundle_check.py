"""One byte changed in each kind of part, and forgeries whose hashes all agree: each is found."""

import io
import json
import socket

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from consent.open_data.evidence.bundle_check import NotABundle, verify
from consent.open_data.stamps.authority import read_certificates
from consent.open_data.stamps.closed_days import close_day, stamp_days
from tests.consent.open_data.evidence.bundle_files import packed, relisted, sha256, unpacked
from tests.consent.open_data.evidence.conftest import built
from tests.consent.open_data.stamps.authority_server import AuthorityServer

pytestmark = [pytest.mark.django_db]


@pytest.fixture(params=["visited_entry", "imported_entry"])
def bundle(request, stamp_authority, long_ago):
    """A stamped bundle of each kind of change."""
    entry = request.getfixturevalue(request.param)
    close_day(long_ago)
    assert stamp_days() == 1
    return built(entry)


def run(data, tmp_path, *arguments):
    path, out = tmp_path / "bundle.wacz", io.StringIO()
    path.write_bytes(data)
    call_command("verify_evidence", str(path), *arguments, stdout=out)
    return out.getvalue()


def test_the_command_needs_nothing_but_the_file(bundle, tmp_path, monkeypatch, authority_server):
    def refuse(*_, **__):
        raise AssertionError("nothing but the file")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with connection.execute_wrapper(refuse):
        out = run(bundle, tmp_path)
        assert "every part agrees; 6 records are stamped" in out
        assert "trusted because it is in the bundle: CN=Test root,O=Test" in out
        out = run(bundle, tmp_path, "--roots", str(authority_server.roots))
        assert "trusted because" not in out


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
        with pytest.raises(CommandError, match=r"\d+ problems"):
            run(tampered, tmp_path)


def test_files_added_or_left_out_are_found(bundle):
    files = unpacked(bundle)
    assert verify(packed({**files, "texts/more.md": b"more"})).problems
    for name in files.keys() - {
        *("datapackage.json", "datapackage-digest.json", "evidence/manifest.json"),
    }:
        fewer = {path: data for path, data in files.items() if path != name}
        assert verify(packed(fewer)).problems, name


def test_a_forger_who_makes_all_hashes_agree_is_found_by_the_stamp(bundle):
    """Everything that is proved: bytes, texts, passages, records, the entry, roots, stamps."""
    files = unpacked(bundle)
    assert verify(packed(relisted(files))).problems == []

    def problems(**changed):
        return verify(packed(relisted({**files, **changed}))).problems

    text = files["texts/text-2.md"]
    assert any(
        "another SHA-256 than its record" in each
        for each in problems(**{"texts/text-2.md": text + b"!"})
    )
    record = json.loads(files["records/text-2.json"])
    record["sha256"] = sha256(text + b"!")
    forged = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    found = problems(**{"texts/text-2.md": text + b"!", "records/text-2.json": forged})
    assert any("not under the root" in each for each in found)
    entry = json.loads(files["evidence/entry.json"])
    entry["title"] = "Another title"
    assert any(
        "not under the root" in each
        for each in problems(**{"evidence/entry.json": json.dumps(entry).encode()})
    )
    assert problems(
        **{
            "evidence/passages.json": b'[{"side":"after","starts_at":null,'
            b'"ends_at":null,"sha256":"' + b"0" * 64 + b'","words":null}]'
        }
    )
    [header] = [json.loads(line) for line in files["stamps/chain.jsonl"].splitlines()]
    header["day"] = "2020-01-01"
    forged = json.dumps(header, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    assert any("not a valid stamp" in each for each in problems(**{"stamps/chain.jsonl": forged}))


def test_a_decision_that_somebody_dates_back_is_found(bundle):
    files = unpacked(bundle)
    decided = json.loads(files["evidence/decision.json"])
    [decision] = decided["decisions"]
    record = json.loads(files[decision["record"]])
    assert (record["kind"], record["ruling"]) == ("decision", "publish")
    decision["at"] = record["decided_at"] = "2020-01-01T00:00:00+00:00"
    forged = {**files, "evidence/decision.json": json.dumps(decided).encode()}
    found = verify(packed(relisted(forged))).problems
    assert found == [f"{decision['record']}: another decision than it is listed as"]
    forged[decision["record"]] = json.dumps(
        record, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    assert any("not under the root" in each for each in verify(packed(relisted(forged))).problems)


def test_a_bundle_of_the_first_format_is_checked_without_records_of_decisions(visited_entry):
    files = unpacked(built(visited_entry))
    manifest = json.loads(files["evidence/manifest.json"])
    decided = json.loads(files["evidence/decision.json"])
    for decision in decided["decisions"]:
        del files[decision.pop("record")]
    manifest["format"] = 1
    manifest["parts"] = [each for each in manifest["parts"] if each["path"] in files]
    proofs = json.loads(files["stamps/proofs.json"])
    proofs["waiting"] = [path for path in proofs["waiting"] if path in files]
    package = json.loads(files["datapackage.json"])
    package["resources"] = [each for each in package["resources"] if each["path"] in files]
    for path, value in (
        ("evidence/manifest.json", manifest),
        ("evidence/decision.json", decided),
        ("stamps/proofs.json", proofs),
        ("datapackage.json", package),
    ):
        files[path] = json.dumps(value).encode()
    assert verify(packed(relisted(files))).problems == []


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


def test_an_authority_that_one_does_not_trust_proves_nothing(bundle, tmp_path):
    with AuthorityServer(tmp_path / "other") as other:
        report = verify(bundle, roots=read_certificates(other.roots.read_bytes()))
    assert any("not a valid stamp on root 1" in each for each in report.problems)
    assert report.proved == []


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 40])
def test_other_files_are_refused(data, tmp_path):
    with pytest.raises(NotABundle):
        verify(data)
    with pytest.raises(CommandError):
        run(data, tmp_path)


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = io.BytesIO()
    import zipfile

    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(3):
            file.writestr(f"{number}", b"\0" * 70_000_000)
    with pytest.raises(NotABundle, match="too large"):
        verify(bomb.getvalue())


def test_listings_of_an_unexpected_shape_are_problems_not_errors(bundle):
    files = unpacked(bundle)
    for name in files:
        if name.endswith((".json", ".jsonl", ".cdx")):
            for value in (b"[]", b"{}", b"null", b'{"parts":[1]}', b"\xff"):
                assert verify(packed({**files, name: value})).problems, (name, value)
                relisted_with = {**files, name: value}
                if name not in ("datapackage.json", "evidence/manifest.json"):
                    assert verify(packed(relisted(relisted_with))) is not None
