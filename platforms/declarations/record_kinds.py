"""Platforms and pages as kinds of public records (platforms/record_versions.py)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from platforms.declarations.reconciliation import Stored, stored_pages, stored_platforms
from platforms.models import Page, Platform
from platforms.record_versions import Kind, Reading, register


def register_kinds() -> None:
    register(Kind("platform", Platform, _platforms), Kind("page", Page, _pages))


def _platforms(**only: Any) -> Iterator[Reading]:
    for slug, stored in stored_platforms(listed=True, **only).items():
        yield _reading(slug, stored)


def _pages(**only: Any) -> Iterator[Reading]:
    for (slug, url), stored in stored_pages(platform__listed=True, **only).items():
        if not stored.row.is_history:
            yield _reading(f"{slug} {url}", stored)


def _reading(key: str, stored: Stored[Any, Any]) -> Reading:
    declaration = stored.declaration
    return Reading(key, stored.row, declaration, declaration.in_full(without=("former_slugs",)))
