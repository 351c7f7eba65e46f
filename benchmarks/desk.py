"""How fast an item of the curation desk opens with 5,000 waiting changes, with how many queries.

The limit of time is that of an item; the list is measured beside it. The limits are compared with
processor time, which says the same on a busy machine. A change of 5,700 passages has a limit of its
own: it is compared anew each time (cold), as a process does that has not shown it yet.

    python -m benchmarks.desk [--cases FILE] [--rounds N]

Fills an empty database under a temporary VAR_DIR. The texts are real ones: the shared labelled
changes (SHARED_DATA or ../shared), taken in turn until 5,000 wait; the suggestion of each text
is made once. Pages are asked for through all middleware, in this process.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WAITING = 5_000
#: Texts that are taken in turn: reading more of them would only make filling longer.
TEXTS = 100
MOST_MS, MOST_QUERIES = 150.0, 20
PASSAGES, MOST_MS_OF_LONG, LONG_ROUNDS = 5_700, 500.0, 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    shared = Path(os.environ.get("SHARED_DATA", Path(__file__).resolve().parents[2] / "shared"))
    parser.add_argument("--cases", type=Path, default=shared / "data" / "changes-dev.jsonl.xz")
    # Texts differ a hundredfold in length: of few items the p95 is the luck of the draw.
    parser.add_argument("--rounds", type=int, default=300)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        import django

        django.setup()
        fits = run(arguments.cases, arguments.rounds)
    sys.exit(0 if fits else 1)


def run(cases: Path, rounds: int) -> bool:
    """Fill, measure and print; return whether both limits hold."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client

    from consent.models import Change
    from tests.practice.backlog import load_backlog

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    call_command("migrate", verbosity=0)
    import config.wsgi  # noqa: F401  (collects garbage as rarely as the web server does)

    load_backlog(cases, WAITING, texts=TEXTS)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.create_superuser("ada"))
    waiting = list(Change.objects.waiting().by_weight().values_list("pk", flat=True))
    items = waiting[:: max(1, len(waiting) // rounds)]
    print(f"{len(waiting)} waiting; at most {MOST_MS:.0f} ms, {MOST_QUERIES} queries")
    of_list = measured(client, "list", ["/admin/consent/change/"] * rounds)
    of_item = measured(client, "item", [f"/admin/consent/change/{pk}/change/" for pk in items])
    few = max(of_list.queries, of_item.queries) <= MOST_QUERIES
    return all([few, of_item.p95_ms <= MOST_MS, opens_long_change(client)])


def opens_long_change(client: Any) -> bool:
    """Print what the first part of a change of thousands of passages takes; return if it fits."""
    from consent.public.timeline.page_diffs import compare_texts
    from tests.consent.public.timeline.test_long_changes import texts
    from tests.factories import make_change, make_page, make_platform

    page = make_page(make_platform("long"), url="https://long.example/terms")
    change = make_change(page, *texts(PASSAGES))
    address = f"/admin/consent/change/{change.pk}/change/"
    limit = f"at most {MOST_MS_OF_LONG:.0f} ms"
    warm = measured(client, f"{PASSAGES} passages, again", [address] * LONG_ROUNDS)
    cold = measured(
        client,
        f"{PASSAGES} passages, cold ({limit})",
        [address] * LONG_ROUNDS,
        before=compare_texts.cache_clear,
    )
    return max(warm.p95_ms, cold.p95_ms) <= MOST_MS_OF_LONG


@dataclass(frozen=True, slots=True)
class Measured:
    """What pages of one kind took, in processor time; the most queries of any of them."""

    p95_ms: float
    queries: int


def measured(
    client: Any, name: str, addresses: list[str], before: Callable[[], None] = lambda: None
) -> Measured:
    """Ask for each address after asking for the first once; print what they took.

    before: is called before each, and is not measured.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(addresses[0])
    wall: list[float] = []
    cpu: list[float] = []
    queries = 0
    for address in addresses:
        before()
        began, began_cpu = time.perf_counter(), time.process_time()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        wall.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - began_cpu))
        assert answer.status_code == 200, (address, answer.status_code)
        queries = max(queries, len(asked))
    p95, p95_wall = (statistics.quantiles(times, n=20)[-1] for times in (cpu, wall))
    print(
        f"{name}: processor time median {statistics.median(cpu):.0f} ms, p95 {p95:.0f} ms"
        f" (wall: {statistics.median(wall):.0f} and {p95_wall:.0f} ms), {queries} queries"
    )
    return Measured(p95, queries)


if __name__ == "__main__":
    main()
