"""The line between the supervisor and each part: a socket that is the part's standard input.

A part ends once the supervisor's end of it closes. It sends a byte whenever it turns its main loop,
and during a task; so one that hangs or is stopped is silent (docs/decisions/0021).
Both depend neither on the database, nor on the disk, nor on the clock.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time

#: The variable by which the supervisor says that standard input is such a line.
SUPERVISED = "DEFAULT_ON_SUPERVISED"
IDLE, BUSY = b"i", b"b"
_GRACE_SECONDS = 10

_line: socket.socket | None = None


def hold() -> None:
    """End with the supervisor from now on, if this process has one."""
    global _line
    if os.environ.pop(SUPERVISED, ""):
        _line = socket.socket(fileno=os.dup(0))
        threading.Thread(target=_end_with_supervisor, daemon=True).start()


def show_life(state: bytes = IDLE) -> None:
    """Let the supervisor know that this process runs; nothing without one. Never waits.

    state: BUSY during a task, which may take as long as its limits allow.
    """
    if _line is not None:
        with contextlib.suppress(OSError):  # it reads nothing at the moment, or has ended
            _line.send(state, socket.MSG_DONTWAIT)


def _end_with_supervisor() -> None:
    """End this process and its children once the supervisor has ended: its port is free again."""
    with contextlib.suppress(OSError):
        os.read(0, 1)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(0, signal.SIGTERM)
        time.sleep(_GRACE_SECONDS)
        os.killpg(0, signal.SIGKILL)
