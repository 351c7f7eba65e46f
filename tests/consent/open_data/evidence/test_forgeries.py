"""Forged bundles in which all hashes of the listings agree: none is called sound and proved."""

import datetime as dt
import gzip
import hashlib
import io
import json
from dataclasses import replace

import pytest
from warcio.archiveiterator import ArchiveIterator

from consent.open_data.evidence import bundle_check
from consent.open_data.evidence.bundle_check import verify
from consent.open_data.evidence.contents import files_of, listings_of
from consent.open_data.evidence.members import index_part
from consent.open_data.evidence.unpacking import NotABundle
from consent.open_data.stamps.authority import read_certificates
from consent.open_data.stamps.closed_days import close_day, stamp_days
from platforms.archive.warc import ReceivedPage, write_warc
from tests.consent.open_data.evidence.bundle_files import (
    MANIFEST,
    edit,
    packed,
    relisted,
    sha256,
    unpacked,
    written,
)
from tests.consent.open_data.evidence.conftest import built
from tests.consent.open_data.stamps.authority_server import AuthorityServer
from tests.sweeps import some

pytestmark = [pytest.mark.django_db]

WARC, INDEX, PAGES = "archive/snapshots.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"
ENTRY, PASSAGES = "evidence/entry.json", "evidence/passages.json"
PROOFS, CHAIN = "stamps/proofs.json", "stamps/chain.jsonl"
HEADERS_NOT_PROVED = f"{WARC}: the HTTP headers of the responses are in no record"


@pytest.fixture(params=["visited_entry", "imported_entry"])
def files(request, stamp_authority, long_ago):
    """The files of a stamped bundle of each kind of change."""
    entry = request.getfixturevalue(request.param)
    close_day(long_ago)
    assert stamp_days() == 1
    return unpacked(built(entry))


@pytest.fixture
def checked(authority_server):
    """Checks files with the real roots, after all listings were made to agree."""
    roots = read_certificates(authority_server.roots.read_bytes())
    return lambda files, **forged: verify(packed(relisted(files, **forged)), roots=roots)


def test_bundles_that_nobody_forged_are_sound(files, checked):
    report = checked(files)
    assert (report.problems, len(report.proved)) == ([], 6)
    is_visited = b"HTTP/1.1" in gzip.decompress(files[WARC])
    assert report.not_proved == ([HEADERS_NOT_PROVED] if is_visited else [])
    assert report.exit_code == (2 if is_visited else 0)


def rewrite_warc(files, change):
    """Let a function change the list of received pages; the index follows."""
    pages = []
    for record in ArchiveIterator(io.BytesIO(files[WARC])):
        http, headers = record.http_headers, record.rec_headers
        if record.rec_type == "warcinfo":
            continue
        body = record.raw_stream.read()
        pages.append(
            ReceivedPage(
                url=headers.get_header("WARC-Target-URI"),
                received_at=dt.datetime.fromisoformat(headers.get_header("WARC-Date")),
                status=int(http.get_statuscode()) if http else None,
                headers=dict(http.headers[:-1]) if http else {},
                content_type=(http or headers).get_header("content-type") or "",
                body=body,
                sha256=sha256(body),
            )
        )
    address = json.loads(files[ENTRY])["address"]
    out = io.BytesIO()
    moment = json.loads(files["records/decision-1.json"])["decided_at"]
    records = write_warc(
        out,
        change(pages),
        about={
            "software": "Default On",
            "isPartOf": address,
            "description": "Evidence of a change. Bodies are decoded, as the archive keeps them.",
        },
        made_at=dt.datetime.fromisoformat(moment),
    )
    files[WARC], files[INDEX] = out.getvalue(), index_part(records).data


def with_body(page, body=b"<p>We never train on your posts.</p>"):
    return replace(page, body=body, sha256=sha256(body))


def names_nothing_in_the_warc(manifest):
    for snapshot in manifest["snapshots"]:
        snapshot["in_warc"] = []


def other_bytes_of_a_page(files):
    rewrite_warc(files, lambda pages: [*pages[:-1], with_body(pages[-1])])


