"""Reads received bytes in a process of its own, which may take only so much time and memory.

Whatever a page does to a parser then costs one visit, never a worker. The process stays for the
next page, so that a page that harms nobody is read nearly as fast as here.
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
from platforms.fetching.errors import PermanentFetchError, TransientFetchError
from platforms.fetching.reader_messages import Examined
from platforms.outcomes import Outcome

_ROOT = Path(__file__).resolve().parents[2]
# The process that handles hostile pages gets none of our secrets.
_ENVIRONMENT_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_CHUNK = 1 << 20
_LARGEST_ANSWER = 200_000_000  # bytes
#: A process reads so many pages and is then replaced, lest it grow.
_PAGES = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one body may take. memory: bytes of address space.

    A page of 20 MB, the most that is received, is read in four seconds and 500 MB. A busy machine
    may need `patience` times the processor time.
    """

    cpu_seconds: int = 30
    memory: int = 1_500_000_000
    patience: float = 3.0


LIMITS = Limits()
#: For the desk, where a curator's browser waits for the answer.
WHILE_SOMEBODY_WAITS = Limits(cpu_seconds=10)


class ReaderFaultError(Exception):
    """Our own code failed while reading. Its text is the trace from the other process."""


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
    limits = limits or LIMITS
    job = messages.Job(url, content_type, select, remove, limits.cpu_seconds)
    return _done(job, body, limits).document


def examine(
    body: bytes,
    *,
    url: str,
    content_type: str = "text/html",
    select: Sequence[Selector] = (),
    remove: Sequence[Selector] = (),
    limits: Limits | None = None,
) -> Examined:
    """Return the Document, what the page says of itself, and selectors. Raises as read() does."""
    limits = limits or LIMITS
    job = messages.Job(url, content_type, select, remove, limits.cpu_seconds, examine=True)
    return _done(job, body, limits)


def _done(job: messages.Job, body: bytes, limits: Limits) -> Examined:
    with _borrowed(limits) as process:
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
            with contextlib.suppress(OSError, AttributeError):  # larger ones need fewer turns
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _CHUNK)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, job: bytes, limits: Limits) -> dict[str, object]:
        """Return the answer to a job; raises FetchError when the process did not survive it."""
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
            raise self._death(limits) from None

    def _receive(self, length: int) -> bytes:
        received = bytearray()
        while len(received) < length:
            left = self._ends_at - time.monotonic()
            ready, _, _ = select.select([self._answers], [], [], max(0, left))
            if not ready:
                raise TransientFetchError(Outcome.TOO_COSTLY, "it was not read in time")
            chunk = os.read(self._answers.fileno(), min(_CHUNK, length - len(received)))
            if not chunk:
                raise EOFError
            received += chunk
        return bytes(received)

    def _death(self, limits: Limits) -> PermanentFetchError:
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


# Processes that wait for a page. Each is used by one thread at a time: to take one is atomic.
_idle: list[_ReaderProcess] = []


@contextlib.contextmanager
def _borrowed(limits: Limits) -> Iterator[_ReaderProcess]:
    """Lend a process, a waiting one if there is one; it waits again unless it failed."""
    process = _waiting(limits) or _ReaderProcess(limits.memory)
    try:
        yield process
    except BaseException:
        process.stop()
        raise
    if process.pages < _PAGES and not _idle:
        _idle.append(process)
    else:
        process.stop()


def _waiting(limits: Limits) -> _ReaderProcess | None:
    while True:
        try:
            process = _idle.pop()
        except IndexError:
            return None
        if process.is_alive and process.memory == limits.memory:
            return process
        process.stop()


def stop_waiting() -> None:
    """End the process that waits for the next page, if one does."""
    while _idle:
        _idle.pop().stop()


def _forget() -> None:
    """Leave the processes of a parent to it: its child must not answer for them."""
    while _idle:
        _idle.pop().close_pipes()


atexit.register(stop_waiting)
os.register_at_fork(after_in_child=_forget)
