"""Visits pages at simulated times and counts what was seen, and for how long nothing was."""

from __future__ import annotations

import datetime as dt
import heapq
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
from django.utils import timezone

from benchmarks.replay.histories import History, Mirror, bare


class _Clock:
    now = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


# Models take timezone.now as a default, so it is replaced before they are loaded.
CLOCK = _Clock()
timezone.now = CLOCK
django.setup()

from django.conf import settings  # noqa: E402
from django.core import mail  # noqa: E402
from django.core.management import call_command  # noqa: E402

from consent import tasks  # noqa: E402
from consent.detection import changes  # noqa: E402
from consent.models import Change  # noqa: E402
from platforms.extraction import extract  # noqa: E402
from platforms.fetching.judgement import judge  # noqa: E402
from platforms.fetching.page import FetchedPage  # noqa: E402
from platforms.models import Host, Page, Snapshot  # noqa: E402
from platforms.outcomes import Outcome  # noqa: E402
from platforms.tasks import fold_visits  # noqa: E402
from platforms.vocabulary import FetchMode  # noqa: E402
from platforms.watch.cycle import Watcher  # noqa: E402
from platforms.watch.hosts import host_of  # noqa: E402
from tests.arranging import arranged  # noqa: E402

_DAY = dt.timedelta(days=1)
_MONTH_DAYS = 30.44
#: A page that could be read all the time, but was not, for longer than this is dark (the issue's
#: measure). The other limits are for ten pages and three months.
_LONG = dt.timedelta(days=7)
_MOST_DAYS_LOST, _MOST_MAILS = 5.0, 40
_MOST_ARCHIVE = 0.5  # MB a page-year


@dataclass
class Figures:
    """What the watch did.

    lost: for each page the spells in which it was dark though readable.
    delays: hours from when a new text was recorded to when it was seen.
    """

    page_days: float = 0.0
    visits: int = 0
    refused: int = 0
    lost: dict[str, list[dt.timedelta]] = field(default_factory=lambda: defaultdict(list))
    delays: list[float] = field(default_factory=list)
    mails: int = 0
    changes: int = 0
    relevant: int = 0
    snapshots: int = 0
    quarantined: int = 0
    archive_bytes: int = 0
    database_bytes: int = 0
    seconds: float = 0.0

    @property
    def dark_pages(self) -> int:
        return sum(any(spell > _LONG for spell in spells) for spells in self.lost.values())

    @property
    def days_lost(self) -> float:
        """Days of the spells that lasted longer than _LONG."""
        spells = [spell for spells in self.lost.values() for spell in spells if spell > _LONG]
        return sum(spell / _DAY for spell in spells)

    @property
    def archive_a_year(self) -> float:
        """MB a page-year."""
        return self.archive_bytes / 1e6 / max(1, self.page_days) * 365.25

    @property
    def is_within_limits(self) -> bool:
        return (
            not self.dark_pages
            and self.days_lost <= _MOST_DAYS_LOST
            and self.mails <= _MOST_MAILS
            and self.archive_a_year <= _MOST_ARCHIVE
        )

    def table(self) -> str:
        months, years = self.page_days / _MONTH_DAYS, self.page_days / 365.25
        delay = statistics.median(self.delays or [0])
        rows: list[tuple[str, Any]] = [
            ("visits", self.visits),
            ("refused visits", self.refused),
            ("page-days", round(self.page_days)),
            ("pages dark for more than a week although readable", self.dark_pages),
            ("page-days so lost", round(self.days_lost, 1)),
            ("mails about gaps", self.mails),
            ("changes a page and month", round(self.changes / months, 3) if months else 0),
            ("of these suggested as relevant", self.relevant),
            ("delay, hours (median)", round(delay, 1)),
            ("good snapshots; refused ones", f"{self.snapshots}; {self.quarantined}"),
            ("archive a page-year, MB", round(self.archive_a_year, 2)),
            ("database a page-year, MB", round(self.database_bytes / 1e6 / years, 2)),
            ("processor ms a visit", round(1000 * self.seconds / max(1, self.visits))),
        ]
        dark = [
            f"dark: {url}, {max(spells) / _DAY:.0f} days"
            for url, spells in self.lost.items()
            if max(spells) > _LONG
        ]
        return "\n".join([*(f"| {name} | {value} |" for name, value in rows), *dark])


