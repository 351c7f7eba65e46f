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
#: Characters that end a line, or that a terminal obeys.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST = 2_000  # characters of a message
_LONGEST_TRACEBACK = 20_000
_PLAIN = re.compile(r"[^\s\"=]+")


class WithoutKeys(logging.Filter):
    """Removes the keys in readers' links: Django logs the path of each request that it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _KEY.search(message):
            record.msg, record.args = _KEY.sub(r"\1…", message), ()
        return True


class RefusalsWithoutTracebacks(logging.Filter):
    """Leaves out the traceback of a refused request: anybody can send as many as they like.

    Django gives the line of each request that it refuses the status of the answer.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if is_refusal(record):
            record.exc_info, record.exc_text = None, None
        return True


def is_refusal(record: logging.LogRecord) -> bool:
    """True for the line about a request that was answered with 4xx."""
    return 400 <= getattr(record, "status_code", 500) < 500


class OrdinaryRefusals(logging.Filter):
    """Lowers to INFO what Django warns of and what nobody has to look at.

    That is a form that was shown again with its mistakes, and a HEAD of what takes no GET either.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", None)
        method = getattr(getattr(record, "request", None), "method", "")
        if status == 422 or (status == 405 and method == "HEAD"):
            record.levelno, record.levelname = logging.INFO, "INFO"
            return logging.getLogger().isEnabledFor(logging.INFO)
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
        record.message = _on_one_line(record.message)
        return " ".join([super().formatMessage(record), *map(_as_logfmt, _fields(record).items())])

    def formatException(self, ei: Any) -> str:
        return f"  {_as_text(super().formatException(ei))}"


class JSON(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": _on_one_line(record.getMessage()),
            **_fields(record),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = _as_text(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def _on_one_line(message: str) -> str:
    """Return a message of at most _LONGEST characters without line breaks and other controls."""
    shortened = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
    return _without_controls(shortened)


def _without_controls(text: str) -> str:
    """Write control characters as Python does in its literals."""
    return _CONTROLS.sub(lambda match: repr(match[0])[1:-1], text)


def _as_text(traceback: str) -> str:
    """Return a traceback, shortened in its midst, whose lines after the first are indented."""
    if len(traceback) > _LONGEST_TRACEBACK:
        half = _LONGEST_TRACEBACK // 2
        traceback = f"{traceback[:half]}\n…\n{traceback[-half:]}"
    lines = (
        _CONTROLS.sub(lambda match: repr(match[0])[1:-1], line) for line in traceback.split("\n")
    )
    return "\n  ".join(lines)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    fields: dict[str, Any] = getattr(record, "fields", {})
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _as_logfmt(field: tuple[str, Any]) -> str:
    name, value = field
    text = _on_one_line(str(value))
    return f"{name}={text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)}"
