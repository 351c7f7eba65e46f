import io
import json
import subprocess
import zipfile

import pytest
from cdxj_indexer.main import CDXJIndexer
from wacz.validate import Validation
from warcio.archiveiterator import ArchiveIterator

from consent.models import PublicName
from consent.open_data.evidence import snapshots
from consent.open_data.evidence.bundle_check import verify
from consent.open_data.stamps.closed_days import close_day, stamp_days
from platforms.models import Page, Snapshot
from tests.consent.open_data.evidence.bundle_files import packed, sha256, unpacked
from tests.consent.open_data.evidence.conftest import built
from tests.consent.open_data.stamps.authority_server import AuthorityServer
from tests.sweeps import some

pytestmark = [pytest.mark.django_db]

ENTRY, WARC = "evidence/entry.json", "archive/snapshots.warc.gz"


def records(warc):
    return [
        (record.rec_headers, record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(warc), check_digests="raise")
    ][1:]


def assert_valid_wacz(data, path):
    """The checks of the WACZ tool, and those it lacks: that all required files are there."""
    path.write_bytes(data)
    validation = Validation(str(path))
    for check in (
        validation.check_required_contents,
        validation.frictionless_validate,
        validation.check_file_paths,
        validation.check_file_hashes,
        validation.check_data_package_hash_and_sig,
    ):
        assert check() in (True, 0), check.__name__
    names = zipfile.ZipFile(path).namelist()
    assert {"archive/snapshots.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"} < set(names)
    for member in zipfile.ZipFile(path).infolist():
        if member.filename.startswith(("archive/", "indexes/")):
            assert member.compress_type == zipfile.ZIP_STORED


def test_a_visited_change_has_its_bytes_texts_passages_and_comparison(visited_entry, tmp_path):
    data = built(visited_entry)
    files = unpacked(data)
    change = visited_entry.changes.get()
    bodies = {
        sha256(body): headers for headers, body in records(files["archive/snapshots.warc.gz"])
    }
    assert set(bodies) == {change.before.sha256, change.after.sha256}
    assert {each.get_header("WARC-Type") for each in bodies.values()} == {"response"}
    assert files["texts/text-1.md"].decode() == change.before_document.text
    assert files["texts/text-2.md"].decode() == change.after_document.text
    [passage] = json.loads(files["evidence/passages.json"])
    assert passage["words"] in change.after_document.text
    compared = json.loads(files["diffs/diff-1.json"])
    assert any(passage["words"] in each["added"] for each in compared["changes"])
    assert json.loads(files["records/decision-1.json"])["ruling"] == "publish"
    manifest = json.loads(files["evidence/manifest.json"])
    assert manifest["withheld"] == []
    assert "CC BY 4.0" in files["evidence/licence.txt"].decode()
    assert "verify_evidence" in files["evidence/how-to.de.md"].decode()
    assert_valid_wacz(data, tmp_path / "bundle.wacz")


def test_an_imported_version_is_text_and_called_so(imported_entry, tmp_path):
    data = built(imported_entry)
    files = unpacked(data)
    change = imported_entry.changes.get()
    texts = {change.before_document.text, change.after_document.text}
    found = records(files["archive/snapshots.warc.gz"])
    assert {body.decode() for _, body in found} == texts
    for headers, _ in found:
        assert headers.get_header("WARC-Type") == "resource"
        # Not the address of the platform, which never sent these bytes.
        assert "/evidence.wacz/texts/" in headers.get_header("WARC-Target-URI")
    pages = [json.loads(line) for line in files["pages/pages.jsonl"].splitlines()][1:]
    assert all("text from Open Terms Archive, not the page itself" in p["title"] for p in pages)
    snapshots = json.loads(files["evidence/manifest.json"])["snapshots"]
    assert [each["in_warc"] for each in snapshots] == [[], []]
    assert [each["texts"] for each in snapshots] == [["texts/text-1.md"], ["texts/text-2.md"]]
    assert_valid_wacz(data, tmp_path / "bundle.wacz")


