"""Heartbeats: beat and the workers show in the database that they work; /healthz reads it.

Beat queues a task for each queue every 20 seconds, so a heartbeat of a queue proves that messages
are taken and done. Each finished task counts, because this one may wait behind many others. They
show for the whole site, over all machines, whether each queue is worked on. Whether the process in
one container runs is seen by a file, without the database: config/liveness_file.py.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

from celery.signals import task_postrun
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from platforms.database_faults import in_one_line

log = logging.getLogger(__name__)

#: A process reports at most once in so many seconds, however many tasks it does. Chosen.
_AT_MOST_EVERY = 5
_outage = threading.Event()
_reported_at = float("-inf")  # by time.monotonic()


@contextlib.contextmanager
def despite_outages() -> Iterator[None]:
    """Suppress errors of a database that is away. Logs an outage once, and its end."""
    try:
        close_old_connections()
        yield
    except (DatabaseError, InterfaceError) as error:
        if not _outage.is_set():
            log.error("the database is away: %s", in_one_line(error))
        _outage.set()
        connection.close()
    else:
        if _outage.is_set():
            log.error("the database is back")
        _outage.clear()


def report(part: str) -> None:
    """Write that a part works now. Never raises."""
    from platforms.models import Heartbeat

    with despite_outages():
        Heartbeat.objects.update_or_create(part=part, defaults={"beat_at": timezone.now()})


def follow_tasks() -> None:
    """Let this worker and its children report when they have finished a task."""
    task_postrun.connect(_has_ended)


def _has_ended(task: Any, **_: Any) -> None:
    global _reported_at
    if time.monotonic() >= _reported_at + _AT_MOST_EVERY:
        _reported_at = time.monotonic()
        if queue := (task.request.delivery_info or {}).get("routing_key"):
            report(queue)
