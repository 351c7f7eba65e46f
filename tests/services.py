"""Start a private PostgreSQL and Redis on free ports, for as long as they are needed.

`python -m tests.services COMMAND…` runs a command with DATABASE_URL and REDIS_URL set to them.
Where a server is not installed it says so and does nothing, unless REQUIRE_SERVICES=1.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"
_START_SECONDS = 30


class ServiceAbsent(Exception):
    """A server program is not installed on this machine."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def redis_server(port: int = 0) -> Iterator[str]:
    """Yield the URL of an empty Redis that keeps nothing on disk. 0: on a free port."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServiceAbsent("redis-server is not installed")
    port = port or free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_until(lambda: _answers(port), process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            _stop(process)


@contextlib.contextmanager
def postgresql_server(port: int = 0, options: Sequence[str] = ()) -> Iterator[str]:
    """Yield the URL of an empty database in a cluster of its own. 0: on a free port.

    options: more words for the command of the server.
    """
    initdb, postgres = postgresql_program("initdb"), postgresql_program("postgres")
    port = port or free_port()
    # PostgreSQL refuses to run as root; Debian's package brings an account for it.
    account = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory() as folder:
        if account:
            os.chown(folder, pwd.getpwnam(account).pw_uid, -1)
        data = f"{folder}/data"
        subprocess.run(
            [initdb, "--pgdata", data, "--username", "tests", "--auth", "trust", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            user=account,
            cwd="/",
        )
        process = subprocess.Popen(
            # Durability is the subject of no test here; speed is everybody's.
            [
                *(postgres, "-D", data, "-p", str(port), "-k", folder),
                *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
                *("-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
                *("-c", "autovacuum=off", "-c", "jit=off", "-c", "log_min_messages=fatal"),
                *options,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=account,
            cwd="/",
        )
        try:
            _wait_until(lambda: _answers(port) and _accepts_queries(port), process)
            yield f"postgres://tests@127.0.0.1:{port}/postgres"
        finally:
            _stop(process)


def copied_in_postgresql(url: str) -> str:
    """Return the URL of a new database with all that the given one has."""
    import psycopg

    server, _, original = url.rpartition("/")
    name = f"copy_{secrets.token_hex(8)}"
    with psycopg.connect(f"{server}/template1", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {original}".encode())
    return f"{server}/{name}"


def postgresql_program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs. Raises ServiceAbsent if it is not there."""
    if found := shutil.which(name):
        return found
    for candidate in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True):
        return str(candidate)
    raise ServiceAbsent("PostgreSQL is not installed")


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _accepts_queries(port: int) -> bool:
    import psycopg

    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(f"host=127.0.0.1 port={port} user=tests dbname=postgres").close()
        return True
    return False


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode} while starting")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} did not start within {_START_SECONDS} s")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main(command: list[str]) -> int:
    """Run a command with a PostgreSQL and a Redis of its own; return its exit code."""
    # Ended by make, this process still ends the servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with (
            postgresql_server() as database_url,
            redis_server() as redis_url,
            tempfile.TemporaryDirectory() as var_dir,
        ):
            place = {
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "SECRET_KEY": secrets.token_hex(32),
                "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
                "CONTACT_EMAIL": "curators@defaulton.example",
                "TRUSTED_PROXIES": "0",
                "DESK_REQUIRES_TWO_FACTORS": "false",  # as without services; its tests turn it on
                "VAR_DIR": var_dir,
            }
            return subprocess.run(command, env=os.environ | place).returncode
    except ServiceAbsent as absent:
        print(f"Not tested on PostgreSQL and Redis: {absent}.", file=sys.stderr)  # noqa: T201
        return int(REQUIRED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
