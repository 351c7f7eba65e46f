"""Runs the tasks of an embedded worker one after another in its own process, with time limits.

Celery's usual pool, where the queue is files, shares a lock between its children: one that is
killed keeps it, and no other child gets a task again. "solo" shares nothing, but it has no time
limits, which are added here (docs/decisions/0021-what-stands-still.md).
"""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from celery.concurrency import solo
from celery.concurrency.base import apply_target
from celery.exceptions import SoftTimeLimitExceeded

from config import lifeline

_SHOWN_EVERY = 5  # seconds
_in_task = threading.Event()


class TaskPool(solo.TaskPool):
    """The pool "solo" with the two time limits that a task may have."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on_apply = _apply  # type: ignore[method-assign] # as Celery does itself
        threading.Thread(target=_show_life, daemon=True).start()


def _apply(
    target: Callable[..., Any],
    *args: Any,
    soft_timeout: float | None = None,
    timeout: float | None = None,
    **options: Any,
) -> Any:
    with _time_limits(soft_timeout, timeout):
        _in_task.set()
        try:
            return apply_target(target, *args, **options)
        finally:
            _in_task.clear()


def _show_life() -> None:
    """Show during tasks that the process is not stopped, and that Python code runs."""
    while _in_task.wait():
        lifeline.show_life(lifeline.BUSY)
        time.sleep(_SHOWN_EVERY)


@contextlib.contextmanager
def _time_limits(soft: float | None, hard: float | None) -> Iterator[None]:
    """Raise SoftTimeLimitExceeded after the soft limit; end the process after the hard one.

    The hard one is kept by a thread in C, also where Python code never runs again. It writes where
    the process was, and the supervisor starts another one.
    """
    before = signal.signal(signal.SIGALRM, _raise)
    if soft:
        signal.setitimer(signal.ITIMER_REAL, soft)
    if hard:
        faulthandler.dump_traceback_later(hard, exit=True, file=sys.__stderr__ or sys.stderr)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGALRM, before)


def _raise(_signal: int, _frame: FrameType | None) -> None:
    raise SoftTimeLimitExceeded
