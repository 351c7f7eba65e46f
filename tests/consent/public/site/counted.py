"""What links that carry a number say, and how many items the pages behind them list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from django.utils.translation import get_language_from_path
from selectolax.lexbor import LexborHTMLParser, LexborNode

#: The items of a page, by its path without the language. A page about one record lists nothing:
#: there a number in a link belongs to a title or to the minutes of a guide.
ITEMS = {
    "/timeline": "#results .row",
    "/platforms": ".index-list > li",
    "/matrix": ".matrix-settings > li",
    "/guides": ".guide-lines > li",
    "/claims": ".claims > li",
    "/developers/providers": ".product-plan",
    "/numbers/then-and-now": '[aria-labelledby="widened"] tbody tr',
    "/status": '[aria-labelledby="gaps"] .gap-line',
}
#: Pages about one record.
_RECORD = re.compile(r"/(platforms|changes|guides|claims|evidence)/.+")
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class CountLink:
    """A link with a number: what it says, and the figure that it is marked with, if it is."""

    on: str
    to: str
    words: str
    count: str | None


def count_links(html: str, address: str) -> Iterator[CountLink]:
    """Yield the links of a page that carry a number or are marked as carrying one.

    Left out: dates in <time>, links that remove a filter, and those to pages about one record.
    """
    for link in LexborHTMLParser(html).css("a[href]"):
        given = link.attributes
        to = urljoin(address, given["href"] or "")
        count = given.get("data-count")
        is_no_count = "data-removes" in given or _is_about_one(to)
        if urlsplit(to).netloc or (count is None and is_no_count):
            continue
        words = _words(link)
        if count is not None or _NUMBER.search(words):
            yield CountLink(address, to, words, count)


def _is_about_one(address: str) -> bool:
    return bool(_RECORD.fullmatch(_without_language(urlsplit(address).path)))


def _words(link: LexborNode) -> str:
    copy = LexborHTMLParser(link.html or "")
    while dated := copy.css_first("time, [data-day]"):
        dated.decompose()
    return " ".join(copy.text(separator=" ").split())


def _without_language(path: str) -> str:
    language = get_language_from_path(path)
    return path.removeprefix(f"/{language}") or "/" if language else path


def listed(get: Callable[[str], str], address: str) -> int:
    """Count the items that a page lists, with those of the pages of older ones."""
    path = _without_language(urlsplit(address).path)
    seen: set[str] = set()
    others = 0
    next_address = address.partition("#")[0]
    while True:
        page = LexborHTMLParser(get(next_address))
        for item in page.css(ITEMS[path]):
            if path == "/timeline":  # a change may be on several pages, and counts once
                seen.add(item.css("a[href]")[0].attributes["href"] or "")
            else:
                others += 1
        older = page.css_first('a[rel="next"]')
        if older is None:
            break
        next_address = urljoin(next_address, older.attributes["href"] or "").partition("#")[0]
    return len(seen) + others
