"""Names and addresses of records in lists."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.urls import reverse

from consent.ledger.state_of_play import Reader
from consent.web.absolute_urls import absolute_url
from platforms.models import Platform


def named(platform: str, slug: str) -> str:
    """Return the id of a use or a control, from slugs."""
    return f"{platform}/{slug}"


def anchor(platform: str, slug: str) -> str:
    """Return the address of a use or a control on the page of its platform."""
    return f"{absolute_url(reverse('platform', args=[platform]))}#{slug}"


def answer_address(platform: Platform, reader: Reader, day: dt.date) -> str:
    """Return the address of the page that gives this reader the answer of a day."""
    return absolute_url(reader.page_of(platform, day))


def by_owner(pairs: Iterable[tuple[int, str]]) -> Mapping[int, list[str]]:
    """Return sorted names by the key of the record that has them."""
    found: dict[int, list[str]] = defaultdict(list)
    for key, name in sorted(pairs):
        found[key].append(name)
    return found
