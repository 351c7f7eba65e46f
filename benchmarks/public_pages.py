"""How fast the public pages are on a site far larger than ours, on both databases side by side.

    python -m benchmarks.public_pages [--json] [--rounds N] [--only sqlite or postgresql]

Fills an empty database of its own with 300 platforms of three uses with two branches and two
controls each, 10,000 entries and 100,000 snapshots: SQLite
with a cache of files, then PostgreSQL with Redis, both private and thrown away. Each page is drawn
anew in this process, to count its questions and its time, in two ways: with nothing kept, and with
all its parts known, as after a visit to views that show the same rows and lists (decision 13).
Then the same from a real server (gunicorn, one worker), where it is also given out as it is kept,
and to a browser that has it (304).

Other work on the machine makes requests wait but costs them no processor time. So times are given
in both, and judged by processor time and by the ratio to a view that answers "ok" through the same
server and middleware in the same run.
"""

import argparse
import contextlib
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

from tests.services import ServiceAbsent, free_port, postgresql_server, redis_server

MOST_MS = 200.0  # 95th percentile, of processor time
MOST_QUERIES = 15
LEAST_304, LEAST_DRAWN = 0.5, 0.1  # of the trivial view; aims, not bars
PLATFORMS, ENTRIES, SNAPSHOTS = 300, 10_000, 100_000
PAGES_PER_PLATFORM, USES_PER_PLATFORM = 5, 3
SERVED = ("home", "timeline", "timeline, filtered", "platform", "matrix", "guide")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page, drawn anew each time; milliseconds. cpu: of this process alone.

    beside_parts: with all its parts known, which leaves what is the page's own.
    """

    page: str
    queries: int
    cpu_median: float
    cpu_p95: float
    wall_median: float
    wall_p95: float
    kilobytes: float
    queries_beside_parts: int
    cpu_beside_parts: float


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
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.rounds)))
        return
    found = {}
    for name, installation in (("sqlite", _embedded), ("postgresql", _with_services)):
        if arguments.only in (None, name):
            try:
                with installation() as place:
                    found[name] = _in_child(place, arguments.rounds)
            except ServiceAbsent as absent:
                print(f"{name}: not measured, {absent}.", file=sys.stderr)
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        report(found)
    slow = [
        f"{name}: {page['page']}"
        for name, tables in found.items()
        for page in tables["drawn"]
        if page["cpu_p95"] > MOST_MS or page["queries"] > MOST_QUERIES
    ]
    if slow:
        sys.exit(f"over {MOST_MS:.0f} ms or {MOST_QUERIES} questions: {', '.join(slow)}")


def report(found: dict[str, Any]) -> None:
    print("Drawn anew, in this process (ms; cpu is processor time, wall as it went beside others):")
    print("with nothing kept and, after the bar, with all parts of the page known")
    names = list(found)
    print(f"{'':<24}" + "".join(f"{name:^62}" for name in names))
    columns = f"{'questions':>10}{'cpu':>7}{'p95':>7}{'wall':>7}{'p95':>7}{'kB':>6}  |"
    columns += f"{'questions':>10}{'cpu':>6} "
    print(f"{'page':<24}" + columns * len(names))
    for rows in zip(*(tables["drawn"] for tables in found.values()), strict=True):
        line = "".join(
            f"{row['queries']:>10}{row['cpu_median']:>7.1f}{row['cpu_p95']:>7.1f}"
            f"{row['wall_median']:>7.1f}{row['wall_p95']:>7.1f}{row['kilobytes']:>6.1f}  |"
            f"{row['queries_beside_parts']:>10}{row['cpu_beside_parts']:>6.1f} "
            for row in rows
        )
        print(f"{rows[0]['page']:<24}{line}")
    print()
    print("From gunicorn with one worker (a second: requests, as it went; ratio by processor time)")
    print(f"{'':<44}" + "".join(f"{name:^30}" for name in names))
    print(f"{'page':<24}{'':<20}" + f"{'a second':>10}{'cpu ms':>9}{'ratio':>9}  " * len(names))
    for rows in zip(*(tables["served"] for tables in found.values()), strict=True):
        line = "".join(
            f"{row['per_second']:>10.0f}{row['cpu_ms']:>9.2f}{row['of_trivial']:>9.3f}  "
            for row in rows
        )
        print(f"{rows[0]['page']:<24}{rows[0]['how']:<20}{line}")
    print(f"Aims: 304 at least {LEAST_304} of trivial, the timeline drawn at least {LEAST_DRAWN}.")
    print("Drawn, parts known: the page itself is not kept, all that other pages share with it is.")


@contextlib.contextmanager
def _embedded() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield {"VAR_DIR": folder}


@contextlib.contextmanager
def _with_services() -> Iterator[dict[str, str]]:
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


def _in_child(place: dict[str, str], rounds: int) -> Any:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS")
    }
    environment |= place | {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "LOG_LEVEL": "ERROR"}
    Path(place["VAR_DIR"], "static").mkdir()
    command = [sys.executable, "-m", "benchmarks.public_pages", "--measure", "--rounds"]
    answer = subprocess.run(
        [*command, str(rounds)], env=environment, stdout=subprocess.PIPE, check=True
    )
    return json.loads(answer.stdout)


def measure(rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Fill the database of this installation, and measure every page on it."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    addresses = fill()
    import_module("config.wsgi")  # what filling left behind is in no server's way
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # PostgreSQL does so by itself, but not within seconds
    drawn = [_drawn(name, address, rounds) for name, address in addresses.items()]
    connection.close()
    served = _served({name: addresses[name] for name in SERVED}, rounds)
    return {"drawn": [asdict(row) for row in drawn], "served": [asdict(row) for row in served]}


def _drawn(name: str, address: str, rounds: int) -> Drawn:
    queries, cpu, wall, size = _drawn_with("nothing", address, rounds)
    known_queries, known_cpu, _, _ = _drawn_with("parts", address, rounds)
    return Drawn(
        page=name,
        queries=queries,
        cpu_median=statistics.median(cpu),
        cpu_p95=statistics.quantiles(cpu, n=20, method="inclusive")[-1],
        wall_median=statistics.median(wall),
        wall_p95=statistics.quantiles(wall, n=20, method="inclusive")[-1],
        kilobytes=size / 1000,
        queries_beside_parts=known_queries,
        cpu_beside_parts=statistics.median(known_cpu),
    )


def _drawn_with(kept: str, address: str, rounds: int) -> tuple[int, list[float], list[float], int]:
    """Return questions, milliseconds of processor and clock of each round, and the page's size."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    from benchmarks.settings import BACKENDS

    pages = {"pages": {"BACKEND": BACKENDS[kept]}}
    with override_settings(CACHES=settings.CACHES | pages):
        client = Client(headers={"accept-encoding": "gzip"})
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
            asked = len(queries)  # now: later requests empty the log
        cpu, wall = [], []
        for _ in range(rounds):
            started, started_cpu = time.perf_counter(), time.process_time()
            client.get(address)
            cpu.append((time.process_time() - started_cpu) * 1000)
            wall.append((time.perf_counter() - started) * 1000)
    return asked, cpu, wall, len(answer.content)


