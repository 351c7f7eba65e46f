"""Which crawlers of AI companies read websites, where a question is about a website of people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from consent.ledger.robots import purpose_words
from consent.search.pages import asks_for
from consent.search.plain_words import words
from platforms.fetching.ai_crawlers import Crawler, CrawlerPurpose, known_crawlers
from platforms.models import Platform

#: What only names of crawlers have.
_NAME = re.compile(r"bot|spider|crawler|-", re.IGNORECASE)
_LIST_OF_OTHERS = "github.com/ai-robots-txt/"
#: Crawlers that are named, those for training first. Chosen.
_MOST = 5


class AskedCrawlers(NamedTuple):
    """by_owner: crawlers with their purpose. example: the name of the first of them."""

    by_owner: Mapping[str, Sequence[tuple[Crawler, str]]]
    example: str


def crawlers_asked(sought: Sequence[str], platforms: Sequence[Platform]) -> AskedCrawlers | None:
    """Return crawlers with their purpose by company, where words ask about them; else None.

    Those of the companies that are named or run what is named; if none is, the best known for
    training. A service without a crawler may be where the website is.
    """
    named = {each.name for each in known_crawlers() if _is_named(each, sought)}
    if not named and not asks_for("scraped", sought):
        return None
    companies = " ".join([*sought, *(word for each in platforms for word in words(each.operator))])
    # Of what only a list of others has, nothing more is known.
    documented = (each for each in known_crawlers() if _LIST_OF_OTHERS not in each.source)
    known = sorted(documented, key=lambda each: each.purpose != CrawlerPurpose.TRAINING)
    theirs = [each for each in known if f" {' '.join(words(each.owner))} " in f" {companies} "]
    found = (
        [each for each in known_crawlers() if each.name in named]
        or theirs
        or ([] if platforms else known)
    )
    if not found:
        return None
    in_order = sorted(found[:_MOST], key=lambda each: each.owner)
    by_owner = {
        owner: [(each, purpose_words(each)) for each in own]
        for owner, own in groupby(in_order, key=lambda each: each.owner)
    }
    return AskedCrawlers(by_owner, found[0].name)


def _is_named(crawler: Crawler, sought: Sequence[str]) -> bool:
    """Return whether words name a crawler. Names such as Operator are words of other questions."""
    return bool(_NAME.search(crawler.name)) and set(words(crawler.name)) <= set(sought)
