"""Imports the history of a page from the Wayback Machine, capture by capture.

Can be resumed: the page of history remembers its last imported capture.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from django.db import transaction
from django.utils import timezone

from platforms.archive import Archive
from platforms.fetching.judgement import Verdict, judge
from platforms.fetching.page import FetchedPage
from platforms.fetching.visit_errors import FetchError
from platforms.importers.captures import (
    PUBLIC_ADDRESS,
    ListedCapture,
    WaybackMachine,
    read_timestamp,
)
from platforms.importers.history import (
    ImportResult,
    first_own_visit_at,
    import_record,
    last_mark,
    lock_history,
    next_time,
    save_progress,
    skip_record,
    start_history,
)
from platforms.models import Page
from platforms.outcomes import Outcome
from platforms.snapshots.documents import read_bytes
from platforms.snapshots.snapshot_record import Received, needs_bytes, store
from platforms.vocabulary import CaptureSource

ARCHIVE_NAME = "Wayback Machine"


class Every(StrEnum):
    """How many captures to take: the first of each day, week or month."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def period(self, moment: dt.datetime) -> Sequence[int]:
        """Return a value that is the same for all times of one period."""
        if self == Every.MONTH:
            return (moment.year, moment.month)
        if self == Every.WEEK:
            return moment.isocalendar()[:2]
        return (moment.toordinal(),)


@dataclass(frozen=True, slots=True)
class Span:
    """Which captures of a page to import. limit: the most in one run."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    every: Every = Every.DAY
    limit: int | None = None


@dataclass(slots=True)
class Summary:
    """The results of an import. skipped: captures that could not be read, with the reasons."""

    results: Counter[ImportResult] = field(default_factory=Counter)
    skipped: list[tuple[ListedCapture, str]] = field(default_factory=list)


def import_history(
    page: Page,
    span: Span,
    *,
    machine: WaybackMachine,
    archive: Archive,
    summary: Summary,
    progress: Callable[[], object] = lambda: None,
) -> None:
    """Import the captures of a watched page from before our first visit, to a page of their own.

    Adds to the summary after each capture, and calls progress. Raises ArchiveBusy, and FetchError
    if the index cannot be read; what was imported until then is kept.
    """
    history = _history_of(page)
    for listed in islice(_captures_to_import(page, history, span, machine), span.limit):
        result, reason = _import_capture(history, listed, machine, archive)
        summary.results[result] += 1
        if result == ImportResult.UNREADABLE:
            summary.skipped.append((listed, reason))
        progress()


def _history_of(page: Page) -> Page:
    """Return the page of history of a watched page; a new one starts with its selectors.

    Curators may then change them for the history, as the page may have looked different.
    """
    url = f"{PUBLIC_ADDRESS}/web/*/{page.url}"
    history = Page.objects.filter(platform=page.platform, url=url).first()
    if history is None:
        history = Page(
            platform=page.platform,
            url=url,
            kind=page.kind,
            title=f"{page.title[:180]} ({ARCHIVE_NAME})",
            language=page.language,
            places=page.places,
            except_places=page.except_places,
            some_of=page.some_of,
            select=page.select,
            remove=page.remove,
        )
        start_history(history, archive_name=ARCHIVE_NAME, now=timezone.now())
    return history


def _captures_to_import(
    page: Page, history: Page, span: Span, machine: WaybackMachine
) -> Iterator[ListedCapture]:
    """Yield the first capture of each period, after the last import and before our own visits."""
    mark = last_mark(history)
    last = read_timestamp(mark) if mark else None
    ends = [moment for moment in (span.until, first_own_visit_at([page])) if moment]
    until = min(ends) if ends else None
    last_period = span.every.period(last) if last else None
    since = max([moment for moment in (span.since, last) if moment], default=None)
    for listed in machine.captures(page.url, since=since, until=until):
        period = span.every.period(listed.seen_at)
        if period != last_period and (until is None or listed.seen_at < until):
            last_period = period
            yield listed


def _import_capture(
    history: Page, listed: ListedCapture, machine: WaybackMachine, archive: Archive
) -> tuple[ImportResult, str]:
    """Receive, judge and store one capture; return the result, and the reason of a failure."""
    page = Page.objects.select_related("platform", "baseline").get(pk=history.pk)
    try:
        received = machine.receive(listed)
    except FetchError as error:
        with transaction.atomic():
            page = lock_history(history.pk, mark=last_mark(page))
            result = skip_record(page, mark=listed.timestamp)
            save_progress(page)
        return result, error.detail
    capture, verdict, sha256 = _judge_and_store(page, listed, received, archive)
    with transaction.atomic():
        page = lock_history(history.pk, mark=last_mark(page))
        result = import_record(
            page,
            capture,
            mark=listed.timestamp,
            verdict=verdict,
            archive=archive,
            sha256=sha256,
        )
        save_progress(page)
    return result, verdict.reason


def _judge_and_store(
    page: Page, listed: ListedCapture, received: FetchedPage, archive: Archive
) -> tuple[Received, Verdict, str]:
    """Extract and judge a capture; store its bytes if they are needed. The last item names them."""
    extracted = read_bytes(
        page, received.body, url=received.final_url, content_type=received.content_type
    )
    verdict = judge(
        received,
        extracted,
        expected_language=page.language,
        previous_length=_length_of_baseline(page),
    )
    capture = Received(
        body=received.body,
        extracted=extracted,
        seen_at=next_time(page, listed.seen_at),
        final_url=received.final_url[:2000],
        content_type=received.content_type,
        http_status=received.status,
        headers=received.headers,
        source=CaptureSource.WAYBACK,
        evidence_url=listed.public_url,
    )
    sha256 = ""
    if verdict.outcome == Outcome.READ and needs_bytes(page, capture, archive):
        sha256 = store(page, capture, archive)
    return capture, verdict, sha256


def _length_of_baseline(page: Page) -> int | None:
    """Return the length of the text with which the next one is compared."""
    if page.baseline is None:
        return None
    return len(page.baseline.documents.latest("created_at").text)