def _served(addresses: dict[str, str], rounds: int) -> list[Served]:
    rows = []
    with _server(KEEP="nothing") as ask:
        bare = _timed(ask, "/trivial", rounds * 20)
        rows.append(Served("trivial", "", 1000 / bare[1], bare[0], 1.0))
        for name, address in addresses.items():
            rows.append(_row(name, "drawn from nothing", _timed(ask, address, rounds), bare[0]))
    with _server(KEEP="parts") as ask:
        bare = _timed(ask, "/trivial", rounds * 20)
        for name, address in addresses.items():
            took = _timed(ask, address, rounds * 5)
            rows.append(_row(name, "drawn, parts known", took, bare[0]))
    with _server(KEEP="pages") as ask:
        bare = _timed(ask, "/trivial", rounds * 20)
        for name, address in addresses.items():
            rows.append(_row(name, "kept", _timed(ask, address, rounds * 20), bare[0]))
            known = {"If-None-Match": ask(address, {})[1]}
            rows.append(_row(name, "304", _timed(ask, address, rounds * 20, known), bare[0]))
    return sorted(rows, key=lambda row: [*addresses, "trivial"].index(row.page))


def _row(name: str, how: str, took: tuple[float, float], trivial: float) -> Served:
    cpu, wall = took
    return Served(name, how, 1000 / wall, cpu, trivial / cpu)


