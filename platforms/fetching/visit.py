"""One visit to one page over HTTP."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from platforms.fetching.cookies import LentCookie
from platforms.fetching.gate import Gate, MayFollow, Resolve, resolve_host
from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit_errors import PermanentFetchError, TransientFetchError
from platforms.fetching.visit_intervals import read_retry_after
from platforms.fetching.walls import find_wall
from platforms.outcomes import Outcome

_ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.9,*/*;q=0.5"
_TRANSIENT_STATUSES = frozenset({408, 421, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


def visit(
    url: str,
    *,
    policy: FetchPolicy,
    etag: str = "",
    last_modified: str = "",
    cookies: Sequence[LentCookie] = (),
    may_follow: MayFollow | None = None,
    resolve: Resolve = resolve_host,
) -> FetchedPage:
    """Return the answer of a page. Raises FetchError with the outcome to record.

    etag, last_modified: of the last visit. For an unchanged page the FetchedPage then has
    `not_modified` and no body. The caller checks robots.txt first; may_follow checks it for the
    target of each redirect.
    """
    started = time.monotonic()
    headers = request_headers(policy) | _conditions(etag, last_modified)
    with Gate(policy, resolve=resolve) as gate:
        gate.lend(cookies)
        answer = gate.follow(url, headers=headers, may_follow=may_follow)
    page = FetchedPage(
        url=url,
        final_url=answer.url,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        elapsed_ms=round((time.monotonic() - started) * 1000),
        redirects=answer.redirects,
    )
    if page.not_modified and (etag or last_modified):
        return page
    check_answer(page)
    return page


def check_answer(page: FetchedPage) -> None:
    """Raise FetchError if an answer is not a page."""
    if not 200 <= page.status < 300:
        raise _refusal(page)


def request_headers(policy: FetchPolicy) -> dict[str, str]:
    """Return the headers of every visit. Always the same, so that answers are comparable."""
    return {
        "User-Agent": policy.user_agent,
        "Accept": _ACCEPT,
        "Accept-Language": policy.accept_language,
        "Accept-Encoding": "gzip, deflate",
    }


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in conditions.items() if value}


def _refusal(page: FetchedPage) -> PermanentFetchError | TransientFetchError:
    """Return the most specific error for an answer that is not the page."""
    wait = read_retry_after(page.headers.get("retry-after", ""), now=datetime.now(UTC))
    if wall := find_wall(page):
        return PermanentFetchError(
            wall.outcome, wall.reason, page.status, retry_after=wait, page=page
        )
    kind = TransientFetchError if page.status in _TRANSIENT_STATUSES else PermanentFetchError
    return kind(
        Outcome.HTTP_ERROR, f"HTTP status {page.status}", page.status, retry_after=wait, page=page
    )
