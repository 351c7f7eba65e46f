"""Finds faults in published records: the errors of check_catalog, for records in the database.

A decision that would give a platform a new error is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from pydantic import ValidationError as NotDeclared

from consent.declarations.catalog import Catalog
from consent.declarations.checking import check
from consent.declarations.records import (
    stored_controls,
    stored_entries,
    stored_guides,
    stored_uses,
)
from consent.declarations.schema import (
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    UseDeclaration,
)
from consent.models import Control, Guide, Use
from consent.vocabulary import PublicationStatus
from platforms.models import Platform

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
    catalog = _as_if_public(_catalog_of([record.platform]), record)
    where = where_of(record)
    return [fault for fault in _faults(catalog) if fault.where == where]


@contextmanager
def no_new_faults(
    platforms: Iterable[Platform], *, faultless: Record | None = None
) -> Iterator[None]:
    """Raise ValidationError at the end of the block if these platforms then have new errors.

    faultless: a record that may then have no error at all if it is public, not even an old one.
    The block must be part of a transaction, which the error rolls back.
    """
    concerned = list(platforms)
    before = set(_faults(_catalog_of(concerned)))
    yield
    after = _faults(_catalog_of(concerned))
    if faultless is not None and faultless.status == PublicationStatus.PUBLISHED:
        # An administrator may have moved it to a platform that was not concerned before.
        where = where_of(faultless)
        own = after if faultless.platform in concerned else faults_of(faultless)
        if faults := [str(fault) for fault in own if fault.where == where]:
            raise ValidationError(faults)
    if new := [str(fault) for fault in after if fault not in before]:
        raise ValidationError(new)


def where_of(record: Record) -> str:
    """Return the name of a record in the findings of check_catalog."""
    if isinstance(record, Guide):
        return record.slug
    return f"{record.platform.slug}/{record.slug}"


def declaration_of(record: Record) -> _Declared:
    """Return the record as a declaration, as a catalog file would declare it."""
    if isinstance(record, Use):
        (stored,) = stored_uses(pk=record.pk).values()
        return stored.declaration
    if isinstance(record, Control):
        (of_control,) = stored_controls(pk=record.pk).values()
        return of_control.declaration
    (of_guide,) = stored_guides(pk=record.pk).values()
    return of_guide.declaration


def _catalog_of(platforms: list[Platform]) -> Catalog:
    """Return the records of these platforms as a catalog, with the entries that open their states.

    It includes controls of other platforms that reach their uses.
    """
    pks = [platform.pk for platform in platforms]
    uses = {name: stored.declaration for name, stored in stored_uses(platform__in=pks).items()}
    reaching = Control.objects.filter(Q(platform__in=pks) | Q(uses__platform__in=pks))
    stored = stored_controls(pk__in=reaching.values("pk"))
    controls = {name: control.declaration for name, control in stored.items()}
    guides = {key: stored.declaration for key, stored in stored_guides(platform__in=pks).items()}
    branches = [branch for use in uses.values() for branch in use.branches]
    keys = {state.opened_by for branch in branches for state in branch.states}
    keys |= {
        key
        for control in controls.values()
        for offer in control.offered
        for key in (offer.opened_by, offer.closed_by)
    }
    entries = stored_entries(key__in=keys - {None})
    return Catalog(
        uses=uses,
        controls=controls,
        guides=guides,
        entries={key: stored.declaration for key, stored in entries.items()},
    )


def _as_if_public(catalog: Catalog, record: Record) -> Catalog:
    public = {"status": PublicationStatus.PUBLISHED, "reason": ""}
    where = where_of(record)
    if isinstance(record, Use):
        changed = catalog.uses[where].model_copy(update=public)
        return replace(catalog, uses={**catalog.uses, where: changed})
    if isinstance(record, Control):
        control = catalog.controls[where].model_copy(update=public)
        return replace(catalog, controls={**catalog.controls, where: control})
    key = (record.platform.slug, record.slug)
    guide = catalog.guides[key].model_copy(update=public)
    return replace(catalog, guides={**catalog.guides, key: guide})


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
    for finding in check(checkable, today=timezone.localdate()):
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
