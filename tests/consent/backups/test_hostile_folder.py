"""Others may write to a folder of backups, disks fail, and backups are interrupted."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket

import pytest
import zstandard

from consent.backups import backup, databases, manifest
from consent.backups.errors import BackupError
from platforms.archive import Archive
from platforms.archive.errors import ArchiveUnavailable, DamagedBlob
from platforms.archive.storage import FileStorage, blob_name
from tests.consent.backups.test_backups import make_manifest

HIGH = 100_000


def change(folder, made, **values):
    """Let the manifest of a backup have other values."""
    path = folder / f"{made.name}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def damage_json(path, made):
    path.write_text('{"format": 1, "made_at": "2026-11-2')


def make_pipe(path, made):
    path.unlink()
    os.mkfifo(path)


def make_link(path, made):
    elsewhere = path.parent / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def make_folder(path, made):
    path.unlink()
    path.mkdir()


def make_socket(path, made):
    path.unlink()
    # The address of a socket may have 107 bytes.
    with contextlib.chdir(path.parent), contextlib.closing(socket.socket(socket.AF_UNIX)) as bound:
        bound.bind(path.name)


def make_huge(path, made):
    os.truncate(path, 3_000_000_000)  # a sparse file


def nest(path, made):
    path.write_text("[" * HIGH + "]" * HIGH)


def half(path, made):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def values(**values):
    def damage(path, made):
        change(path.parent, made, **values)

    return damage


ANYTHING = (make_pipe, make_link, make_folder, make_socket, make_huge, half)
MANIFESTS = (
    *(damage_json, nest),
    values(made_at="2026-11-01T04:00:00+00:00"),
    values(made_at="2026-11-02T04:00:00"),
    values(made_at=7),
    values(vendor="../../x"),
    values(vendor=["sqlite"]),
    values(size=-1),
    values(size=True),
    values(size="4"),
    values(rows={"\x1b[31mtable": 1}),
    values(rows=[1]),
    values(migrations={"consent": 1}),
    values(sha256="0"),
    values(unpacked=10**12),
    values(left_out="\n"),
)


@pytest.mark.parametrize("damage", [*ANYTHING, *MANIFESTS])
def test_a_damaged_manifest_is_named_and_the_other_backups_go_on(tmp_path, damage):
    old, damaged = make_manifest(tmp_path, 1), make_manifest(tmp_path, 2)
    damage(tmp_path / f"{damaged.name}.json", damaged)
    chosen, [skipped] = manifest.choose(tmp_path)
    assert chosen == old
    assert damaged.name in skipped
    assert skipped.isprintable()
    deleted, [named] = manifest.prune(tmp_path, 1)
    assert deleted == []
    assert damaged.name in named
    new = make_manifest(tmp_path, 3)
    assert manifest.prune(tmp_path, 1)[0] == [old.name]
    assert manifest.choose(tmp_path)[0] == new


@pytest.mark.parametrize("damage", [*ANYTHING, lambda path, made: path.unlink()])
def test_a_damaged_copy_is_named_and_the_other_backups_go_on(tmp_path, damage):
    old, damaged = make_manifest(tmp_path, 1), make_manifest(tmp_path, 2)
    damage(tmp_path / damaged.database, damaged)
    chosen, [skipped] = manifest.choose(tmp_path)
    assert chosen == old
    assert damaged.database in skipped
    with pytest.raises(BackupError, match=damaged.database):
        manifest.choose(tmp_path, damaged.name)
    # What cannot be restored does not count among those that are kept.
    assert manifest.prune(tmp_path, 1)[0] == []


def test_a_copy_with_another_byte_is_skipped_by_default_and_refused_by_name(tmp_path):
    old, damaged = make_manifest(tmp_path, 1), make_manifest(tmp_path, 2)
    (tmp_path / damaged.database).write_bytes(b"r0ws")
    chosen, [skipped] = manifest.choose(tmp_path)
    assert chosen == old
    assert "its hash differs" in skipped
    with pytest.raises(BackupError, match="its hash differs"):
        manifest.choose(tmp_path, damaged.name)


def test_where_all_are_damaged_each_is_named(tmp_path):
    for day in (1, 2):
        made = make_manifest(tmp_path, day)
        damage_json(tmp_path / f"{made.name}.json", made)
    with pytest.raises(BackupError, match=r"20261101T040000Z(.|\n)*20261102T040000Z"):
        manifest.choose(tmp_path)


def test_no_name_in_a_manifest_leads_out_of_the_folder(tmp_path):
    victim = tmp_path / "var" / "default-on.sqlite3"
    victim.parent.mkdir()
    victim.write_bytes(b"rows")
    folder = tmp_path / "backups"
    for day in (1, 2):
        make_manifest(folder, day)
    for path in folder.glob("*.json"):
        change(folder, manifest.read(path), database="../var/default-on.sqlite3")
    manifest.prune(folder, 1)
    assert victim.read_bytes() == b"rows"


def test_names_of_another_pattern_are_no_backups(tmp_path):
    made = make_manifest(tmp_path, 1)
    text = (tmp_path / f"{made.name}.json").read_bytes()
    for name in ("zzz.json", "20261102T040000Z\n.json", "20261102T040000Z.json.json"):
        (tmp_path / name).write_bytes(text)
    assert manifest.choose(tmp_path) == (made, [])
    assert manifest.prune(tmp_path, 1) == ([], [])


def test_a_backup_of_the_future_is_skipped_and_deletes_none_of_today(tmp_path):
    """Its clock was wrong; whoever left since would come back with it."""
    today = make_manifest(tmp_path, 1)
    sha256 = hashlib.sha256(b"rows").hexdigest()
    future = manifest.Manifest("2999-01-01T00:00:00+00:00", "sqlite", sha256, 4)
    (tmp_path / future.database).write_bytes(b"rows")
    (tmp_path / f"{future.name}.json").write_bytes(manifest.to_bytes(future))
    assert manifest.choose(tmp_path)[0] == today
    assert manifest.prune(tmp_path, 1)[0] == []
    assert manifest.choose(tmp_path, future.name)[0] == future


@pytest.mark.parametrize("stated", [2_000_000, 50_000_000])
def test_a_bomb_takes_no_more_than_the_manifest_states(tmp_path, stated):
    bomb = zstandard.ZstdCompressor().compress(bytes(60_000_000))
    path, target = tmp_path / "bomb", tmp_path / "database"
    path.write_bytes(bomb)
    with (
        path.open("rb") as source,
        target.open("wb") as file,
        pytest.raises(BackupError, match="another size"),
    ):
        databases._unpack(source, file, stated)
    assert target.stat().st_size <= stated


def test_a_copy_cut_short_is_not_taken_for_the_whole(tmp_path):
    packed = zstandard.ZstdCompressor().compress(os.urandom(100_000))
    path = tmp_path / "half"
    path.write_bytes(packed[:50_000])
    with path.open("rb") as source, pytest.raises(BackupError):
        databases._unpack(source, (tmp_path / "out").open("wb"), 100_000)


# --- Making a backup --------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path):
    archive = Archive(FileStorage(tmp_path / "ours"))
    archive.put(b"a page")
    return archive


@pytest.fixture
def copying(monkeypatch):
    """Stands in for copying the database, which needs one in a file."""

    def copy_to(scratch):
        (scratch / "packed").write_bytes(b"rows")
        return databases.Copied(scratch / "packed", 0, {}, {})

    monkeypatch.setattr(databases, "copy_to", copy_to)


def test_what_interrupted_backups_left_is_removed_and_nothing_else(tmp_path, archive, copying):
    folder, outside = tmp_path / "backups", tmp_path / "outside"
    outside.mkdir()
    (outside / "diary").write_text("mine")
    left = folder / f".unfinished-{'0' * 16}"
    left.mkdir(parents=True)
    (left / "packed").write_text("half")
    (folder / f".unfinished-{'1' * 16}").symlink_to(outside)
    os.mkfifo(folder / f".unfinished-{'2' * 16}")
    incoming = folder / "archive" / "incoming"
    incoming.mkdir(parents=True)
    (incoming / f"{'a' * 64}.{'b' * 16}").write_text("half")
    (incoming / "notes").write_text("mine")
    (folder / ".unfinished-notes").write_text("mine")
    made, _ = backup.make_backup(folder, archive)
    assert sorted(path.name for path in folder.iterdir()) == [
        ".lock",
        ".unfinished-notes",
        made.name + ".json",
        made.database,
        "archive",
    ]
    assert [path.name for path in incoming.iterdir()] == ["notes"]
    assert (outside / "diary").read_text() == "mine"


def test_an_interrupted_backup_is_none(tmp_path, archive, monkeypatch):
    def copy_to(scratch):
        (scratch / "packed").write_bytes(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(databases, "copy_to", copy_to)
    with pytest.raises(OSError, match="No space"):
        backup.make_backup(tmp_path / "backups", archive)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".lock"]


def test_two_backups_at_once_do_not_remove_each_others_files(tmp_path, archive, copying):
    folder = tmp_path / "backups"
    folder.mkdir()
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BackupError, match="Another backup"):
            backup.make_backup(folder, archive)
    backup.make_backup(folder, archive)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/null")])
def test_a_lock_that_is_no_file_is_refused(tmp_path, archive, copying, make):
    folder = tmp_path / "backups"
    folder.mkdir()
    make(folder / ".lock")
    with pytest.raises((BackupError, OSError)):
        backup.make_backup(folder, archive)


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_a_body_that_is_no_file_is_neither_read_nor_taken_for_stored(
    tmp_path, archive, copying, kind
):
    folder = tmp_path / "backups"
    [digest] = archive.digests()
    path = folder / "archive" / blob_name(digest)
    path.parent.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        shutil.copy(archive.storage.root / blob_name(digest), tmp_path / "copy")
        path.symlink_to(tmp_path / "copy")
    else:
        path.mkdir()
    saved = backup.archive_of(folder)
    with pytest.raises(DamagedBlob, match="not a regular file"):
        saved.get(digest)
    with pytest.raises(ArchiveUnavailable, match="not a regular file"):
        backup.make_backup(folder, archive)
