"""Which crawlers of AI companies read websites, where a question is about a website of people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from consent.ledger.robots import purpose_words
from consent.search.pages import asks_for
from consent.search.plain_words import words
from platforms.fetching.ai_crawlers import Crawler, CrawlerPurpose, known_crawlers
from platforms.models import Platform

#: Crawlers of a company, or of all companies if none is named. Chosen.
_MOST = 6
CrawlersBy = Mapping[str, Sequence[tuple[Crawler, str]]]


def crawlers_asked(sought: Sequence[str], platforms: Iterable[Platform]) -> CrawlersBy | None:
    """Return crawlers with their purpose by company, where words ask about them; else None.

    Those of the companies that are named or run what is named; else the best known for training.
    """
    named = {each.name for each in known_crawlers() if set(words(each.name)) <= set(sought)}
    if not named and not asks_for("scraped", sought):
        return None
    companies = {*sought, *(word for each in platforms for word in words(each.operator))}
    return (
        _by_owner(each for each in known_crawlers() if each.name in named)
        or _by_owner(each for each in known_crawlers() if _is_of(each, companies))
        or _by_owner(each for each in known_crawlers() if each.purpose == CrawlerPurpose.TRAINING)
    )


def _is_of(crawler: Crawler, companies: Collection[str]) -> bool:
    return set(words(crawler.owner)) <= set(companies)


def _by_owner(crawlers: Iterable[Crawler]) -> CrawlersBy:
    """Return the first of them by company, those for training before others of a company."""
    first = sorted(list(crawlers)[:_MOST], key=lambda each: each.owner)
    return {
        owner: [(each, purpose_words(each)) for each in sorted(own, key=_is_not_for_training)]
        for owner, own in groupby(first, key=lambda each: each.owner)
    }


def _is_not_for_training(crawler: Crawler) -> bool:
    return crawler.purpose != CrawlerPurpose.TRAINING
