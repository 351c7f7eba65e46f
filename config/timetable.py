"""Which task is due when. How what is due is queued: beat.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from celery.schedules import crontab

_Entries = dict[str, dict[str, Any]]


def timetable(queues: Iterable[str]) -> _Entries:
    """Return CELERY_BEAT_SCHEDULE: the tasks below, and a heartbeat for each queue."""
    heartbeats = {
        f"heartbeat-{queue}": {
            "task": "platforms.tasks.show_work",
            "schedule": 20,  # seconds
            "options": {"queue": queue, "expires": 60},
        }
        for queue in queues
    }
    return heartbeats | _TASKS


_TASKS: _Entries = {
    "check-due-pages": {
        "task": "platforms.tasks.check_due_pages",
        "schedule": crontab(),  # every minute
        "options": {"expires": 55},  # the next one comes in a minute anyway
    },
    "suggest-missing": {
        "task": "consent.tasks.suggest_missing",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "list-dark-pages": {
        "task": "consent.tasks.send_dark_list",
        "schedule": crontab(minute=0, hour=7, day_of_week=1),
        "options": {"expires": 24 * 3600},
    },
    "check-disk": {
        "task": "consent.tasks.check_disk",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 590},
    },
    "tell-about-gaps": {
        "task": "consent.tasks.send_gap_mail",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "mail-curators": {
        "task": "consent.tasks.send_work_mail",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "expect-all-news": {
        "task": "consent.tasks.update_expected_dates",
        "schedule": crontab(minute=20),  # hourly: entries are published at any time of day
        "options": {"expires": 3000},
    },
    "send-mails": {
        "task": "consent.tasks.send_mails",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "make-digests": {
        "task": "consent.tasks.make_digests",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "watch-outbox": {
        "task": "consent.tasks.check_outbox",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "keep-subscribers": {
        "task": "consent.tasks.update_subscribers",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 3600},
    },
    "keep-readers-words": {
        "task": "consent.tasks.delete_old_feedback",
        "schedule": crontab(hour=4, minute=20),
        "options": {"expires": 3600},
    },
    "close-day": {
        "task": "consent.tasks.close_day",
        # A few times, should a worker be down; all but the first find the day closed.
        "schedule": crontab(hour="0,6,12,18", minute=15),
        "options": {"expires": 3600},
    },
    "record-figures": {
        "task": "consent.tasks.record_figures",
        # Hourly: what was quoted during a day is kept too. Late, so that a day's last row is its.
        "schedule": crontab(minute=55),
        "options": {"expires": 3000},
    },
    "stamp-days": {
        "task": "consent.tasks.stamp_days",
        "schedule": crontab(minute=45),  # hourly: an authority may be away
        "options": {"expires": 3000},
    },
    "check-public-records": {
        "task": "platforms.tasks.check_public_records",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
    "export-data": {
        "task": "consent.tasks.export_data",
        "schedule": crontab(hour=2, minute=30),
        "options": {"expires": 3600},
    },
    "draw-samples": {
        "task": "consent.tasks.draw_samples",
        "schedule": crontab(hour=5, minute=5),  # daily: all but the first find the month drawn
        "options": {"expires": 3600},
    },
    "fold-visits": {
        "task": "platforms.tasks.fold_visits",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 3600},
    },
    "mark-noisy": {
        "task": "consent.tasks.mark_noisy",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
}
