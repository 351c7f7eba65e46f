"""The Wayback Machine, asked politely: its index of captures (CDX), and the captures themselves.

Each request waits for the host's turn, which all workers share, and rests as long as the archive
asks. Sources: github.com/internetarchive/wayback, wayback-cdx-server (CDX); RFC 7089 (Memento);
"id_" after a capture's time asks for the bytes as they were received, without the archive's own.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from platforms.days import is_within_bounds
from platforms.fetching.errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit import visit
from platforms.outcomes import Outcome
from platforms.watch.hosts import host_of, release_host, take_turn

#: Where readers look at captures, wherever the archive is asked for them.
PUBLIC_ADDRESS = "https://web.archive.org"

_FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest")
_LONGEST_URL = 900  # characters; with the archive's own before them they fit a row
_ROWS = 1_000  # of the index, a request
_ATTEMPTS = 4
_FIRST_WAIT = 30.0  # seconds after a first failure; doubled after each further one
_LONGEST_WAIT = 900.0  # seconds; who is asked to wait longer comes back another time
_HOLD = dt.timedelta(minutes=5)  # longer than a request may take
#: The archive is slower than a platform: its index looks for a while before it answers.
_PATIENCE = {"read_timeout": 90.0, "total_timeout": 180.0}
_ORIGINAL_HEADER = "x-archive-orig-"


class ArchiveBusy(Exception):
    """The archive cannot answer now. What is told so far is kept; run again to go on."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One capture in the archive's index. timestamp: 14 digits, UTC."""

    timestamp: str
    original: str

    @property
    def seen_at(self) -> dt.datetime:
        return read_timestamp(self.timestamp)

    @property
    def public_url(self) -> str:
        return f"{PUBLIC_ADDRESS}/web/{self.timestamp}/{self.original}"


@dataclass(frozen=True)
class WaybackMachine:
    """The archive at an address: the real one, or one that speaks like it."""

    address: str
    policy: FetchPolicy
    visit: Callable[..., FetchedPage] = visit
    clock: Callable[[], dt.datetime] = timezone.now
    sleep: Callable[[float], None] = field(default=time.sleep)

    @classmethod
    def from_settings(cls, **overrides: Any) -> WaybackMachine:
        """Return the archive that this installation asks."""
        from django.conf import settings

        policy = FetchPolicy.from_settings(
            **{name: max(seconds, _setting(name)) for name, seconds in _PATIENCE.items()}
        )
        return cls(**({"address": settings.WAYBACK_URL, "policy": policy} | overrides))

    def captures(
        self, url: str, *, since: dt.datetime | None = None, until: dt.datetime | None = None
    ) -> Iterator[Listed]:
        """Yield the captures of a page that was there (status 200), oldest first.

        Neighbours of the same bytes are one. since, until: both inclusive. Raises ArchiveBusy,
        and FetchError where the index cannot be read.
        """
        if len(url) > _LONGEST_URL:
            raise PermanentFetchError(
                Outcome.HTTP_ERROR, "its URL is too long to be kept with a time"
            )
        question = {
            "url": url,
            "output": "json",
            "fl": ",".join(_FIELDS),
            "filter": "statuscode:200",
            "collapse": "digest",
            "limit": str(_ROWS),
            "showResumeKey": "true",
        }
        if since is not None:
            question["from"] = write_timestamp(since)
        if until is not None:
            question["to"] = write_timestamp(until)
        while True:
            answer = self._ask(f"{self.address}/cdx/search/cdx?{urlencode(question)}")
            rows, resume_key = _read_index(answer)
            for row in rows:
                if _is_timestamp(row[0]):
                    yield Listed(row[0], row[1])
            if not resume_key or resume_key == question.get("resumeKey"):
                return
            question["resumeKey"] = resume_key

    def receive(self, listed: Listed) -> FetchedPage:
        """Return a capture as if its page had answered us then.

        Raises FetchError for one that cannot be had, ArchiveBusy.
        """
        answer = self._ask(f"{self.address}/web/{listed.timestamp}id_/{listed.original}")
        reached = _memento(answer.final_url.removeprefix(self.address))
        if reached is None:
            raise PermanentFetchError(
                Outcome.HTTP_ERROR, f"sent on to {answer.final_url[:200]}", answer.status
            )
        timestamp, original = reached
        if timestamp != listed.timestamp:
            # The index lists that capture by itself, if it is one of this page.
            raise PermanentFetchError(
                Outcome.HTTP_ERROR, f"sent on to the capture of {timestamp}", answer.status
            )
        return FetchedPage(
            url=listed.original,
            final_url=original,
            status=answer.status,
            headers=_as_received(answer.headers),
            body=answer.body,
            elapsed_ms=answer.elapsed_ms,
        )

    def _ask(self, url: str) -> FetchedPage:
        """Ask in turn, again after a failure that may pass. Raises ArchiveBusy, FetchError."""
        for attempt in count(1):
            try:
                return self._ask_once(url, wait=_FIRST_WAIT * 2 ** (attempt - 1))
            except FetchError as error:
                may_pass = isinstance(error, TransientFetchError)
                asked_for_long = (error.retry_after or 0.0) > _LONGEST_WAIT
                if may_pass and attempt < _ATTEMPTS and not asked_for_long:
                    continue
                if _is_about_us(error):
                    raise ArchiveBusy(f"{self.address} does not answer us ({error})") from error
                raise
        raise AssertionError("count() does not end")

    def _ask_once(self, url: str, *, wait: float) -> FetchedPage:
        host = host_of(url, now=self.clock())
        while (free_at := take_turn(host, now=self.clock(), hold=_HOLD)) is not None:
            seconds = (free_at - self.clock()).total_seconds()
            if seconds > _LONGEST_WAIT:
                raise ArchiveBusy(f"{self.address} asked to be left alone until {free_at:%H:%M}")
            self.sleep(max(0.05, seconds))
        pause = self.policy.host_pause
        try:
            return self.visit(url, policy=self.policy)
        except TransientFetchError as error:
            pause = max(pause, wait if error.retry_after is None else error.retry_after)
            raise
        finally:
            release_host(host, free_at=self.clock() + dt.timedelta(seconds=pause))


