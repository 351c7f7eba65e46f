"""A trial visit, for curators who decide whether to watch a page. Nothing is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platforms.extraction import Document, Selector
from platforms.fetching import reader
from platforms.fetching.browser import visit_in_browser
from platforms.fetching.cookies import LentCookie
from platforms.fetching.errors import FetchError, PermanentFetchError
from platforms.fetching.judging import Verdict, as_verdict, is_empty_shell, judge
from platforms.fetching.page import FetchedPage
from platforms.fetching.page_metadata import SelfDescription
from platforms.fetching.policy import FetchPolicy
from platforms.fetching.robots import (
    RobotsFile,
    RobotsVerdict,
    fetch_robots,
    read_robots,
    robots_url,
)
from platforms.fetching.suggesting import SelectorSuggestion
from platforms.fetching.visit import visit
from platforms.fetching.walls import login_target
from platforms.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Probe:
    """The result of a trial visit.

    robots, crawl_delay: None if robots.txt was not read. page, document: None if nothing was
    received. says: metadata of the page. suggestions: selectors for the content.
    needs_browser: plain HTTP received an empty shell.
    """

    url: str
    verdict: Verdict
    robots: RobotsVerdict | None = None
    crawl_delay: float | None = None
    page: FetchedPage | None = None
    document: Document | None = None
    says: SelfDescription | None = None
    suggestions: tuple[SelectorSuggestion, ...] = ()
    needs_browser: bool = False


def probe(
    url: str,
    *,
    policy: FetchPolicy,
    select: Sequence[Selector] = (),
    remove: Sequence[Selector] = (),
    expected_language: str = "",
    in_browser: bool = False,
    despite_robots: bool = False,
    cookies: Sequence[LentCookie] = (),
) -> Probe:
    """Visit once and report the result. Failures are reported; FetchError is never raised.

    cookies: of a lent session, for a page behind a login.
    """
    robots, crawl_delay = None, None
    files: dict[str, RobotsFile] = {}

    def check_robots(reached: str) -> None:
        """Raise FetchError if robots.txt of a redirect's host does not allow the address."""
        file = _robots_of(reached, files, policy)
        verdict = read_robots(file).verdict(reached, policy.user_agent)
        if verdict.allowed or despite_robots:
            return
        if wall := login_target(url, reached):
            raise PermanentFetchError(wall.outcome, wall.reason)
        raise _refused(file, verdict, sent_on_to=reached)

    try:
        file = _robots_of(url, files, policy)
        rules = read_robots(file)
        robots = rules.verdict(url, policy.user_agent)
        crawl_delay = rules.crawl_delay(policy.user_agent)
        if not robots.allowed and not despite_robots:
            raise _refused(file, robots)
        if in_browser:
            page = visit_in_browser(
                url, policy=policy, wait_for=_first_css(select), cookies=cookies
            )
            if page.final_url != url:
                check_robots(page.final_url)
        else:
            page = visit(url, policy=policy, cookies=cookies, may_follow=check_robots)
    except FetchError as error:
        verdict = as_verdict(error.outcome, error.detail, lent=bool(cookies))
        return Probe(url, verdict, robots, crawl_delay, error.page)
    try:
        examined = reader.examine(
            page.body,
            url=page.final_url,
            content_type=page.content_type,
            select=select,
            remove=remove,
            limits=reader.WHILE_SOMEBODY_WAITS,
        )
    except FetchError as error:
        return Probe(url, Verdict(error.outcome, error.detail), robots, crawl_delay, page)
    document = examined.document
    return Probe(
        url,
        judge(
            page,
            document,
            expected_language=expected_language,
            wants_account=bool(cookies),
        ),
        robots,
        crawl_delay,
        page,
        document,
        examined.says,
        examined.suggestions,
        needs_browser=not in_browser and is_empty_shell(document, page),
    )


def _robots_of(url: str, files: dict[str, RobotsFile], policy: FetchPolicy) -> RobotsFile:
    """Return the robots.txt that applies to a URL. Fetches it once per host."""
    address = robots_url(url)
    if address not in files:
        files[address] = fetch_robots(url, policy=policy)
    return files[address]


def _refused(
    file: RobotsFile, robots: RobotsVerdict, *, sent_on_to: str = ""
) -> PermanentFetchError:
    """Return the error of a refusal; if robots.txt is unreachable, the reason for that."""
    way = f"sent on to {sent_on_to[:200]}: " if sent_on_to else ""
    if file.outcome is not None:
        return PermanentFetchError(file.outcome, f"{way}robots.txt: {file.detail}")
    return PermanentFetchError(Outcome.ROBOTS_DENIED, f"{way}{robots.reason}")


def _first_css(select: Sequence[Selector]) -> str:
    return next((selector for selector in select if isinstance(selector, str)), "")