class _Site:
    """Serves for each address what was recorded there at the clock's time."""

    def __init__(self, mirror: Mirror) -> None:
        self.mirror = mirror
        self.histories: dict[str, History] = {}
        self._bodies: dict[str, tuple[str, bytes]] = {}
        self._readable: dict[str, bool] = {}

    def received(self, url: str, moment: dt.datetime | None = None) -> FetchedPage:
        snapshot = self.histories[url].at(moment or CLOCK.now)
        if self._bodies.get(url, ("",))[0] != snapshot.where:
            self._bodies[url] = snapshot.where, self.mirror.read(snapshot.where)
        body = self._bodies[url][1]
        return FetchedPage(url, url, 200, {"content-type": snapshot.content_type}, body)

    def visit(self, url: str, **_: Any) -> FetchedPage:
        return self.received(url)

    def could_be_read(self, url: str, began: dt.datetime, ended: dt.datetime) -> dt.timedelta:
        """Return for how long of a spell the whole page was there, read without selectors."""
        total = dt.timedelta()
        rows = self.histories[url].snapshots
        ends = [row.at for row in rows[1:]] + [ended]
        for row, until in zip(rows, ends, strict=True):
            overlap = min(until, ended) - max(row.at, began)
            if overlap > dt.timedelta() and self._is_whole(url, row.where, row.at):
                total += overlap
        return total

    def _is_whole(self, url: str, where: str, at: dt.datetime) -> bool:
        if where not in self._readable:
            received = self.received(url, at)
            document = extract(received.body, url=url, content_type=received.content_type)
            verdict = judge(received, document)
            self._readable[where] = verdict.outcome == Outcome.READ and len(document.text) > 1_500
        return self._readable[where]


def replay(
    folder: Path,
    *,
    pages: int,
    months: float,
    minutes: float,
    start: dt.datetime | None = None,
    match: str = "",
) -> Figures:
    """Replay some months of the pages of the catalog that were recorded most often.

    start: of the months; None for when each page was first recorded. match: a regular expression
    for the addresses.
    """
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    changes._queue_suggestion = changes.suggest_once  # type: ignore[assignment]
    site = _Site(Mirror(folder))
    watched = _prepare(site, pages, start, match)
    figures = _live(site, watched, months=months, minutes=minutes)
    figures.mails = sum("new in" not in message.subject.lower() for message in mail.outbox)
    found = Change.objects.all()
    figures.changes, figures.relevant = (
        found.count(),
        found.filter(suggestion__relevant=True).count(),
    )
    figures.snapshots = Snapshot.objects.readable().count()
    figures.quarantined = Snapshot.objects.exclude(quarantined_as="").count()
    figures.archive_bytes = _size(Path(settings.VAR_DIR) / "archive")
    figures.database_bytes = (
        _size(Path(settings.VAR_DIR) / "default-on.sqlite3") - figures.database_bytes
    )
    return figures


