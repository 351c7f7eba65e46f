"""A cache in which no page is ever found, but the edition is."""

from typing import Any

from django.core.cache.backends.locmem import LocMemCache

from consent.web import editions


class EditionsAlone(LocMemCache):
    def set(self, key: str, *arguments: Any, **named: Any) -> None:
        if key == editions.KEY:
            super().set(key, *arguments, **named)
