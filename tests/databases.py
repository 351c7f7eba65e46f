"""Keeps copies of the database that tests write to, and brings them back.

Migrating takes seconds, and so does loading the catalog; copying takes milliseconds.
"""

import hashlib
import os
import shutil
import sqlite3
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection


def on_sqlite() -> bool:
    """Whether tests run on SQLite. Can be asked before a connection exists."""
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")


def in_memory():
    """Whether tests run on SQLite in memory, as they do without DATABASE_URL."""
    return connection.vendor == "sqlite" and connection.is_in_memory_db()


def keep(path: Path) -> None:
    """Write all that the database holds now to a file. Only on SQLite; elsewhere do nothing."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)


def restore(path: Path) -> None:
    """Let the database hold what was kept, and nothing else."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        copy.backup(connection.connection)
    ContentType.objects.clear_cache()


def digest_of_code() -> str:
    """Return a digest of all that a migrated database depends on."""
    digest = hashlib.sha256(sys.version.encode())
    folders = (settings.BASE_DIR / name for name in ("config", "consent", "platforms"))
    modules = (path for folder in folders for path in folder.rglob("*.py"))
    for path in sorted([*modules, settings.BASE_DIR / "requirements.txt"]):
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def keep_for_next_run(migrated: Path, kept: Path) -> None:
    """Copy a migrated database to where later runs look for it, and remove those of old code."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    shutil.copy(migrated, unfinished)
    unfinished.rename(kept)  # whole, whoever else is writing it
    yesterday = time.time() - 24 * 60 * 60
    for old in kept.parent.iterdir():
        with suppress(FileNotFoundError):  # another run has removed it
            if old.stat().st_mtime < yesterday:  # no run can still be about to read it
                old.unlink()
