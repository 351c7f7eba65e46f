"""A trial visit, for curators who decide whether to watch a page. Nothing is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platforms.extraction import Document, Selector
from platforms.fetching import reader
from platforms.fetching.browser import visit_in_browser
from platforms.fetching.cookies import LentCookie
from platforms.fetching.judgement import Verdict, as_verdict, is_empty_shell, judge
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
from platforms.fetching.selector_suggestions import SelectorSuggestion
from platforms.fetching.visit import visit
from platforms.fetching.visit_errors import FetchError, PermanentFetchError
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
    gate = _RobotsGate(url, policy, despite_robots)
    try:
        gate.check()
        page = _received(
            url, policy, gate, wait_for=_first_css(select), in_browser=in_browser, cookies=cookies
        )
    except FetchError as error:
        verdict = as_verdict(error.outcome, error.detail, lent=bool(cookies))
        return Probe(url, verdict, gate.robots, gate.crawl_delay, error.page)
    try:
        examined = reader.examine(
            page.body,
            url=page.final_url,
            content_type=page.content_type,
            select=select,
            remove=remove,
            limits=reader.while_somebody_waits(),
        )
    except FetchError as error:
        verdict = Verdict(error.outcome, error.detail)
        return Probe(url, verdict, gate.robots, gate.crawl_delay, page)
    document = examined.document
    return Probe(
        url,
        judge(page, document, expected_language=expected_language, wants_account=bool(cookies)),
        gate.robots,
        gate.crawl_delay,
        page,
        document,
        examined.says,
        examined.suggestions,
        needs_browser=not in_browser and is_empty_shell(document, page),
    )


class _RobotsGate:
    """Asks robots.txt of each host that a visit reaches, once per host.

    robots, crawl_delay: what the first host's robots.txt says; None before `check`.
    """

    def __init__(self, url: str, policy: FetchPolicy, despite_robots: bool) -> None:
        self.url = url
        self.robots: RobotsVerdict | None = None
        self.crawl_delay: float | None = None
        self._policy = policy
        self._despite_robots = despite_robots
        self._files: dict[str, RobotsFile] = {}

    def check(self) -> None:
        """Raise FetchError if robots.txt does not allow the address of the visit."""
        file = self._file_of(self.url)
        rules = read_robots(file)
        self.robots = rules.verdict(self.url, self._policy.user_agent)
        self.crawl_delay = rules.crawl_delay(self._policy.user_agent)
        if not self.robots.allowed and not self._despite_robots:
            raise _refused(file, self.robots)

    def check_redirect(self, reached: str) -> None:
        """Raise FetchError if robots.txt of a redirect's host does not allow the address."""
        file = self._file_of(reached)
        verdict = read_robots(file).verdict(reached, self._policy.user_agent)
        if verdict.allowed or self._despite_robots:
            return
        if wall := login_target(self.url, reached):
            raise PermanentFetchError(wall.outcome, wall.reason)
        raise _refused(file, verdict, sent_on_to=reached)

    def _file_of(self, url: str) -> RobotsFile:
        address = robots_url(url)
        if address not in self._files:
            self._files[address] = fetch_robots(url, policy=self._policy)
        return self._files[address]


def _received(
    url: str,
    policy: FetchPolicy,
    gate: _RobotsGate,
    *,
    wait_for: str,
    in_browser: bool,
    cookies: Sequence[LentCookie],
) -> FetchedPage:
    if not in_browser:
        return visit(url, policy=policy, cookies=cookies, may_follow=gate.check_redirect)
    page = visit_in_browser(url, policy=policy, wait_for=wait_for, cookies=cookies)
    if page.final_url != url:
        gate.check_redirect(page.final_url)
    return page


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
