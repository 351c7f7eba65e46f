"""PublicList: a list of public records, of which any part can be made without the rest."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from consent.ledger.record_fields import Record
from platforms.characters import cleaned

#: The id of a record, and the number it is made from: the primary key of its row.
Key = tuple[str, int]
#: Records made at once when all are wanted.
_CHUNK = 300


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list. total: of the list. more: whether there are records after these."""

    items: list[Record]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class PublicList:
    """A list in the order of ids. What differs by language is made in the language in use.

    keys_where: the keys of the records for which a condition on their rows is true. make: the
    records of these rows, in any order.
    """

    keys_where: Callable[[Q], Iterable[Key]]
    make: Callable[[Sequence[int]], Iterable[Record]]

    def keys(self, where: Q | None = None) -> list[Key]:
        return sorted(self.keys_where(where or Q()))

    def page(self, keys: Sequence[Key], *, after: str | None, limit: int) -> Page:
        """Return the records of some of these sorted keys; after: the id before the first."""
        first = bisect_right(keys, after, key=lambda key: key[0]) if after else 0
        chosen = keys[first : first + limit]
        return Page(self.records(chosen), len(keys), len(keys) > first + limit)

    def records(self, keys: Sequence[Key]) -> list[Record]:
        made = cleaned(list(self.make([row for _id, row in keys]))) if keys else []
        return sorted(made, key=lambda record: str(record["id"]))

    def all(self) -> Iterator[Record]:
        """Yield every record; few are in memory at once."""
        keys = self.keys()
        for start in range(0, len(keys), _CHUNK):
            yield from self.records(keys[start : start + _CHUNK])

    def one(self, wanted: str, where: Q) -> Record | None:
        """Return the record with an id. where: a condition that its row fulfils."""
        found = [key for key in self.keys(where) if key[0] == wanted]
        return self.records(found)[0] if found else None
