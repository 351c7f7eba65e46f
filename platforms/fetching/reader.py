"""Reads received bytes in a separate process with limited time and memory.

A page that crashes or exhausts the parser then costs one visit, never a worker. The process is
used again for the next page, so that ordinary pages are read nearly as fast as in this process.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from platforms.extraction import Document, Selector
from platforms.fetching import reader_messages as messages
from platforms.fetching.reader_messages import Examined
from platforms.fetching.visit_errors import PermanentFetchError, TransientFetchError
from platforms.outcomes import Outcome

_ROOT = Path(__file__).resolve().parents[2]
# The process that reads hostile pages must not get our secrets.
_ENVIRONMENT_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_CHUNK = 1 << 20
_LARGEST_ANSWER = 200_000_000  # bytes; chosen: far more than any page
#: After so many pages a process is replaced, in case its memory grows. Chosen.
_PAGES = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for reading one body, explained beside the READER_ settings."""

    cpu_seconds: int
    memory: int
    patience: float

    @classmethod
    def from_settings(cls, *, cpu_seconds: int | None = None) -> Limits:
        """Return the limits of this installation, with less processor time if it is given."""
        from django.conf import settings

        return cls(
            cpu_seconds or settings.READER_CPU_SECONDS,
            settings.READER_MEMORY,
            settings.READER_PATIENCE,
        )


def while_somebody_waits() -> Limits:
    """Return the limits for the desk, where a curator waits for the answer."""
    return Limits.from_settings(cpu_seconds=10)


class ReaderFaultError(Exception):
    """Our own code failed while reading. The message is the traceback of the other process."""


def read(
    body: bytes,
    *,
    url: str,
    content_type: str = "text/html",
    select: Sequence[Selector] = (),
    remove: Sequence[Selector] = (),
    limits: Limits | None = None,
) -> Document:
    """Return what extract() returns. Raises FetchError (TOO_COSTLY) past the limits."""
    limits = limits or Limits.from_settings()
    job = messages.Job(url, content_type, select, remove, limits.cpu_seconds)
    return _run(job, body, limits).document


def examine(
    body: bytes,
    *,
    url: str,
    content_type: str = "text/html",
    select: Sequence[Selector] = (),
    remove: Sequence[Selector] = (),
    limits: Limits | None = None,
) -> Examined:
    """Return the Document, the page's metadata and suggested selectors. Raises like read()."""
    limits = limits or Limits.from_settings()
    job = messages.Job(url, content_type, select, remove, limits.cpu_seconds, examine=True)
    return _run(job, body, limits)


def _run(job: messages.Job, body: bytes, limits: Limits) -> Examined:
    with _borrow(limits) as process:
        values = process.ask(messages.write_job(job, body), limits)
    if "fault" in values:
        raise ReaderFaultError(values["fault"])
    if "failure" in values:
        raise _too_costly(f"more than {limits.memory // 1_000_000} MB of memory")
    return messages.read_examined(values)


def _too_costly(what: str) -> PermanentFetchError:
    return PermanentFetchError(Outcome.TOO_COSTLY, f"reading it takes {what}")


class _ReaderProcess:
    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.pages = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "platforms.fetching.reader_process", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _ENVIRONMENT_KEPT if name in os.environ},
        )
        assert self._process.stdin is not None  # for the type checker: both are pipes
        assert self._process.stdout is not None
        self._jobs, self._answers = self._process.stdin, self._process.stdout
        for pipe in (self._jobs, self._answers):
            with contextlib.suppress(OSError, AttributeError):  # large pipes are faster
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _CHUNK)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: bytes, limits: Limits) -> dict[str, object]:
        """Return the answer to a job; raises FetchError if the process ends without one."""
        self.pages += 1
        self._ends_at = time.monotonic() + limits.cpu_seconds * limits.patience
        try:
            self._jobs.write(job)
            self._jobs.flush()
            head, _ = messages.lengths_of(self._receive(messages.START))
            if head > _LARGEST_ANSWER:
                raise _too_costly(f"{head} bytes of text")
            return messages.values_of(self._receive(head))
        except (BrokenPipeError, EOFError):
            raise self._error_of_exit(limits) from None

    def _receive(self, length: int) -> bytes:
        received = bytearray()
        while len(received) < length:
            left = self._ends_at - time.monotonic()
            if left <= 0 or not select.select([self._answers], [], [], left)[0]:
                raise TransientFetchError(Outcome.TOO_COSTLY, "it was not read in time")
            chunk = os.read(self._answers.fileno(), min(_CHUNK, length - len(received)))
            if not chunk:
                raise EOFError
            received += chunk
        return bytes(received)

    def _error_of_exit(self, limits: Limits) -> PermanentFetchError:
        status = self._process.wait()
        if status == -signal.SIGXCPU:
            return _too_costly(f"more than {limits.cpu_seconds} seconds of processor time")
        return PermanentFetchError(
            Outcome.TOO_COSTLY, f"the process that reads it ended with status {status}"
        )

    def stop(self) -> None:
        self.close_pipes()
        self._process.kill()
        self._process.wait()

    def close_pipes(self) -> None:
        for pipe in (self._jobs, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()


# Processes without a job. Taking one from the list is atomic, so each serves one thread.
_idle: list[_ReaderProcess] = []


@contextlib.contextmanager
def _borrow(limits: Limits) -> Iterator[_ReaderProcess]:
    """Yield an idle process or a new one. It is kept for the next job unless this one fails."""
    process = _take_idle(limits) or _ReaderProcess(limits.memory)
    try:
        yield process
    except BaseException:
        process.stop()
        raise
    if process.pages < _PAGES and not _idle:
        _idle.append(process)
    else:
        process.stop()


def _take_idle(limits: Limits) -> _ReaderProcess | None:
    while True:
        try:
            process = _idle.pop()
        except IndexError:
            return None
        if process.is_alive and process.memory == limits.memory:
            return process
        process.stop()


def stop_waiting() -> None:
    """End the idle process, if there is one."""
    while _idle:
        _idle.pop().stop()


def _forget() -> None:
    """Forget the processes of the parent after a fork: they still serve the parent."""
    while _idle:
        _idle.pop().close_pipes()


atexit.register(stop_waiting)
os.register_at_fork(after_in_child=_forget)
