"""How fast the public pages are on a site far larger than ours, on both databases side by side.

    python -m benchmarks.public_pages [--json] [--rounds N] [--only sqlite or postgresql]
                                      [--pages WORD]

Uses a database of its own with 300 platforms and 10,000 entries (benchmarks.large_site): SQLite
with a cache of files, then PostgreSQL with Redis. Each page is drawn anew in this process, to count
its queries and its time, in three ways:

    data known      as after visits to other pages: the page itself is not cached, the data that it
                    shares with other pages are (decision 23)
    nothing known   all caches are empty: no page, no data, no answer, no words; but code and
                    templates are loaded and the database is connected
    first           the first request of a new process, which also loads templates and translations

Then pages are asked for from a real server (gunicorn, one worker), where they are also given out
from the cache, and to a browser that has them (304).

Other work on the machine makes requests wait but costs them no processor time. So times are given
in both, and judged by processor time and by the ratio to a view that answers "ok" through the same
server and middleware in the same run.
"""

import argparse
import contextlib
import functools
import gc
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.processes import STEP, children_of, seconds_of
from tests.services import ServiceAbsent, free_port, postgresql_server, redis_server

MOST_MS = 200.0  # 95th percentile, of processor time
MOST_QUERIES = 15
LEAST_304, LEAST_DRAWN = 0.5, 0.1  # of the trivial view; aims, not bars
SERVED = (
    *("home", "timeline", "timeline, filtered", "platform", "matrix", "guide"),
    *("list, changes", "list, platforms"),
)
KNOWN = ("data known", "nothing known", "first")
FIRST_ROUNDS = 3  # each in a new process


@dataclass(frozen=True, slots=True)
class Timing:
    """What drawing a page took; milliseconds. cpu: of this process alone."""

    queries: int
    cpu_median: float
    cpu_p95: float
    wall_median: float
    wall_p95: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page, drawn anew each time, by what was known before."""

    page: str
    kilobytes: float
    data_known: Timing
    nothing_known: Timing
    first: Timing


@dataclass(frozen=True, slots=True)
class Served:
    """One page from a server: requests a second as it went, processor time, share of trivial."""

    page: str
    how: str
    per_second: float
    cpu_ms: float
    of_trivial: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--pages", default="", help="only pages with this in their name")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.rounds, arguments.pages)))
        return
    found: dict[str, Any] = {}
    for name, installation in (("sqlite", embedded), ("postgresql", with_services)):
        if arguments.only in (None, name):
            try:
                with installation() as place:
                    found[name] = _in_child(place, arguments.rounds, arguments.pages)
            except ServiceAbsent as absent:
                print(f"{name}: not measured, {absent}.", file=sys.stderr)
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        report(found)
    if slow := list(_over_the_bars(found)):
        sys.exit(f"over {MOST_MS:.0f} ms or {MOST_QUERIES} queries: {', '.join(slow)}")


def _over_the_bars(found: dict[str, Any]) -> Iterator[str]:
    for name, tables in found.items():
        for page in tables["drawn"]:
            for known in ("data_known", "nothing_known"):
                timing = page[known]
                if timing["cpu_p95"] > MOST_MS or timing["queries"] > MOST_QUERIES:
                    yield f"{name}: {page['page']} ({known.replace('_', ' ')})"


def report(found: dict[str, Any]) -> None:
    print("Drawn anew, in this process (ms; cpu is processor time, wall as it went beside others)")
    for name, tables in found.items():
        print(f"\n{name:<24}" + "".join(f"{known:^34}" for known in KNOWN) + f"{'kB':>6}")
        columns = f"{'queries':>10}{'cpu':>8}{'p95':>8}{'wall':>8}"
        print(f"{'page':<24}" + columns * len(KNOWN))
        for row in tables["drawn"]:
            timings = (row[known.replace(" ", "_")] for known in KNOWN)
            line = "".join(
                f"{timing['queries']:>10}{timing['cpu_median']:>8.1f}{timing['cpu_p95']:>8.1f}"
                f"{timing['wall_median']:>8.1f}"
                for timing in timings
            )
            print(f"{row['page']:<24}{line}{row['kilobytes']:>6.1f}")
    _report_served(found)


def _report_served(found: dict[str, Any]) -> None:
    names = list(found)
    print(
        "\nFrom gunicorn with one worker (requests a second, as it went; ratio by processor time)"
    )
    print(f"{'':<44}" + "".join(f"{name:^30}" for name in names))
    print(f"{'page':<24}{'':<20}" + f"{'a second':>10}{'cpu ms':>9}{'ratio':>9}  " * len(names))
    for rows in zip(*(tables["served"] for tables in found.values()), strict=True):
        line = "".join(
            f"{row['per_second']:>10.0f}{row['cpu_ms']:>9.2f}{row['of_trivial']:>9.3f}  "
            for row in rows
        )
        print(f"{rows[0]['page']:<24}{rows[0]['how']:<20}{line}")
    print(f"Aims: 304 at least {LEAST_304} of trivial, the timeline drawn at least {LEAST_DRAWN}.")


@contextlib.contextmanager
def embedded() -> Iterator[dict[str, str]]:
    """Yield the environment of an installation with SQLite and a cache of files."""
    with tempfile.TemporaryDirectory() as folder:
        yield {"VAR_DIR": folder}


@contextlib.contextmanager
def with_services() -> Iterator[dict[str, str]]:
    """Yield the environment of an installation with PostgreSQL and Redis of its own."""
    with (
        postgresql_server() as database,
        redis_server() as redis,
        tempfile.TemporaryDirectory() as folder,
    ):
        yield {
            "VAR_DIR": folder,
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "SECRET_KEY": "a key for a database that is thrown away" * 2,
            "ALLOWED_HOSTS": "testserver,127.0.0.1",
            "CONTACT_EMAIL": "curators@defaulton.example",
            "TRUSTED_PROXIES": "0",
        }


def _in_child(place: dict[str, str], rounds: int, pages: str) -> Any:
    """Return what `measure` finds in a process of its own, run in an installation."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS")
    }
    environment |= place | {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "LOG_LEVEL": "ERROR"}
    Path(place["VAR_DIR"], "static").mkdir()
    options = ["--measure", "--rounds", str(rounds), "--pages", pages]
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.public_pages", *options],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(answer.stdout)


