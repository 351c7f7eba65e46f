"""Reads from a robots.txt the rules and preferences for crawlers of AI companies. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice
from pathlib import Path

import yaml

from platforms.fetching.robots import group_for, groups_of

_EVERYTHING = re.compile(r"/?\*{0,9}")  # a path rule for the whole site
_PATH_RULE = re.compile(r"(?P<kind>allow|disallow)\s*+:\s*+(?P<path>\S*)", re.IGNORECASE)
# Content-Signal: https://contentsignals.org. Content-Usage, which may begin with a path:
# draft-ietf-aipref-attach.
_SIGNAL = re.compile(
    r"content-(?P<kind>signal|usage)\s*+:\s*+(?P<path>/\S*\s++)?(?P<pairs>.*+)", re.IGNORECASE
)
_PAIR = re.compile(
    r"(?P<key>[a-z][a-z0-9-]{0,40})\s*+=\s*+(?P<value>[a-z0-9]{1,20})", re.IGNORECASE
)
# The terms of a licence in RSL (rslstandard.org): a line that belongs to no group.
_LICENCE = re.compile(r"^[ \t]*license[ \t]*:[ \t]*(?P<url>https?://\S{1,500})", re.I | re.M)
# Of one file. Chosen: real files have a few.
_MOST_SIGNALS = 50
_MOST_LICENCES = 10
_MOST_AGENTS = 20


class CrawlerPurpose(StrEnum):
    TRAINING = "training"
    SEARCH = "search"
    ASSISTANT = "assistant"
    DATA = "data"  # collected for the AI of others


class CrawlerAccess(StrEnum):
    """How much of a site a crawler may read."""

    ALL = "all"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Crawler:
    """A crawler by its name in robots.txt files. source: where it is documented."""

    name: str
    owner: str
    purpose: CrawlerPurpose
    source: str


@dataclass(frozen=True, slots=True)
class CrawlerRule:
    """What one crawler may read. named: the file has a group for its name, not only for all."""

    crawler: Crawler
    access: CrawlerAccess
    named: bool


@dataclass(frozen=True, slots=True)
class ContentSignal:
    """A preference: Content-Signal or Content-Usage. agents: empty or "*" for all crawlers."""

    kind: str  # "signal" or "usage"
    key: str
    allowed: bool | None  # None for a value that is neither yes nor no
    value: str
    agents: tuple[str, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class CrawlerStatements:
    """The rules and preferences of one robots.txt for AI crawlers.

    licences: addresses of terms in RSL.
    """

    rules: tuple[CrawlerRule, ...]
    signals: tuple[ContentSignal, ...]
    licences: tuple[str, ...] = ()


@cache
def known_crawlers() -> tuple[Crawler, ...]:
    """Return the crawlers of ai_crawlers.yaml, in its order."""
    path = Path(__file__).with_name("ai_crawlers.yaml")
    return tuple(
        Crawler(row["name"], row["owner"], CrawlerPurpose(row["purpose"]), row["source"])
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    )


def statements_to_crawlers(body: str) -> CrawlerStatements:
    """Return the statements of a robots.txt. Unreadable lines are ignored. Never raises."""
    groups = groups_of(body)
    rules = tuple(_rule(crawler, groups) for crawler in known_crawlers())
    signals = (signal for agents, lines in groups for signal in _signals(agents, lines))
    licences = (match["url"] for match in _LICENCE.finditer(body))
    return CrawlerStatements(
        rules,
        tuple(dict.fromkeys(islice(signals, _MOST_SIGNALS))),
        tuple(dict.fromkeys(islice(licences, _MOST_LICENCES))),
    )


def _rule(crawler: Crawler, groups: list[tuple[set[str], list[str]]]) -> CrawlerRule:
    name, lines = group_for(crawler.name, groups)
    rules = [match for match in map(_PATH_RULE.match, lines) if match and match["path"]]
    disallowed = [rule["path"] for rule in rules if rule["kind"].lower() == "disallow"]
    if not disallowed:
        access = CrawlerAccess.ALL
    elif len(disallowed) == len(rules) and any(map(_EVERYTHING.fullmatch, disallowed)):
        access = CrawlerAccess.NONE
    else:
        access = CrawlerAccess.PART
    return CrawlerRule(crawler, access, named=name not in ("", "*"))


def _signals(agents: set[str], lines: list[str]) -> Iterator[ContentSignal]:
    for line in lines:
        match = _SIGNAL.match(line)
        if match is None:
            continue
        named = tuple(sorted(agents))[:_MOST_AGENTS]
        for pair in _PAIR.finditer(match["pairs"]):
            value = pair["value"].lower()
            yield ContentSignal(
                kind=match["kind"].lower(),
                key=pair["key"].lower(),
                allowed={"yes": True, "y": True, "no": False, "n": False}.get(value),
                value=value,
                agents=named,
                path=(match["path"] or "").strip(),
            )
