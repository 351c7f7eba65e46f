"""How many pages a second one worker of two processes takes through the whole cycle.

    python -m benchmarks.cycle [--pages N] [--kilobytes K] [--json] [--profile]

Starts PostgreSQL, Redis and a Celery worker of its own, and a server of pages in a process beside
them; all share the machine, and its load is printed with the figures. Pages are on many hosts
(127.0.0.0/8), because one worker at a time visits a host; the pause between visits is 0.
Three rounds:

    first       every page is read for the first time and kept in the archive
    unchanged   every page answers in full, with new tokens and the same text
    304         every page answers "not modified"

A round lasts from the start of its first visit to the end of its last, by the Fetch rows. The
processor time of the worker for a visit is printed too, because other work on the machine changes
it less; two processes with a processor each cannot do more than 2000 / that a second.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from benchmarks.processes import seconds_of
from benchmarks.simulated_hosts import TAG, add_pages, simulated_hosts
from tests.main_job.installation import Installation, until
from tests.services import free_port, postgresql_server, redis_server

TARGET = 60.0
HOSTS = 200


@dataclass(frozen=True, slots=True)
class Round:
    """visits_per_second: of one worker with two processes. worker_ms: processor time a visit."""

    name: str
    visits: int
    outcomes: dict[str, int]
    seconds: float
    visits_per_second: float
    worker_ms: float


@dataclass(frozen=True, slots=True)
class Report:
    pages: int
    kilobytes: int
    processors: int
    load_before: float
    rounds: list[Round]
    target_met: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--kilobytes", type=int, default=350, help="size of a page as received")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument(
        "--profile", action="store_true", help="visit in this process and print where time goes"
    )
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with place(options.kilobytes) as installation:
        port = int(installation.environment["SITE_PORT"])
        add_pages(installation, port, hosts=HOSTS, pages=options.pages)
        if options.profile:
            profile(installation)
            return
        start = cost_of_a_start(installation)
        rounds = [visited(installation, name, start) for name in ("first", "unchanged", "304")]
    report = Report(
        pages=options.pages,
        kilobytes=options.kilobytes,
        processors=os.cpu_count() or 1,
        load_before=round(load, 2),
        rounds=rounds,
        target_met=rounds[1].visits_per_second >= TARGET,
    )
    print(json.dumps(asdict(report), indent=2) if options.json else as_table(report))


@contextlib.contextmanager
def place(kilobytes: int) -> Iterator[Installation]:
    """Everything running but the worker."""
    port = free_port()
    with (
        postgresql_server() as database_url,
        redis_server() as redis_url,
        tempfile.TemporaryDirectory(prefix="cycle-") as folder,
        simulated_hosts(port, kilobytes),
    ):
        installation = Installation(
            Path(folder),
            forked=False,
            site_port=port,
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
            SECRET_KEY=secrets.token_hex(32),
            FETCH_LEASE="60",
            SITE_PORT=str(port),
            LOG_LEVEL="WARNING",
        )
        installation.manage("migrate", "--verbosity", "0")
        yield installation


def cost_of_a_start(installation: Installation) -> float:
    """Return the seconds of processor time that a worker takes before its first visit."""
    with installation.worker() as worker:
        time.sleep(1)
        return seconds_of(worker.pid)


def visited(installation: Installation, name: str, start: float) -> Round:
    """Let all pages be due, start the worker, and wait until it has visited every one.

    start: the processor seconds that a worker takes to start.
    """
    with psycopg.connect(installation.environment["DATABASE_URL"], autocommit=True) as database:
        (before,) = one_row(database, "SELECT coalesce(max(id), 0) FROM platforms_fetch")
        make_all_due(installation, tag=TAG if name == "304" else "")
        (due,) = one_row(database, "SELECT count(*) FROM platforms_page")

        def all_visited() -> bool:
            time.sleep(1)
            count = "SELECT count(*) FROM platforms_fetch WHERE id > %s"
            return bool(one_row(database, count, before)[0] >= due)

        with installation.worker() as worker:
            until(all_visited, "all pages are visited", patience=900)
            used = seconds_of(worker.pid) - start
        (seconds,) = one_row(
            database,
            "SELECT extract(epoch FROM max(finished_at) - min(started_at))::float"
            " FROM platforms_fetch WHERE id > %s",
            before,
        )
        outcomes = database.execute(
            "SELECT outcome, count(*) FROM platforms_fetch WHERE id > %s GROUP BY 1", [before]
        ).fetchall()
    return Round(
        name=name,
        visits=due,
        outcomes=dict(outcomes),
        seconds=round(seconds, 2),
        visits_per_second=round(due / seconds, 1),
        worker_ms=round(used / due * 1000, 1),
    )


def make_all_due(installation: Installation, *, tag: str) -> None:
    """Let all pages be due and queue their visits. tag: the ETag that their last visit got."""
    run(
        installation,
        f"""
from django.utils import timezone
from platforms.models import Page
from platforms.tasks import check_due_pages
Page.objects.update(next_visit_at=timezone.now(), validators={{"etag": {tag!r}}})
check_due_pages()
""",
    )


def one_row(database: psycopg.Connection, query: LiteralString, *values: Any) -> Any:
    return database.execute(query, values).fetchone()


def run(installation: Installation, code: str) -> str:
    return installation.manage("shell", "--no-imports", "-c", code).stdout


def profile(installation: Installation) -> None:
    """Visit all pages in one process, then again under the profiler; print where time goes."""
    printed = run(
        installation,
        """
import cProfile, pstats, time
from django.utils import timezone
from platforms.models import Page
from platforms.tasks import check_page
def visit_all():
    now = timezone.now()
    Page.objects.update(next_visit_at=now, validators={})
    for page_id in list(Page.objects.values_list("pk", flat=True)):
        check_page(page_id, now.isoformat())
visit_all()
started = time.perf_counter()
visit_all()
print(Page.objects.count() / (time.perf_counter() - started), "visits a second, one process")
profiler = cProfile.Profile()
profiler.runcall(visit_all)
pstats.Stats(profiler).sort_stats("cumulative").print_stats(90)
pstats.Stats(profiler).sort_stats("tottime").print_stats(40)
""",
    )
    print(printed)


def as_table(report: Report) -> str:
    lines = [
        f"{report.pages} pages of {report.kilobytes} kB, {report.processors} processors, "
        f"load {report.load_before} before",
        "",
        f"{'':12}{'visits':>8}{'seconds':>10}{'a second':>10}{'worker ms':>11}",
        *(
            f"{round.name:12}{round.visits:8}{round.seconds:10.2f}{round.visits_per_second:10.1f}"
            f"{round.worker_ms:11.1f}"
            f"  {', '.join(f'{name} {count}' for name, count in round.outcomes.items())}"
            for round in report.rounds
        ),
        "",
        f"{'met' if report.target_met else 'MISSED'}: unchanged pages, {TARGET:.0f} a second",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
