"""Whether something is allowed: no advice, but what courts and authorities decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from consent.language_data import listed_words
from consent.ledger.place_words import listed
from consent.public.timeline.acts import Act, Acts, acts_of_authorities
from consent.search.asked_authorities import asks_for_acts
from consent.search.pages import asks_for
from platforms.models import Platform

#: Acts that are shown before the answer, those with a result first. Chosen.
_MOST = 3
_ONESELF = listed_words("small_words", "oneself") | listed_words("small_words", "mine")


class Legality(NamedTuple):
    """acts: about the services that are named; None if none is. names: of those they are about."""

    acts: Acts | None
    names: str = ""

    @property
    def shown(self) -> Sequence[Act]:
        return self.acts.rows[:_MOST] if self.acts else ()


def legality_asked(sought: Sequence[str], platforms: Sequence[Platform]) -> Legality | None:
    """Return what was decided, where words ask whether something is allowed; else None.

    What people may do themselves is no such question, nor is whether a notice binds. Whoever asks
    for acts gets all of them.
    """
    if not asks_for("legal", sought) or asks_for("true", sought) or asks_for_acts(sought):
        return None
    if not _ONESELF.isdisjoint(sought[1:2]):  # "may I"
        return None
    if not platforms:
        return Legality(None)
    acts = acts_of_authorities(platforms, decided_first=True)
    return Legality(acts, listed(each.name for each in acts.platforms or platforms[:1]))
