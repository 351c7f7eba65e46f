"""The schedule of CELERY_BEAT_SCHEDULE, with its state in the database.

Source: docs/decisions/0021-what-stands-still.md.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from celery.beat import ScheduleEntry, Scheduler, SchedulingError
from django.utils import timezone

from config import lifeline
from config.heartbeats import despite_outages, report
from platforms.database_faults import in_one_line

log = logging.getLogger(__name__)


class DatabaseScheduler(Scheduler):
    """Asks the database at each look when each task was last queued.

    A task is claimed by a conditional update before it is queued, so that of two schedulers only
    one queues it. Celery's own scheduler keeps a heap of times to come, in which entries are stuck
    after the clock was set back.
    """

    _is_away = False  # the queue

    def tick(self, *_: Any, **__: Any) -> float:
        """Queue what is due; return the seconds until the next look. Never raises."""
        lifeline.show_life()
        with despite_outages():
            self._queue_due(timezone.now())
            report("beat")
        assert self.max_interval  # for the type checker: CELERY_BEAT_MAX_LOOP_INTERVAL
        return float(self.max_interval)

    def _queue_due(self, now: dt.datetime) -> None:
        from platforms.models import ScheduledTask

        last_runs = dict(ScheduledTask.objects.values_list("name", "last_run_at"))
        for name, entry in self.schedule.items():
            last = last_runs.get(name)
            if last is None:  # a new one waits for its time
                ScheduledTask.objects.get_or_create(name=name, defaults={"last_run_at": now})
            elif is_due(entry, last, now):
                row = ScheduledTask.objects.filter(name=name, last_run_at=last)
                if row.update(last_run_at=now) and not self._queue(entry):
                    ScheduledTask.objects.filter(name=name, last_run_at=now).update(
                        last_run_at=last
                    )

    def _queue(self, entry: ScheduleEntry) -> bool:
        """Queue one task; False if the queue is away. Logs that once, and once its end."""
        try:
            self.apply_async(entry, producer=self.producer, advance=False)
        except (SchedulingError, OSError) as error:
            if not self._is_away:
                log.error("beat cannot queue tasks; it tries again: %s", in_one_line(error))
            self._is_away = True
        else:
            if self._is_away:
                log.error("beat can queue tasks again")
            self._is_away = False
        return not self._is_away


def is_due(entry: ScheduleEntry, last_run_at: dt.datetime, now: dt.datetime) -> bool:
    """True if its time came since it last ran. A last run to come: our clock went back."""
    from platforms.models import CLOCK_SKEW

    if last_run_at > now + CLOCK_SKEW:
        return True
    assert entry.schedule  # for the type checker
    return bool(entry.schedule.remaining_estimate(last_run_at) <= dt.timedelta(0))
