"""A trial visit: everything a curator wants to know before a page is watched. Nothing is kept."""

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
    """What a trial visit found.

    robots, crawl_delay: None where robots.txt was not asked. page, document: None where nothing
    was received. says: what the page states about itself.
    suggestions: selectors that would hold the content.
    needs_browser: plain HTTP brought an empty shell.
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
    """Visit once and report. Raises nothing of the fetching family: what went wrong is reported.

    cookies: of a lent session, for a page behind a login.
    """
    robots, crawl_delay = None, None
    asked: dict[str, RobotsFile] = {}

    def heed_robots(reached: str) -> None:
        """Raise FetchError if the host that a redirect leads to does not want us there."""
        file = _robots_of(reached, asked, policy)
        verdict = read_robots(file).verdict(reached, policy.user_agent)
        if verdict.allowed or despite_robots:
            return
        if wall := login_target(url, reached):
            raise PermanentFetchError(wall.outcome, wall.reason)
        raise _refused(file, verdict, sent_on_to=reached)

    try:
        file = _robots_of(url, asked, policy)
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
                heed_robots(page.final_url)
        else:
            page = visit(url, policy=policy, cookies=cookies, may_follow=heed_robots)
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


def _robots_of(url: str, asked: dict[str, RobotsFile], policy: FetchPolicy) -> RobotsFile:
    """Return the robots.txt that holds for a URL, asking each host once."""
    place = robots_url(url)
    if place not in asked:
        asked[place] = fetch_robots(url, policy=policy)
    return asked[place]


def _refused(
    file: RobotsFile, robots: RobotsVerdict, *, sent_on_to: str = ""
) -> PermanentFetchError:
    """An unreachable robots.txt is a fault of its own kind, not the host's wish."""
    way = f"sent on to {sent_on_to[:200]}: " if sent_on_to else ""
    if file.outcome is not None:
        return PermanentFetchError(file.outcome, f"{way}robots.txt: {file.detail}")
    return PermanentFetchError(Outcome.ROBOTS_DENIED, f"{way}{robots.reason}")


def _first_css(select: Sequence[Selector]) -> str:
    return next((selector for selector in select if isinstance(selector, str)), "")
