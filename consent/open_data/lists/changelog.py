"""The changelog of the data: every version of every public record, in the order of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q

from consent.ledger.record_fields import Record, moment
from consent.models.entries import public_id_of
from consent.open_data.lists.pages import page_id
from consent.open_data.lists.public_list import Key, PublicList
from platforms.models import RecordVersion

#: The list of the API that has the records of a kind; references are inside entries.
_LISTS = {
    "platform": "platforms",
    "page": "pages",
    "use": "uses",
    "control": "controls",
    "entry": "entries",
    "guide": "guides",
    "statement": "declarations",
}


def _keys(where: Q) -> Iterator[Key]:
    rows = RecordVersion.objects.filter(where).order_by().values_list("number", "pk")
    return ((f"{number:010d}", pk) for number, pk in rows)


def _records(keys: Sequence[int]) -> Iterator[Record]:
    versions = list(RecordVersion.objects.filter(pk__in=keys).order_by())
    before = _before(versions)
    for each in versions:
        former = before.get((each.kind, each.record_id, each.version - 1))
        yield {
            "id": f"{each.number:010d}",
            "number": each.number,
            "list": _LISTS.get(each.kind),
            "kind": each.kind,
            "record": _record_id(each.kind, each.key),
            "version": each.version,
            "at": moment(each.at),
            "act": each.act_kind,
            "reason": each.public_reason or None,
            "is_gone": not each.declaration,
            "fields": [] if former is None else _changed(former, each),
        }


def _before(
    versions: Sequence[RecordVersion],
) -> Mapping[tuple[str, int, int], tuple[dict[str, Any], Any]]:
    """Return the declarations that versions replaced, and the places of the records in order."""
    later = [each for each in versions if each.version > 1]
    rows = RecordVersion.objects.filter(
        kind__in={each.kind for each in later}, record_id__in={each.record_id for each in later}
    )
    return {
        (kind, record, version): (declaration, position)
        for kind, record, version, declaration, position in rows.order_by().values_list(
            "kind", "record_id", "version", "declaration", "held__position"
        )
    }


def _changed(former: tuple[dict[str, Any], Any], now: RecordVersion) -> list[str]:
    """Return the keys of the catalog's format that differ; all that were, of what is gone.

    Uses and controls are in an order: the first use leads an answer.
    """
    before, position = former
    keys = {
        key for key in (*before, *now.declaration) if before.get(key) != now.declaration.get(key)
    }
    is_moved = bool(now.declaration) and now.held.get("position") != position
    return sorted(keys | ({"order"} if is_moved else set()))


def _record_id(kind: str, key: str) -> str:
    """Return the id that the API gives a record with the key of the catalog."""
    if kind == "entry":
        return public_id_of(key)
    if kind == "guide":
        return key.rpartition("/")[2]
    if kind == "page":
        platform, _, url = key.partition(" ")
        return page_id(platform, url)
    return key


CHANGELOG = PublicList(_keys, _records)
