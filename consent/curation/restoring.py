"""Restores records as they were before an act, from their versions, with the writer of loads."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Model
from pydantic import TypeAdapter
from pydantic import ValidationError as NotDeclared

from consent.declarations.catalog import Catalog
from consent.declarations.record_writing import RecordWriter
from consent.declarations.schema import (
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    StateDeclaration,
    UseDeclaration,
)
from consent.declarations.stored_sources import CitedSnapshots
from consent.models import Control, Entry, FormerSlug, Guide, Reference, Use
from platforms.declarations import Declaration
from platforms.models import Page, Platform, RecordVersion
from platforms.record_versions import WORDS, newest

DECLARATIONS: dict[str, type[Declaration]] = {
    "use": UseDeclaration,
    "control": ControlDeclaration,
    "guide": GuideDeclaration,
    "entry": EntryDeclaration,
}


@dataclass(frozen=True, slots=True)
class Step:
    """What an act did to a record: the version that it wrote, and the one before it.

    before: None if readers did not see the record.
    """

    before: RecordVersion | None
    after: RecordVersion


def steps_of(act: uuid.UUID) -> dict[tuple[str, int], Step]:
    """Return what an act did, by kind and key of the record."""
    steps = {}
    for after in RecordVersion.objects.filter(act=act):
        same = RecordVersion.objects.filter(kind=after.kind, record_id=after.record_id)
        before = same.filter(version=after.version - 1).exclude(digest="").first()
        steps[after.kind, after.record_id] = Step(before, after)
    return steps


def require_newest(step: Step, message: str) -> None:
    """Raise ValidationError if a later act changed the record."""
    ref = (step.after.kind, step.after.record_id)
    if newest([ref])[ref] != step.after:
        raise ValidationError(message)


def restore(step: Step, row: Use | Control | Guide | Entry, *, message: str) -> None:
    """Take back what an act changed in a record that was public before; the rest stays as it is.

    Raises ValidationError, with a message, if a later act changed the same in it.
    """
    was, became = step.before, step.after
    assert was is not None
    now = newest([(became.kind, row.pk)])[became.kind, row.pk]
    before, after = was.declaration, became.declaration
    changed = [name for name in after if before[name] != after[name]]
    cited = "sources" in changed or was.held.get("sources") != became.held.get("sources")
    moved_on = any(now.declaration[name] != after[name] for name in changed)
    if moved_on or (cited and now.held.get("sources") != became.held.get("sources")):
        raise ValidationError(message)
    writer = _Writer()
    writer.hold((was if cited or became.kind == "use" else now).held)
    name: Any = was.key
    if not isinstance(row, Entry):
        platform, _, slug = was.key.partition("/")
        row.platform, row.slug = writer.platforms[platform], slug
        name = (platform, slug) if isinstance(row, Guide) else name
    if isinstance(row, Use | Control):
        row.position = was.held["position"]
    declaration = declared(
        became.kind, now.declaration | {field: before[field] for field in changed}
    )
    getattr(writer, f"fill_{became.kind}")(name, declaration, row)
    row.save()
    getattr(writer, f"write_parts_of_{became.kind}")(row, declaration, is_new=False)
    writer.finish_entries()
    writer.finish_uses_and_controls()


def put_states_back(steps: dict[tuple[str, int], Step], *, taken: bool) -> None:
    """Take out of uses the states that an act opened, and put back those that it ended.

    taken: whether states that it opened are taken out. Raises ValidationError for a state that
    cannot come back.
    """
    for (kind, pk), step in steps.items():
        if kind != "use" or step.before is None:
            continue
        writer = _Writer(Catalog(uses={"": declared("use", step.before.declaration)}))
        use = Use.objects.get(pk=pk)
        branches = list(use.branches.all())
        for position, (was, became) in enumerate(_branches(step)):
            if position >= len(branches):
                raise ValidationError("Its use has other branches by now; correct it instead.")
            states = branches[position].states
            opened = [each for each in became if each not in was]
            for state in opened if taken else ():
                states.filter(starts_on=_state(state).since.on).delete()
            for state in [each for each in was if each not in became]:
                declaration = _state(state)
                since = declaration.since
                if states.filter(starts_on=since.on if since else None).exists():
                    raise ValidationError(
                        "Another state of this use begins on the same day by now."
                    )
                writer.write_state(branches[position], declaration, None)
        writer.new_rows.create()


def _state(data: dict[str, Any]) -> Any:
    return StateDeclaration.model_validate_json(json.dumps(data))


def declared(kind: str, data: dict[str, Any]) -> Any:
    """Return the declaration that a version stores, as lenient as those of records.

    Raises ValidationError if a part of it is none.
    """
    model = DECLARATIONS[kind]
    try:
        values = {
            name: fields.validate_json(json.dumps(data[alias]))
            for name, (alias, fields) in _fields(model).items()
            if alias in data
        }
    except NotDeclared as faulty:
        raise ValidationError(f"What was there before has faults: {faulty}") from None
    return model.model_construct(**values)


@cache
def _fields(model: type[Declaration]) -> dict[str, tuple[str, TypeAdapter[Any]]]:
    """Return the fields of a declaration, by name: the key in files, and the type of the value."""
    return {
        name: (field.alias or name, TypeAdapter(cast(Any, field.annotation)))
        for name, field in model.model_fields.items()
    }


def _branches(step: Step) -> Iterator[tuple[list[Any], list[Any]]]:
    """Yield the states of each branch before and after an act."""
    assert step.before is not None
    sides = (step.before.declaration["branches"], step.after.declaration.get("branches", []))
    for was, became in zip(*sides, strict=False):
        yield was["states"], became["states"]


class _Found(dict[Any, Any]):
    """Records by the names that a version has for them, also former ones. Asks for each once."""

    def __init__(self, find: Callable[[Any], Model | None]) -> None:
        self.find = find

    def __missing__(self, name: Any) -> Model:
        found = self.find(name)
        if found is None:
            raise ValidationError(f"“{name}” is gone; change it back by hand.")
        self[name] = found
        return found


class _Writer(RecordWriter):
    """Writes declarations of versions. Whatever they name is in the database."""

    def __init__(self, catalog: Catalog | None = None) -> None:
        super().__init__(CitedSnapshots(catalog or Catalog()))
        self.platforms = _Found(_platform)
        self.pages = _Found(lambda name: _page(self.platforms[name[0]], name[1]))
        self.references = _Found(lambda slug: Reference.objects.filter(slug=slug).first())
        self.uses = _Found(lambda name: self._record(Use, name))
        self.controls = _Found(lambda name: self._record(Control, name))
        self.entries = _Found(lambda key: Entry.objects.filter(key=key).first())

    def hold(self, held: dict[str, Any]) -> None:
        """Write the sources of the next record with what a version held of them."""
        self.sources.held = [tuple(each) for each in held.get("sources", ())]
        self.sources.words = held.get(WORDS, {})

    def _record(self, model: type[Use] | type[Control], name: str) -> Use | Control | None:
        platform, _, slug = name.partition("/")
        of_platform = model._default_manager.filter(platform=self.platforms[platform])
        present = of_platform.filter(slug=slug).first()
        return present or next((each for each in of_platform if each.has_been(slug)), None)


def _platform(slug: str) -> Platform | None:
    present = Platform.objects.filter(slug=slug).first()
    return present or FormerSlug.objects.platform_once_called(slug)


def _page(platform: Platform, url: str) -> Page | None:
    present = platform.pages.filter(url=url).first()
    return present or next((each for each in platform.pages.all() if url in each.former_urls), None)
