"""References, uses, controls, entries, guides and statements as kinds of public records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model, Q

from consent.declarations.records import (
    stored_controls,
    stored_entries,
    stored_guides,
    stored_references,
    stored_statements,
    stored_uses,
)
from consent.models import (
    Control,
    Entry,
    Guide,
    ProviderStatement,
    Reference,
    Source,
    Use,
)
from consent.vocabulary import PublicationStatus
from platforms.declarations import Stored
from platforms.models import Page
from platforms.record_versions import WORDS, Kind, Reading, register

_PUBLIC = Q(status__in=(PublicationStatus.PUBLISHED, PublicationStatus.RETRACTED))
#: Keys that are no part of a version: redirects, and what is logged by itself.
_LEFT_OUT = ("former_slugs", "updated", "revised")


def register_kinds() -> None:
    register(
        Kind("reference", Reference, _references),
        Kind("use", Use, _uses),
        Kind("control", Control, _controls),
        Kind("entry", Entry, _entries),
        Kind("guide", Guide, _guides),
        Kind("statement", ProviderStatement, _statements),
        dependents=_dependents,
    )


def _references(**only: Any) -> Iterator[Reading]:
    for slug, stored in stored_references(**only).items():
        yield _reading(slug, stored)


def _uses(*where: Q, **only: Any) -> Iterator[Reading]:
    for name, stored in stored_uses(*(where or (_PUBLIC,)), **only).items():
        use = stored.row
        branches = use.branches.all()
        states = [state for branch in branches for state in branch.states.all()]
        sources = [source for state in states for source in state.sources.all()]
        held = {"position": use.position, **_held_of(sources)}
        yield _reading(name, stored, held)


def _controls(*where: Q, **only: Any) -> Iterator[Reading]:
    for name, stored in stored_controls(*(where or (_PUBLIC,)), **only).items():
        yield _reading(name, stored, {"position": stored.row.position})


def _guides(*where: Q, **only: Any) -> Iterator[Reading]:
    for (platform, slug), stored in stored_guides(*(where or (_PUBLIC,)), **only).items():
        yield _reading(f"{platform}/{slug}", stored, _held_of(stored.row.sources.all()))


def _statements(**only: Any) -> Iterator[Reading]:
    for key, stored in stored_statements(**only).items():
        yield _reading(key, stored, _held_of(stored.row.sources.all()))


def _entries(**only: Any) -> Iterator[Reading]:
    for key, stored in stored_entries(_PUBLIC, published_at__isnull=False, **only).items():
        entry = stored.row
        held = {
            "quiet": entry.quiet,
            "reviewer": entry.reviewer_id,
            "reviewed_at": _moment(entry.reviewed_at),
            "second_reviewer": entry.second_reviewer_id,
            "second_reviewed_at": _moment(entry.second_reviewed_at),
            **_held_of(entry.sources.all()),
        }
        yield _reading(key, stored, held, _shown_with(entry))


def _reading(
    key: str, stored: Stored[Any, Any], held: dict[str, Any] | None = None, shown: Any = None
) -> Reading:
    declaration = stored.declaration
    data = declaration.in_full(without=_LEFT_OUT)
    return Reading(key, stored.row, declaration, data, held or {}, shown)


def _shown_with(entry: Entry) -> dict[str, Any]:
    """Return what readers see of other records on an entry."""
    return {
        "origin": entry.origin,
        "reviewed_twice": entry.second_reviewer_id is not None,
        "follows": _public_key(entry.follows),
        "outcome": _public_key(entry.outcome),
        "uses": _public_names(entry.uses.all()),
        "controls": _public_names(entry.controls.all()),
        "references": sorted(
            (each.slug, each.name, each.kind, each.place, each.url)
            for each in entry.references.all()
        ),
        "states": sorted(
            (
                *(_name(state.branch.use), state.branch.position, state.value),
                *(f"{state.starts_on}", state.starts_precision, state.since_is),
            )
            for state in entry.opened_states.all()
        ),
    }


def _public_key(entry: Entry | None) -> str | None:
    is_public = entry and entry.published_at and entry.status != PublicationStatus.DRAFT
    return entry.key if entry and is_public else None


def _public_names(records: Iterable[Use] | Iterable[Control]) -> list[str]:
    published = PublicationStatus.PUBLISHED
    return sorted(_name(record) for record in records if record.status == published)


def _name(record: Use | Control) -> str:
    return f"{record.platform.slug}/{record.slug}"


def _moment(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at else None


def _held_of(sources: Iterable[Source]) -> dict[str, Any]:
    """Return what files leave out of sources, in their order, and the words that were read."""
    rows: list[Any] = []
    words: dict[str, str] = {}
    for source in sources:
        passages = source.passages.all()
        typed = [[each.side, each.words] for each in passages if each.starts_at is None]
        rows.append([source.snapshot_id, source.snapshot_before_id, typed])
        words |= {each.sha256: each.words for each in passages if each.words}
    return {"sources": rows, WORDS: words}


def reading_of(record: Use | Control | Guide) -> Reading:
    """Return a use, control or guide as it is now, a draft as well."""
    readers = {Use: _uses, Control: _controls, Guide: _guides}
    [reading] = readers[type(record)](Q(pk=record.pk))
    return reading


def _dependents(named: Mapping[str, Collection[int]]) -> Mapping[str, Q]:
    """Return the records that declare, or show, something of these records."""
    found: dict[str, Q] = {}

    def add(kind: str, of: str, model: type[Model], *paths: str) -> None:
        for path in paths if named.get(of) else ():
            keys = model._base_manager.filter(**{f"{path}__in": list(named[of])}).values("pk")
            found[kind] = found.get(kind, Q()) | Q(pk__in=keys)

    add("use", "entry", Use, "entries", "branches__states__opened_by")
    add("entry", "entry", Entry, "follows", "outcome")
    add("entry", "use", Entry, "uses", "opened_states__branch__use")
    add("control", "use", Control, "uses")
    add("entry", "control", Entry, "controls")
    add("guide", "control", Guide, "controls")
    add("entry", "reference", Entry, "references")
    models: dict[str, type[Model]] = {"use": Use, "control": Control, "guide": Guide}
    for kind, model in models.items():
        add(kind, "page", model, "pages")
        add(kind, "platform", model, "platform")
    add("control", "platform", Control, "uses__platform")
    add("entry", "platform", Entry, "platforms", "uses__platform", "controls__platform")
    add("statement", "platform", ProviderStatement, "platforms")
    add("page", "platform", Page, "platform")
    return found
