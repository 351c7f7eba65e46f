"""A database filled with a site far larger than ours, for benchmarks.

300 platforms of three uses with two branches and two controls each, 10,000 entries and 100,000
snapshots. Django must be set up before this is imported.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
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

PLATFORMS, ENTRIES, SNAPSHOTS = 300, 10_000, 100_000
PAGES_PER_PLATFORM, USES_PER_PLATFORM, CONTROLS_PER_PLATFORM = 5, 3, 2
FETCHES_PER_PAGE, SOURCES_PER_ENTRY, STATES_PER_BRANCH, STEPS_PER_GUIDE = 60, 3, 3, 5

_Record = TypeVar("_Record", bound=Model)


def prepare() -> None:
    """Migrate and fill the database of this installation, or copy one filled earlier today.

    Filled SQLite databases are kept in the system's folder for temporary files, under a name made
    from the day, the migrations and the text of this file.
    """
    if connection.vendor != "sqlite":
        call_command("migrate", verbosity=0)
        fill()
        return
    database = Path(connection.settings_dict["NAME"])
    kept = Path(tempfile.gettempdir(), f"default-on-large-site-{_key()}.sqlite3")
    if not kept.exists():
        call_command("migrate", verbosity=0)
        fill()
        _keep(kept)
    connection.close()
    shutil.copyfile(kept, database)


def _key() -> str:
    migrations = sorted(MigrationLoader(None).disk_migrations)
    made_from = (timezone.localdate(), migrations, Path(__file__).read_text())
    return hashlib.sha256(repr(made_from).encode()).hexdigest()[:16]


def _keep(path: Path) -> None:
    """Write a copy of the SQLite database in use; others never see half of it."""
    unfinished = path.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        unfinished.unlink()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(unfinished)])
    unfinished.rename(path)


@arranged()
def fill() -> None:
    """Fill an empty database, and let it gather the statistics that its plans rest on."""
    now = timezone.now()
    platforms = _platforms()
    _add_visits(_pages(platforms, now), now)
    uses = _uses(platforms)
    branches = _branches(uses)
    controls = _controls(platforms, uses)
    entries = _entries(platforms, uses, now)
    _add_states(branches, entries, now.date())
    _add_guides(platforms, controls)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # PostgreSQL does so by itself, but not within seconds


def addresses() -> dict[str, str]:
    """Return the address of a page of each kind, by a name for the page."""
    middle = Entry.objects.get(key=f"entry-{ENTRIES // 2}")
    direction = Entry.objects.get(key="entry-7").direction
    guide = Guide.objects.get(slug="platform-7-off")
    return {
        "home": "/",
        "timeline": "/timeline",
        "timeline, filtered": f"/timeline?platform=platform-7&direction={direction}",
        "timeline, of a place": "/timeline?place=DE&kind=default-on",
        "timeline, old page": f"/timeline?older={middle.public_id}",
        "timeline, of words": "/timeline?q=pictures",
        "year": f"/{timezone.localdate().year - 1}",
        "change": middle.get_absolute_url(),
        "platforms": "/platforms",
        "platforms, of a place": "/platforms?place=DE",
        "platforms, as of a day": f"/platforms?asof={timezone.localdate() - dt.timedelta(400)}",
        "operator": "/operators/operator2",
        "platform": "/platforms/platform-7",
        "platform, of a place": "/platforms/platform-7?place=DE",
        "matrix": "/matrix",
        "matrix, of a place": "/matrix?place=DE",
        "matrix, as a list": "/matrix?view=list",
        "matrix, CSV": "/matrix.csv",
        "guides": "/guides",
        "guide": guide.get_absolute_url(),
        "checklist, choosing": "/checklist",
        "checklist": "/checklist?p=platform-7&p=platform-8",
        "search, a platform": "/search?q=is+platform+7+training+on+my+posts",
        "search, words": "/search?q=pictures+number+7",
        "search, a slip": "/search?q=pictuers",
        "search, a kind of data": "/search?q=who+trains+on+my+photos",
        "status": "/status",
        "corrections": "/corrections",
        "about": "/about",
        "glossary": "/glossary",
        "feed": "/feeds/timeline.atom",
        "list, changes": "/api/v1/entries",
        "list, platforms": "/api/v1/platforms",
        "list, states": "/api/v1/states",
        "list, guides": "/api/v1/guides",
    }


def _many(model: type[_Record], records: Iterable[_Record]) -> list[_Record]:
    return list(model._default_manager.bulk_create(records, batch_size=2_000))


def _connect(through: Any, pairs: Iterable[dict[str, Any]]) -> None:
    """Add rows to the table of a many-to-many relation."""
    _many(through, [through(**pair) for pair in pairs])


def _platforms() -> list[Platform]:
    categories = list(Category)
    return _many(
        Platform,
        [
            Platform(
                slug=f"platform-{n}",
                name=f"Platform {n}",
                operator=f"Operator{n // 3} Inc.",
                category=categories[n % len(categories)],
                homepage=f"https://p{n}.example",
                aliases=[f"p{n}.example", f"alias {n}"],
                summary="Posts are used to train models unless a switch is cleared. " * 3,
            )
            for n in range(PLATFORMS)
        ],
    )


def _pages(platforms: Sequence[Platform], now: dt.datetime) -> list[Page]:
    return _many(
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


def _add_visits(pages: Sequence[Page], now: dt.datetime) -> None:
    per_page = SNAPSHOTS // len(pages)
    _many(
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
    times = [now - dt.timedelta(hours=6 * n) for n in range(FETCHES_PER_PAGE)]
    _many(
        Fetch,
        [
            Fetch(page=page, visit=time, started_at=time, finished_at=time, outcome="read")
            for page in pages
            for time in times
        ],
    )


def _uses(platforms: Sequence[Platform]) -> list[Use]:
    kinds = list(DataKind)
    return _many(
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


def _branches(uses: Sequence[Use]) -> list[Branch]:
    places = ({"except_places": ["EEA", "GB"]}, {"places": ["EEA", "GB"]})
    return _many(
        Branch,
        [
            Branch(use=use, people=["personal"], position=n, **where)
            for use in uses
            for n, where in enumerate(places)
        ],
    )


def _controls(platforms: Sequence[Platform], uses: Sequence[Use]) -> list[Control]:
    """The first control of a platform refuses all its uses, the second all but the last."""
    controls = _many(
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
            for n in range(CONTROLS_PER_PLATFORM)
        ],
    )
    _connect(
        Control.uses.through,
        [
            {"control": control, "use": use}
            for n, control in enumerate(controls)
            for use in uses[n // 2 * USES_PER_PLATFORM :][: USES_PER_PLATFORM - n % 2]
        ],
    )
    _many(
        ControlSurface,
        [
            ControlSurface(control=control, surface="web", path="Settings › Privacy › Training")
            for control in controls
        ],
    )
    return controls


def _entries(platforms: Sequence[Platform], uses: Sequence[Use], now: dt.datetime) -> list[Entry]:
    """Entries of the last five and a half years and the next three weeks, with sources."""
    entries = _many(Entry, [_entry(n, now) for n in range(ENTRIES)])
    _connect(
        Entry.platforms.through,
        [{"entry": entry, "platform": platforms[n % PLATFORMS]} for n, entry in enumerate(entries)],
    )
    _connect(
        Entry.uses.through,
        [{"entry": entry, "use": uses[n % len(uses)]} for n, entry in enumerate(entries)],
    )
    _many(
        Source,
        [
            Source(entry=entry, url=f"https://news.example/{n}/{m}", publisher="Example Times")
            for n, entry in enumerate(entries)
            for m in range(SOURCES_PER_ENTRY)
        ],
    )
    return entries


def _entry(n: int, now: dt.datetime) -> Entry:
    effects, directions, kinds = list(Effect), list(Direction), list(DataKind)
    day = now.date() - dt.timedelta(days=n % 2_000 - 20)
    return Entry(
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
        effective_on=day,
        timeline_on=day,
        status="published",
        published_at=now - dt.timedelta(minutes=n),
    )


def _add_states(branches: Sequence[Branch], entries: Sequence[Entry], today: dt.date) -> None:
    values = list(StateValue)
    _many(
        State,
        [
            State(
                branch=branch,
                value=values[(n + step) % len(values)],
                starts_on=today - dt.timedelta(days=300 * (STATES_PER_BRANCH - step)),
                opened_by=entries[n],
            )
            for n, branch in enumerate(branches)
            for step in range(STATES_PER_BRANCH)
        ],
    )


def _add_guides(platforms: Sequence[Platform], controls: Sequence[Control]) -> None:
    """A guide for the first control of each platform."""
    guides = _many(
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
    _connect(
        Guide.controls.through,
        [
            {"guide": guide, "control": controls[CONTROLS_PER_PLATFORM * n]}
            for n, guide in enumerate(guides)
        ],
    )
    surfaces = _many(GuideSurface, [GuideSurface(guide=guide, surface="web") for guide in guides])
    _many(
        GuideStep,
        [
            GuideStep(surface=surface, position=n, act="Open the settings.")
            for surface in surfaces
            for n in range(1, STEPS_PER_GUIDE + 1)
        ],
    )
