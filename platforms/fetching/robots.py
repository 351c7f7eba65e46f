"""Fetches and interprets robots.txt (RFC 9309). The caller stores it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from platforms.fetching.policy import FetchPolicy
from platforms.fetching.visit import visit
from platforms.fetching.visit_errors import FetchError
from platforms.outcomes import Outcome

MAX_AGE = timedelta(hours=24)  # section 2.4: not to be used longer, unless unreachable
_MAX_BYTES = 512_000  # section 2.5 asks for at least 500 KiB; the rest is ignored
_MAX_REDIRECTS = 5  # section 2.3.1.2
_UNREACHABLE_FOR_LONG = timedelta(days=30)  # section 2.3.1.4


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """The result of a request for robots.txt. status: None without an answer.

    outcome, detail: why it could not be read, if so.
    """

    status: int | None
    body: str = ""
    outcome: Outcome | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RobotsVerdict:
    """Whether a URL may be read, and why, in words."""

    allowed: bool
    reason: str


@dataclass(frozen=True)
class Robots:
    """The rules of one host. everything: a verdict for all URLs, if the rules do not matter."""

    body: str
    everything: RobotsVerdict | None = None

    @cached_property
    def _rules_by_token(self) -> dict[str, Protego]:
        return {}

    def _rules(self, user_agent: str) -> Protego:
        token = product_token(user_agent)
        if token not in self._rules_by_token:
            self._rules_by_token[token] = Protego.parse(groups_for(token, self.body))
        return self._rules_by_token[token]

    def verdict(self, url: str, user_agent: str) -> RobotsVerdict:
        if urlsplit(url).path == "/robots.txt":
            return RobotsVerdict(True, "robots.txt itself may always be read")
        if self.everything is not None:
            return self.everything
        if self._rules(user_agent).can_fetch(url, product_token(user_agent)):
            return RobotsVerdict(True, "robots.txt allows it")
        return RobotsVerdict(False, "robots.txt asks readers like us to leave this page alone")

    def allows(self, url: str, user_agent: str) -> bool:
        return self.verdict(url, user_agent).allowed

    def crawl_delay(self, user_agent: str) -> float | None:
        """Return the pause this host asks for, in seconds. A custom, not part of RFC 9309."""
        delay = self._rules(user_agent).crawl_delay(product_token(user_agent))
        return float(delay) if delay is not None and delay > 0 else None


def read_robots(
    file: RobotsFile, *, last_known: str | None = None, unreachable_for: timedelta = timedelta(0)
) -> Robots:
    """Return the rules that follow from an answer (RFC 9309 section 2.3.1).

    last_known: the body of the last file that could be read, None if there never was one.
    unreachable_for: time without an answer. While unreachable, nothing may be read; after 30 days
    the last known rules apply, or none if there are none.
    """
    if file.status is not None and 200 <= file.status < 300:
        return Robots(file.body)
    if file.status is not None and 300 <= file.status < 500 and file.status != 429:
        return Robots("", RobotsVerdict(True, f"there is no robots.txt (status {file.status})"))
    if unreachable_for < _UNREACHABLE_FOR_LONG:
        reason = "robots.txt cannot be reached, so nothing may be read"
        return Robots("", RobotsVerdict(False, reason))
    if last_known is not None:
        return Robots(last_known)
    return Robots("", RobotsVerdict(True, "robots.txt has been unreachable for 30 days"))


def fetch_robots(url: str, *, policy: FetchPolicy) -> RobotsFile:
    """Fetch the robots.txt for this URL. Failures are returned; FetchError is never raised."""
    # A file above the limit is cut, not refused, so the visit may receive more than we use.
    robots_policy = replace(policy, max_redirects=_MAX_REDIRECTS, max_bytes=10 * _MAX_BYTES)
    try:
        page = visit(robots_url(url), policy=robots_policy)
    except FetchError as error:
        if error.outcome == Outcome.TOO_LARGE:
            return RobotsFile(None, outcome=error.outcome, detail=error.detail)
        return RobotsFile(error.status, outcome=error.outcome, detail=error.detail)
    return RobotsFile(page.status, decode_robots(page.body))


def robots_url(url: str) -> str:
    """Return the URL of the robots.txt that applies to this URL."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def decode_robots(body: bytes) -> str:
    """Return the text of a robots.txt: the first 500 KiB, as UTF-8, without unreadable bytes."""
    text = body[:_MAX_BYTES].decode("utf-8-sig", errors="replace")
    # NUL cannot be stored in PostgreSQL and means nothing here.
    return text.replace("\x00", "")


# Lines as lenient parsers accept them: "User-agent: x", "user agent x".
_AGENT_LINE = re.compile(r"user[- ]?agent(?:\s*+:|\s|$)\s*+(?P<name>.*+)", re.IGNORECASE)
# Sitemaps and hosts belong to no group, so they do not end one.
_SITE_LINE = re.compile(r"(?:site-?maps?|host)(?:\s*+:|\s)", re.IGNORECASE)
_RULE_LINE = re.compile(
    r"[^:]*+:|(?:dis+al+ow|diasllow|disallaw|allow|crawl[- ]delay|request[- ]rate|visit[- ]time)"
    r"(?:\s|$)",
    re.IGNORECASE,
)


def groups_for(token: str, body: str) -> str:
    """Return the lines of a robots.txt that apply to us, as one group.

    token: our product token. The groups with the longest matching name apply, else those of "*".
    Only these go to the parser, because it copies each rule for each agent: for many agents and
    many rules that would take their product in memory.
    """
    name, ours = group_for(token, groups_of(body))
    return "\n".join([f"User-agent: {name}", *ours]) if name else ""


def groups_of(body: str) -> list[tuple[set[str], list[str]]]:
    """Return the groups of a robots.txt: names of User-agent lines, and the lines after them."""
    return list(_groups(body))


def group_for(token: str, groups: list[tuple[set[str], list[str]]]) -> tuple[str, list[str]]:
    """Return the name of the groups that apply to a product token, and their lines.

    The name is "*" where only the groups for everybody apply, and empty where none does.
    """
    wanted = _names_of(token.lower())
    names = {name for agents, _ in groups for name in agents & wanted}
    name = max(names - {"*"}, key=len, default="*")
    if name not in names:
        return "", []
    return name, [rule for agents, rules in groups if name in agents for rule in rules]


def _groups(body: str) -> Iterator[tuple[set[str], list[str]]]:
    """Yield the groups of a file: names of the User-agent lines, and rules."""
    agents: set[str] = set()
    rules: list[str] = []
    for line in body.splitlines():
        line = line.partition("#")[0].strip()
        if agent := _AGENT_LINE.match(line):
            if rules:
                yield agents, rules
                agents, rules = set(), []
            name = agent["name"].strip().lower()
            agents.add(name if name == "*" else name.replace("*", ""))
        elif _RULE_LINE.match(line) and not _SITE_LINE.match(line):
            rules.append(line)
    yield agents, rules


def _names_of(token: str) -> set[str]:
    """Return the names of groups that apply to a token: "*", and each beginning of a word of it."""
    words = [match.start() for match in re.finditer(r"(?<![\w-])", token)]
    beginnings = {token[start:end] for start in words for end in range(start + 1, len(token) + 1)}
    return {"*", *beginnings}


def product_token(user_agent: str) -> str:
    """Return the name used in robots.txt files: "DefaultOn" for "DefaultOn/0.1 (+…)"."""
    return user_agent.split("/", 1)[0].split(" ", 1)[0]
