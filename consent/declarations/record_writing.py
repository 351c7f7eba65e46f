"""Writes declarations into the database, record by record and in place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils import timezone

from consent.declarations.evidence import ReferenceDeclaration
from consent.declarations.provider_statements import StatementDeclaration
from consent.declarations.records import default_publication, default_update
from consent.declarations.schema import (
    BranchDeclaration,
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    StateDeclaration,
    UseDeclaration,
)
from consent.declarations.stored_sources import CitedSnapshots, NewRows, SourceRows, columns
from consent.models import (
    Branch,
    Control,
    ControlSurface,
    Entry,
    Guide,
    GuideStep,
    GuideSurface,
    Offer,
    ProviderStatement,
    Reference,
    State,
    Use,
)
from consent.vocabulary import PublicationStatus
from platforms.declarations import Declaration
from platforms.models import Page, Platform


class RecordWriter:
    """Writes records. Those that a declaration names are looked up in these mappings.

    Uses and controls are written before the entries that name them, and their states and offers
    after the entries that opened them. A record is filled, saved by the caller, and gets its parts.
    """

    def __init__(self, snapshots: CitedSnapshots) -> None:
        self.platforms: Mapping[str, Platform] = {}
        self.pages: Mapping[tuple[str, str], Page] = {}
        self.references: Mapping[str, Reference] = {}
        self.uses: Mapping[str, Use] = {}
        self.controls: Mapping[str, Control] = {}
        self.entries: Mapping[str, Entry] = {}
        self.new_rows = NewRows()
        self.sources = SourceRows(snapshots, self.new_rows)
        # The last member of each: whether the record is new, so that it has no parts yet.
        self._branches: list[tuple[Use, tuple[BranchDeclaration, ...], bool]] = []
        self._offers: list[tuple[Control, ControlDeclaration, bool]] = []
        self._links: list[tuple[Entry, EntryDeclaration]] = []
        self._dated: list[Entry] = []

    def finish_entries(self) -> None:
        """Link the entries that were written to others: all of them are there now."""
        for entry, declaration in self._links:
            self._write_links(entry, declaration)
        # Set past auto_now: a reload into an empty database must give the same feeds.
        Entry.objects.bulk_update(self._dated, ["updated_at"])
        self.new_rows.create()

    def finish_uses_and_controls(self) -> None:
        """Write the states and offers of the uses and controls that were written."""
        for use, branches, is_new in self._branches:
            self._write_branches(use, branches, is_new)
        for control, declaration, is_new in self._offers:
            self._write_offers(control, declaration, is_new)
        self.new_rows.create()

    def fill_statement(
        self, key: str, declaration: StatementDeclaration, row: ProviderStatement | None
    ) -> ProviderStatement:
        row = row or ProviderStatement(key=key)
        _take(row, declaration, "provider", "law", "model", "readable", "note")
        row.dated_on, row.dated_precision = columns(declaration.dated)
        answers = ("chats_with_this_model", "data_of_other_services", "services_named")
        _take(row, declaration.answers, *answers)
        row.document_url = declaration.document.url
        row.document_sha256 = declaration.document.sha256 or ""
        row.document_archived_url = declaration.document.archived_url or ""
        return row

    def write_parts_of_statement(
        self, row: ProviderStatement, declaration: StatementDeclaration, is_new: bool
    ) -> None:
        platforms = [self.platforms[slug] for slug in declaration.platforms]
        self._relate(row.platforms, platforms, is_new)
        self.sources.write(row, declaration.sources, is_new=is_new)

    def fill_reference(
        self, slug: str, declaration: ReferenceDeclaration, row: Reference | None
    ) -> Reference:
        row = row or Reference(slug=slug)
        _take(row, declaration, "name", "kind", "place", "url")
        return row

    def fill_use(self, name: str, declaration: UseDeclaration, row: Use | None) -> Use:
        platform = name.partition("/")[0]
        row = row or Use(platform=self.platforms[platform], slug=declaration.slug)
        _take(row, declaration, "title", "title_if_not", "purpose", "part", "covers")
        _take(row, declaration, "trained_by", "data_kinds", "note", "status")
        row.titles = {language: each.model_dump() for language, each in declaration.titles.items()}
        row.short = declaration.short.model_dump() if declaration.short else {}
        row.status_reason = declaration.reason
        return row

    def write_parts_of_use(self, row: Use, declaration: UseDeclaration, is_new: bool) -> None:
        self._relate(row.pages, self._pages_of(row, declaration), is_new)
        self._branches.append((row, declaration.branches, is_new))

    def _pages_of(
        self,
        row: Use | Control | Guide,
        declaration: UseDeclaration | ControlDeclaration | GuideDeclaration,
    ) -> list[Page]:
        return [self.pages[row.platform.slug, url] for url in declaration.pages]

    def _write_branches(
        self, use: Use, branches: Sequence[BranchDeclaration], is_new: bool
    ) -> None:
        # In place, so that a branch keeps its number while it stays where it is.
        present = [] if is_new else list(use.branches.all())
        for surplus in present[len(branches) :]:
            surplus.delete()
        for position, declaration in enumerate(branches):
            branch = present[position] if position < len(present) else Branch(use=use)
            branch.position = position
            _take(branch, declaration, "former_slugs", "adults", "only_kinds", "note")
            _take(branch, declaration, *_WHERE_AND_PEOPLE)
            who = declaration.who
            branch.who = who.names or who.narrows if who else ""
            branch.who_narrows = bool(who and who.narrows)
            self.new_rows.save(branch)
            self._write_states(branch, declaration.states, position >= len(present))

    def _write_states(
        self, branch: Branch, states: Sequence[StateDeclaration], is_new: bool
    ) -> None:
        """Write the states of a branch; one that begins on the same day as before is the same."""
        present = {} if is_new else {state.starts_on: state for state in branch.states.all()}
        for surplus in present.keys() - {columns(state.since)[0] for state in states}:
            present[surplus].delete()
        for declaration in states:
            self.write_state(branch, declaration, present.get(columns(declaration.since)[0]))

    def write_state(self, branch: Branch, declaration: StateDeclaration, row: State | None) -> None:
        is_new = row is None
        row = row or State(branch=branch)
        row.starts_on, row.starts_precision = columns(declaration.since)
        _take(row, declaration, "value", "since_is", "said_by", "disputed", "note")
        row.opened_by = self._entry_of(declaration.opened_by)
        row.basis = declaration.basis or ""
        row.why = declaration.why or ""
        row.earlier = declaration.earlier or ""
        self.new_rows.save(row)
        self.sources.write(row, declaration.sources, is_new=is_new)

    def _entry_of(self, key: str | None) -> Entry | None:
        return self.entries[key] if key else None

    def fill_control(
        self, name: str, declaration: ControlDeclaration, row: Control | None
    ) -> Control:
        platform = name.partition("/")[0]
        row = row or Control(platform=self.platforms[platform], slug=declaration.slug)
        _take(row, declaration, "label", "name", "former_labels", "refuse", "by", "binding")
        _take(row, declaration, "act_covers", "reach", "to", "subject", "must_name")
        _take(row, declaration, "frictions", "note", "status")
        row.labels = {code: each.model_dump() for code, each in declaration.labels.items()}
        row.status_reason = declaration.reason
        return row

    def write_parts_of_control(
        self, row: Control, declaration: ControlDeclaration, is_new: bool
    ) -> None:
        self._relate(row.uses, [self.uses[use] for use in declaration.uses], is_new)
        self._relate(row.pages, self._pages_of(row, declaration), is_new)
        surfaces = [
            {"surface": each.surface, "path": each.path, "deep_link": each.deep_link or ""}
            for each in declaration.surfaces
        ]
        self._write_parts(ControlSurface, {"control": row}, surfaces, "surface", is_new)
        self._offers.append((row, declaration, is_new))

    def _write_offers(
        self, control: Control, declaration: ControlDeclaration, is_new: bool
    ) -> None:
        offers = []
        for position, offer in enumerate(declaration.offered):
            starts_on, starts_precision = columns(offer.since)
            ends_on, ends_precision = columns(offer.until)
            offers.append(
                {
                    "position": position,
                    "note": offer.note,
                    "starts_on": starts_on,
                    "starts_precision": starts_precision,
                    "ends_on": ends_on,
                    "ends_precision": ends_precision,
                    "opened_by": self._entry_of(offer.opened_by),
                    "closed_by": self._entry_of(offer.closed_by),
                    **_values(offer, *_WHERE_AND_WHO),
                }
            )
        self._write_parts(Offer, {"control": control}, offers, "position", is_new)

    def _write_links(self, entry: Entry, declaration: EntryDeclaration) -> None:
        before = (entry.follows, entry.outcome)
        links = (self._entry_of(declaration.follows), self._entry_of(declaration.outcome))
        if links != before:
            # Past auto_now: that one fact has another page now is no edit of this one.
            Entry.objects.filter(pk=entry.pk).update(follows=links[0], outcome=links[1])

    def fill_entry(self, key: str, declaration: EntryDeclaration, row: Entry | None) -> Entry:
        row = row or Entry(key=key)
        _take(row, declaration, "title", "summary", "topic", "effects", "direction", "data_kinds")
        _take(row, declaration, "observed_from", "observed_to", "told", "confidence", "basis")
        _take(row, declaration, "result", "note", "status", *_WHERE_AND_WHO)
        for name in ("announced", "decided", "due", "effective", "deadline"):
            on, precision = columns(getattr(declaration, name))
            setattr(row, f"{name}_on", on)
            setattr(row, f"{name}_precision", precision)
        row.status_reason = declaration.reason
        row.published_at = _published_at(declaration)
        return row

    def write_parts_of_entry(self, row: Entry, declaration: EntryDeclaration, is_new: bool) -> None:
        platforms = [self.platforms[slug] for slug in declaration.platforms]
        self._relate(row.platforms, platforms, is_new)
        self._relate(row.uses, [self.uses[name] for name in declaration.uses], is_new)
        self._relate(row.controls, [self.controls[name] for name in declaration.controls], is_new)
        named = [self.references[slug] for slug in declaration.references]
        self._relate(row.references, named, is_new)
        self.sources.write(row, declaration.sources, is_new=is_new)
        self._links.append((row, declaration))
        if declaration.updated or is_new:
            published_at = row.published_at or default_publication(declaration)
            updated_at = declaration.updated or default_update(declaration, published_at)
            row.updated_at = updated_at or timezone.now()
            self._dated.append(row)

    def fill_guide(
        self, key: tuple[str, str], declaration: GuideDeclaration, row: Guide | None
    ) -> Guide:
        row = row or Guide(platform=self.platforms[key[0]], slug=declaration.slug)
        _take(row, declaration, "title", "minutes", "who", "plans", "before_you_start")
        _take(row, declaration, "frictions", "how_to_check", "caveats", "note", "status")
        row.status_reason = declaration.reason
        return row

    def write_parts_of_guide(self, row: Guide, declaration: GuideDeclaration, is_new: bool) -> None:
        self._relate(row.controls, [self.controls[name] for name in declaration.controls], is_new)
        self._relate(row.pages, self._pages_of(row, declaration), is_new)
        self.sources.write(row, declaration.sources, is_new=is_new)
        surfaces = [
            {
                "surface": each.surface,
                "verified_on": each.verified,
                "verified_by": each.verified_by,
            }
            for each in declaration.surfaces
        ]
        of_guide = {"guide": row}
        written = self._write_parts(GuideSurface, of_guide, surfaces, "surface", is_new)
        for surface, each in zip(written, declaration.surfaces, strict=True):
            steps = [
                {"position": position, "act": step.act, "expect": step.expect}
                for position, step in enumerate(each.steps, start=1)
            ]
            no_steps_yet = surface._state.adding
            self._write_parts(GuideStep, {"surface": surface}, steps, "position", no_steps_yet)

    def _relate(self, manager: Any, rows: Sequence[models.Model], is_new: bool) -> None:
        """Let a record name these others and no more; a new one names none yet."""
        if not is_new:
            manager.set(rows)
            return
        for row in dict.fromkeys(rows):
            pair = {manager.source_field_name: manager.instance, manager.target_field_name: row}
            self.new_rows.save(manager.through(**pair))

    def _write_parts(
        self,
        model: type[models.Model],
        owner: Mapping[str, models.Model],
        wanted: Sequence[dict[str, Any]],
        key: str,
        is_new: bool,
    ) -> list[Any]:
        """Write the rows that belong to a record, and return them in their order.

        In place: a row with the same value of `key` keeps its number, and columns that are not
        written keep what they have. is_new: the record has no rows yet, so none is asked for.
        """
        rows = [] if is_new else list(model._default_manager.filter(**owner))
        present = {getattr(row, key): row for row in rows}
        keys = [values[key] for values in wanted]
        for surplus in present.keys() - set(keys):
            present.pop(surplus).delete()
        in_order = [present[each].pk for each in keys if each in present]
        stay_first = all(each in present for each in keys[: len(in_order)])
        if key != "position" and (not stay_first or in_order != sorted(in_order)):
            # Their order is that of their numbers, so they get new ones.
            for row in present.values():
                row.delete()
                row._state.adding = True
        written = []
        for values in wanted:
            row = present.get(values[key]) or model(**owner)
            for name, value in values.items():
                setattr(row, name, value)
            self.new_rows.save(row)
            written.append(row)
        return written


def _published_at(entry: EntryDeclaration) -> dt.datetime | None:
    if entry.status == PublicationStatus.DRAFT:
        return None
    return entry.published or default_publication(entry)


_WHERE_AND_PEOPLE = ("places", "except_places", "some_of", "people", "plans")
_WHERE_AND_WHO = (*_WHERE_AND_PEOPLE, "who")


def _values(declaration: Declaration, *names: str) -> dict[str, Any]:
    """Return fields of a declaration as columns hold them."""
    values = ((name, getattr(declaration, name)) for name in names)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}


def _take(row: models.Model, declaration: Declaration, *names: str) -> None:
    """Write fields that a row and its declaration call by the same name."""
    for name, value in _values(declaration, *names).items():
        setattr(row, name, value)