def measure(rounds: int, pages: str = "") -> dict[str, list[dict[str, Any]]]:
    """Prepare the database of this installation, and measure every page on it."""
    import django

    django.setup()
    from django.db import connection

    from benchmarks import large_site

    large_site.prepare()
    addresses = {name: address for name, address in large_site.addresses().items() if pages in name}
    connection.close()
    import_module("config.wsgi")  # what preparing left behind is in no server's way
    with _cache_of("nothing"):
        firsts = {name: _first(address) for name, address in addresses.items()}
    drawn = [
        Drawn(name, *_drawn(address, rounds), first=firsts[name])
        for name, address in addresses.items()
    ]
    connection.close()
    served = _served({name: addresses[name] for name in SERVED if name in addresses}, rounds)
    return {"drawn": [asdict(row) for row in drawn], "served": [asdict(row) for row in served]}


def _drawn(address: str, rounds: int) -> tuple[float, Timing, Timing]:
    """Return the kilobytes of a page, and what drawing it takes with data known and without."""
    with _cache_of("data"):
        _ask_once(address)
        known = _timing([_ask_once(address) for _ in range(rounds)])
    with _cache_of("nothing"):
        kilobytes, _timed_once = _ask_once(address)
        remembered = _remembering_functions()
        asked = []
        for _ in range(rounds):
            for function in remembered:
                function.cache_clear()
            asked.append(_ask_once(address))
    return kilobytes, known, _timing(asked)


def _cache_of(kept: str) -> contextlib.AbstractContextManager[Any]:
    from django.conf import settings
    from django.test.utils import override_settings

    from benchmarks.settings import BACKENDS

    return override_settings(CACHES=settings.CACHES | {"pages": {"BACKEND": BACKENDS[kept]}})


def _remembering_functions() -> list[Any]:
    """Return the functions of ours that remember answers and words (lru_cache)."""
    gc.unfreeze()  # the collector lists nothing that is frozen
    found = [
        each
        for each in gc.get_objects()
        if type(each) is functools._lru_cache_wrapper  # isinstance would wake lazy objects
        and each.__module__.startswith(("consent.", "platforms.places"))
    ]
    gc.freeze()
    return found


def _ask_once(address: str) -> tuple[float, Timing]:
    """Ask for a page in this process; return its kilobytes as sent and what that took."""
    from django.db import connection
    from django.test import Client

    queries = 0

    def count(execute: Callable[..., Any], *query: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*query)

    client = Client(headers={"accept-encoding": "gzip"})
    started, started_cpu = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        answer = client.get(address)
    cpu = (time.process_time() - started_cpu) * 1000
    wall = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200, (address, answer.status_code)
    return len(answer.content) / 1000, Timing(queries, cpu, cpu, wall, wall)


