"""Makes a backup: the database first, then what the archive has gained.

This order matters: bytes without a row are harmless, a row without its bytes is not (promise 2).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.db import connection

from config.private_files import make_private
from consent.backups import databases, manifest
from consent.backups.errors import BackupError
from consent.backups.manifest import Manifest
from platforms.archive import Archive
from platforms.archive.regular_files import NotRegular, is_regular, sync_folder
from platforms.archive.storage import FileStorage

ARCHIVE = "archive"
LOCK = ".lock"
#: What an interrupted backup leaves: its own folder, and blobs on their way into the archive.
_SCRATCH = re.compile(r"\.unfinished-[0-9a-f]{16}")
_UNFINISHED_BLOB = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{16}")


def archive_of(folder: Path) -> Archive:
    """The archive of a folder of backups, which all its backups share."""
    return Archive(FileStorage(folder / ARCHIVE))


def make_backup(
    folder: Path,
    archive: Archive,
    *,
    progress: Callable[[list[str]], Iterable[str]] = iter,
) -> tuple[Manifest, int]:
    """Add a backup to a folder; return it, and how many bodies were new to the archive there.

    May run while the site works. Files get their names when their bytes are on the disk, and the
    manifest comes last: an interrupted backup does not count. progress: wraps the list of bodies
    to copy. Raises BackupError, also while another backup is being made there.
    """
    make_private(folder)
    with _scratch(folder) as scratch:
        moment = manifest.now()
        copied = databases.copy_to(scratch)
        new, total = copy_blobs(archive, archive_of(folder), progress)
        made = Manifest(
            made_at=moment.isoformat(),
            vendor=connection.vendor,
            sha256=manifest.sha256_of(copied.path),
            size=copied.path.stat().st_size,
            unpacked=copied.unpacked,
            blobs=total,
            migrations=copied.migrations,
            rows=copied.rows,
        )
        copied.path.replace(folder / made.database)
        with databases.synced(scratch / "manifest") as file:
            file.write(manifest.to_bytes(made))
        (scratch / "manifest").replace(folder / f"{made.name}.json")
        sync_folder(folder)
    return made, new


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Yield a new folder for unfinished files, after removing what interrupted backups left.

    Only one backup at a time is made in a folder, so that nobody's files are removed.
    """
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    except OSError as error:
        raise BackupError(f"{folder / LOCK} cannot be opened: {error.strerror}") from error
    with os.fdopen(lock, "rb"):
        if not stat.S_ISREG(os.fstat(lock).st_mode):
            raise NotRegular(folder / LOCK)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another backup is being made in {folder}.") from None
        _remove_leftovers(folder)
        scratch = folder / f".unfinished-{secrets.token_hex(8)}"
        scratch.mkdir(0o700)
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _remove_leftovers(folder: Path) -> None:
    for path in folder.iterdir():
        if not _SCRATCH.fullmatch(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    for name in archive_of(folder).unfinished():
        path = Path(name)
        if _UNFINISHED_BLOB.fullmatch(path.name) and is_regular(path):
            path.unlink()


def copy_blobs(
    source: Archive,
    target: Archive,
    progress: Callable[[list[str]], Iterable[str]] = iter,
) -> tuple[int, int]:
    """Copy what the target lacks, as stored; return how many were copied, and how many there are.

    Blobs never change, so those that are there already need no look.
    """
    digests = list(source.digests())
    missing = [digest for digest in digests if digest not in target]
    for digest in progress(missing):
        target.storage.write(digest, source.storage.read(digest))
    return len(missing), len(digests)
