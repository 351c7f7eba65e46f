"""Keeps copies of the database that tests write to, and brings them back.

Migrating takes seconds, and so does loading the catalog; copying takes milliseconds.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection


def on_sqlite() -> bool:
    """Whether tests run on SQLite. Can be asked before a connection exists."""
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")


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


def fill_once(kept: Path, fill: Callable[[], object]) -> None:
    """Let the database hold what `fill` writes. On SQLite one worker calls it and keeps the result.

    For tests that commit: what is kept cannot come back within a transaction.
    """
    if connection.vendor != "sqlite":
        fill()
        return
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            restore(kept)
        else:
            fill()
            keep(kept)


def exists_in_postgresql(name: str) -> bool:
    """Whether the server of the tests has a database of this name."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def keep_in_postgresql(name: str) -> None:
    """Copy the database to another one of the same server."""
    connection.close()  # PostgreSQL copies only what nobody is connected to
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{connection.settings_dict["NAME"]}"')


def restore_in_postgresql(name: str) -> None:
    """Let the database hold what was kept, and nothing else."""
    own = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{own}" WITH (FORCE)')  # threads may still be connected
        cursor.execute(f'CREATE DATABASE "{own}" TEMPLATE "{name}"')
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