class _Ask:
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
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@contextlib.contextmanager
def _server(**environment: str) -> Iterator[_Ask]:
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
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        _wait(lambda: bool(children.read_text().split()))
        ask = _Ask(port, int(children.read_text().split()[0]))
        _wait(lambda: _answers(ask))
        yield ask
    finally:
        process.terminate()
        process.wait(20)


def _answers(ask: _Ask) -> bool:
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
    ask: _Ask, address: str, rounds: int, headers: dict[str, str] | None = None
) -> tuple[float, float]:
    """Return milliseconds a request: of the worker's processor time, and as it went."""
    expected = 304 if headers else 200
    for _ in range(3):
        assert ask(address, headers or {})[0] == expected, address
    cpu, wall = ask.cpu(), time.perf_counter()
    for _ in range(rounds):
        ask(address, headers or {})
    wall, cpu = time.perf_counter() - wall, ask.cpu() - cpu
    return max(cpu, 1 / _TICKS) * 1000 / rounds, wall * 1000 / rounds


def fill() -> dict[str, str]:
    """Fill the database; return the address of a page of each kind."""
    import datetime as dt

    from django.utils import timezone

    from consent.models import (
        Branch,
        Control,
        ControlSurface,
        Entry,
        Guide,
        GuideStep,
        GuideSurface,
        Source,
        State,
        Use,
    )
    from consent.vocabulary import DataKind, Direction, Effect, StateValue
    from platforms.models import Fetch, Page, Platform, Snapshot
    from platforms.vocabulary import Category
    from tests.arranging import arranged

    now = timezone.now()
    today = now.date()
    categories, kinds, effects = list(Category), list(DataKind), list(Effect)
    values, directions = list(StateValue), list(Direction)

    @arranged()
    def many(model: Any, records: list[Any]) -> list[Any]:
        return list(model.objects.bulk_create(records, batch_size=2_000))

    platforms = many(
        Platform,
        [
            Platform(
                slug=f"platform-{n}",
                name=f"Platform {n}",
                operator=f"Operator {n // 3}",
                category=categories[n % len(categories)],
                homepage=f"https://p{n}.example",
                aliases=[f"p{n}.example", f"alias {n}"],
                summary="Posts are used to train models unless a switch is cleared. " * 3,
            )
            for n in range(PLATFORMS)
        ],
    )
    pages = many(
        Page,
        [
            Page(
                platform=platform,
                url=f"https://{platform.slug}.example/{n}",
                kind="help",
                title=f"Help {n}",
                last_visited_at=now,
                last_looked_at=now,
                health="ok",
                next_visit_at=now + dt.timedelta(hours=6),
            )
            for platform in platforms
            for n in range(PAGES_PER_PLATFORM)
        ],
    )
    per_page = SNAPSHOTS // len(pages)
    many(
        Snapshot,
        [
            Snapshot(
                page=page,
                sha256=f"{page.pk:032x}{n:032x}",
                size=50_000,
                final_url=page.url,
                first_seen_at=now - dt.timedelta(hours=12 * n + 1),
                last_seen_at=now - dt.timedelta(hours=12 * n),
            )
            for page in pages
            for n in range(per_page)
        ],
    )
    many(
        Fetch,
        [
            Fetch(
                page=page,
                visit=now - dt.timedelta(hours=6 * n),
                started_at=now - dt.timedelta(hours=6 * n),
                finished_at=now - dt.timedelta(hours=6 * n),
                outcome="read",
            )
            for page in pages
            for n in range(60)
        ],
    )
    uses = many(
        Use,
        [
            Use(
                platform=platform,
                slug=f"use-{n}",
                title=f"Your posts and pictures train models, part {n}",
                title_if_not=f"Your posts and pictures train no models, part {n}",
                purpose="ads" if n == 2 and platform.pk % 4 == 0 else "training",
                covers="Posts, pictures and prompts",
                data_kinds=[kinds[(platform.pk + n + m) % len(kinds)].value for m in range(2)],
                position=n,
                status="published",
            )
            for platform in platforms
            for n in range(USES_PER_PLATFORM)
        ],
    )
    branches = many(
        Branch,
        [
            Branch(use=use, people=["personal"], position=n, **where)
            for use in uses
            for n, where in enumerate(({"except_places": ["EEA", "GB"]}, {"places": ["EEA", "GB"]}))
        ],
    )
    controls = many(
        Control,
        [
            Control(
                platform=platform,
                slug=f"control-{n}",
                label=f"Use my data to improve models, part {n}",
                refuse="turn-off",
                position=n,
                status="published",
            )
            for platform in platforms
            for n in range(2)
        ],
    )
    many(
        Control.uses.through,
        [
            Control.uses.through(control=control, use=use)
            for n, control in enumerate(controls)
            for use in uses[n // 2 * USES_PER_PLATFORM :][: USES_PER_PLATFORM - n % 2]
        ],
    )
    many(
        ControlSurface,
        [
            ControlSurface(control=control, surface="web", path="Settings › Privacy › Training")
            for control in controls
        ],
    )
    days = [today - dt.timedelta(days=n % 2_000 - 20) for n in range(ENTRIES)]
    entries = [
        Entry(
            key=f"entry-{n}",
            public_id=f"{n:010x}",
            title=f"Platform {n % PLATFORMS} changes what it does with posts, number {n}",
            summary="Posts and pictures are used unless people clear a box. " * 4,
            effects=[effects[n % len(effects)].value],
            direction=directions[n % len(directions)],
            data_kinds=[kinds[n % len(kinds)].value],
            places=[] if n % 3 else ["EU", "GB"],
            confidence="high",
            basis="reported",
            effective_on=days[n],
            timeline_on=days[n],
            status="published",
            published_at=now - dt.timedelta(minutes=n),
        )
        for n in range(ENTRIES)
    ]
    entries = many(Entry, entries)
    many(
        Entry.platforms.through,
        [
            Entry.platforms.through(entry=entry, platform=platforms[n % PLATFORMS])
            for n, entry in enumerate(entries)
        ],
    )
    many(
        Entry.uses.through,
        [
            Entry.uses.through(entry=entry, use=uses[n % len(uses)])
            for n, entry in enumerate(entries)
        ],
    )
    many(
        Source,
        [
            Source(entry=entry, url=f"https://news.example/{n}/{m}", publisher="Example Times")
            for n, entry in enumerate(entries)
            for m in range(3)
        ],
    )
    many(
        State,
        [
            State(
                branch=branch,
                value=values[(n + step) % len(values)],
                starts_on=today - dt.timedelta(days=300 * (3 - step)),
                opened_by=entries[n],
            )
            for n, branch in enumerate(branches)
            for step in range(3)
        ],
    )
    guides = many(
        Guide,
        [
            Guide(
                platform=platform,
                slug=f"{platform.slug}-off",
                title=f"Turn it off on {platform.name}",
                caveats=["For the future only."],
                minutes=2,
                status="published",
            )
            for platform in platforms
        ],
    )
    many(
        Guide.controls.through,
        [
            Guide.controls.through(guide=guide, control=controls[2 * n])
            for n, guide in enumerate(guides)
        ],
    )
    surfaces = many(GuideSurface, [GuideSurface(guide=guide, surface="web") for guide in guides])
    many(
        GuideStep,
        [
            GuideStep(surface=surface, position=n, act="Open the settings.")
            for surface in surfaces
            for n in range(1, 6)
        ],
    )
    middle = entries[ENTRIES // 2]
    return {
        "home": "/",
        "timeline": "/timeline",
        "timeline, filtered": f"/timeline?platform=platform-7&direction={entries[7].direction}",
        "timeline, of a place": "/timeline?place=DE&kind=default-on",
        "timeline, old page": f"/timeline?older={middle.public_id}",
        "change": middle.get_absolute_url(),
        "platforms": "/platforms",
        "platforms, of a place": "/platforms?place=DE",
        "platform": "/platforms/platform-7",
        "platform, of a place": "/platforms/platform-7?place=DE",
        "matrix": "/matrix",
        "matrix, of a place": "/matrix?place=DE",
        "guides": "/guides",
        "guide": guides[7].get_absolute_url(),
        "search, a platform": "/search?q=is+platform+7+training+on+my+posts",
        "search, words": "/search?q=pictures+number+7",
        "search, a slip": "/search?q=pictuers",
        "timeline, of words": "/timeline?q=pictures",
        "matrix, as a list": "/matrix?view=list",
        "checklist, choosing": "/checklist",
        "checklist": "/checklist?p=platform-7&p=platform-8",
        "status": "/status",
        "corrections": "/corrections",
        "about": "/about",
        "feed": "/feeds/timeline.atom",
        "matrix, CSV": "/matrix.csv",
    }


if __name__ == "__main__":
    main()
