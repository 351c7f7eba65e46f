"""How each of our processes starts: private files, settings, and one line where something is wrong.

manage.py, the web server, workers, beat and the supervisor all import the package `config`, and
importing it calls `load_settings`. What serves people or tasks calls `require_readiness` too.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NoReturn

from django.core.exceptions import ImproperlyConfigured

from config import lifeline
from config.private_files import create_private_files

#: Exit code if a setting is wrong: starting again does not help (EX_CONFIG of sysexits.h).
WRONG_SETTING = 78
#: Exit code if the database is not prepared yet: starting again later helps (EX_TEMPFAIL).
NOT_PREPARED = 75
#: The tag of checks that a running site depends on.
OPERATION = "operation"


def load_settings() -> None:
    """Read the settings, or end the process with one line that names the variable."""
    create_private_files()
    lifeline.hold()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        import_module("config.settings")
    except ImproperlyConfigured as error:
        _end([f"Wrong setting: {error}"], WRONG_SETTING)


def require_readiness() -> None:
    """End the process if settings are refused by a check, or if migrations are pending.

    A database that cannot be reached is no reason: it may come back, and until then pages from the
    cache are served.
    """
    import django
    from django.core import checks
    from django.db import connection

    django.setup()
    refusals = [
        f"Wrong setting: {error.msg} {error.hint or ''}".strip()
        for error in checks.run_checks(tags=[OPERATION])
        if error.level >= checks.ERROR
    ]
    if refusals:
        _end(refusals, WRONG_SETTING)
    if line := _lack(connection):
        _end([line], NOT_PREPARED)


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Show errors of settings and of the database in one line. --traceback shows all of it."""
    from django.db import DatabaseError, OperationalError, connection

    try:
        yield
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        _end([f"Wrong setting: {error}"], WRONG_SETTING)
    except DatabaseError as error:
        if "--traceback" in sys.argv:
            raise
        if line := _lack(connection):
            _end([line], NOT_PREPARED)
        if connection.connection is None and isinstance(error, OperationalError):
            _end([f"DATABASE_URL: the database cannot be reached: {_first_line(error)}"], 1)
        raise


def pending_migrations(connection: Any) -> list[str]:
    """Return the names of migrations that a database lacks, in order. Raises DatabaseError."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _lack(connection: Any) -> str:
    """Return a line about migrations that are pending; "" if there are none or nobody can tell."""
    from django.db import DatabaseError

    try:
        waiting = pending_migrations(connection)
    except DatabaseError:
        return ""
    finally:
        connection.close()
    if not waiting:
        return ""
    names = ", ".join(waiting[:3]) + (" …" if len(waiting) > 3 else "")
    return f"The database lacks {len(waiting)} migrations ({names}): run manage.py upgrade."


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _end(lines: list[str], code: int) -> NoReturn:
    for line in lines:
        # Celery has put a logger in the place of sys.stderr.
        (sys.__stderr__ or sys.stderr).write(f"{line}\n")
    sys.exit(code)