def test_the_index_is_that_of_the_usual_indexer(visited_entry, tmp_path):
    files = unpacked(built(visited_entry))
    warc = tmp_path / "snapshots.warc.gz"
    warc.write_bytes(files["archive/snapshots.warc.gz"])
    out = io.StringIO()
    CDXJIndexer(out, [str(warc)], sort=True, records="response,resource").process_all()

    def lines(index):
        for line in index.splitlines():
            key, stamp, fields = line.split(" ", 2)
            fields = json.loads(fields)
            names = ("url", "mime", "offset", "length", "status", "filename")
            yield key, stamp, {name: fields[name] for name in names}

    assert list(lines(files["indexes/index.cdx"].decode())) == list(lines(out.getvalue()))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.Example.com/Path/?b=2&a=1",
        "http://example.com:8080/",
        "https://example.com",
        "https://help.example.co.uk/en/a%20b/#part",
        "http://127.0.0.1:4000/en",
    ],
)
def test_sort_keys_are_those_of_web_archives(url):
    import surt

    from consent.open_data.evidence.members import surt as ours

    assert ours(url) == surt.surt(url)


def test_the_same_data_give_the_same_bytes(visited_entry):
    assert built(visited_entry) == built(visited_entry)


def test_a_bundle_without_stamps_is_sound_and_says_so(visited_entry):
    report = verify(built(visited_entry))
    assert (report.problems, report.proved) == ([], [])
    assert "evidence/entry.json: in no daily root yet" in report.not_proved


@pytest.mark.parametrize("which", ["visited_entry", "imported_entry"])
def test_every_record_of_a_stamped_bundle_is_proved(which, request, stamp_authority, long_ago):
    entry = request.getfixturevalue(which)
    close_day(long_ago)
    stamp_days()
    data = built(entry)
    report = verify(data)
    assert report.problems == []
    recorded = [name for name in unpacked(data) if name.startswith("records/")]
    assert len(recorded) == 5  # two snapshots, two texts, the decision
    assert {line.split(":")[0] for line in report.proved} == {*recorded, "evidence/entry.json"}
    assert all("says CN=Test authority,O=Test" in line for line in report.proved)
    assert any("trusted because it is in the bundle: CN=Test root" in n for n in report.not_proved)


def test_the_stamp_of_a_later_day_proves_an_earlier_one(visited_entry, stamp_authority, long_ago):
    stamp_authority.answers = lambda query: (503, b"")
    close_day(long_ago)
    assert stamp_days() == 0
    close_day()  # yesterday
    stamp_authority.answers = stamp_authority.stamp
    bundles_of_one_stamp = pytest.MonkeyPatch()
    with bundles_of_one_stamp.context() as patch:
        patch.setattr("consent.open_data.stamps.closed_days.MOST_AT_ONCE", 1)
        assert stamp_days() == 1
    report = verify(built(visited_entry))
    assert (report.problems, len(report.proved)) == ([], 6)


@pytest.mark.parametrize("access_today", ["account", "public"])
def test_pages_read_with_a_lent_session_are_named_and_not_handed_out(lent_entry, access_today):
    """Also if the page has become public since: what we received was meant for an account."""
    Page.objects.update(access=access_today)
    change = lent_entry.changes.get()
    data = built(lent_entry)
    files = unpacked(data)
    assert records(files["archive/snapshots.warc.gz"]) == []
    assert not [name for name in files if name.startswith(("texts/", "diffs/"))]
    assert change.after_document.text not in "".join(str(each) for each in files.values())
    withheld = json.loads(files["evidence/manifest.json"])["withheld"]
    named = {
        json.loads(files[each["path"]])["sha256"] for each in withheld if each["path"] in files
    }
    assert {change.before.sha256, change.after.sha256} < named
    assert sum("login" in each["why"] for each in withheld) == 4
    report = verify(data)
    assert report.problems == []
    assert sum("login" in note for note in report.not_proved) == 4


