"""A production site under load, whose parts are killed by turns, and what it lost.

    python -m benchmarks.soak_restarts --minutes 20

PostgreSQL, Redis, the web server, a worker for each queue and beat are processes of their own. The
load is that of benchmarks.site_load. Meanwhile each part is killed once as by a power cut (SIGKILL
for all its processes) and then asked to stop, and comes back after five seconds. A run of a few
minutes ends before the last turns.

Faults are also a part that ends by itself, and bytes that the archive lacks at the end. Prints a
table of the parts too; exit code 1 if there was a fault.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg

from benchmarks.processes import memory_of
from benchmarks.site_load import SiteLoad, soak
from tests.main_job.installation import ROOT, until
from tests.practice.site import PracticeSite
from tests.services import free_port, postgresql_program

#: Seconds for which a part is away.
AWAY = 5.0
#: Seconds after a start within which requests may fail: Django starts slowly on a busy machine.
STARTING = 30.0
ROUNDS = (signal.SIGKILL, signal.SIGTERM)
CELERY = (sys.executable, "-m", "celery", "--app", "config")


@dataclass
class Part:
    """A process and its children, in a group of their own."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    account: str | None = None
    gentle: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    #: Bytes at each look since the last start.
    looks: list[int] = field(default_factory=list)
    lives: list[list[int]] = field(default_factory=list)

    def start(self) -> None:
        self.looks = []
        self.lives.append(self.looks)
        with self.log() as log:
            self.process = subprocess.Popen(
                self.command,
                cwd="/" if self.account else ROOT,
                env=dict(self.environment),
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self.account,
                start_new_session=True,
            )

    def end(self, how: signal.Signals) -> None:
        """Kill the group, or ask the process to stop and wait until it has."""
        if self.process is None:
            return
        if how == signal.SIGTERM:
            self.process.send_signal(self.gentle)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(60)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def log(self) -> IO[bytes]:
        return (self.folder / f"{self.name}.log").open("ab")

    def look(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.looks.append(memory_of(self.process.pid))

    def row(self) -> str:
        lives = [[size / 1e6 for size in life] for life in self.lives if life]
        most = max((size for life in lives for size in life), default=0)
        # The first look may have come while it started.
        grown = [life[-1] - life[1] for life in lives if len(life) > 2]
        growth = f"{max(grown):.0f}" if grown else "-"
        return f"{self.name:12}{self.restarts:10}{most:10.0f}{growth:>18}"


class SoakWithRestarts(SiteLoad):
    """A site with PostgreSQL and Redis."""

    mail_patience = 300.0
    standstill = 240.0

    def __init__(self, folder: Path, site: PracticeSite) -> None:
        database, queue = free_port(), free_port()
        self.database = f"postgres://tests@127.0.0.1:{database}/postgres"
        super().__init__(
            folder,
            site,
            DATABASE_URL=self.database,
            REDIS_URL=f"redis://127.0.0.1:{queue}/0",
            SECRET_KEY=secrets.token_hex(32),
            FETCH_LEASE="30",
        )
        self.parts = self._parts(database, queue)

    def _parts(self, database: int, queue: int) -> list[Part]:
        account = "postgres" if os.geteuid() == 0 else None
        data = self.folder / "postgresql"
        data.mkdir()
        if account:
            self.folder.chmod(0o711)
            os.chown(data, pwd.getpwnam(account).pw_uid, -1)
        subprocess.run(
            [postgresql_program("initdb"), "-D", data, "-U", "tests", "--auth", "trust"],
            check=True,
            stdout=subprocess.DEVNULL,
            user=account,
            cwd="/",
        )
        postgres = (postgresql_program("postgres"), "-D", str(data), "-p", str(database))
        only_here = ("-k", str(data), "-c", "listen_addresses=127.0.0.1")
        port = str(self.installation.port)

        def part(name: str, *command: str) -> Part:
            return Part(name, command, self.installation.environment, self.folder)

        store = Part("postgresql", (*postgres, *only_here), os.environ, self.folder, account)
        store.gentle = signal.SIGINT  # ends connections; SIGTERM would wait for them
        redis = ("redis-server", "--port", str(queue), "--bind", "127.0.0.1", "--appendonly", "yes")
        worker = (*CELERY, "worker", "--concurrency", "2", "--queues")
        web = (sys.executable, "-m", "gunicorn", "config.wsgi", "--config")
        return [
            store,
            Part("redis", (*redis, "--dir", str(self.folder)), os.environ, self.folder),
            part("web", *web, "python:config.web_server", "--bind", f"127.0.0.1:{port}"),
            part("visits", *worker, "visits", "--hostname", "visits@%h"),
            part("general", *worker, "general", "--hostname", "general@%h"),
            part("beat", *CELERY, "beat"),
        ]

    def let_pages_be_due(self) -> None:
        self.site.version = self.site.version % 5 + 1
        with contextlib.suppress(psycopg.OperationalError), self._connected() as connection:
            connection.execute("UPDATE platforms_page SET next_visit_at = now()")

    def visits(self) -> int:
        with contextlib.suppress(psycopg.OperationalError), self._connected() as connection:
            row = connection.execute("SELECT count(*) FROM platforms_fetch").fetchone()
            return int(row[0]) if row else 0
        return -1

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self.database, autocommit=True, connect_timeout=5)

    def restart_all_by_turns(self, minutes: float) -> None:
        """Restart each part once in each way, evenly over the time but for its ends."""
        turns = [(part, how) for how in ROUNDS for part in self.parts]
        between = max(AWAY + 1, minutes * 60 / (len(turns) + 2))
        for part, how in turns:
            if self.done.wait(between):
                return
            self.unsettled_until = float("inf")
            part.end(how)
            self.done.wait(AWAY)
            part.start()
            part.restarts += 1
            self.unsettled_until = time.monotonic() + STARTING

    def line(self) -> str:
        return f"{super().line()}, failed during restarts {self.expected.total()}"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        try:
            for part in self.parts[:2]:
                part.start()
            until(self.can_connect, "PostgreSQL answers")
            self.prepare()
            for part in self.parts[2:]:
                part.start()
            until(self.installation.answers, "the web server answers", patience=180)
            yield
        finally:
            for part in reversed(self.parts):
                part.end(signal.SIGKILL)

    def tasks(self) -> Sequence[tuple[Callable[[], None], float]]:
        return [
            (self.read_a_page, 0.5),
            (self.read_a_page, 0.7),
            (self.sign_up, 10),
            (self.sign_up, 10),
            (self.let_pages_be_due, 30),
            (self.measure_memory, 60),
        ]

    def threads(self, minutes: float) -> list[threading.Thread]:
        restarts = threading.Thread(target=self.restart_all_by_turns, args=[minutes])
        return [*super().threads(minutes), restarts]

    def measure_memory(self) -> None:
        for part in self.parts:
            part.look()

    def can_connect(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            self._connected().close()
            return True
        return False

    def look_at_end(self) -> None:
        for part in reversed(self.parts):
            if part.process is not None and part.process.poll() is not None:
                self.faults.append(f"{part.name} ended by itself with {part.process.returncode}")
        until(self.can_connect, "PostgreSQL answers")
        verified = self.installation.manage("verify_archive", check=False)
        if verified.returncode:
            self.faults.append(f"the archive: {verified.stdout[-500:]}")
        archive = (verified.stdout + verified.stderr).strip().splitlines()[-1]
        print(f"At the end: {self.line()}; archive: {archive}")
        asked = self.statuses.total()
        failed = asked - self.statuses["2xx"] - self.statuses["3xx"]
        print(f"{failed} of {asked} pages failed ({failed / max(1, asked):.1%})")
        print("part          restarts   MB most   MB grown in a life")
        for part in self.parts:
            print(part.row())


if __name__ == "__main__":
    sys.exit(soak(SoakWithRestarts, __doc__))