def _first(address: str) -> Timing:
    """Time the first request of new processes that have loaded what a worker loads at its start."""
    asked = []
    for _ in range(FIRST_ROUNDS):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            kilobytes, timing = _ask_once(address)
            os.write(writing, json.dumps([kilobytes, asdict(timing)]).encode())
            os._exit(0)
        os.waitpid(child, 0)
        kilobytes, timing = json.loads(os.read(reading, 1 << 16))
        asked.append((kilobytes, Timing(**timing)))
        os.close(reading)
        os.close(writing)
    return _timing(asked)


def _timing(asked: list[tuple[float, Timing]]) -> Timing:
    cpu = [timing.cpu_median for _kilobytes, timing in asked]
    wall = [timing.wall_median for _kilobytes, timing in asked]
    return Timing(
        queries=max(timing.queries for _kilobytes, timing in asked),
        cpu_median=statistics.median(cpu),
        cpu_p95=statistics.quantiles(cpu, n=20, method="inclusive")[-1],
        wall_median=statistics.median(wall),
        wall_p95=statistics.quantiles(wall, n=20, method="inclusive")[-1],
    )


def _served(addresses: dict[str, str], rounds: int) -> list[Served]:
    rows = []
    with server(KEEP="nothing") as ask:
        bare = _timed(ask, "/trivial", rounds * 20)
        rows.append(Served("trivial", "", 1000 / bare[1], bare[0], 1.0))
        for name, address in addresses.items():
            rows.append(_row(name, "drawn from nothing", _timed(ask, address, rounds), bare[0]))
    with server(KEEP="data") as ask:
        bare = _timed(ask, "/trivial", rounds * 20)
        for name, address in addresses.items():
            took = _timed(ask, address, rounds * 5)
            rows.append(_row(name, "drawn, data known", took, bare[0]))
    with server(KEEP="pages") as ask:
        bare = _timed(ask, "/trivial", rounds * 20)
        for name, address in addresses.items():
            rows.append(_row(name, "kept", _timed(ask, address, rounds * 20), bare[0]))
            known = {"If-None-Match": ask(address, {})[1]}
            rows.append(_row(name, "304", _timed(ask, address, rounds * 20, known), bare[0]))
    return sorted(rows, key=lambda row: [*addresses, "trivial"].index(row.page))


def _row(name: str, how: str, took: tuple[float, float], trivial: float) -> Served:
    cpu, wall = took
    return Served(name, how, 1000 / wall, cpu, trivial / cpu)


class Ask:
    """Asks a server for pages, and knows how much processor time its worker has used."""

    def __init__(self, port: int, worker: int) -> None:
        self.port, self.worker = port, worker

    def __call__(self, address: str, headers: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", address, headers={"Accept-Encoding": "gzip"} | headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.headers.get("ETag", "")

    def cpu(self) -> float:
        """Seconds, in steps of a hundredth: hence many requests for what is quick."""
        return seconds_of(self.worker)


@contextlib.contextmanager
def server(**environment: str) -> Iterator[Ask]:
    """Run gunicorn with one worker, and yield what asks it."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "1"),
            *("--bind", f"127.0.0.1:{port}", "--log-level", "error", "--no-control-socket"),
        ],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(lambda: bool(children_of(process.pid)))
        ask = Ask(port, children_of(process.pid)[0])
        _wait(lambda: _answers(ask))
        yield ask
    finally:
        process.terminate()
        process.wait(20)


def _answers(ask: Ask) -> bool:
    with contextlib.suppress(OSError):
        return ask("/trivial", {})[0] == 200
    return False


def _wait(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError("gunicorn did not start within a minute")
        time.sleep(0.1)


def _timed(
    ask: Ask, address: str, rounds: int, headers: dict[str, str] | None = None
) -> tuple[float, float]:
    """Return milliseconds a request: of the worker's processor time, and as it went."""
    expected = 304 if headers else 200
    for _ in range(3):
        assert ask(address, headers or {})[0] == expected, address
    cpu, wall = ask.cpu(), time.perf_counter()
    for _ in range(rounds):
        ask(address, headers or {})
    wall, cpu = time.perf_counter() - wall, ask.cpu() - cpu
    return max(cpu, STEP) * 1000 / rounds, wall * 1000 / rounds


if __name__ == "__main__":
    main()
