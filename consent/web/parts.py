"""Parts of public pages that are drawn once and then stand on every page that shows them.

A row of the timeline is part of many views, the list of platforms part of every form. Such a part
is kept in this process for as long as the edition of the ledger lasts that it was drawn from, so it
may depend on nothing but its name and key, the ledger, the day and the language. Why it is built
this way: docs/decisions/0013-parts-kept-by-edition.md.
"""

import datetime as dt
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import get_language

_Key = TypeVar("_Key", bound=Hashable)
_Part = TypeVar("_Part")

#: Seconds after which all parts are drawn anew. Bounds the age of what no edition tells of.
LASTING = 60
#: Parts of one process. A hundred kilobytes a thousand rows; a long list of choices has fifteen.
_MOST = 2048


class _PartCache:
    """The parts of one edition on one day, by their language, name and key."""

    def __init__(self, edition: str, day: dt.date) -> None:
        self.edition, self.day = edition, day
        self.begun_at = time.time()
        self.parts: dict[Hashable, Any] = {}

    def serves(self, edition: str, day: dt.date) -> bool:
        lasts = time.time() - self.begun_at < LASTING
        return lasts and (self.edition, self.day) == (edition, day)


_latest: _PartCache | None = None
#: The cache of the page that is being drawn; None where nothing may be kept.
_in_use: ContextVar[_PartCache | None] = ContextVar("cache", default=None)


@contextmanager
def parts_of(edition: str) -> Iterator[None]:
    """Draw a page from this edition, which was read before the page's first query."""
    global _latest
    cache, day = _latest, timezone.localdate()
    if cache is None or not cache.serves(edition, day):
        cache = _latest = _PartCache(edition, day)
    before = _in_use.set(cache)
    try:
        yield
    finally:
        _in_use.reset(before)


def parts(
    name: str, keys: Iterable[_Key], make: Callable[[list[_Key]], Mapping[_Key, _Part]]
) -> dict[_Key, _Part]:
    """Return the part of each key. Those that are not kept are made, all at once."""
    asked = list(keys)
    cache = _in_use.get()
    if cache is None:
        return dict(make(asked)) if asked else {}
    place = (get_language(), name)
    kept = cache.parts
    found = {key: kept[place, key] for key in asked if (place, key) in kept}
    if missing := [key for key in asked if key not in found]:
        made = make(missing)
        if len(kept) + len(made) > _MOST:
            kept = cache.parts = {}
        kept.update({(place, key): part for key, part in made.items()})
        found |= made
    return found


def part(name: str, key: Hashable, make: Callable[[], _Part]) -> _Part:
    """Return one part, made if it is not kept."""
    return parts(name, [key], lambda _: {key: make()})[key]
