"""Touches HEARTBEAT_FILE while a worker or beat works, so that a health check needs no Python.

A worker does so every two seconds while it is connected to the broker, and beat whenever it has
sent a task, at least once a minute. docker-compose.yml looks at the age of the file.
"""

from pathlib import Path
from typing import Any

from celery.signals import after_task_publish, beat_embedded_init, beat_init, heartbeat_sent

from config import settings


def connect() -> None:
    """Let the signals of Celery touch the file, if one is set."""
    if settings.HEARTBEAT_FILE:
        heartbeat_sent.connect(_touch)
        beat_init.connect(_follow_beat)
        beat_embedded_init.connect(_follow_beat)


def _follow_beat(**_: Any) -> None:
    # Only in the process of beat: the children of a worker send tasks too, whatever its state.
    after_task_publish.connect(_touch)


def _touch(**_: Any) -> None:
    Path(settings.HEARTBEAT_FILE).touch()