def other_bytes_that_the_manifest_does_not_name(files):
    other_bytes_of_a_page(files)
    edit(files, MANIFEST, names_nothing_in_the_warc)


def a_page_added(files):
    added = "https://chirp.example/secret-terms"
    rewrite_warc(files, lambda pages: [*pages, replace(with_body(pages[0]), url=added)])


def a_page_put_before(files):
    rewrite_warc(files, lambda pages: [with_body(pages[0]), *pages])


def pages_that_changed_places(files):
    rewrite_warc(files, lambda pages: pages[::-1])


def right_bytes_under_another_address(files):
    elsewhere = "https://elsewhere.example/terms"
    rewrite_warc(files, lambda pages: [replace(page, url=elsewhere) for page in pages])


def right_bytes_at_another_time(files):
    hour = dt.timedelta(hours=1)
    rewrite_warc(
        files, lambda pages: [replace(page, received_at=page.received_at - hour) for page in pages]
    )


def another_status(files):
    rewrite_warc(files, lambda pages: [replace(page, status=451) for page in pages])


def a_page_left_out(files):
    rewrite_warc(files, lambda pages: pages[1:])


def a_text_replaced_and_not_named(files):
    files["texts/text-2.md"] = b"We never train on your posts."
    edit(files, MANIFEST, lambda manifest: manifest["snapshots"][1].update(texts=[]))
    del files["diffs/diff-1.json"]


def a_text_replaced(files):
    files["texts/text-2.md"] += b"!"


def a_text_replaced_with_its_record(files):
    a_text_replaced(files)
    edit(
        files,
        "records/text-2.json",
        lambda record: record.update(sha256=sha256(files["texts/text-2.md"])),
    )


def a_text_added(files):
    files["texts/text-3.md"] = b"We never train on your posts."


def a_comparison_rewritten(files):
    edit(files, "diffs/diff-1.json", lambda diff: diff["changes"][0].update(added="Nothing."))


def a_comparison_shortened(files):
    edit(files, "diffs/diff-1.json", lambda diff: diff.update(changes=diff["changes"][1:]))


def a_comparison_left_out(files):
    del files["diffs/diff-1.json"]


def a_comparison_turned_round(files):
    edit(
        files,
        "diffs/diff-1.json",
        lambda diff: diff.update(before=diff["after"], after=diff["before"]),
    )


def a_comparison_added(files):
    files["diffs/diff-2.json"] = files["diffs/diff-1.json"]


def other_reviewers(files):
    reviews = {"reviews": [{"by": "Ada Lovelace", "at": "2020-01-01T00:00:00+00:00"}]}
    files["evidence/decision.json"] = written("evidence/decision.json", reviews)


def a_decision_dated_back(files):
    edit(
        files,
        "records/decision-1.json",
        lambda record: record.update(decided_at="2020-01-01T00:00:00.000000+00:00"),
    )


def a_decision_removed_with_its_proof(files):
    remove_record(files, "records/decision-1.json")


def a_snapshot_removed_with_its_proof(files):
    for path in ("records/snapshot-1.json", "records/text-1.json"):
        remove_record(files, path)
    for kind in ("snapshot", "text"):
        rename_record(files, f"records/{kind}-2.json", f"records/{kind}-1.json")
    files["texts/text-1.md"] = files.pop("texts/text-2.md")
    del files["diffs/diff-1.json"]
    rewrite_warc(files, lambda pages: pages[1:])
    edit(files, MANIFEST, lambda manifest: manifest["snapshots"].pop(0) and None)


def a_decision_twice(files):
    files["records/decision-2.json"] = files["records/decision-1.json"]
    edit(
        files,
        PROOFS,
        lambda listed: listed["proofs"].append(
            {**proof_of(listed, "records/decision-1.json"), "record": "records/decision-2.json"}
        ),
    )


def proof_of(listed, path):
    return next(proof for proof in listed["proofs"] if proof["record"] == path)


def remove_record(files, path):
    del files[path]

    def change(listed):
        listed["proofs"].remove(proof_of(listed, path))

    edit(files, PROOFS, change)


def rename_record(files, path, new):
    files[new] = files.pop(path)
    edit(files, PROOFS, lambda listed: proof_of(listed, path).update(record=new))


