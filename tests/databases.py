"""Keeps copies of the database that tests write to, and brings them back.

Migrating takes seconds, and so does loading the catalog; copying takes milliseconds.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection


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
