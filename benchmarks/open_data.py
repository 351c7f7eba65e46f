"""How fast the API is drawn and given out, and what a dump costs, on a site far larger than ours.

    python -m benchmarks.open_data [--rounds N]

Fills an empty SQLite database of its own as benchmarks.public_pages does: 300 platforms and 10,000
entries. Each list is drawn anew in this process; then a server with one worker (gunicorn) gives out
answers that are kept. A dump is written by a process of its own, whose memory is that of its peak.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MOST_MS, LEAST_KEPT, MOST_DUMP_SECONDS, MOST_DUMP_MB = 60.0, 1000, 20.0, 200
LISTS = ("entries", "platforms", "uses", "states", "controls", "guides", "pages")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--step", choices=["fill", "draw", "dump"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        print(json.dumps(globals()[f"_{arguments.step}"](arguments.rounds)))
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "static").mkdir()
        environment = os.environ | {
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "LOG_LEVEL": "ERROR",
        }
        for step in ("fill", "draw", "dump"):
            command = [sys.executable, "-m", "benchmarks.open_data", "--step", step]
            answer = subprocess.run(
                [*command, "--rounds", str(arguments.rounds)],
                env=environment,
                stdout=subprocess.PIPE,
                check=True,
            )
            for name, figure in json.loads(answer.stdout.splitlines()[-1]).items():
                print(f"{name:<40}{figure}")
    print(
        f"Bars: drawn p95 {MOST_MS:.0f} ms, kept {LEAST_KEPT} a second,"
        f" dump {MOST_DUMP_SECONDS:.0f} s and {MOST_DUMP_MB} MB."
    )


def _fill(rounds: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks.large_site import fill
    from consent.ledger.entry_versions import number_entries

    call_command("migrate", verbosity=0)
    fill()
    began = time.process_time()
    count = number_entries()
    numbered = time.process_time() - began
    number_entries()
    return {
        f"number {count} entries, s": round(numbered, 1),
        "number them again, s": round(time.process_time() - began - numbered, 1),
    }


def _draw(rounds: int) -> dict[str, Any]:
    from django.core.cache import caches
    from django.test import Client

    import config.wsgi  # noqa: F401  (what a server loads, set aside for the collector of garbage)
    from benchmarks.public_pages import _timed, server
    from consent.web import editions, limits
    from consent.web.parts import parts_of

    limits.MOST = 10**9
    found: dict[str, Any] = {}
    client = Client(headers={"host": "127.0.0.1"})
    for name in LISTS:
        wall = []
        client.get(f"/api/v1/{name}")  # what a process learns with its first request
        for _ in range(rounds):
            caches["pages"].clear()
            editions.begin()
            began = time.process_time()
            assert client.get(f"/api/v1/{name}").status_code == 200
            wall.append((time.process_time() - began) * 1000)
        found[f"{name}: all anew, p95 ms"] = round(statistics.quantiles(wall, n=20)[-1], 1)
        with parts_of("benchmark"):
            client.get(f"/api/v1/{name}?lang=en")
        wall = []
        for number in range(rounds):
            began = time.process_time()
            address = f"/api/v1/{name}?lang=en&limit={100 - number % 50}"
            assert client.get(address).status_code == 200
            wall.append((time.process_time() - began) * 1000)
        found[f"{name}: parts known, p95 ms"] = round(statistics.quantiles(wall, n=20)[-1], 1)
    with server() as ask:
        cpu, wall_ms = _timed(ask, "/api/v1/entries", 250)
        # One client that waits for each answer leaves the worker idle while it reads.
        found["entries kept, a second, one client"] = round(1000 / wall_ms)
        found["entries kept, a second of the worker"] = round(1000 / cpu)
    return found


def _dump(rounds: int) -> dict[str, Any]:
    import django

    django.setup()
    from consent.open_data.dumps import dumps_folder, write_dump

    began, cpu = time.perf_counter(), time.process_time()
    written = write_dump(dumps_folder())
    return {
        "dump, s": round(time.perf_counter() - began, 1),
        "dump, s of processor time": round(time.process_time() - cpu, 1),
        "dump, MB of memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "dump, MB": round(sum(each.stat().st_size for each in written.iterdir()) / 1e6, 1),
    }


if __name__ == "__main__":
    main()