def test_what_is_too_large_is_named(visited_entry, monkeypatch):
    monkeypatch.setattr(snapshots, "LARGEST_SNAPSHOT", 100)
    data = built(visited_entry)
    withheld = json.loads(unpacked(data)["evidence/manifest.json"])["withheld"]
    assert {each["why"] for each in withheld} == {
        "too large for a bundle",
        "a text is not here",
    }
    assert verify(data).problems == []


def test_bytes_that_the_archive_lost_are_named(visited_entry, settings, tmp_path):
    settings.ARCHIVE_URL = f"file://{tmp_path / 'empty'}"
    data = built(visited_entry)
    withheld = json.loads(unpacked(data)["evidence/manifest.json"])["withheld"]
    assert [each["why"] for each in withheld] == ["cannot be read from our archive"] * 2
    assert verify(data).problems == []


def test_walls_are_not_handed_out(visited_entry):
    Snapshot.objects.update(quarantined_as="bot-wall")
    assert records(unpacked(built(visited_entry))["archive/snapshots.warc.gz"]) == []


def test_notes_of_curators_are_not_in_it(visited_entry):
    from consent.models import Decision

    ruled = Decision.objects.get(entry=visited_entry)
    assert ruled.curator.get_username() == "ada"
    Decision.objects.bulk_create(
        [
            Decision(
                ruling="confirm",
                note="a private doubt",
                entry=visited_entry,
                curator=ruled.curator,
            )
        ]
    )
    assert "a private doubt" not in str(unpacked(built(visited_entry)))


def test_it_names_no_curator(visited_entry):
    """Names are in no record: people may change them, and leave."""
    PublicName.objects.update_or_create(
        curator=visited_entry.reviewer, defaults={"name": "Ada Lovelace"}
    )
    files = unpacked(built(visited_entry))
    assert not any(b'"ada"' in data or b"Lovelace" in data for data in files.values())


def run_commands(data, folder, roots):
    """Run the commands in a bundle, in an empty environment without any code of ours."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        file.extractall(folder)
    return subprocess.run(
        ["bash", "evidence/commands.txt", str(roots)],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("which", some(["visited_entry", "imported_entry"], 1))
def test_the_commands_in_it_check_it_without_our_program(
    which, request, stamp_authority, long_ago, tmp_path
):
    entry = request.getfixturevalue(which)
    close_day(long_ago)
    close_day()
    stamp_days()
    data = built(entry)
    ended = run_commands(data, tmp_path / "sound", stamp_authority.roots)
    assert (ended.returncode, ended.stdout) == (0, "Verification: OK\nno fault\n"), ended.stderr
    files = unpacked(data)
    changed = [name for name in files if name.startswith(("records/", "texts/", "stamps/"))]
    changed = [*(set(changed) - {"stamps/proofs.json", "stamps/authority.pem"}), ENTRY, WARC]
    for number, name in enumerate(changed):
        tampered = bytearray(files[name])
        tampered[len(tampered) // 3] ^= 1
        forged = packed({**files, name: bytes(tampered)})
        ended = run_commands(forged, tmp_path / str(number), stamp_authority.roots)
        assert (ended.returncode, "no fault" in ended.stdout) == (1, False), name
    with AuthorityServer(tmp_path / "other") as other:
        ended = run_commands(data, tmp_path / "untrusted", other.roots)
    assert ended.returncode == 1
    assert "FAULT no valid stamp on root" in ended.stdout


def test_the_commands_say_what_waits_for_a_root(visited_entry, tmp_path):
    ended = run_commands(built(visited_entry), tmp_path / "waiting", tmp_path / "no roots")
    assert ended.returncode == 0
    assert "NOT PROVED evidence/entry.json is in no daily root yet" in ended.stdout
    assert "NOT PROVED the last daily root has no time stamp yet" in ended.stdout
