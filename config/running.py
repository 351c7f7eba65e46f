"""Which processes of this site are running, as far as can be seen from here."""

from __future__ import annotations

import contextlib
import os
import socket

from django.db import connection
from kombu.exceptions import OperationalError

from config.celery import app

_PING_SECONDS = 2.0


def running_processes() -> list[str]:
    """Return a line for each: the web server of this machine, workers, users of the database.

    Workers answer through the queue, from all machines. A web server on another machine is seen by
    its connections to PostgreSQL.
    """
    port = int(os.environ.get("PORT", "8000"))
    lines = [f"a web server at port {port}"] if _is_listening(port) else []
    try:
        answers = app.control.ping(timeout=_PING_SECONDS) or []
    except (OperationalError, OSError):
        answers = []
    lines += [f"the worker {name}" for answer in answers for name in answer]
    if others := _other_connections():
        lines.append(f"{others} other connections to the database")
    return lines


def _is_listening(port: int) -> bool:
    with (
        contextlib.suppress(OSError),
        socket.create_connection(("127.0.0.1", port), timeout=_PING_SECONDS),
    ):
        return True
    return False


def _other_connections() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = current_user AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])