def passages_left_out(files):
    files[PASSAGES] = written(PASSAGES, [])


def words_of_a_passage_left_out(files):
    set_words(files, None)


def words_of_a_passage_replaced(files):
    set_words(files, "No.")


def set_words(files, words):
    edit(files, PASSAGES, lambda passages: [{**passage, "words": words} for passage in passages])


def titles_of_pages(files):
    files[PAGES] = files[PAGES].replace(b" UTC", b" UTC, the terms of Chirp")


def a_chain_that_goes_on(files):
    [line] = files[CHAIN].splitlines()
    header = json.loads(line)
    header |= {"number": 2, "day": "2027-03-02", "previous": hashlib.sha256(line).hexdigest()}
    files[CHAIN] += json.dumps(header, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def another_how_to(files):
    files["evidence/how-to.en.md"] += b"Or believe it.\n"


def other_commands(files):
    files["evidence/commands.txt"] = b'echo "no fault"\n'


def a_file_added(files):
    files["evidence/statement.txt"] = b"The platform admitted it."


def bytes_said_to_be_withheld_that_are_there(files):
    why = "cannot be read from our archive"
    edit(
        files,
        MANIFEST,
        lambda manifest: manifest["withheld"].append({"path": "records/text-1.json", "why": why}),
    )


FORGERIES = [
    other_bytes_of_a_page,
    other_bytes_that_the_manifest_does_not_name,
    a_page_added,
    a_page_put_before,
    pages_that_changed_places,
    right_bytes_under_another_address,
    right_bytes_at_another_time,
    another_status,
    a_page_left_out,
    a_text_replaced,
    a_text_replaced_and_not_named,
    a_text_replaced_with_its_record,
    a_text_added,
    a_comparison_rewritten,
    a_comparison_shortened,
    a_comparison_left_out,
    a_comparison_turned_round,
    a_comparison_added,
    other_reviewers,
    a_decision_dated_back,
    a_decision_removed_with_its_proof,
    a_decision_twice,
    a_snapshot_removed_with_its_proof,
    passages_left_out,
    words_of_a_passage_left_out,
    words_of_a_passage_replaced,
    titles_of_pages,
    a_chain_that_goes_on,
    another_how_to,
    other_commands,
    a_file_added,
    bytes_said_to_be_withheld_that_are_there,
]


def test_each_forgery_is_a_fault(files, checked):
    called_sound = []
    for forge in FORGERIES:
        forged = dict(files)
        forge(forged)
        has_nothing_to_forge = files[PASSAGES] == b"[]\n" and "passage" in forge.__name__
        assert forged != files or has_nothing_to_forge, forge.__name__
        if forged != files and checked(forged).exit_code != 1:
            called_sound.append(forge.__name__)
    assert called_sound == []


def test_other_formats_are_refused(files, checked):
    for format_ in (1, 2, 4, None, "3"):
        edit(files, MANIFEST, lambda manifest, to=format_: manifest.update(format=to))
        with pytest.raises(NotABundle, match="this program checks format 3 only"):
            checked(files)


def wait(files, path):
    """Move a record to those that wait for a root."""

    def change(listed):
        listed["proofs"].remove(proof_of(listed, path))
        listed["waiting"].append(path)

    edit(files, PROOFS, change)


def test_a_forged_entry_that_waits_for_a_root_is_not_proved(files, checked):
    edit(files, ENTRY, lambda entry: entry.update(title="Forged"))
    wait(files, ENTRY)
    follow(files)
    report = checked(files)
    assert report.exit_code != 0
    assert f"{ENTRY}: in no daily root yet" in report.not_proved


def follow(files):
    """Make again what follows from the records, as a forger with our program would."""

    def write(_, contents, records, __):
        parts = files_of(contents, files[WARC], records)
        files.update({part.path: part.data for part in [*parts, *listings_of(contents, parts)]})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle_check, "_compare", write)
        verify(packed(files))


