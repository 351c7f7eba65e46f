"""Copies the database and puts a copy back, with each engine's own tool.

SQLite: VACUUM INTO, which copies while others write, and copies no freed pages. PostgreSQL:
`pg_dump` and `pg_restore`, of the server's version or a later one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import zstandard
from django.db import connection

from consent.backups.errors import BackupError
from platforms.archive.regular_files import open_regular, sync_folder

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy of the database: its file, and what was in it. unpacked: see Manifest."""

    path: Path
    unpacked: int
    rows: dict[str, int]
    migrations: dict[str, str]


def copy_to(scratch: Path) -> Copied:
    """Copy the database into an empty folder of our own, as a file in its engine's format."""
    return _COPIERS[connection.vendor](scratch)


def put_back(copy: Path, unpacked: int) -> None:
    """Fill the database of this installation from a copy. It must be empty: see `tables`.

    unpacked: see Manifest. Raises BackupError.
    """
    _RESTORERS[connection.vendor](copy, unpacked)


def tables() -> list[str]:
    """Return the tables of this installation's database."""
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def count_rows() -> dict[str, int]:
    """Return the number of rows of each table of this installation's database."""
    with connection.cursor() as cursor:
        return _counted(cursor, connection.introspection.table_names(cursor))


def _counted(cursor: Any, names: Sequence[str]) -> dict[str, int]:
    counts = {}
    for name in sorted(names):
        cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608  (our own tables)
        counts[name] = cursor.fetchone()[0]
    return counts


def _last_migrations(cursor: Any) -> dict[str, str]:
    cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
    return dict(cursor.fetchall())


# --- SQLite ----------------------------------------------------------------------------------


def _copy_sqlite(folder: Path) -> Copied:
    plain, packed = folder / "plain", folder / "packed"
    with contextlib.closing(sqlite3.connect(_sqlite_path(), timeout=60)) as source:
        source.execute("VACUUM INTO ?", [str(plain)])
    with contextlib.closing(sqlite3.connect(plain)) as target:
        cursor = target.cursor()
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        # Tables of the full-text index are rebuilt by migrate, and are not all readable.
        names = [row[0] for row in cursor.fetchall() if row[0] in set(tables())]
        rows, migrations = _counted(cursor, names), _last_migrations(cursor)
    with plain.open("rb") as source_file, synced(packed) as target_file:
        zstandard.ZstdCompressor(level=6).copy_stream(source_file, target_file)
    return Copied(packed, plain.stat().st_size, rows, migrations)


def _restore_sqlite(copy: Path, unpacked: int) -> None:
    path = _sqlite_path()
    connection.close()
    if (free := shutil.disk_usage(path.parent).free) < unpacked:
        raise BackupError(f"The database needs {unpacked:,} bytes, and the disk has {free:,}.")
    unfinished = path.with_name(f"{path.name}.restored")
    try:
        with open_regular(copy) as source, synced(unfinished) as target:
            _unpack(source, target, unpacked)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def _unpack(source: BinaryIO, target: BinaryIO, size: int) -> None:
    """Decompress, never more than that many bytes. Raises BackupError if there are not as many."""
    written = 0
    try:
        with zstandard.ZstdDecompressor().stream_reader(source) as reader:
            while chunk := reader.read(_CHUNK):
                written += len(chunk)
                if written > size:
                    break
                target.write(chunk)
    except zstandard.ZstdError as error:
        raise BackupError(f"The copy of the database cannot be decompressed: {error}") from error
    if written != size:
        raise BackupError("The copy of the database has another size than its manifest states.")


def _sqlite_path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


# --- PostgreSQL ------------------------------------------------------------------------------


def _copy_postgresql(folder: Path) -> Copied:
    path = folder / "packed"
    # One snapshot for the dump and the counts, so that they agree whatever is written meanwhile.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges"]
            _run([*command, f"--snapshot={snapshot}", f"--file={path}"])
            rows = _counted(cursor, connection.introspection.table_names(cursor))
            migrations = _last_migrations(cursor)
        finally:
            cursor.execute("ROLLBACK")
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return Copied(path, 0, rows, migrations)


def _restore_postgresql(copy: Path, _unpacked: int) -> None:
    connection.close()
    command = ["pg_restore", "--no-owner", "--no-privileges", "--single-transaction"]
    _run([*command, "--exit-on-error", f"--dbname={connection.settings_dict['NAME']}", str(copy)])


def _run(command: Sequence[str]) -> None:
    """Run one of PostgreSQL's programs on this installation's database. Raises BackupError."""
    program = _postgresql_program(command[0])
    result = subprocess.run(
        [program, *command[1:]], env=os.environ | _variables(), capture_output=True, text=True
    )
    if result.returncode:
        raise BackupError(f"{command[0]} failed: {result.stderr.strip()[:1000]}")


def _variables() -> Mapping[str, str]:
    """Return libpq's variables; a password in the arguments could be seen by other users."""
    settings = connection.settings_dict
    names = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    values = {variable: str(settings[name]) for variable, name in names.items() if settings[name]}
    options = settings.get("OPTIONS") or {}
    if "sslmode" in options:
        values["PGSSLMODE"] = str(options["sslmode"])
    return values


def _postgresql_program(name: str) -> str:
    if found := shutil.which(name):
        return found
    for candidate in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True):
        return str(candidate)
    raise BackupError(f"{name} is not installed: install PostgreSQL's client programs.")


@contextlib.contextmanager
def synced(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing; its bytes are on the disk at the end."""
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


_COPIERS = {"sqlite": _copy_sqlite, "postgresql": _copy_postgresql}
_RESTORERS = {"sqlite": _restore_sqlite, "postgresql": _restore_postgresql}
