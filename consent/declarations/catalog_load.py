"""Catalog → database, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone

from consent.declarations.catalog import Catalog
from consent.declarations.catalog_files import read_catalog
from consent.declarations.evidence import ReferenceDeclaration
from consent.declarations.former_slugs import remember_former_slugs, under_present_names
from consent.declarations.provider_statements import StatementDeclaration
from consent.declarations.records import (
    default_publication,
    default_update,
    stored_controls,
    stored_entries,
    stored_guides,
    stored_references,
    stored_statements,
    stored_uses,
)
from consent.declarations.revised_fields import stored_changes
from consent.declarations.schema import (
    BranchDeclaration,
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    PeopleDeclaration,
    RevisionDeclaration,
    StateDeclaration,
    UseDeclaration,
)
from consent.declarations.stored_sources import CitedSnapshots, SourceRows, columns
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
    Revision,
    State,
    Use,
)
from consent.models.people import ForPeople
from consent.vocabulary import PublicationStatus
from platforms.declarations import (
    Report,
    Take,
    reconcile,
    reconcile_pages,
    reconcile_platforms,
)
from platforms.guards import public_change
from platforms.models import Page, Platform
from platforms.vocabulary import PublicChangeKind

#: The files are in the database, in the transaction that wrote them. No arguments.
catalog_loaded = Signal()
#: The same transaction is about to write the files. No arguments.
catalog_loading = Signal()


def load_catalog(folder: Path, *, take: Take | None = None, dry_run: bool = False) -> Report:
    """Write the files into the database, except for records edited there; report what was done.

    take: which side wins where a record was edited here. dry_run: report, and change nothing.
    Raises CatalogError, and then nothing was changed.
    """
    catalog = read_catalog(folder)
    with transaction.atomic():
        # A file was reviewed before it came here: that is the decision (docs/decisions/0005).
        what = f"files in {folder.name}"
        with public_change(None, PublicChangeKind.CATALOG, by=None, what=what):
            catalog_loading.send(sender=None)
            report = _Load(catalog, take).run()
            catalog_loaded.send(sender=None)
        if dry_run:
            transaction.set_rollback(True)
    return report


class _Load:
    """One load. Records are written before those that refer to them."""

    def __init__(self, catalog: Catalog, take: Take | None) -> None:
        self.catalog = catalog
        self.take = take
        self.report = Report()
        self.platforms: dict[str, Platform] = {}
        self.pages: dict[tuple[str, str], Page] = {}
        self.references: dict[str, Reference] = {}
        self.uses: dict[str, Use] = {}
        self.controls: dict[str, Control] = {}
        self.entries: dict[str, Entry] = {}
        # The last member of each: whether the record is new, so that it has no parts yet.
        self.branches_to_write: list[tuple[Use, tuple[BranchDeclaration, ...], bool]] = []
        self.offers_to_write: list[tuple[Control, ControlDeclaration, bool]] = []
        self.links_to_write: list[tuple[Entry, EntryDeclaration]] = []
        self.snapshots = CitedSnapshots(catalog)
        self.sources = SourceRows(self.snapshots)

    def run(self) -> Report:
        report, take = self.report, self.take
        catalog = under_present_names(self.catalog, report=report, take=take)
        self.references = reconcile(
            "reference",
            catalog.references,
            stored_references(),
            self._write_reference,
            report=report,
            take=take,
        )
        self.platforms = reconcile_platforms(catalog.platforms, report=report, take=take)
        self.pages = reconcile_pages(catalog.pages, self.platforms, report=report, take=take)
        self._write_uses_and_controls(catalog)
        self._write_entries(catalog)
        # Uses and controls come before the entries that name them, their states and offers after
        # the entries that opened them.
        for use, branches, is_new in self.branches_to_write:
            self._write_branches(use, branches, is_new)
        for control, declaration, is_new in self.offers_to_write:
            self._write_offers(control, declaration, is_new)
        self._write_order()
        guides = self._write_guides(catalog)
        self._write_statements(catalog)
        remember_former_slugs(catalog, self.platforms, self.uses, self.controls, guides)
        return report

    def _write_uses_and_controls(self, catalog: Catalog) -> None:
        self.uses = reconcile(
            "use",
            {
                name: self.snapshots.use_without_missing(declaration)
                for name, declaration in catalog.uses.items()
            },
            stored_uses(),
            self._write_use,
            report=self.report,
            take=self.take,
            leave_out=("former_slugs",),
        )
        self.controls = reconcile(
            "control",
            catalog.controls,
            stored_controls(),
            self._write_control,
            report=self.report,
            take=self.take,
            leave_out=("former_slugs",),
        )

    def _write_entries(self, catalog: Catalog) -> None:
        edited: set[str] = set()
        self.entries = reconcile(
            "entry",
            {
                key: self.snapshots.without_missing(declaration)
                for key, declaration in catalog.entries.items()
            },
            stored_entries(),
            self._write_entry,
            report=self.report,
            take=self.take,
            leave_out=("updated", "revised"),
            kept=edited,
        )
        for key in catalog.entries.keys() - edited:
            self._write_revisions(self.entries[key], catalog.entries[key].revised)
        for entry, declaration in self.links_to_write:
            self._write_links(entry, declaration)

    def _write_revisions(self, entry: Entry, revised: Sequence[RevisionDeclaration]) -> None:
        """Add the public revisions that are not there yet: they are a log (decision 5).

        Whoever was told of the entry gets a mail about each, as if an editor had made it.
        """
        if not revised:
            return
        present = set(entry.revisions.values_list("revised_at", "reason"))
        for revision in revised:
            if (revision.on, revision.reason) in present:
                self.report.left_alone["revision"] += 1
                continue
            Revision.objects.create(
                entry=entry,
                kind=revision.kind,
                reason=revision.reason,
                changed=stored_changes(revision.changed),
                revised_at=revision.on,
                undoes=_undone_by(revision, entry),
            )
            self.report.created["revision"] += 1

    def _write_guides(self, catalog: Catalog) -> dict[tuple[str, str], Guide]:
        return reconcile(
            "guide",
            {
                key: self.snapshots.without_missing(declaration)
                for key, declaration in catalog.guides.items()
            },
            stored_guides(),
            self._write_guide,
            report=self.report,
            take=self.take,
            name=lambda key: key[1],
            leave_out=("former_slugs",),
        )

    def _write_statements(self, catalog: Catalog) -> None:
        reconcile(
            "statement",
            {
                key: self.snapshots.without_missing(declaration)
                for key, declaration in catalog.statements.items()
            },
            stored_statements(),
            self._write_statement,
            report=self.report,
            take=self.take,
        )

    def _write_statement(
        self, key: str, declaration: StatementDeclaration, row: ProviderStatement | None
    ) -> ProviderStatement:
        is_new = row is None
        row = row or ProviderStatement(key=key)
        row.provider = declaration.provider
        row.law = declaration.law
        row.model = declaration.model
        row.dated_on, row.dated_precision = columns(declaration.dated)
        row.chats_with_this_model = declaration.answers.chats_with_this_model
        row.data_of_other_services = declaration.answers.data_of_other_services
        row.services_named = declaration.answers.services_named
        row.document_url = declaration.document.url
        row.document_sha256 = declaration.document.sha256 or ""
        row.document_archived_url = declaration.document.archived_url or ""
        row.readable = declaration.readable
        row.note = declaration.note
        row.save()
        _relate(row.platforms, [self.platforms[slug] for slug in declaration.platforms], is_new)
        self.sources.write(row, declaration.sources, is_new=is_new)
        return row

    def _write_reference(
        self, slug: str, declaration: ReferenceDeclaration, row: Reference | None
    ) -> Reference:
        row = row or Reference(slug=slug)
        row.name = declaration.name
        row.kind = declaration.kind
        row.place = declaration.place
        row.url = declaration.url
        row.save()
        return row

    def _write_use(self, name: str, declaration: UseDeclaration, row: Use | None) -> Use:
        platform = name.partition("/")[0]
        is_new = row is None
        row = row or Use(platform=self.platforms[platform], slug=declaration.slug)
        row.title = declaration.title
        row.title_if_not = declaration.title_if_not
        row.purpose = declaration.purpose
        row.part = declaration.part
        row.covers = declaration.covers
        row.data_kinds = list(declaration.data_kinds)
        row.note = declaration.note
        row.status = declaration.status
        row.status_reason = declaration.reason
        row.save()
        _relate(row.pages, [self.pages[platform, url] for url in declaration.pages], is_new)
        self.branches_to_write.append((row, declaration.branches, is_new))
        return row

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
            branch.former_slugs = list(declaration.former_slugs)
            branch.note = declaration.note
            _say_where_and_who(branch, declaration)
            branch.save()
            self._write_states(branch, declaration.states, position >= len(present))

    def _write_states(
        self, branch: Branch, states: Sequence[StateDeclaration], is_new: bool
    ) -> None:
        """Write the states of a branch; one that begins on the same day as before is the same."""
        present = {} if is_new else {state.starts_on: state for state in branch.states.all()}
        for surplus in present.keys() - {columns(state.since)[0] for state in states}:
            present[surplus].delete()
        for declaration in states:
            starts_on, starts_precision = columns(declaration.since)
            known = present.get(starts_on)
            state = known or State(branch=branch, starts_on=starts_on)
            state.value = declaration.value
            state.starts_precision = starts_precision
            state.since_is = declaration.since_is
            state.opened_by = self._entry_of(declaration.opened_by)
            state.basis = declaration.basis or ""
            state.disputed = declaration.disputed
            state.note = declaration.note
            state.save()
            self.sources.write(state, declaration.sources, is_new=known is None)

    def _entry_of(self, key: str | None) -> Entry | None:
        return self.entries[key] if key else None

    def _write_control(
        self, name: str, declaration: ControlDeclaration, row: Control | None
    ) -> Control:
        platform = name.partition("/")[0]
        is_new = row is None
        row = row or Control(platform=self.platforms[platform], slug=declaration.slug)
        row.label = declaration.label
        row.name = declaration.name
        row.labels = {code: each.model_dump() for code, each in declaration.labels.items()}
        row.former_labels = list(declaration.former_labels)
        row.refuse = declaration.refuse
        row.by = declaration.by
        row.binding = declaration.binding
        row.scope = declaration.scope
        row.reach = declaration.reach
        row.to = declaration.to
        row.note = declaration.note
        row.status = declaration.status
        row.status_reason = declaration.reason
        row.save()
        _relate(row.uses, [self.uses[use] for use in declaration.uses], is_new)
        _relate(row.pages, [self.pages[platform, url] for url in declaration.pages], is_new)
        if not is_new:
            row.surfaces.all().delete()
        ControlSurface.objects.bulk_create(
            ControlSurface(
                control=row,
                surface=surface.surface,
                path=surface.path,
                deep_link=surface.deep_link or "",
            )
            for surface in declaration.surfaces
        )
        self.offers_to_write.append((row, declaration, is_new))
        return row

    def _write_offers(
        self, control: Control, declaration: ControlDeclaration, is_new: bool
    ) -> None:
        if not is_new:
            control.offers.all().delete()
        for position, offer in enumerate(declaration.offered):
            row = Offer(control=control, position=position, note=offer.note)
            row.starts_on, row.starts_precision = columns(offer.since)
            row.ends_on, row.ends_precision = columns(offer.until)
            row.opened_by = self._entry_of(offer.opened_by)
            row.closed_by = self._entry_of(offer.closed_by)
            _say_where_and_who(row, offer)
            row.save()

    def _write_order(self) -> None:
        """Let uses and controls stand in the order of the files, which is that of weight."""
        for rows in (self.uses, self.controls):
            places: dict[str, int] = defaultdict(int)
            for name, row in rows.items():
                platform = name.partition("/")[0]
                if row.position != places[platform]:
                    row.position = places[platform]
                    row.save(update_fields=["position"])
                places[platform] += 1

    def _write_links(self, entry: Entry, declaration: EntryDeclaration) -> None:
        """Link an entry to others of the catalog, once all of them are written."""
        before = (entry.follows, entry.outcome)
        links = (self._entry_of(declaration.follows), self._entry_of(declaration.outcome))
        if links != before:
            # Past auto_now: that one fact has another page now is no edit of this one.
            Entry.objects.filter(pk=entry.pk).update(follows=links[0], outcome=links[1])

    def _write_entry(self, key: str, declaration: EntryDeclaration, row: Entry | None) -> Entry:
        is_new = row is None
        row = row or Entry(key=key)
        row.title = declaration.title
        row.summary = declaration.summary
        row.topic = declaration.topic
        row.effects = list(declaration.effects)
        row.direction = declaration.direction
        row.data_kinds = list(declaration.data_kinds)
        _say_where_and_who(row, declaration)
        row.announced_on, row.announced_precision = columns(declaration.announced)
        row.decided_on, row.decided_precision = columns(declaration.decided)
        row.due_on, row.due_precision = columns(declaration.due)
        row.effective_on, row.effective_precision = columns(declaration.effective)
        row.deadline_on, row.deadline_precision = columns(declaration.deadline)
        row.observed_from = declaration.observed_from
        row.observed_to = declaration.observed_to
        row.told = list(declaration.told)
        row.confidence = declaration.confidence
        row.basis = declaration.basis
        row.note = declaration.note
        row.status = declaration.status
        row.status_reason = declaration.reason
        row.published_at = _published_at(declaration)
        row.save()
        _relate(row.platforms, [self.platforms[slug] for slug in declaration.platforms], is_new)
        _relate(row.uses, [self.uses[name] for name in declaration.uses], is_new)
        _relate(row.controls, [self.controls[name] for name in declaration.controls], is_new)
        named = [self.references[slug] for slug in declaration.references]
        _relate(row.references, named, is_new)
        self.sources.write(row, declaration.sources, is_new=is_new)
        self.links_to_write.append((row, declaration))
        if declaration.updated or is_new:
            # Set past auto_now: a reload into an empty database must give the same feeds.
            published_at = row.published_at or default_publication(declaration)
            updated_at = declaration.updated or default_update(declaration, published_at)
            Entry.objects.filter(pk=row.pk).update(updated_at=updated_at or timezone.now())
        return row

    def _write_guide(
        self, key: tuple[str, str], declaration: GuideDeclaration, row: Guide | None
    ) -> Guide:
        platform = key[0]
        is_new = row is None
        row = row or Guide(platform=self.platforms[platform], slug=declaration.slug)
        row.title = declaration.title
        row.minutes = declaration.minutes
        row.who = declaration.who
        row.plans = list(declaration.plans)
        row.before_you_start = list(declaration.before_you_start)
        row.frictions = list(declaration.frictions)
        row.how_to_check = declaration.how_to_check
        row.caveats = list(declaration.caveats)
        row.note = declaration.note
        row.status = declaration.status
        row.status_reason = declaration.reason
        row.save()
        _relate(row.controls, [self.controls[name] for name in declaration.controls], is_new)
        _relate(row.pages, [self.pages[platform, url] for url in declaration.pages], is_new)
        self.sources.write(row, declaration.sources, is_new=is_new)
        reported_broken_at = {}
        if not is_new:
            reported_broken_at = dict(row.surfaces.values_list("surface", "reported_broken_at"))
            row.surfaces.all().delete()
        for surface in declaration.surfaces:
            surface_row = GuideSurface.objects.create(
                guide=row,
                surface=surface.surface,
                verified_on=surface.verified,
                verified_by=surface.verified_by,
                reported_broken_at=reported_broken_at.get(surface.surface),
            )
            GuideStep.objects.bulk_create(
                GuideStep(surface=surface_row, position=position, act=step.act, expect=step.expect)
                for position, step in enumerate(surface.steps, start=1)
            )
        return row


def _relate(manager: Any, rows: Sequence[models.Model], is_new: bool) -> None:
    """Let a record name these others and no more; a new one names none, so none is asked for."""
    if not is_new:
        manager.set(rows)
    elif rows:
        manager.add(*rows)


def _published_at(entry: EntryDeclaration) -> dt.datetime | None:
    if entry.status == PublicationStatus.DRAFT:
        return None
    return entry.published or default_publication(entry)


def _say_where_and_who(row: ForPeople, declaration: PeopleDeclaration) -> None:
    row.places = list(declaration.places)
    row.except_places = list(declaration.except_places)
    row.some_of = list(declaration.some_of)
    row.people = list(declaration.people)
    row.plans = list(declaration.plans)
    row.who = declaration.who


def _undone_by(revision: RevisionDeclaration, entry: Entry) -> Revision | None:
    """Return the revision of an entry that another one takes back, if it takes one back."""
    if revision.undoes is None:
        return None
    of_that_time = entry.revisions.standing().filter(revised_at=revision.undoes)
    return of_that_time.order_by("pk").last()
