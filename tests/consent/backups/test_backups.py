"""What a folder of backups holds, and what a restore refuses."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from consent.alerts.sending import sent_log
from consent.alerts.subscriptions import lifecycle, suppression_list
from consent.alerts.subscriptions.suppression_list import Act
from consent.backups import erasure, manifest
from consent.backups.errors import BackupError
from consent.backups.manifest import Manifest
from consent.models import Letter, ReaderReport
from consent.vocabulary import LetterKind
from tests.consent.alerts.readers import make_reader


def make_manifest(folder, day, database=b"rows"):
    folder.mkdir(exist_ok=True)
    made_at = f"2026-11-{day:02}T04:00:00+00:00"
    sha256 = hashlib.sha256(database).hexdigest()
    made = Manifest(made_at, "sqlite", sha256, len(database))
    (folder / made.database).write_bytes(database)
    (folder / f"{made.name}.json").write_bytes(manifest.to_bytes(made))
    return made


def test_the_latest_backup_is_chosen_and_older_ones_by_name(tmp_path):
    old, new = make_manifest(tmp_path, 1), make_manifest(tmp_path, 2)
    assert manifest.choose(tmp_path) == (new, [])
    assert manifest.choose(tmp_path, old.name) == (old, [])
    with pytest.raises(BackupError, match="20261101T040000Z, 20261102T040000Z"):
        manifest.choose(tmp_path, "20260101T000000Z")


def test_a_changed_byte_of_the_copy_is_found(tmp_path):
    made = make_manifest(tmp_path, 1)
    assert manifest.check_database(made, tmp_path)
    (tmp_path / made.database).write_bytes(b"r0ws")
    with pytest.raises(BackupError, match="its hash differs"):
        manifest.check_database(made, tmp_path)


def test_old_copies_are_deleted_and_the_archive_stays(tmp_path):
    for day in range(1, 5):
        make_manifest(tmp_path, day)
    (tmp_path / "archive").mkdir()
    assert manifest.prune(tmp_path, 2) == (["20261101T040000Z", "20261102T040000Z"], [])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "20261103T040000Z.json",
        "20261103T040000Z.sqlite3.zst",
        "20261104T040000Z.json",
        "20261104T040000Z.sqlite3.zst",
        "archive",
    ]


@pytest.mark.parametrize(
    ("format_", "way_out"),
    [(1, "from before 1.0 .*begin with an empty database"), (3, "with the version that made it")],
)
def test_a_manifest_of_another_format_names_the_way_out(tmp_path, format_, way_out):
    made = make_manifest(tmp_path, 1)
    path = tmp_path / f"{made.name}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": format_}))
    with pytest.raises(BackupError, match=way_out):
        manifest.choose(tmp_path)


@pytest.mark.django_db
def test_a_database_in_use_is_never_overwritten(tmp_path):
    make_manifest(tmp_path, 1)
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", str(tmp_path), verbosity=0)


@pytest.mark.django_db
def test_a_backup_without_copies_to_keep_is_refused(tmp_path):
    with pytest.raises(CommandError, match="at least one"):
        call_command("backup", str(tmp_path), keep=0, verbosity=0)


@pytest.mark.django_db
def test_whoever_leaves_is_listed_without_their_address(django_capture_on_commit_callbacks):
    began = timezone.now()
    people = {name: make_reader(f"{name}@mail.example") for name in ("ada", "bob", "cleo", "dan")}
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.leave(people["ada"])
        lifecycle.forget(people["bob"])
        lifecycle.leave(people["cleo"])
        lifecycle.undo_leave(people["cleo"])
    acts = suppression_list.last_acts(began)
    assert acts == {
        suppression_list.digest_of("ada@mail.example"): Act.LEFT,
        suppression_list.digest_of("bob@mail.example"): Act.ERASED,
        suppression_list.digest_of("cleo@mail.example"): Act.RETURNED,
    }
    for path in suppression_list.folder().iterdir():
        assert "mail.example" not in path.read_text()
        assert path.stat().st_mode & 0o077 == 0
    assert suppression_list.last_acts(timezone.now()) == {}


@pytest.mark.django_db
def test_a_full_disk_keeps_nobody_from_leaving(
    django_capture_on_commit_callbacks, settings, caplog
):
    reader = make_reader("ada@mail.example")
    settings.SUPPRESSION_PATH = "/proc/nowhere"
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.leave(reader)
    reader.refresh_from_db()
    assert reader.state == "left"
    assert "ada@mail.example" not in caplog.text


def test_a_torn_line_of_the_lists_is_skipped():
    began = timezone.now()
    sent_log.record("alert", [7, 8], timezone.now())
    sent_log.record("letter", [1], timezone.now())
    [path] = suppression_list.folder().glob("mails-sent-*.log")
    suppression_list.append_line(path, f"{timezone.now().isoformat()} al")
    assert sent_log.sent_since(began) == {"alert": {7, 8}, "letter": {1}}
    sent_log.set_aside(timezone.now())
    assert sent_log.sent_since(began) == {}


def make_report(address):
    return ReaderReport.objects.create(
        kind="error", about="/timeline", text="words", url="https://x.example/", address=address
    )


@pytest.mark.django_db
def test_reports_of_erased_readers_do_not_come_back_with_a_backup(
    django_capture_on_commit_callbacks,
):
    began = timezone.now()
    make_reader("ada@mail.example")
    for address in ("Ada@Mail.example", "bob@mail.example", ""):
        make_report(address)
    with django_capture_on_commit_callbacks(execute=True):
        erased = erasure.erase_reader("ada@mail.example ")
    assert (erased.subscribers, erased.reports) == (1, 1)
    kept = ReaderReport.objects.order_by("pk").values_list("text", "url", "address")
    assert list(kept) == [
        ("", "", ""),
        ("words", "https://x.example/", "bob@mail.example"),
        ("words", "https://x.example/", ""),
    ]
    # Ada signs up again, and the backup of before comes back.
    with django_capture_on_commit_callbacks(execute=True):
        suppression_list.record("ada@mail.example", Act.RETURNED, timezone.now())
    back = make_report("Ada@Mail.example")
    assert erasure.erase_again(suppression_list.last_acts(began)) == 1
    back.refresh_from_db()
    assert (back.text, back.url, back.address) == ("", "", "")
    assert ReaderReport.objects.filter(address="bob@mail.example").exists()
    assert "ada@" not in (suppression_list.folder() / suppression_list.LIST).read_text()


@pytest.mark.django_db
def test_a_letter_to_somebody_who_was_erased_does_not_come_back(django_capture_on_commit_callbacks):
    """They only began to sign up: no subscriber is in the backup."""
    began = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.write(LetterKind.CONFIRM, None, address="ada@mail.example")
        lifecycle.write(LetterKind.CONFIRM, None, address="bob@mail.example")
        assert erasure.erase_reader("ada@mail.example").letters == 1
    lifecycle.write(LetterKind.CONFIRM, None, address="ada@mail.example")
    erasure.erase_again(suppression_list.last_acts(began))
    assert [letter.address for letter in Letter.objects.all()] == ["bob@mail.example"]


def test_mails_written_to_a_folder_are_deleted_after_a_week(settings):
    settings.EMAIL_BACKEND = "consent.alerts.sending.mail_files.EmailBackend"
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir(parents=True)
    for name in ("old.eml", "new.eml", "notes.txt"):
        (folder / name).write_text("To: ada@mail.example")
    now = timezone.now()
    old = (now - erasure.MAILS_KEPT).timestamp() - 1
    for name in ("old.eml", "notes.txt"):
        os.utime(folder / name, (old, old))
    erasure.delete_written_mails(now)
    assert sorted(path.name for path in folder.iterdir()) == ["new.eml", "notes.txt"]
