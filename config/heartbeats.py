"""Heartbeats: workers and beat report to the database that they work; /healthz reads it.

They show for the whole site, over all machines, whether each queue is worked on. Whether the
process in one container runs is seen by a file, without the database: config/liveness_file.py.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from celery import bootsteps
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from platforms.database_faults import in_one_line

log = logging.getLogger(__name__)

#: Seconds between two reports of a worker. Chosen.
INTERVAL = 20
_outage = threading.Event()


def report(*parts: str) -> None:
    """Write that these parts work now. Never raises; logs an outage once, and its end."""
    from platforms.models import Heartbeat

    try:
        for part in parts:
            Heartbeat.objects.update_or_create(part=part, defaults={"beat_at": timezone.now()})
    except (DatabaseError, InterfaceError) as error:
        if not _outage.is_set():
            log.error("the database is away: %s", in_one_line(error))
        _outage.set()
    else:
        if _outage.is_set():
            log.error("the database is back")
        _outage.clear()
    finally:
        connection.close()  # no process that is forked meanwhile inherits it


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Reports for each queue of a worker while the worker is connected and its main loop runs.

    The loop only sets an event. A thread writes, so that a database that hangs stops no worker.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **_: Any) -> None:
        self._pulse = threading.Event()
        self._stopping = False
        self._timer: Any = None

    def start(self, consumer: Any) -> None:
        queues = sorted(consumer.app.amqp.queues.consume_from)
        self._pulse, self._stopping = threading.Event(), False
        threading.Thread(target=self._run, args=(queues, self._pulse), daemon=True).start()
        self._pulse.set()
        self._timer = consumer.timer.call_repeatedly(INTERVAL, self._pulse.set)

    def stop(self, consumer: Any) -> None:
        self._stopping = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._pulse.set()

    def _run(self, queues: list[str], pulse: threading.Event) -> None:
        while True:
            pulse.wait()
            pulse.clear()
            if self._stopping or pulse is not self._pulse:
                return
            report(*queues)
