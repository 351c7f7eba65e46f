"""Finds faults in published records: the errors of check_catalog, for records in the database.

A decision that would give a platform a new error is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils import timezone
from pydantic import ValidationError as NotDeclared

from consent.curation.restoring import declared
from consent.declarations.catalog import Catalog
from consent.declarations.checking import check
from consent.declarations.record_kinds import reading_of
from consent.declarations.schema import (
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    UseDeclaration,
)
from consent.models import Control, Guide, Offer, State, Use
from consent.vocabulary import PublicationStatus
from platforms.guards import public_act
from platforms.models import Platform, RecordVersion
from platforms.record_versions import Act, Changed, Reading, Ref, read
from platforms.vocabulary import PublicChangeKind

Record = Use | Control | Guide
_NO_CONTROL = "no control that reaches it"
_Declared = UseDeclaration | ControlDeclaration | GuideDeclaration


@dataclass(frozen=True, slots=True)
class Fault:
    """One error. where: the name of the record in a catalog. name: its name for readers."""

    where: str
    name: str
    message: str

    def __str__(self) -> str:
        return f"“{self.name}” {self.message}.{self.advice}"

    @property
    def advice(self) -> str:
        """What to do about it, with a leading space; "" if the message says so already."""
        if _NO_CONTROL in self.message:
            return " Publish a control first, or choose another state."
        return ""


def faults_of(record: Record) -> list[Fault]:
    """Return the errors that a record would have if it were public as it is stored."""
    platforms = {record.platform_id}
    catalog = _public_catalog(read(_records_of(platforms)), platforms)
    reading, kind = reading_of(record), str(record._meta.model_name)
    public = {"status": PublicationStatus.PUBLISHED, "reason": ""}
    records = dict(getattr(catalog, _FIELDS[kind]))
    records[_catalog_key(kind, reading.key)] = reading.declaration.model_copy(update=public)
    where = where_of(record)
    faults = _faults(replace(catalog, **{_FIELDS[kind]: records}))
    return [fault for fault in faults if fault.where == where]


@contextmanager
def sound_act(
    kind: PublicChangeKind,
    *,
    by: User,
    on: Iterable[Model],
    platforms: Iterable[Platform],
    faultless: Record | None = None,
    public_reason: str = "",
) -> Iterator[Act]:
    """Open a public act; raise ValidationError if these platforms then have new errors.

    faultless: a record that may then have no error at all if it is public, not even an old one.
    The block must be part of a transaction, which the error rolls back.
    """
    concerned = {platform.pk for platform in platforms}
    with public_act(kind, by=by, on=on, public_reason=public_reason) as act:
        act.also = _records_of(concerned)
        yield act
    now = _public_catalog(act.now, concerned)
    if faultless is not None and faultless.status == PublicationStatus.PUBLISHED:
        # An administrator may have moved it to a platform that was not concerned before.
        where = where_of(faultless)
        is_read = faultless.platform_id in concerned
        own = _faults(now) if is_read else faults_of(faultless)
        if faults := [str(fault) for fault in own if fault.where == where]:
            raise ValidationError(faults)
    if act.changes:
        known = set(_faults(_as_before(now, act.changes)))
        if new := [str(fault) for fault in _faults(now) if fault not in known]:
            raise ValidationError(new)


def _records_of(platforms: set[int]) -> dict[str, Q]:
    """Return what makes up the catalog of these platforms, by kind.

    It includes controls of other platforms that reach their uses, and entries that open states.
    """
    of_platform = Q(platform__in=platforms)
    reaching = Control.uses.through.objects.filter(use__platform__in=platforms)
    states = State.objects.filter(branch__use__platform__in=platforms).order_by()
    offers = Offer.objects.filter(control__platform__in=platforms).order_by()
    return {
        "use": of_platform,
        "control": of_platform | Q(pk__in=reaching.values("control")),
        "guide": of_platform,
        "entry": Q(pk__in=states.values("opened_by"))
        | Q(pk__in=offers.values("opened_by"))
        | Q(pk__in=offers.values("closed_by")),
    }


def _public_catalog(now: Mapping[Ref, Reading], platforms: set[int]) -> Catalog:
    """Return what readers see of these platforms as a catalog, from readings of more."""
    catalog: dict[str, dict[Any, Any]] = {field: {} for field in _FIELDS.values()}
    for (kind, _pk), reading in now.items():
        row: Any = reading.row
        if kind == "control":
            own = {row.platform_id, *(use.platform_id for use in row.uses.all())}
            is_theirs = bool(platforms & own)
        else:
            is_theirs = kind == "entry" or getattr(row, "platform_id", None) in platforms
        if kind in _FIELDS and is_theirs:
            catalog[_FIELDS[kind]][_catalog_key(kind, reading.key)] = reading.declaration
    return Catalog(**catalog)


def _as_before(now: Catalog, changes: Mapping[Ref, Changed]) -> Catalog:
    """Return a catalog as it was before changes, from the newest versions."""
    before = {field: dict(getattr(now, field)) for field in _FIELDS.values()}
    for (kind, _pk), changed in changes.items():
        if kind not in _FIELDS:
            continue
        records = before[_FIELDS[kind]]
        if changed.now is not None:
            records.pop(_catalog_key(kind, changed.now.key), None)
        if changed.before is not None and (was := _declared(kind, changed.before)):
            records[_catalog_key(kind, changed.before.key)] = was
    return replace(now, **before)


#: Kinds of records with faults, and the field of a catalog that has them.
_FIELDS = {"use": "uses", "control": "controls", "guide": "guides", "entry": "entries"}


def _catalog_key(kind: str, key: str) -> str | tuple[str, ...]:
    return tuple(key.split("/")) if kind == "guide" else key


def _declared(kind: str, version: RecordVersion) -> Any:
    """Return the declaration of a version; None for one that no file could hold."""
    try:
        return declared(kind, version.declaration)
    except ValidationError:
        return None


def where_of(record: Record) -> str:
    """Return the name of a record in the findings of check_catalog."""
    if isinstance(record, Guide):
        return record.slug
    return f"{record.platform.slug}/{record.slug}"


def _faults(catalog: Catalog) -> list[Fault]:
    """Return the errors of the public records in a catalog."""
    public: dict[str, tuple[str, _Declared | EntryDeclaration | None]] = {
        **{name: (use.title, use) for name, use in catalog.uses.items()},
        **{name: (item.label or item.name, item) for name, item in catalog.controls.items()},
        **{slug: (guide.title, guide) for (_, slug), guide in catalog.guides.items()},
    }
    faults: list[Fault] = []
    checkable = catalog
    for where, (name, declaration) in public.items():
        if declaration and declaration.status == PublicationStatus.PUBLISHED:
            faults += [Fault(where, name, message) for message in _unfit(declaration)]
    empty = [name for name, use in catalog.uses.items() if not _has_states(use)]
    if empty:
        uses = {name: use for name, use in catalog.uses.items() if name not in empty}
        checkable = replace(catalog, uses=uses)
    for finding in check(checkable, today=timezone.localdate(), at_desk=True):
        if not finding.error:
            continue
        name, declaration = public.get(finding.where) or _entry_of(catalog, finding.where)
        if declaration is None or declaration.status == PublicationStatus.PUBLISHED:
            faults.append(Fault(finding.where, name, finding.message))
    return faults


def _entry_of(catalog: Catalog, key: str) -> tuple[str, EntryDeclaration | None]:
    entry = catalog.entries.get(key)
    return (entry.title if entry else key), entry


def _has_states(use: UseDeclaration) -> bool:
    return bool(use.branches) and all(branch.states for branch in use.branches)


def _unfit(declaration: _Declared | EntryDeclaration) -> list[str]:
    """Return why a catalog file with this declaration would be invalid."""
    try:
        type(declaration).model_validate_json(json.dumps(declaration.as_data()))
    except NotDeclared as invalid:
        return [_in_words(error["loc"], error["msg"]) for error in invalid.errors()]
    return []


def _in_words(place: tuple[int | str, ...], message: str) -> str:
    words = message.removeprefix("Value error, ")
    path = " ".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return f"{path}: {words}" if path else words
