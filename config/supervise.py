"""Runs the parts of an embedded installation: web, beat, and two workers for each queue.

`python -m config.supervise` runs until Ctrl-C or SIGTERM, then ends with 0. A part that ends by
itself is started again after a pause that doubles up to a minute; the others run on meanwhile. So
is one that hangs or is stopped, and the workers of a queue in which nothing is done.
Only a web server that cannot start at all ends everything, with 1: its port is taken. With a wrong
setting, or migrations that are pending, nothing is started (config.startup). Each part leads a
process group of its own, so that no child of it outlives it, and ends with the supervisor.
Why this is ours: docs/decisions/0001-one-code-two-places.md and 0021-what-stands-still.md.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from config import lifeline
from config.startup import require_readiness
from platforms.fetching.policy import has_contact

_GRACE_SECONDS = 10
#: After running this long a part counts as started: its next pause is short again. Chosen.
_STEADY_SECONDS = 60
_LONGEST_PAUSE = 60  # seconds; chosen: the terminal stays readable, and a mended part is back soon
_LOOK_EVERY = 5.0  # seconds between two looks at the signs of life
#: Seconds without a sign of life after which a part hangs. Chosen: each shows one every five
#: seconds, and a new one is there within two minutes.
_SILENT_FOR = 60.0
#: A part must be late for so long at each look: a machine that slept wakes with old heartbeats.
#: Chosen; beat sends them every 20 seconds.
_LATE_FOR = 15.0
#: A part may take so long to start on a slow machine, and is not suspected meanwhile. Chosen.
_STARTING_SECONDS = 180
_HOST = os.environ.get("HOST", "127.0.0.1")
_PORT = os.environ.get("PORT", "8000")
_PYTHON = (sys.executable, "-m")


def _worker(queue: str, number: int) -> tuple[str, ...]:
    return (
        *(*_PYTHON, "celery", "--app", "config", "--quiet", "worker"),
        *("--queues", queue, "--hostname", f"{queue}-{number}@%h"),
        # The workers need no messages between each other.
        *("--without-mingle", "--without-gossip", "--without-heartbeat"),
    )


PARTS = {
    "web": (
        *(*_PYTHON, "gunicorn", "config.wsgi", "--config", "python:config.web_server"),
        *("--bind", f"{_HOST}:{_PORT}"),
    ),
    "beat": (*_PYTHON, "celery", "--app", "config", "--quiet", "beat"),
    # Each does one task at a time (config.solo_pool).
    **{
        f"{queue}-{number}": _worker(queue, number)
        for queue in ("visits", "general")
        for number in (1, 2)
    },
}


class CannotStartError(Exception):
    """The web server ended at its first start."""


class Part:
    """One process that is kept running."""

    def __init__(self, name: str, command: tuple[str, ...]) -> None:
        self.name = name
        self.command = command
        self._line: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.failures = 0  # in a row
        self._due_at = 0.0
        self._started_at = 0.0
        self._looked_at = 0.0
        # Seconds, as they passed at our looks: after a machine slept nobody was silent meanwhile.
        self._late_for = 0.0
        self._silent_for = 0.0
        self._shown: bytes = b""  # its last sign of life

    @property
    def heart(self) -> str:
        """The part of the site whose heartbeats it makes: beat, or its queue. Web makes none."""
        return self.name.partition("-")[0]

    def keep_running(self) -> None:
        """Start the process when it is due; where it ended, plan its next start.

        Raises CannotStartError where the web server fails at its first start.
        """
        now = time.monotonic()
        if self.process is None:
            if now >= self._due_at:
                self._start(now)
            return
        code = self.process.poll()
        if code is None:
            return
        _kill_group(self.process)
        self.process = None
        was_steady = now - self._started_at > _STEADY_SECONDS
        # A negative code is a signal: it was killed, and may well start the next time.
        if self.name == "web" and self.starts == 1 and code > 0 and not was_steady:
            raise CannotStartError(f"The web server cannot start: it ended with {code}.")
        self.failures = 1 if was_steady else self.failures + 1
        pause = min(2 ** (self.failures - 1), _LONGEST_PAUSE)
        self._due_at = now + pause
        again = f", the {self.failures}th time in a row" if self.failures > 3 else ""
        _say(f"{self.name} ended with {code}{again}; starting it again in {pause} s.")

    def _start(self, now: float) -> None:
        self.starts += 1
        self._started_at = self._looked_at = now
        self._late_for = self._silent_for = 0.0
        self._shown = b""
        if self._line is not None:
            self._line.close()
        self._line, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                self.command,
                start_new_session=True,
                stdin=theirs.fileno(),
                env=os.environ | {lifeline.SUPERVISED: "1"},
            )

    def look_for_life(self, late: Collection[str]) -> None:
        """Kill the process if it hangs or does nothing; keep_running then starts another one.

        late: parts of the site without heartbeats now.
        """
        if self.process is None or self._line is None:
            return
        now = time.monotonic()
        passed = min(now - self._looked_at, 2 * _LOOK_EVERY)
        self._looked_at = now
        shown = b""
        with contextlib.suppress(OSError):  # nothing, or it has ended
            while more := self._line.recv(4096, socket.MSG_DONTWAIT):
                shown = more
        self._silent_for = 0.0 if shown else self._silent_for + passed
        self._late_for = self._late_for + passed if self.heart in late else 0.0
        self._shown = shown or self._shown
        is_starting = now - self._started_at <= _STARTING_SECONDS
        if self._silent_for > _SILENT_FOR and (self._shown or not is_starting):
            _say(f"{self.name} shows no sign of life.")
            _kill_group(self.process)
        elif is_starting:
            self._late_for = 0.0
        elif self._late_for > _LATE_FOR and not self._shown.endswith(lifeline.BUSY):
            _say(f"{self.name} is alive and does nothing.")
            _kill_group(self.process)


def main() -> int:
    """Run all parts until a signal to stop (return 0) or until web cannot start (return 1)."""
    stop_requested = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stop_requested
        stop_requested = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if fault := _port_fault():
        _say(
            f"Port {_PORT} cannot be used: {fault}. Perhaps an earlier run still has it. "
            "Another one: make run PORT=8001"
        )
        return 1
    require_readiness()
    _say(_banner())
    parts = [Part(name, command) for name, command in PARTS.items()]
    look_at = 0.0
    try:
        while not stop_requested:
            for part in parts:
                part.keep_running()
            if time.monotonic() >= look_at:
                look_at = time.monotonic() + _LOOK_EVERY
                late = _late_hearts()
                for part in parts:
                    part.look_for_life(late)
            time.sleep(0.2)
        _say("Stopping.")
        return 0
    except CannotStartError as fault:
        _say(f"{fault} The lines above say why. Stopping all.")
        return 1
    finally:
        _end([part.process for part in parts if part.process is not None])


def _late_hearts() -> Collection[str]:
    """Return which of beat and the queues do nothing; none if the database is away.

    Without beat no queue has heartbeats. Its idle workers are started again with it: one of them
    may hold the lock of SQLite that beat waits for.
    """
    # Only here, after require_readiness has set Django up.
    from platforms.models import Heartbeat

    try:
        return Heartbeat.late_parts(timezone.now())
    except (DatabaseError, InterfaceError):
        return ()
    finally:
        connection.close()


def _banner() -> str:
    """Return what a newcomer needs: addresses, accounts, and whether pages are visited."""
    visits = (
        f"Pages are visited as {settings.CONTACT_EMAIL}."
        if has_contact()
        else "No page is visited until CONTACT_EMAIL is set: make run CONTACT_EMAIL=you@example.org"
    )
    return f"""
  Default On:          {settings.SITE_URL}/
  Curators' desk:      {settings.SITE_URL}/admin/
  A curator's account: .venv/bin/python manage.py createsuperuser
  {visits}
  Ctrl-C stops web and workers together.
"""


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the processes that a process started and left behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _port_fault() -> str:
    """Return why the web server's port cannot be listened on, "" if it can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            _HOST.strip("[]"), _PORT, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
            probe.bind(address)
    except (OSError, OverflowError) as fault:
        return str(fault)
    return ""


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """Terminate every part; after the grace period kill what is left of its process group."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        _kill_group(process)
        process.wait()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
