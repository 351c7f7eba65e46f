"""Reads a list of names as people type it: "instagram, gmail and teams"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from consent.search.brands import COMPANY_OF, brand_among
from consent.search.names import Named, named_platforms, with_typing_errors
from consent.search.operators import Operator, operators
from consent.search.plain_words import words
from consent.search.questions import read_subject
from consent.search.texts import UNINDEXED
from platforms.models import Platform


@dataclass(frozen=True, slots=True)
class AskedName:
    """What one of the typed names means.

    corrected: the name that was meant, if it was typed with an error.
    product: a service that is not on record by itself; owner: its company, if that has platforms.
    """

    typed: str
    platforms: list[Platform] = field(default_factory=list)
    corrected: str = ""
    product: str = ""
    owner: Operator | None = None

    @property
    def is_unknown(self) -> bool:
        return not self.platforms and self.owner is None


def read_names(typed: str, listed: Sequence[Platform]) -> list[AskedName]:
    """Read names with commas or line breaks between them; a company stands for its platforms.

    Each platform is there once. Words that are no name are left out beside one that is.
    """
    companies = operators(listed)
    owners = operators(listed, at_least=1)
    found: list[AskedName] = []
    taken: set[int] = set()
    for part in re.split(r"[,;\n]", typed):
        if not (sought := words(part)):
            continue
        for asked in _read(part.strip(), sought, listed, companies, owners):
            platforms = [each for each in asked.platforms if each.pk not in taken]
            taken.update(each.pk for each in platforms)
            if platforms or not asked.platforms:
                found.append(
                    AskedName(asked.typed, platforms, asked.corrected, asked.product, asked.owner)
                )
    return found


def _read(
    typed: str,
    sought: Sequence[str],
    listed: Sequence[Platform],
    companies: Mapping[str, Operator],
    owners: Mapping[str, Operator],
) -> list[AskedName]:
    named = named_platforms(sought, listed, companies)
    unclear = read_subject(named.rest, UNINDEXED).other
    if not named.platforms and not named.unwatched:
        if brand := brand_among(named.rest, unclear):
            named = replace(named, unwatched=brand)
        else:
            named = with_typing_errors(named.rest, unclear, listed, companies)
        if not named.platforms and not named.unwatched:
            return [AskedName(typed)]
        return [_meant(typed, named, owners)]
    # Several names without commas: what is left over may be a name that nobody knows.
    left = [] if named.unwatched else [AskedName(word) for word in _names_among(unclear, named)]
    return [_meant(typed, named, owners), *left]


def _meant(typed: str, named: Named, owners: Mapping[str, Operator]) -> AskedName:
    if named.unwatched:
        owner = owners.get(COMPANY_OF.get(named.unwatched, ""))
        return AskedName(typed, [], named.corrected, named.unwatched, owner)
    return AskedName(typed, named.platforms, named.corrected)


def _names_among(left: Sequence[str], named: Named) -> list[str]:
    """Return the words that may be names: only in a list of names, not within a question."""
    return [word for word in left if len(word) > 2] if len(named.platforms) > 1 else []
