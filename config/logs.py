"""How log lines look: as text or as JSON, without secrets, and briefly while a server is away.

Lines for programs have `fields`: log.info("visit", extra={"fields": {"page": 7}}). As text they
are written as logfmt (page=7), as JSON they are members of the object.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import time
from typing import Any

from kombu.exceptions import OperationalError as QueueError
from redis.exceptions import RedisError

from platforms.database_faults import in_one_line, is_database_away

#: The part of an address of ours that is the key to somebody's alerts
#: (consent/alerts/subscriptions/tokens.py).
_KEY = re.compile(r"(/(?:confirm|address|alerts|u)/)[-_.A-Za-z0-9]{18,}")
_PLAIN = re.compile(r"[^\s\"=]+")


class WithoutKeys(logging.Filter):
    """Removes the keys in readers' links: Django logs the path of each request that it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _KEY.search(message):
            record.msg, record.args = _KEY.sub(r"\1…", message), ()
        return True


class BriefOutages(logging.Filter):
    """Writes one line a minute, not tracebacks, while the database or the queue is away."""

    PAUSE = 60  # seconds between two lines of one process about the same server

    def __init__(self) -> None:
        super().__init__()
        self._quiet_until: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_database_away(error):
            away = "database"
        elif isinstance(error, QueueError | RedisError):
            away = "queue"
        else:
            return True
        assert error is not None  # for the type checker
        now = time.monotonic()
        if now < self._quiet_until.get(away, 0.0):
            return False
        self._quiet_until[away] = now + self.PAUSE
        what = record.getMessage().partition("\n")[0].partition(" raised unexpected")[0]
        record.msg = f"the {away} is away ({in_one_line(error)}): {what[:200]}"
        record.args, record.exc_info, record.exc_text = (), None, None
        return True


class Text(logging.Formatter):
    """A line for people: time, level, logger, message, fields as logfmt."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return " ".join([super().formatMessage(record), *map(_as_logfmt, _fields(record).items())])


class JSON(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {})
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _as_logfmt(field: tuple[str, Any]) -> str:
    name, value = field
    text = str(value)
    return f"{name}={text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)}"
