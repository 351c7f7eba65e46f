"""How fast the public pages are on a site far larger than ours, and how many questions they ask.

    python -m benchmarks.public_pages [--json] [--rounds N]
    python -m tests.services python -m benchmarks.public_pages      (on PostgreSQL and Redis)

Fills an empty database of its own (under a temporary VAR_DIR, or at DATABASE_URL) with 300
platforms, 10,000 entries and 100,000 snapshots, then asks for each page through all middleware,
in this process. Ratios compare with a view that answers "ok" through the same middleware.
"""

import argparse
import datetime as dt
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MOST_MS = 200.0  # 95th percentile
MOST_QUERIES = 15
PLATFORMS, ENTRIES, SNAPSHOTS = 300, 10_000, 100_000
PAGES_PER_PLATFORM, SETTINGS_PER_PLATFORM = 5, 4


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: times in milliseconds, and its speed as a share of the trivial view's."""

    page: str
    median_ms: float
    p95_ms: float
    queries: int
    kilobytes: float
    of_trivial: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        if "DATABASE_URL" in os.environ:
            os.environ.setdefault("SECRET_KEY", "a key for a database that is thrown away" * 2)
            os.environ.setdefault("ALLOWED_HOSTS", "testserver")
        import django

        django.setup()
        found = run(arguments.rounds, Path(folder))
    if arguments.json:
        print(json.dumps([asdict(each) for each in found], indent=2))
    else:
        print(
            f"{'page':<24}{'median ms':>10}{'p95 ms':>10}{'queries':>9}{'kB':>8}{'of trivial':>12}"
        )
        for each in found:
            print(
                f"{each.page:<24}{each.median_ms:>10.1f}{each.p95_ms:>10.1f}{each.queries:>9}"
                f"{each.kilobytes:>8.1f}{each.of_trivial:>12.3f}"
            )
    if any(each.p95_ms > MOST_MS or each.queries > MOST_QUERIES for each in found):
        sys.exit(f"slower than {MOST_MS:.0f} ms or more than {MOST_QUERIES} questions")


def run(rounds: int, folder: Path) -> list[Measured]:
    from django.core.management import call_command
    from django.http import HttpRequest, HttpResponse
    from django.test.utils import override_settings
    from django.urls import include, path

    def trivial(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    call_command("migrate", verbosity=0)
    addresses = fill()
    urls = type(
        "Urls", (), {"urlpatterns": [path("trivial", trivial), path("", include("config.urls"))]}
    )
    plain_static = {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    from django.conf import settings

    with override_settings(
        ROOT_URLCONF=urls, ALLOWED_HOSTS=["testserver"], STORAGES=settings.STORAGES | plain_static
    ):
        base = measure("trivial", "/trivial", rounds * 5, 1.0)
        pages = [
            measure(name, address, rounds, base.median_ms) for name, address in addresses.items()
        ]
        etag_pages = [
            measure(f"{name}, 304", addresses[name], rounds, base.median_ms, conditional=True)
            for name in ("home", "timeline", "feed")
        ]
    return [base, *pages, *etag_pages]


def measure(
    name: str, address: str, rounds: int, trivial_ms: float, *, conditional: bool = False
) -> Measured:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"accept-encoding": "gzip"})
    first = client.get(address)
    assert first.status_code == 200, (address, first.status_code)
    headers = {"if-none-match": first["ETag"]} if conditional else {}
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, headers=headers)
    asked = len(queries)  # now: later requests empty the log
    assert answer.status_code == (304 if conditional else 200)
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        client.get(address, headers=headers)
        times.append((time.perf_counter() - started) * 1000)
    median = statistics.median(times)
    return Measured(
        page=name,
        median_ms=median,
        p95_ms=statistics.quantiles(times, n=20)[-1],
        queries=asked,
        kilobytes=len(answer.content) / 1000,
        of_trivial=trivial_ms / median if name != "trivial" else 1.0,
    )


def fill() -> dict[str, str]:
    """Fill the database; return the address of a page of each kind."""
    from django.utils import timezone

    from consent.models import Entry, Guide, GuideStep, GuideSurface, Setting, Source, State
    from consent.vocabulary import DataKind, Direction, Effect, StateValue
    from platforms.models import Fetch, Page, Platform, Snapshot
    from platforms.vocabulary import Category

    now = timezone.now()
    today = now.date()
    categories, kinds, effects = list(Category), list(DataKind), list(Effect)
    values, directions = list(StateValue), list(Direction)

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
    settings = many(
        Setting,
        [
            Setting(
                platform=platform,
                slug=f"setting-{n}",
                label=f"Use my data to improve models, part {n}",
                covers="Posts, pictures and prompts",
                data_kinds=[kinds[(platform.pk + n + m) % len(kinds)].value for m in range(2)],
                route="switch",
                path="Settings › Privacy › Training",
            )
            for platform in platforms
            for n in range(SETTINGS_PER_PLATFORM)
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
            regions=["worldwide"] if n % 3 else ["EU", "UK"],
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
        Entry.settings.through,
        [
            Entry.settings.through(entry=entry, setting=settings[n % len(settings)])
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
                setting=setting,
                value=values[(n + step) % len(values)],
                starts_on=today - dt.timedelta(days=300 * (3 - step)),
                ends_on=today - dt.timedelta(days=300 * (2 - step)) if step < 2 else None,
                opened_by=entries[n],
            )
            for n, setting in enumerate(settings)
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
        Guide.settings.through,
        [
            Guide.settings.through(guide=guide, setting=settings[n * SETTINGS_PER_PLATFORM])
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
        "timeline, filtered": "/timeline?platform=platform-7&direction=less-control",
        "timeline, of a region": "/timeline?region=EU&kind=default-on",
        "timeline, old page": f"/timeline?older={middle.public_id}",
        "change": middle.get_absolute_url(),
        "platforms": "/platforms",
        "platform": "/platforms/platform-7",
        "matrix": "/matrix",
        "guides": "/guides",
        "guide": guides[7].get_absolute_url(),
        "search": "/search?q=is+platform+7+training+on+my+posts",
        "checklist": "/checklist?p=platform-7&p=platform-8",
        "status": "/status",
        "feed": "/feeds/timeline.atom",
    }


if __name__ == "__main__":
    main()
