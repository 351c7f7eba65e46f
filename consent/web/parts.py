"""Cache of page parts that several public pages share.

A row of the timeline is part of many views, the list of platforms part of every form. A part is
kept in this process until the edition of the ledger changes, so it may only depend on its name and
key, the ledger, the day and the language. Why it is built this way:
docs/decisions/0013-parts-kept-by-edition.md.
"""

import datetime as dt
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import get_language

_Key = TypeVar("_Key", bound=Hashable)
_Part = TypeVar("_Part")

#: Seconds until all parts are made again. Maximum age of data whose writes start no new edition.
LASTING = 60
#: Most parts in one process. A thousand timeline rows take 100 kB; a long list of choices 15 kB.
_MOST_PARTS = 2048


class _PartCache:
    """The parts of one edition on one day, by language, name and key."""

    def __init__(self, edition: str, day: dt.date) -> None:
        self.edition, self.day = edition, day
        self.begun_at = time.time()
        self.parts: dict[Hashable, Any] = {}

    def serves(self, edition: str, day: dt.date) -> bool:
        is_fresh = time.time() - self.begun_at < LASTING
        return is_fresh and (self.edition, self.day) == (edition, day)


_latest: _PartCache | None = None
#: The parts of the latest steady edition.
_latest_steady: _PartCache | None = None
#: The caches for the page that is being rendered; None if nothing may be cached.
_in_use: ContextVar[_PartCache | None] = ContextVar("cache", default=None)
_steady_in_use: ContextVar[_PartCache | None] = ContextVar("steady cache", default=None)


@contextmanager
def parts_of(edition: str, steady: str = "") -> Iterator[None]:
    """Use the parts of these editions while rendering a page.

    edition: of everything. steady: of what most decisions leave as it is (editions.STEADY_KEY);
    without it all parts are of the first. Read them, in this order, before the page's queries.
    """
    global _latest, _latest_steady
    _latest = cache = _cache_of(edition, _latest)
    _latest_steady = steady_cache = _cache_of(steady or edition, _latest_steady)
    before = _in_use.set(cache), _steady_in_use.set(steady_cache)
    try:
        yield
    finally:
        _in_use.reset(before[0])
        _steady_in_use.reset(before[1])


def _cache_of(edition: str, latest: _PartCache | None) -> _PartCache:
    day = timezone.localdate()
    if latest is not None and latest.serves(edition, day):
        return latest
    return _PartCache(edition, day)


def parts(
    name: str, keys: Iterable[_Key], make: Callable[[list[_Key]], Mapping[_Key, _Part]]
) -> dict[_Key, _Part]:
    """Return the part of each key. `make` gets all missing keys in one call."""
    return _parts(_in_use.get(), (get_language(), name), list(keys), make)


def _parts(
    cache: _PartCache | None,
    group: Hashable,
    wanted: list[_Key],
    make: Callable[[list[_Key]], Mapping[_Key, _Part]],
) -> dict[_Key, _Part]:
    if cache is None:
        return dict(make(wanted)) if wanted else {}
    cached = cache.parts
    result = {key: cached[group, key] for key in wanted if (group, key) in cached}
    if missing := [key for key in wanted if key not in result]:
        made = make(missing)
        if len(cached) + len(made) > _MOST_PARTS:
            cached = cache.parts = {}
        cached.update({(group, key): part for key, part in made.items()})
        result |= made
    return result


def shared_part(name: str, key: Hashable, make: Callable[[], _Part]) -> _Part:
    """Like part, for data without words: it is kept once for all languages."""
    return shared_parts(name, [key], lambda _: {key: make()})[key]


def shared_parts(
    name: str, keys: Iterable[_Key], make: Callable[[list[_Key]], Mapping[_Key, _Part]]
) -> dict[_Key, _Part]:
    """Like parts, for data without words: it is kept once for all languages."""
    with translation.override(settings.LANGUAGE_CODE):
        return parts(name, keys, make)


def steady_part(name: str, make: Callable[[], _Part]) -> _Part:
    """Return one part of the steady edition; see steady_parts."""
    return steady_parts(name, [""], lambda _: {"": make()})[""]


def steady_parts(
    name: str, keys: Iterable[_Key], make: Callable[[list[_Key]], Mapping[_Key, _Part]]
) -> dict[_Key, _Part]:
    """Like shared_parts, for what outlasts a published entry: it must not read news models.

    These are editions._NEWS_MODELS.
    """
    return _parts(_steady_in_use.get(), name, list(keys), make)


def forget_parts() -> None:
    """Empty the caches of parts. For tests, which share a process."""
    global _latest, _latest_steady
    _latest = _latest_steady = None


def part(name: str, key: Hashable, make: Callable[[], _Part]) -> _Part:
    """Return one part; make it if it is not cached."""
    return parts(name, [key], lambda _: {key: make()})[key]