def read_timestamp(timestamp: str) -> dt.datetime:
    """Return the time of 14 digits. Raises ValueError, also for one that is out of bounds."""
    moment = dt.datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    if not is_within_bounds(moment):
        raise ValueError(f"{timestamp!r} cannot be; archives hold captures from 1970 to 2100")
    return moment


def write_timestamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%d%H%M%S")


def _is_about_us(error: FetchError) -> bool:
    """True where the archive answers nobody, or not us: no word about what was asked for."""
    if isinstance(error, TransientFetchError) and error.status is None:
        return True
    refused = error.outcome in (Outcome.BOT_WALL, Outcome.LOGIN_WALL)
    return refused or error.status in (429, 503)


def _setting(name: str) -> float:
    from django.conf import settings

    return float(getattr(settings, f"FETCH_{name.upper()}"))


def _is_timestamp(text: str) -> bool:
    try:
        read_timestamp(text)
    except ValueError:
        return False
    return len(text) == 14


def _read_index(answer: FetchedPage) -> tuple[list[list[str]], str]:
    """Return the rows of an answer of the index, and the key to go on with, "" at the end.

    The first row names the fields. With more to come, an empty row and one with the key follow.
    Raises FetchError.
    """
    try:
        rows = json.loads(answer.body or b"[]")
    except ValueError:
        rows = None
    if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
        raise PermanentFetchError(
            Outcome.NOT_TEXT, "the archive's index gave an answer that is none", answer.status
        )
    resume_key = ""
    if len(rows) >= 2 and rows[-2] == [] and len(rows[-1]) == 1:
        resume_key = rows[-1][0]
        rows = rows[:-2]
    return [row for row in rows[1:] if len(row) == len(_FIELDS)], resume_key


def _is_row(row: object) -> bool:
    return isinstance(row, list) and all(isinstance(cell, str) for cell in row)


def _memento(path: str) -> tuple[str, str] | None:
    """Return time and URL of the capture that a path of the archive names."""
    match = re.fullmatch(r"/web/(\d{14})(?:[a-z]{2}_)?/(.+)", path, re.DOTALL)
    return (match[1], match[2]) if match else None


def _as_received(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers of the page itself; the archive passes them on under names of its own."""
    original = {
        name.removeprefix(_ORIGINAL_HEADER): value
        for name, value in headers.items()
        if name.startswith(_ORIGINAL_HEADER) and not name.endswith("-set-cookie")
    }
    if content_type := headers.get("content-type"):
        original.setdefault("content-type", content_type)
    return original
