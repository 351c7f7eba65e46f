"""Touches LIVENESS_FILE while a worker or beat runs: the health check of its container.

It shows that this one process runs: a worker touches the file every two seconds while it is
connected to the broker, beat whenever it has sent a task, every 20 seconds. It needs neither
the database nor Python: something that restarts unhealthy containers must not restart all workers
because the database is away. docker-compose.yml looks at the age of the file.

Whether the site's work gets done is another question: see config/heartbeats.py.
"""

from pathlib import Path
from typing import Any

from celery.signals import after_task_publish, beat_init, heartbeat_sent

from config import settings


def connect() -> None:
    """Let the signals of Celery touch the file, if one is set."""
    if settings.LIVENESS_FILE:
        heartbeat_sent.connect(_touch)
        beat_init.connect(_follow_beat)


def _follow_beat(**_: Any) -> None:
    # Only in the process of beat: the children of a worker send tasks too, whatever its state.
    after_task_publish.connect(_touch)


def _touch(**_: Any) -> None:
    Path(settings.LIVENESS_FILE).touch()