def _prepare(site: _Site, most: int, start: dt.datetime | None, match: str) -> list[Page]:
    """Load the catalog and pause all pages but those that are replayed."""
    recorded = site.mirror.histories()
    CLOCK.now = min(history.snapshots[0].at for history in recorded.values())
    call_command("migrate", verbosity=0)
    call_command("load_catalog", verbosity=0)
    known = [page for page in Page.objects.all() if bare(page.url) in recorded]
    known = [page for page in known if not page.further_urls and page.access == "public"]
    known = [page for page in known if re.search(match, page.url)]
    known.sort(key=lambda page: -len(recorded[bare(page.url)].snapshots))
    chosen = [page for page in known if start is None or _lasts(recorded, page, start)][:most]
    with arranged():
        Page.objects.update(paused_at=CLOCK.now, paused_reason="not replayed")
        for page in chosen:
            site.histories[page.url] = history = recorded[bare(page.url)]
            page.next_visit_at = max(history.snapshots[0].at, start or CLOCK.now)
            page.fetch_mode = FetchMode.HTTP
            page.paused_at, page.paused_reason = None, ""
            page.save()
            host_of(page.url, now=CLOCK.now)  # an unknown host would be asked for robots.txt
    return chosen


def _lasts(recorded: Mapping[str, History], page: Page, start: dt.datetime) -> bool:
    return recorded[bare(page.url)].snapshots[-1].at > start


def _live(site: _Site, pages: Iterable[Page], *, months: float, minutes: float) -> Figures:
    watcher = Watcher.from_settings(
        clock=CLOCK, sleep=CLOCK.sleep, visit=site.visit, reaches=lambda *_: True
    )
    figures = Figures(database_bytes=_size(Path(settings.VAR_DIR) / "default-on.sqlite3"))
    urls = {page.pk: page.url for page in pages}
    due = [(page.next_visit_at, page.pk) for page in pages]
    ends = {
        pk: min(site.histories[url].snapshots[-1].at, at + months * _MONTH_DAYS * _DAY)
        for (at, pk), url in zip(due, urls.values(), strict=True)
    }
    began_at = {pk: at for at, pk in due}
    heapq.heapify(due)
    failing: dict[int, dt.datetime] = {}
    night = due[0][0] + _DAY
    stop_at, began = time.monotonic() + 60 * minutes, time.process_time()
    while due and time.monotonic() < stop_at:
        at, pk = heapq.heappop(due)
        if at > ends[pk]:
            _close(site, figures, urls[pk], failing.pop(pk, None), ends[pk])
            figures.page_days += (ends[pk] - began_at[pk]) / _DAY
            continue
        while at > night:
            CLOCK.now = max(CLOCK.now, night)
            _nightly()
            night += _DAY
        CLOCK.now = max(CLOCK.now, at)
        Host.objects.update(robots_status=404, robots_body="", robots_asked_at=CLOCK.now)
        fetch = watcher.check_due(pk, at)
        heapq.heappush(due, (Page.objects.values_list("next_visit_at", flat=True).get(pk=pk), pk))
        if fetch is None:
            continue
        figures.visits += 1
        if Outcome(fetch.outcome).looked:
            snapshot = fetch.snapshot
            if at > began_at[pk] and snapshot and snapshot.first_seen_at == fetch.finished_at:
                recorded = site.histories[urls[pk]].at(CLOCK.now)
                figures.delays.append((CLOCK.now - recorded.at) / dt.timedelta(hours=1))
            _close(site, figures, urls[pk], failing.pop(pk, None), CLOCK.now)
        else:
            figures.refused += 1
            failing.setdefault(pk, CLOCK.now)
    for _at, pk in due:  # the time was up
        _close(site, figures, urls[pk], failing.pop(pk, None), CLOCK.now)
        figures.page_days += max(CLOCK.now - began_at[pk], dt.timedelta()) / _DAY
    figures.seconds = time.process_time() - began
    return figures


def _close(
    site: _Site, figures: Figures, url: str, began: dt.datetime | None, ended: dt.datetime
) -> None:
    """Count a spell of failed visits as lost for as long as the page could be read."""
    if began is not None and ended > began:
        figures.lost[url].append(site.could_be_read(url, began, ended))


def _nightly() -> None:
    for task in (fold_visits, tasks.mark_noisy, tasks.update_expected_dates, tasks.send_gap_mail):
        task()
    if CLOCK.now.weekday() == 0:
        tasks.send_dark_list()


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
