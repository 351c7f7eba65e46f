"""Starts Python programs as forks of a process that has loaded their libraries already.

A new interpreter needs one to three seconds of processor time to load Django, Celery and the site;
a fork needs milliseconds. Tests of whole installations start dozens of processes. The real
commands are started by tests/main_job/test_supervision.py and tests/config/test_wrong_settings.py.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

_ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 120  # seconds for an answer, on a machine that is very busy
_MESSAGE_BYTES = 1 << 17
#: What can be loaded without settings, so that one process serves all installations.
_LIBRARIES = """
import bs4, cryptography.fernet, cryptography.x509, csp.middleware, environ, icalendar, markdown_it
import prometheus_client, psycopg, pydantic, qrcode, redis, requests
import whitenoise.middleware
import celery.apps.worker, celery.bin.celery, celery.concurrency.prefork, celery.worker
import django.contrib.admin, django.core.management, django.db.models, django.forms
import django.template, django.test, django.views.generic
import gunicorn.app.wsgiapp, gunicorn.workers.gthread
import kombu.transport.filesystem, kombu.transport.redis
import consent.classification, consent.diffing
import platforms.extraction, platforms.fetching.judgement, platforms.fetching.visit
"""


class Program:
    """A process that a fork server started, with the methods of subprocess.Popen that tests use.

    It leads a process group of its own. stdin, stdout: of a program started by `talk`.
    """

    stdin: TextIO
    stdout: TextIO

    def __init__(self, server: ForkServer, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._server = server

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._server.exit_code(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """The tests' side of a process that forks programs. The process ends with this object."""

    def __init__(
        self, control: socket.socket, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        self._control = control
        self._process = process  # kept, because Popen warns if it is forgotten while it runs
        self._lock = threading.Lock()
        control.settimeout(_PATIENCE)
        weakref.finalize(self, control.close)

    def load(self, statements: str) -> None:
        """Execute statements in the process: imports, and what else all programs begin with."""
        if fault := self._ask({"load": statements}):
            raise AssertionError(fault)

    def start(
        self,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        stdin: int | None = None,
        stdout: int,
        stderr: int,
    ) -> Program:
        """Start what `python ARGUMENTS…` would: a path, `-m` and a module, or `-c` and code.

        environment: None is that of the server. stdin, stdout, stderr: file descriptors.
        """
        with contextlib.ExitStack() as stack:
            if stdin is None:
                stdin = stack.enter_context(Path(os.devnull).open()).fileno()
            request = {
                "arguments": list(arguments),
                "environment": None if environment is None else dict(environment),
            }
            return Program(self, self._ask(request, [stdin, stdout, stderr]))

    def run(
        self, arguments: Sequence[str], *, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program until it ends; return its exit code and what it wrote, as text."""
        with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
            program = self.start(
                arguments, environment=environment, stdout=stdout.fileno(), stderr=stderr.fileno()
            )
            try:
                program.wait()
            finally:
                program.kill()
            for file in (stdout, stderr):
                file.seek(0)
            return subprocess.CompletedProcess(
                arguments, program.wait(), stdout.read(), stderr.read()
            )

    def talk(self, arguments: Sequence[str], *, stderr: int) -> Program:
        """Start a program that reads lines and writes lines, with the server's environment."""
        their_in, our_out = os.pipe()
        our_in, their_out = os.pipe()
        try:
            program = self.start(arguments, stdin=their_in, stdout=their_out, stderr=stderr)
        finally:
            os.close(their_in)
            os.close(their_out)
        program.stdin, program.stdout = os.fdopen(our_out, "w"), os.fdopen(our_in)
        weakref.finalize(program, _close, program.stdin, program.stdout)
        return program

    def branch(self, environment: Mapping[str, str], *, log: Path) -> ForkServer:
        """Return a fork server that is a fork of this one and has another environment."""
        near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with far, log.open("wb") as output:
            self.start(
                ["-m", "tests.fork_server"],
                environment=environment,
                stdin=far.fileno(),
                stdout=output.fileno(),
                stderr=output.fileno(),
            )
        return ForkServer(near)

    def exit_code(self, pid: int) -> int | None:
        """Return with what a program ended, None while it runs. A signal is a negative number."""
        code = self._ask({"poll": pid})
        return None if code is None else int(code)

    def _ask(self, request: Any, descriptors: Sequence[int] = ()) -> Any:
        with self._lock:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
            answer = self._control.recv(_MESSAGE_BYTES)
        if not answer:
            raise AssertionError(f"the fork server ended before it answered to {request}")
        return json.loads(answer)


def _close(*files: TextIO) -> None:
    for file in files:
        with contextlib.suppress(BrokenPipeError):
            file.close()


@functools.cache
def fork_server() -> ForkServer:
    """Return the server that has loaded libraries, but no settings. One a test process."""
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with far:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.fork_server"],
            cwd=_ROOT,
            stdin=far.fileno(),
            start_new_session=True,
        )
    server = ForkServer(near, process)
    server.load(_LIBRARIES)
    return server


def _serve() -> None:
    """Answer to what comes over standard input, a socket, until its other end is closed."""
    control = socket.socket(fileno=0)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _MESSAGE_BYTES, 3)
        if not message:
            return
        request = json.loads(message)
        answer: object
        if "load" in request:
            answer = _load(request["load"])
        elif "poll" in request:
            ended, status = os.waitpid(request["poll"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if ended else None
        else:
            answer = os.fork()
            if answer == 0:
                control.detach()
                _become(request["arguments"], request["environment"], descriptors)
                return
            # The process does this too: whoever is first, its group is there when we answer.
            with contextlib.suppress(OSError):
                os.setpgid(answer, answer)
            for descriptor in descriptors:
                os.close(descriptor)
        control.sendall(json.dumps(answer).encode())


def _load(statements: str) -> str:
    """Execute statements; return the traceback if they fail, "" if not."""
    gc.disable()
    try:
        exec(statements, {"__name__": "loaded"})
    except Exception:
        return traceback.format_exc()
    finally:
        # Programs need not look through what they share: each look would copy it, too.
        gc.freeze()
        gc.enable()
    return ""


def _become(
    arguments: list[str], environment: dict[str, str] | None, descriptors: list[int]
) -> None:
    """Do in this process what a new `python ARGUMENTS…` would. Ends as the program ends."""
    os.setpgid(0, 0)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    if environment is not None:
        os.environ.clear()
        os.environ.update(environment)
    first, *rest = arguments
    if first == "-m":
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif first == "-c":
        sys.argv = [first, *rest[1:]]
        exec(compile(rest[0], "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.argv = arguments
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    _serve()
