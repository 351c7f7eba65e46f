"""The lines with which an answer says what a question asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from consent.ledger.platform_facts import UseFacts
from consent.models import Entry, Guide

#: Uses, places or changes that are named one by one. Chosen.
MOST_NAMED = 4


class FirstLine(NamedTuple):
    """rest: what a file says. source: the page that it is from. use: whose answer it is.

    records: what it links.
    """

    words: str
    records: Sequence[Entry | Guide] = ()
    rest: str = ""
    source: str = ""
    use: UseFacts | None = None


class AskedPart(NamedTuple):
    """One of the things that a question asks: since when, who, what is deleted.

    lines: all that is said of it. main: those that answer it best. is_aside: it is not about
    training, and follows the answer about that where both are asked.
    """

    lines: Sequence[FirstLine]
    main: Sequence[FirstLine]
    is_since: bool = False
    is_told: bool = False
    is_aside: bool = False

    @property
    def further(self) -> list[FirstLine]:
        return [line for line in self.lines if line not in self.main]
