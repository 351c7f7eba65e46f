"""How much a watched page adds in a year: visits, rows, bytes of the database and of the archive.

    python -m benchmarks.visit_year [--days N]

Replays real captures of 15 pages (../shared/data/histories), each at the times at which the watch
would visit it, and scales to a year. The pages are among the noisiest that are known: most bodies
differ at each visit. Everything is in a folder of its own, on SQLite; a dump of PostgreSQL is of
the same order.
"""

from __future__ import annotations

import argparse
import bisect
import datetime as dt
import json
import os
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

_DAY = dt.timedelta(days=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--days", type=int, default=60, help="at most so many of each history")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "CONTACT_EMAIL": "curators@defaulton.example",
            "LOG_LEVEL": "ERROR",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        _measure(Path(folder), days=options.days)


def _watch(page: Any, captures: list[Any], until: dt.datetime) -> None:
    """Visit a page from its first capture on, whenever it is due. captures: times, bodies."""
    from platforms.watch.cycle import Watcher

    clock = _Clock(captures[0][0])
    watcher = Watcher.from_settings(
        clock=clock, sleep=clock.sleep, visit=_Site(clock, captures, page.url)
    )
    while clock.now < until:
        page.refresh_from_db()
        clock.now = max(clock.now + dt.timedelta(seconds=20), page.next_visit_at)
        watcher.check_due(page.pk, page.next_visit_at)


def _measure(folder: Path, *, days: int) -> None:
    from django.db import connection

    from platforms.models import Document, Fetch, Page, Snapshot, VisitDay
    from platforms.watch.pruning import fold_visits

    bytes_before = _database_bytes(connection)
    years = 0.0
    end = None
    for name, rules, captures in _histories():
        page = _page(name, rules, captures[0][0])
        first = captures[0][0]
        until = min(captures[-1][0], first + days * _DAY)
        _watch(page, captures, until)
        years += (until - first) / (365 * _DAY)
        end = max(end or until, until)
        print(f"{name}: {page.fetches.count()} visits, {page.snapshots.count()} snapshots")
    visits = Fetch.objects.count()
    rows = {
        "visits": visits,
        "snapshots": Snapshot.objects.count(),
        "documents": Document.objects.count(),
    }
    database = _database_bytes(connection) - bytes_before
    archive = sum(path.stat().st_size for path in (folder / "archive").rglob("*") if path.is_file())
    received = sum(Snapshot.objects.values_list("size", flat=True))
    assert end is not None
    fold_visits(now=end + 120 * _DAY)
    print(f"\n{Page.objects.count()} pages, {years:.2f} years of watching; a page and year:")
    for label, count in rows.items():
        print(f"  {count / years:10.0f}  {label}")
    print(f"  {Fetch.objects.count() / years:10.0f}  visits kept in full after 90 days")
    print(f"  {VisitDay.objects.count() / years:10.0f}  days that the others were folded into")
    for label, size in (
        ("of the database, before folding", database),
        ("of the database, after folding", _database_bytes(connection) - bytes_before),
        ("of snapshots as received", received),
        ("of the archive", archive),
    ):
        print(f"  {size / years / 1e6:10.2f}  MB {label}")


class _Clock:
    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


class _Site:
    """Gives the capture that was current at the time."""

    def __init__(self, clock: _Clock, captures: list[tuple[dt.datetime, bytes]], url: str) -> None:
        self._clock, self._captures, self._url = clock, captures, url

    def __call__(self, url: str, **_: Any) -> Any:
        from platforms.fetching.page import FetchedPage

        times = [time for time, _body in self._captures]
        place = max(0, bisect.bisect_right(times, self._clock.now) - 1)
        headers = {"content-type": "text/html; charset=utf-8"}
        return FetchedPage(url, url, 200, headers, self._captures[place][1])


def _histories() -> Iterator[tuple[str, dict[str, Any], list[tuple[dt.datetime, bytes]]]]:
    from tests.shared_data import shared_file

    manifest = shared_file("data/histories/manifest.jsonl").read_text().splitlines()
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in sorted(map(json.loads, manifest), key=lambda record: record["fetched_at"]):
        by_name[record["history"]].append(record)
    for name, records in sorted(by_name.items()):
        bodies = {}
        with closing(tarfile.open(shared_file(f"data/histories/{name}.tar.xz"))) as tar:
            for member in tar:
                if file := tar.extractfile(member):
                    bodies[member.name] = file.read()
        yield (
            name,
            {rule: records[-1][rule] for rule in ("select", "remove")},
            [
                (dt.datetime.fromisoformat(each["fetched_at"]), bodies[each["file"]])
                for each in records
            ],
        )


def _page(name: str, rules: dict[str, Any], first: dt.datetime) -> Any:
    from platforms.models import Host, Page, Platform
    from platforms.vocabulary import Category, PageKind
    from tests.arranging import arranged

    with arranged():
        platform, _ = Platform.objects.get_or_create(
            slug="real",
            defaults={
                "name": "Real",
                "operator": "Real",
                "category": Category.ASSISTANT,
                "homepage": "https://real.example",
            },
        )
        page = Page.objects.create(
            platform=platform,
            url=f"https://{name}.example/terms",
            kind=PageKind.PRIVACY_POLICY,
            title=name,
            next_visit_at=first,
            **rules,
        )
    # Its robots.txt is asked for by nobody here.
    Host.objects.create(
        name=f"https://{name}.example",
        free_at=first,
        robots_status=404,
        robots_asked_at=first + 3650 * _DAY,
    )
    return page


def _database_bytes(connection: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_size")
        return int(pages * cursor.fetchone()[0])


if __name__ == "__main__":
    main()
