"""Client of the Wayback Machine: its index of captures (CDX), and the captures themselves.

Requests share the turns at hosts with all workers, and wait as long as the archive asks.
Sources: github.com/internetarchive/wayback, wayback-cdx-server (CDX); RFC 7089 (Memento);
"id_" after the time of a capture requests the bytes as received, without additions by the archive.
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
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.utils import timezone

from platforms.days import is_within_bounds
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit import visit
from platforms.fetching.visit_errors import FetchError, PermanentFetchError, TransientFetchError
from platforms.fetching.visit_intervals import LONGEST_RETRY_AFTER
from platforms.outcomes import Outcome
from platforms.watch.hosts import host_of, release_host, take_turn

#: Where readers see captures. Requests may go to another address (settings.WAYBACK_URL).
PUBLIC_ADDRESS = "https://web.archive.org"
#: Where the archive says whether it has a capture (settings.WAYBACK_AVAILABILITY_URL).
AVAILABILITY_ADDRESS = "https://archive.org"

_FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest")
_LONGEST_URL = 900  # characters; the URL of the capture, which contains it, must fit its column
_ROWS = 1_000  # of the index, for each request
_ATTEMPTS = 4
_FIRST_WAIT = 30.0  # seconds after the first failure, doubled after each further one; chosen
_LONGEST_WAIT = 900.0  # seconds; the import ends if the archive asks to wait longer; chosen
_HOLD = dt.timedelta(minutes=5)  # of the host's turn; longer than any request may take
#: Settings of the policy are raised to these: the archive's index is slow to answer.
_TIMEOUTS = {"read_timeout": 90.0, "total_timeout": 180.0}
_ORIGINAL_HEADER = "x-archive-orig-"


class ArchiveBusy(Exception):
    """The archive cannot answer now. What is imported so far is kept; run again to continue."""


@dataclass(frozen=True, slots=True)
class ListedCapture:
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
    """The archive at an address: the real one, or a server with the same protocol."""

    address: str
    policy: FetchPolicy
    availability: str = AVAILABILITY_ADDRESS
    visit: Callable[..., FetchedPage] = visit
    clock: Callable[[], dt.datetime] = timezone.now
    sleep: Callable[[float], None] = field(default=time.sleep)

    @classmethod
    def from_settings(cls, **overrides: Any) -> WaybackMachine:
        """Return the archive that the settings name."""
        from django.conf import settings

        policy = FetchPolicy.from_settings(
            **{name: max(seconds, _setting(name)) for name, seconds in _TIMEOUTS.items()}
        )
        addresses = {
            "address": settings.WAYBACK_URL,
            "availability": settings.WAYBACK_AVAILABILITY_URL,
        }
        return cls(**({**addresses, "policy": policy} | overrides))

    def captures(
        self, url: str, *, since: dt.datetime | None = None, until: dt.datetime | None = None
    ) -> Iterator[ListedCapture]:
        """Yield the captures of a page with status 200, oldest first.

        Of neighbours with the same bytes, the first. since, until: both inclusive. Raises
        ArchiveBusy, and FetchError if the index cannot be read.
        """
        if len(url) > _LONGEST_URL:
            raise PermanentFetchError(
                Outcome.HTTP_ERROR, "its URL is too long for the URL of a capture"
            )
        parameters = {
            "url": url,
            "output": "json",
            "fl": ",".join(_FIELDS),
            "filter": "statuscode:200",
            "collapse": "digest",
            "limit": str(_ROWS),
            "showResumeKey": "true",
        }
        if since is not None:
            parameters["from"] = write_timestamp(since)
        if until is not None:
            parameters["to"] = write_timestamp(until)
        while True:
            answer = self._request(f"{self.address}/cdx/search/cdx?{urlencode(parameters)}")
            rows, resume_key = _read_index(answer)
            for row in rows:
                if _is_timestamp(row[0]):
                    yield ListedCapture(row[0], row[1])
            if not resume_key or resume_key == parameters.get("resumeKey"):
                return
            parameters["resumeKey"] = resume_key

    def closest(self, url: str, *, since: dt.date | None = None) -> ListedCapture | None:
        """Return a capture of this very address with status 200; None if none is known.

        since: the day from which it may be; the closest one after it is asked for. Raises
        ArchiveBusy, and FetchError. Source: archive.org/help/wayback_api.php.
        """
        if len(url) > _LONGEST_URL:
            return None
        parameters = {"url": url}
        if since is not None:
            parameters["timestamp"] = f"{since:%Y%m%d}"
        answer = self._request(f"{self.availability}/wayback/available?{urlencode(parameters)}")
        capture = _read_availability(answer)
        if capture is None or _without_scheme(capture.original) != _without_scheme(url):
            return None
        if since is not None and capture.seen_at.date() < since:
            return None  # older than what was published on that day
        return capture

    def receive(self, capture: ListedCapture) -> FetchedPage:
        """Return a capture as a fetched page.

        Raises FetchError for a capture that cannot be read, and ArchiveBusy.
        """
        answer = self._request(f"{self.address}/web/{capture.timestamp}id_/{capture.original}")
        target = _parse_capture_path(answer.final_url.removeprefix(self.address))
        if target is None:
            raise PermanentFetchError(
                Outcome.HTTP_ERROR, f"redirected to {answer.final_url[:200]}", answer.status
            )
        timestamp, original = target
        if timestamp != capture.timestamp:
            # If that capture is one of this page, the index lists it as well.
            raise PermanentFetchError(
                Outcome.HTTP_ERROR, f"redirected to the capture of {timestamp}", answer.status
            )
        return FetchedPage(
            url=capture.original,
            final_url=original,
            status=answer.status,
            headers=_original_headers(answer.headers),
            body=answer.body,
            elapsed_ms=answer.elapsed_ms,
        )

    def _request(self, url: str) -> FetchedPage:
        """Send a request, again after a temporary failure. Raises ArchiveBusy, FetchError."""
        for attempt in count(1):
            try:
                return self._request_once(url, wait=_FIRST_WAIT * 2 ** (attempt - 1))
            except FetchError as error:
                is_temporary = isinstance(error, TransientFetchError)
                wait_is_too_long = (error.retry_after or 0.0) > _LONGEST_WAIT
                if is_temporary and attempt < _ATTEMPTS and not wait_is_too_long:
                    continue
                if _is_refusal(error):
                    raise ArchiveBusy(f"{self.address} does not answer us ({error})") from error
                raise
        raise AssertionError("count() does not end")

    def _request_once(self, url: str, *, wait: float) -> FetchedPage:
        host = host_of(url, now=self.clock())
        while free_at := take_turn(host, now=self.clock(), hold=_HOLD):
            seconds = (free_at - self.clock()).total_seconds()
            if seconds > _LONGEST_WAIT:
                raise ArchiveBusy(f"{self.address} asked us to wait until {free_at:%H:%M}")
            self.sleep(max(0.05, seconds))
        pause = self.policy.host_pause
        try:
            return self.visit(url, policy=self.policy)
        except TransientFetchError as error:
            pause = max(pause, wait if error.retry_after is None else error.retry_after)
            raise
        finally:
            rest = min(LONGEST_RETRY_AFTER, dt.timedelta(seconds=min(pause, 1e9)))
            release_host(host, now=self.clock(), pause=rest)


def read_timestamp(timestamp: str) -> dt.datetime:
    """Return the time of 14 digits. Raises ValueError, also for one that is out of bounds."""
    moment = dt.datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    if not is_within_bounds(moment):
        raise ValueError(f"{timestamp!r} is not a time from 1970 to 2100")
    return moment


def write_timestamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%d%H%M%S")


def _is_refusal(error: FetchError) -> bool:
    """Return whether the archive is down or refuses us; the capture itself may be fine."""
    if isinstance(error, TransientFetchError) and error.status is None:
        return True
    refused = error.outcome in (Outcome.BOT_WALL, Outcome.LOGIN_WALL)
    return refused or error.status in (429, 503)


def _setting(name: str) -> float:
    from django.conf import settings

    return float(getattr(settings, f"FETCH_{name.upper()}"))


def _read_availability(answer: FetchedPage) -> ListedCapture | None:
    """Return the capture that an answer of the availability API names. Raises FetchError."""
    try:
        said = json.loads(answer.body)
        closest = said["archived_snapshots"].get("closest")
    except (ValueError, TypeError, KeyError, AttributeError):
        raise TransientFetchError(
            Outcome.HTTP_ERROR, "no answer of the availability API", answer.status
        ) from None
    if not isinstance(closest, dict) or closest.get("available") is not True:
        return None
    path = urlsplit(str(closest.get("url", "")))
    capture = _parse_capture_path(urlunsplit(("", "", path.path, path.query, "")))
    if str(closest.get("status")) != "200" or capture is None or not _is_timestamp(capture[0]):
        return None
    return ListedCapture(*capture)


def _without_scheme(url: str) -> str:
    """Return what must agree of two addresses: the scheme and a final slash may differ."""
    return url.partition("://")[2].rstrip("/")


def _is_timestamp(text: str) -> bool:
    try:
        read_timestamp(text)
    except ValueError:
        return False
    return len(text) == 14


def _read_index(answer: FetchedPage) -> tuple[list[list[str]], str]:
    """Return the rows of an answer of the index, and the key for the next ones, "" at the end.

    The first row names the fields. If there are more rows, an empty row and one with the key
    follow at the end. Raises FetchError.
    """
    try:
        rows = json.loads(answer.body or b"[]")
    except ValueError:
        rows = None
    if not isinstance(rows, list) or not all(_is_row(row) for row in rows):
        raise PermanentFetchError(
            Outcome.NOT_TEXT, "the answer of the archive's index is not valid", answer.status
        )
    resume_key = ""
    if len(rows) >= 2 and rows[-2] == [] and len(rows[-1]) == 1:
        resume_key = rows[-1][0]
        rows = rows[:-2]
    return [row for row in rows[1:] if len(row) == len(_FIELDS)], resume_key


def _is_row(row: object) -> bool:
    return isinstance(row, list) and all(isinstance(cell, str) for cell in row)


def _parse_capture_path(path: str) -> tuple[str, str] | None:
    """Return time and original URL of the capture with this path; None for other paths."""
    match = re.fullmatch(r"/web/(\d{14})(?:[a-z]{2}_)?/(.+)", path, re.DOTALL)
    return (match[1], match[2]) if match else None


def _original_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers of the page itself, which the archive sends with a prefix."""
    original = {
        name.removeprefix(_ORIGINAL_HEADER): value
        for name, value in headers.items()
        if name.startswith(_ORIGINAL_HEADER) and not name.endswith("-set-cookie")
    }
    if content_type := headers.get("content-type"):
        original.setdefault("content-type", content_type)
    return original
