"""The companies that run several platforms: "google" leads to all platforms of Google."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from consent.search.plain_words import words
from platforms.models import Platform
from platforms.vocabulary import Category

#: First words of names of companies that name nobody.
_NO_BRANDS = frozenset(("a", "the", "match", "stack"))
_IN_PARENTHESES = re.compile(r"\([^)]*\)")


class _Operated(Protocol):
    """A platform, or its facts."""

    @property
    def name(self) -> str: ...
    @property
    def operator(self) -> str: ...
    @property
    def owner(self) -> str: ...


_Platform = TypeVar("_Platform", bound=_Operated)


@dataclass(frozen=True)
class Operator(Generic[_Platform]):
    """A company by the word that people call it, with its platforms in their order."""

    name: str
    slug: str
    platforms: Sequence[_Platform]


def operators(
    platforms: Iterable[_Platform], *, at_least: int = 2
) -> dict[str, Operator[_Platform]]:
    """Return the companies with so many platforms, by their slug.

    Their owners count too, as Microsoft owns LinkedIn.
    """
    grouped: dict[str, list[_Platform]] = defaultdict(list)
    names: dict[str, str] = {}
    for platform in platforms:
        for brand in dict.fromkeys(_brands(platform.operator, platform.owner)):
            slug = words(brand)[0]
            names.setdefault(slug, brand)
            grouped[slug].append(platform)
    return {
        slug: Operator(names[slug], slug, found)
        for slug, found in grouped.items()
        if len(found) >= at_least
    }


def of_people_first(company: Operator) -> Operator:
    """Put what people use before what programs use, and its own before that of other companies."""
    ordered = sorted(
        company.platforms,
        key=lambda each: (
            each.category == Category.DEVELOPER,
            company.slug != words(each.operator)[0],
        ),
    )
    return replace(company, platforms=ordered)


def slug_of_operator(platform: _Operated) -> str:
    """Return the slug of the owner, else of the operator; "" for the name of the platform."""
    brands = _brands(platform.operator, platform.owner)
    slug = words(brands[-1])[0] if brands else ""
    return "" if slug == words(platform.name)[0] else slug


def slug_of_name(name: str, platforms: Iterable[Platform]) -> str:
    """Return the slug of the company with a name as in addresses, of today or before; else ""."""
    asked = words(name.replace("-", " "))
    for platform in platforms:
        names = [platform.operator, *(each["name"] for each in platform.operators_before)]
        brands = _brands(platform.operator)
        if brands and any(words(each)[: len(asked)] == asked for each in names):
            return words(brands[0])[0]
    return ""


def _brands(*companies: str) -> list[str]:
    names = [_IN_PARENTHESES.sub("", each) for each in companies]
    firsts = [name.split()[0].strip(",;.") for name in names if name.split()]
    return [
        first
        for first in firsts
        if first[:1].isupper() and words(first) and words(first)[0] not in _NO_BRANDS
    ]