def test_a_text_that_is_held_back_is_not_proved(files, checked):
    del files["texts/text-1.md"], files["diffs/diff-1.json"]
    if b"/texts/text-1.md" in files[INDEX]:
        rewrite_warc(files, lambda pages: pages[1:])
    why = "cannot be read from our archive"
    edit(
        files,
        MANIFEST,
        lambda manifest: manifest["withheld"].append({"path": "records/text-1.json", "why": why}),
    )
    follow(files)
    report = checked(files)
    assert (report.problems, report.exit_code) == ([], 2)
    assert f"records/text-1.json: what it is about is not in the bundle: {why}" in report.not_proved


def test_headers_of_a_page_are_not_proved(visited_entry, stamp_authority, long_ago, checked):
    close_day(long_ago)
    stamp_days()
    files = unpacked(built(visited_entry))
    rewrite_warc(
        files,
        lambda pages: [replace(page, headers={**page.headers, "X-Said": "1"}) for page in pages],
    )
    follow(files)
    report = checked(files)
    assert (report.problems, report.not_proved) == ([], [HEADERS_NOT_PROVED])


def test_certificates_in_the_bundle_that_one_does_not_trust_are_named(files, checked, tmp_path):
    with AuthorityServer(tmp_path / "other") as other:
        files["stamps/authority.pem"] = other.roots.read_bytes()
    assert any("not a root you trust" in line for line in checked(files).not_proved)


def test_a_bundle_says_which_version_made_it_and_others_are_not_proved(files, checked):
    edit(files, MANIFEST, lambda manifest: manifest.update(version="0.1.9"))
    report = checked(files)
    assert (report.problems, report.exit_code) == ([], 2)
    a_comparison_rewritten(files)
    assert "diffs/diff-1.json: not as this version of the program writes it" in (
        checked(files).not_proved
    )
    titles_of_pages(files)
    assert checked(files).exit_code == 1


def mutations(value):
    """Yield values that differ from this one in one place: each field, and the ends of lists."""
    if isinstance(value, dict):
        yield {**value, "forged": "forged"}
        for name, inner in value.items():
            yield {other: kept for other, kept in value.items() if other != name}
            for changed in mutations(inner):
                yield {**value, name: changed}
    elif isinstance(value, list):
        yield [*value, *(value[-1:] or ["forged"])]
        for at in sorted({0, len(value) - 1} if value else ()):
            yield [*value[:at], *value[at + 1 :]]
            for changed in mutations(value[at]):
                yield [*value[:at], changed, *value[at + 1 :]]
    elif isinstance(value, str):
        yield f"{value}x"
    elif isinstance(value, bool) or value is None:
        yield "forged"
    else:
        yield value + 1
        yield float(value)


def changed_files(files):
    """Yield each way in which one file is changed: a field, a byte, a line, or all of it."""
    for path, data in files.items():
        if path.endswith(".json"):
            for value in mutations(json.loads(data)):
                yield path, written(path, value)
        for at in (0, len(data) // 2, len(data) - 1):
            yield path, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        yield path, data + b"\n"
        yield path, b""
        lines = data.splitlines(keepends=True)
        yield path, b"".join(lines[1:])
        yield path, b"".join([*lines, lines[-1]])
        yield path, None


@pytest.mark.parametrize("files", some(["visited_entry", "imported_entry"], 1), indirect=True)
def test_no_field_and_no_file_can_be_changed(files, checked):
    """What is not a fault is one of the few things that the check says it cannot prove."""
    changes = list(changed_files(files))
    assert len(changes) > 400
    for path, data in some(changes, 120):
        forged = {**files, path: data}
        if data is None:
            del forged[path]
        if forged == files:
            continue
        try:
            report = checked(forged, forged=path) if path in forged else verify(packed(forged))
        except ValueError:  # not an evidence bundle, or its listings cannot be written
            continue
        assert report.exit_code != 0, (path, data)
        if report.exit_code == 2:
            is_root = path == "stamps/authority.pem"
            assert is_root or (path, data) in tuple(not_proved(files)), (path, data)


def not_proved(files):
    """The changes that leave a bundle sound, which then says what it cannot prove."""
    manifest = json.loads(files[MANIFEST])
    yield MANIFEST, written(MANIFEST, {**manifest, "version": f"{manifest['version']}x"})
