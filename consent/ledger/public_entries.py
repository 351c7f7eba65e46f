"""Entries as plain records: what files and the API say of a change, without words of a language.

Rows are read instead of models: a dump reads every entry there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from consent.ledger.record_fields import FOR_PEOPLE, Record, dated, moment, source_records
from consent.ledger.turns import what_turned
from consent.models import Control, Entry, Reference, Revision, State, Use
from consent.vocabulary import PublicationStatus
from platforms.characters import cleaned
from platforms.models import Platform
from platforms.record_versions import Shown, shown_versions

#: Rows read at once: SQLite takes no more than 999 parameters in some builds.
_CHUNK = 500
_DATES = ("announced", "decided", "due", "effective", "deadline")
_FIELDS = (
    *("pk", "public_id", "key", "status", "status_reason", "title", "summary", "topic", "effects"),
    *("direction", "data_kinds", "told", "confidence", "basis", "note", "result", *FOR_PEOPLE),
    *(f"{name}_{part}" for name in _DATES for part in ("on", "precision")),
    *("observed_from", "observed_to", "timeline_on", "published_at", "updated_at", "origin"),
    *("second_reviewer_id", "follows__public_id", "follows__published_at", "follows__status"),
    *("outcome__public_id", "outcome__published_at", "outcome__status"),
)
#: Fields that records have as they are.
_PLAIN = (
    *("key", "status", "title", "summary", "topic", "effects", "direction", "data_kinds", "told"),
    *("confidence", "basis", "origin", *FOR_PEOPLE),
)


def public_entries(entries: Iterable[int]) -> Iterator[Record]:
    """Yield the public records of entries with these primary keys, in their order."""
    keys = list(entries)
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        rows = {row["pk"]: row for row in Entry.objects.filter(pk__in=chunk).values(*_FIELDS)}
        related, versions = _related_to(chunk), shown_versions("entry", chunk)
        for key in chunk:
            if key in rows:  # else deleted meanwhile
                yield cleaned(_record(rows[key], related, versions.get(key)))


@dataclass(frozen=True, slots=True)
class _Related:
    """What belongs to entries, by the key of the entry."""

    platforms: Mapping[int, list[str]]
    uses: Mapping[int, list[str]]
    controls: Mapping[int, list[str]]
    references: Mapping[int, list[Record]]
    states: Mapping[int, list[Record]]
    sources: Mapping[int, list[Record]]
    revisions: Mapping[int, list[Record]]
    #: Of an entry that turned one use on and another off: on.
    turned: Mapping[int, str]


def _related_to(keys: Collection[int]) -> _Related:
    platforms = Platform.objects.filter(entries__in=keys).values_list("entries", "slug")
    states = State.objects.filter(opened_by__in=keys).order_by("branch", "starts_on")
    revisions = Revision.objects.filter(entry__in=keys).order_by("revised_at", "pk")
    references = Reference.objects.filter(entries__in=keys)
    opened = [
        *states.annotate(turned=what_turned()).values_list(
            *("opened_by", "turned", "branch__use__platform__slug", "branch__use__slug", "value"),
            *("starts_on", "starts_precision", "since_is"),
        )
    ]
    return _Related(
        platforms=_lists((key, slug) for key, slug in platforms.order_by("slug")),
        uses=_lists(_names(Use.objects.filter(entries__in=keys))),
        controls=_lists(_names(Control.objects.filter(entries__in=keys))),
        references=_lists(
            (key, {"name": name, "kind": kind, "place": place, "url": url})
            for key, name, kind, place, url in references.values_list(
                "entries", "name", "kind", "place", "url"
            )
        ),
        states=_lists((key, _opened(*values)) for key, _turning, *values in opened),
        sources=source_records("entry", keys),
        revisions=_lists(
            (key, {"kind": kind, "reason": reason, "at": moment(at)})
            for key, kind, reason, at in revisions.values_list(
                "entry", "kind", "reason", "revised_at"
            )
        ),
        turned=dict(sorted(((row[0], row[1]) for row in opened if row[1]), key=itemgetter(1))),
    )


def _lists(pairs: Iterator[tuple[int, Any]]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _names(records: QuerySet[Any]) -> Iterator[tuple[int, str]]:
    """Yield the key of an entry and the name of each published use or control of it, by name."""
    published = records.filter(status=PublicationStatus.PUBLISHED).order_by()
    rows = published.values_list("entries", "platform__slug", "slug")
    yield from sorted((key, f"{platform}/{slug}") for key, platform, slug in rows)


def _opened(
    platform: str, use: str, value: str, starts_on: Any, precision: str, since_is: str
) -> Record:
    return {
        "use": f"{platform}/{use}",
        "value": value,
        "starts": dated(starts_on, precision),
        "since_is": since_is if starts_on else None,
    }


def _record(row: Mapping[str, Any], related: _Related, version: Shown | None) -> Record:
    key = row["pk"]
    return {
        **{name: row[name] for name in _PLAIN},
        **{name: dated(row[f"{name}_on"], row[f"{name}_precision"]) for name in _DATES},
        "id": row["public_id"],
        "number": version.number if version else None,
        "version": version.version if version else None,
        "status_reason": row["status_reason"] or None,
        "note": row["note"] or None,
        "result": row["result"] or None,
        "who": row["who"] or None,
        "observed_from": moment(row["observed_from"]),
        "observed_to": moment(row["observed_to"]),
        "listed_under": row["timeline_on"].isoformat() if row["timeline_on"] else None,
        "published_at": moment(row["published_at"]),
        "first_published_at": moment(version.first_at if version else None),
        "updated_at": moment(version.at if version else row["updated_at"]),
        "reviewed_twice": row["second_reviewer_id"] is not None,
        "follows": _public_id(row, "follows"),
        "outcome": _public_id(row, "outcome"),
        "platforms": related.platforms.get(key, []),
        "uses": related.uses.get(key, []),
        "controls": related.controls.get(key, []),
        "references": related.references.get(key, []),
        "turned": related.turned.get(key),
        "states_opened": related.states.get(key, []),
        "sources": related.sources.get(key, []),
        "revisions": related.revisions.get(key, []),
    }


def _public_id(row: Mapping[str, Any], name: str) -> str | None:
    """Return the id of an entry that another names, if it has a public page."""
    is_public = row[f"{name}__published_at"] is not None and row[f"{name}__status"] != "draft"
    return row[f"{name}__public_id"] if is_public else None
