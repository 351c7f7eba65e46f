"""Which crawlers of AI companies read websites, where a question is about a website of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from consent.ledger.robots import purpose_words
from consent.search.pages import asks_for
from consent.search.plain_words import words
from platforms.fetching.ai_crawlers import Crawler, CrawlerPurpose, known_crawlers
from platforms.models import Platform

#: Crawlers that are named, those for training first. Chosen.
_MOST = 5


class AskedCrawlers(NamedTuple):
    """by_owner: crawlers with their purpose. example: the name of the first of them."""

    by_owner: Mapping[str, Sequence[tuple[Crawler, str]]]
    example: str


def crawlers_asked(sought: Sequence[str], platforms: Iterable[Platform]) -> AskedCrawlers | None:
    """Return crawlers with their purpose by company, where words ask about them; else None.

    Those of the companies that are named or run what is named; else the best known for training.
    """
    named = {each.name for each in known_crawlers() if set(words(each.name)) <= set(sought)}
    if not named and not asks_for("scraped", sought):
        return None
    companies = {*sought, *(word for each in platforms for word in words(each.operator))}
    known = sorted(known_crawlers(), key=_is_not_for_training)
    found = (
        [each for each in known if each.name in named]
        or [each for each in known if set(words(each.owner)) <= companies]
        or known
    )[:_MOST]
    in_order = sorted(found, key=lambda each: each.owner)
    by_owner = {
        owner: [(each, purpose_words(each)) for each in own]
        for owner, own in groupby(in_order, key=lambda each: each.owner)
    }
    return AskedCrawlers(by_owner, found[0].name)


def _is_not_for_training(crawler: Crawler) -> bool:
    return crawler.purpose != CrawlerPurpose.TRAINING
