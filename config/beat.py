"""Celery's scheduler, which also reports that it works and survives an outage calmly."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry, SchedulingError

from config.heartbeats import INTERVAL, report
from platforms.database_faults import in_one_line

log = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """Logs once that tasks cannot be queued and once that they can, instead of a traceback each."""

    _is_away = False
    _report_at = 0.0  # by time.monotonic()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Queue what is due. Called at least every CELERY_BEAT_MAX_LOOP_INTERVAL."""
        if time.monotonic() >= self._report_at:
            self._report_at = time.monotonic() + INTERVAL
            report("beat")
        seconds: float = super().tick(*args, **kwargs)
        return seconds

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Queue one task. If that fails it is queued again at its next time."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            if not self._is_away:
                reason = in_one_line(error)
                log.error("beat cannot queue tasks; it tries each at its next time: %s", reason)
            self._is_away = True
        else:
            if self._is_away:
                log.error("beat can queue tasks again")
            self._is_away = False
