"""Django's `migrate`, one at a time on a database: containers may start together."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from consent.management.commands.makemigrations import Autodetector
from platforms.release import BEFORE_1_0

#: Number of the advisory lock on PostgreSQL. Any other user of the database must not take it.
LOCK_NUMBER = 0x44_65_66_4F_6E
#: Seconds between two tries. Waiting inside one statement would keep a snapshot on PostgreSQL, and
#: CREATE INDEX CONCURRENTLY of the other process would wait for it.
_PAUSE = 0.2


class Command(migrate.Command):
    autodetector = Autodetector

    def execute(self, *args: Any, **options: Any) -> str | None:
        if options["plan"] or options["check_unapplied"]:
            return super().execute(*args, **options)
        # Before the checks, which connect: of two that open a new SQLite file at once, one fails.
        with self._alone(connections[options["database"]]):
            return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["plan"] or options["check_unapplied"]):
            require_own_history(connections[options["database"]])
        super().handle(*args, **options)

    @contextlib.contextmanager
    def _alone(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        """Wait until no other process migrates this database; the lock ends with this process."""
        with _lock(connection) as try_to_lock:
            if not try_to_lock():
                self.stderr.write(
                    "Another migrate is running on this database; waiting until it has ended. "
                    "If it hangs, stop that process."
                )
                while not try_to_lock():
                    time.sleep(_PAUSE)
            yield


def require_own_history(connection: BaseDatabaseWrapper) -> None:
    """Raise CommandError for a database with migrations that this version does not have."""
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations or ())
    unknown = {
        (app, name)
        for app, name in set(loader.applied_migrations) - known
        if app in loader.migrated_apps
    }
    if not unknown:
        return
    if not any(app == "platforms" for app, _ in known & set(loader.applied_migrations)):
        raise CommandError(f"This database is {BEFORE_1_0}")
    names = ", ".join(f"{app}.{name}" for app, name in sorted(unknown))
    raise CommandError(
        f"Another version wrote this database: {names} is unknown here. "
        "See docs/operating.md, Going back."
    )


@contextlib.contextmanager
def _lock(connection: BaseDatabaseWrapper) -> Iterator[Callable[[], bool]]:
    """Yield a function that tries to take the lock of a database; unlock at the end."""
    if connection.vendor == "postgresql":
        # A connection of its own: migrations may close the other one, which would unlock.
        with contextlib.closing(connection.copy()) as own:
            yield lambda: _locked_in_postgresql(own)
    elif "mode=memory" in str(connection.settings_dict["NAME"]):  # of tests
        yield lambda: True
    else:
        path = f"{connection.settings_dict['NAME']}.migrating"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            yield lambda: _locked_file(descriptor)
        finally:
            os.close(descriptor)


def _locked_in_postgresql(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_NUMBER])
        return bool(cursor.fetchone()[0])


def _locked_file(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
