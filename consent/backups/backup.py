"""Makes a backup: the database first, then what the archive has gained.

This order matters: bytes without a row are harmless, a row without its bytes is not (promise 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import connection

from config.private_files import make_private
from consent.backups import databases, manifest
from consent.backups.manifest import Manifest
from platforms.archive import Archive
from platforms.archive.storage import FileStorage

ARCHIVE = "archive"


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

    May run while the site works. An interrupted backup has no manifest: its files are replaced or
    ignored. progress: wraps the list of bodies to copy.
    """
    make_private(folder)
    moment = manifest.now()
    copied = databases.copy_to(folder, manifest.name_of(moment))
    new, total = copy_blobs(archive, archive_of(folder), progress)
    made = Manifest(
        made_at=moment.isoformat(),
        vendor=connection.vendor,
        database=copied.path.name,
        sha256=manifest.sha256_of(copied.path),
        size=copied.path.stat().st_size,
        blobs=total,
        migrations=copied.migrations,
        rows=copied.rows,
    )
    manifest.write(made, folder)
    return made, new


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
