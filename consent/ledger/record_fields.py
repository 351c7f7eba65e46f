"""What public records of all kinds contain: dates, times, people and places, sources."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Literal

from consent.ledger.catalog_words import translated
from consent.models import Passage, Source
from consent.models.people import ForPeople

Record = dict[str, Any]

#: Code points of the words of others that data cite; pages have longer ones. Chosen: a sentence or
#: two, as a citation may be short.
_LONGEST_QUOTE = 400

FOR_PEOPLE = ("places", "except_places", "some_of", "people", "plans", "who")


def dated(on: dt.date | None, precision: str) -> Record | None:
    """Return a date with how precisely it is known; None for one that is not known."""
    return {"value": on.isoformat(), "precision": precision} if on else None


def moment(at: dt.datetime | None) -> str | None:
    """Return a time in UTC, to the second."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def people_and_places(record: ForPeople) -> Record:
    """Return where and for whom something holds; empty lists mean everywhere and everyone."""
    return {name: getattr(record, name) for name in FOR_PEOPLE} | {
        "who": translated(record.who) or None
    }


def source_records(
    owner: Literal["entry", "state", "guide"], keys: Collection[int], with_passages: bool = True
) -> Mapping[int, list[Record]]:
    """Return what proves claims, by the key of their owner; empty for an owner without sources.

    with_passages: False where nobody reads what is quoted of them; it takes a query.
    """
    rows = list(
        Source.objects.filter(**{f"{owner}__in": keys}).values_list(
            *("pk", f"{owner}_id", "url", "publisher", "title", "published_on"),
            *("published_precision", "archived_url", "seen_via", "snapshot__sha256"),
        )
    )
    quoted = _passages(owner, keys) if rows and with_passages else {}
    found: dict[int, list[Record]] = defaultdict(list)
    for pk, key, url, publisher, title, on, precision, archived, seen_via, sha256 in rows:
        found[key].append(
            {
                "url": url,
                "publisher": publisher,
                "title": title or None,
                "published": dated(on, precision),
                "archived_url": archived or None,
                "seen_via": seen_via or None,
                "snapshot_sha256": sha256,
                "passages": quoted.get(pk, []),
            }
        )
    return found


def _passages(owner: str, keys: Collection[int]) -> Mapping[int, list[Record]]:
    """Return what is quoted of the sources of these owners, by the key of the source."""
    found: dict[int, list[Record]] = defaultdict(list)
    passages = Passage.objects.filter(**{f"source__{owner}__in": keys})
    rows = passages.order_by("source_id", "position")
    for source, side, sha256, words in rows.values_list("source_id", "side", "sha256", "words"):
        quote = words if 0 < len(words) <= _LONGEST_QUOTE else None
        found[source].append({"side": side, "sha256": sha256, "words": quote})
    return found
