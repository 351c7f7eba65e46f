"""Visits to a simulated internet: how fast, how late, how fair, and what the database does.

    python -m benchmarks.scale [--hosts 1000] [--pages 10000] [--minutes 6] [--workers 1,2,4]

A server on this machine answers for many hosts, which are addresses of 127.0.0.0/8. PostgreSQL,
Redis, beat, a worker for the general queue and a worker for visits are real. For each number of
processes in --workers, all pages are read for the first time: they become due evenly over the
first four fifths of the minutes, as if each had its own interval. All share this machine; its load
before is printed.

pace      the shortest time between two page requests that one host received, by the server's own
          log; it must not be below --pause
late      seconds from when a page was due to when its visit began; beat looks once a minute, so
          half a minute is the least on average
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import LiteralString

import psycopg
import redis

from benchmarks.processes import memory_of, seconds_of
from benchmarks.simulated_hosts import add_pages, simulated_hosts
from tests.main_job.installation import Installation
from tests.services import copied_in_postgresql, free_port, postgresql_server, redis_server

#: Of the time, in which pages become due; the rest is for those that are late.
DUE_PART = 0.8


@dataclass(frozen=True, slots=True)
class Options:
    hosts: int
    pages: int
    minutes: float
    pause: float
    kilobytes: int


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hosts", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--workers", default="1,2,4", help="numbers of processes to try")
    parser.add_argument("--pause", type=float, default=10, help="seconds between visits to a host")
    parser.add_argument("--kilobytes", type=int, default=60, help="size of a page as received")
    given = parser.parse_args()
    options = Options(given.hosts, given.pages, given.minutes, given.pause, given.kilobytes)
    print(f"{options}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before")
    print(
        "processes  visits  a second  read  late: half, 95 %, all  pace  hosts visited  "
        "statements a visit  CPU ms a visit: worker, database, redis  MB a process"
    )
    fair = True
    statistics = ("-c", "shared_preload_libraries=pg_stat_statements", "-c", "autovacuum=on")
    with postgresql_server(options=statistics) as url, tempfile.TemporaryDirectory() as name:
        prepare(Path(name), url, options)
        for processes in map(int, given.workers.split(",")):
            fair &= try_out(
                Path(name) / str(processes), copied_in_postgresql(url), processes, options
            )
    return int(not fair)


_PORT = free_port()


def site(folder: Path, database: str, queue: str, options: Options) -> Installation:
    folder.mkdir(exist_ok=True)
    return Installation(
        folder,
        forked=False,
        site_port=_PORT,
        DATABASE_URL=database,
        REDIS_URL=queue,
        SECRET_KEY=secrets.token_hex(32),
        FETCH_HOST_PAUSE=str(options.pause),
        FETCH_LEASE="300",
        LOG_LEVEL="WARNING",
    )


def prepare(folder: Path, database: str, options: Options) -> None:
    """Make the schema and the pages, which are spread over the hosts."""
    installation = site(folder, database, "redis://127.0.0.1:1/0", options)
    installation.manage("migrate", "--verbosity", "0")
    add_pages(installation, _PORT, hosts=options.hosts, pages=options.pages)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")


def try_out(folder: Path, database: str, processes: int, options: Options) -> bool:
    """Let all pages become due, print a row of figures, and return whether no host was hurried."""
    seconds = options.minutes * 60
    log = folder.with_suffix(".requests")
    with contextlib.ExitStack() as stack:
        queue = stack.enter_context(redis_server())
        connection = stack.enter_context(psycopg.connect(database, autocommit=True))
        stack.enter_context(simulated_hosts(_PORT, options.kilobytes, log))
        installation = site(folder, database, queue, options)
        connection.execute(
            "UPDATE platforms_page"
            " SET next_visit_at = now() + make_interval(secs => random() * %s)",
            [seconds * DUE_PART],
        )
        due: dict[int, float] = dict(
            connection.execute(
                "SELECT id, extract(epoch FROM next_visit_at)::float FROM platforms_page"
            )
        )
        worker = ("worker", "--without-mingle", "--without-gossip", "--queues")
        general = (*worker, "general", "--concurrency", "1", "--hostname", "general@%h")
        visits = (*worker, "visits", "--concurrency", str(processes), "--hostname", "visits@%h")
        stack.enter_context(installation.celery("general", *general))
        visitor = stack.enter_context(installation.celery("visits", *visits))
        stack.enter_context(installation.celery("beat", "beat"))
        stop_at = time.monotonic() + seconds
        time.sleep(min(20, seconds / 3))  # until the parts have started
        connection.execute("SELECT pg_stat_statements_reset()")
        begun = count(connection, "SELECT count(*) FROM platforms_fetch")
        costs = Costs(visitor.pid, connection, queue)
        before = costs.now()
        while time.monotonic() < stop_at:
            time.sleep(1)
        cost = [
            (after - earlier) * 1000 for earlier, after in zip(before, costs.now(), strict=True)
        ]
        statements = count(connection, "SELECT sum(calls) FROM pg_stat_statements")
        memory = costs.memory() / (processes + 1)
        fetches = list(
            connection.execute(
                "SELECT page_id, extract(epoch FROM started_at)::float, outcome"
                " FROM platforms_fetch"
            )
        )
    late = sorted(started - due[page_id] for page_id, started, _ in fetches)
    measured = max(1, len(fetches) - begun)
    pace, hosts = paces(log)
    span = max(1.0, max(at for _, at, _ in fetches) - min(at for _, at, _ in fetches))
    shares = quantiles(late, n=20)
    read = sum(outcome == "read" for *_, outcome in fetches)
    print(
        f"{processes:9}{len(fetches):8}{len(fetches) / span:10.1f}{read:6}"
        f"{shares[9]:12.0f}{shares[18]:6.0f}{late[-1]:5.0f}{pace:6.1f}{hosts:15}"
        f"{statements / measured:20.1f}"
        + "".join(f"{part / measured:10.1f}" for part in cost)
        + f"{memory / 1e6:14.0f}",
        flush=True,
    )
    return pace >= options.pause


def count(connection: psycopg.Connection, query: LiteralString) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0] or 0) if row else 0


def paces(log: Path) -> tuple[float, int]:
    """Return the shortest time between two page requests to one host, and the number of hosts."""
    requests = defaultdict(list)
    for line in log.read_text().splitlines():
        at, host, path = line.split(" ", 2)
        if path != "/robots.txt":
            requests[host].append((float(at), path))
    gaps = [
        (later - at, host, first, second)
        for host, one in requests.items()
        for (at, first), (later, second) in pairwise(one)
    ]
    for gap in sorted(gaps)[:3]:
        print("{:.2f} s at {} between {} and {}".format(*gap))
    return min(gaps, default=(float("inf"),))[0], len(requests)


class Costs:
    """Processor time of the worker for visits, of PostgreSQL and of Redis."""

    def __init__(self, worker: int, connection: psycopg.Connection, queue: str) -> None:
        self._worker = worker
        row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
        self._database = int(row[0].split()[0]) if row else 0
        self._queue = redis.Redis.from_url(queue)

    def now(self) -> tuple[float, float, float]:
        info = self._queue.info("cpu")
        used = float(info["used_cpu_user"]) + float(info["used_cpu_sys"])
        return seconds_of(self._worker), seconds_of(self._database), used

    def memory(self) -> int:
        return memory_of(self._worker)


if __name__ == "__main__":
    sys.exit(main())
