"""Values kept in a cache, and made anew as long as it cannot be read or written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import caches

log = logging.getLogger(__name__)

Value = TypeVar("Value")


def kept_or_made(key: str, make: Callable[[], Value], *, seconds: int) -> Value:
    """Return what is kept under a key; make and keep it if there is nothing."""
    value: Value | None = call_cache("default", "get", key, default=None)
    if value is None:
        value = make()
        call_cache("default", "set", key, value, seconds, default=None)
    return value


def call_cache(cache: str, method: str, *arguments: Any, default: Any) -> Any:
    """Call a cache; return the default if it is away, cannot be written, or holds old pickles."""
    try:
        return getattr(caches[cache], method)(*arguments)
    except Exception as error:
        log.warning("The cache %s failed: %r", cache, error)
        return default
