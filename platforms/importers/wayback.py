"""Tell the history that the Wayback Machine has of a page, capture by capture.

Resumable: a page of history names the last capture that was told of it.
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
from platforms.fetching.errors import FetchError
from platforms.fetching.judging import judge
from platforms.importers.captures import (
    PUBLIC_ADDRESS,
    Listed,
    WaybackMachine,
    read_timestamp,
)
from platforms.importers.history import (
    Told,
    begin,
    done_up_to,
    lock,
    next_moment,
    note_progress,
    own_reading_began_at,
    pass_over,
    tell,
)
from platforms.models import Page
from platforms.outcomes import QUARANTINED, Outcome
from platforms.snapshots.documents import read_bytes
from platforms.snapshots.recording import Received, is_news, store
from platforms.vocabulary import CaptureSource

ARCHIVE_NAME = "Wayback Machine"


class Every(StrEnum):
    """How many captures to take: the first of each day, week or month."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def period(self, moment: dt.datetime) -> Sequence[int]:
        """Return what two moments of one period have in common."""
        if self == Every.MONTH:
            return (moment.year, moment.month)
        if self == Every.WEEK:
            return moment.isocalendar()[:2]
        return (moment.toordinal(),)


@dataclass(frozen=True, slots=True)
class Span:
    """What to take of a page's captures. limit: at most so many in one run."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    every: Every = Every.DAY
    limit: int | None = None


@dataclass(slots=True)
class Summary:
    """What an import did. passed_over: the captures that could not be had, and why."""

    told: Counter[Told] = field(default_factory=Counter)
    passed_over: list[tuple[Listed, str]] = field(default_factory=list)


def tell_history(
    page: Page,
    span: Span,
    *,
    machine: WaybackMachine,
    archive: Archive,
    summary: Summary,
    progress: Callable[[], object] = lambda: None,
) -> None:
    """Tell what the archive saw of a watched page before we did, on a page row of its own.

    summary is added to as it happens. progress: called after each capture. Raises ArchiveBusy,
    and FetchError where the index cannot be read; what was told until then is kept.
    """
    history = _history_of(page)
    for listed in islice(_to_tell(page, history, span, machine), span.limit):
        told, reason = _tell(history, listed, machine, archive)
        summary.told[told] += 1
        if told == Told.UNREADABLE:
            summary.passed_over.append((listed, reason))
        progress()


def _history_of(page: Page) -> Page:
    """Return the page of history beside a watched one, which starts with the same selectors.

    From then on they are its own: a page may have been laid out in another way.
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
        begin(history, archive_name=ARCHIVE_NAME, now=timezone.now())
    return history


def _to_tell(page: Page, history: Page, span: Span, machine: WaybackMachine) -> Iterator[Listed]:
    """Yield the first capture of each period, after what is told and before our own reading."""
    mark = done_up_to(history)
    last = read_timestamp(mark) if mark else None
    ends = [moment for moment in (span.until, own_reading_began_at([page])) if moment]
    until = min(ends) if ends else None
    told = span.every.period(last) if last else None
    since = max([moment for moment in (span.since, last) if moment], default=None)
    for listed in machine.captures(page.url, since=since, until=until):
        period = span.every.period(listed.seen_at)
        if period != told and (until is None or listed.seen_at < until):
            told = period
            yield listed


def _tell(
    history: Page, listed: Listed, machine: WaybackMachine, archive: Archive
) -> tuple[Told, str]:
    """Receive, judge and keep one capture; return what it came to, and why if to nothing."""
    page = Page.objects.select_related("platform", "baseline").get(pk=history.pk)
    try:
        received = machine.receive(listed)
    except FetchError as error:
        with transaction.atomic():
            page = lock(history.pk, mark=done_up_to(page))
            told = pass_over(page, mark=listed.timestamp)
            note_progress(page)
        return told, error.detail
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
        seen_at=next_moment(page, listed.seen_at),
        final_url=received.final_url[:2000],
        content_type=received.content_type,
        http_status=received.status,
        headers=received.headers,
        source=CaptureSource.WAYBACK,
        evidence_url=listed.public_url,
    )
    sha256 = ""
    if verdict.outcome in QUARANTINED or (
        verdict.outcome == Outcome.READ and is_news(page, extracted, archive)
    ):
        sha256 = store(page, capture, archive)
    with transaction.atomic():
        page = lock(history.pk, mark=done_up_to(page))
        told = tell(
            page,
            capture,
            mark=listed.timestamp,
            verdict=verdict,
            archive=archive,
            sha256=sha256,
        )
        note_progress(page)
    return told, verdict.reason


def _length_of_baseline(page: Page) -> int | None:
    """Return the length of the text that the page is compared with."""
    if page.baseline is None:
        return None
    return len(page.baseline.documents.latest("created_at").text)
