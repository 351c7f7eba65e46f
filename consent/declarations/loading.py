"""Catalog → database, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from consent.declarations.catalog import Catalog
from consent.declarations.conversions import Kept, replace_control, replace_use
from consent.declarations.dates import PartialDate
from consent.declarations.evidence import ReferenceDeclaration, SourceDeclaration
from consent.declarations.former_slugs import remember_former_slugs, under_present_names
from consent.declarations.reading import read_catalog
from consent.declarations.records import (
    default_publication,
    stored_controls,
    stored_entries,
    stored_guides,
    stored_references,
    stored_uses,
)
from consent.declarations.schema import (
    BranchDeclaration,
    ControlDeclaration,
    EntryDeclaration,
    GuideDeclaration,
    PeopleDeclaration,
    StateDeclaration,
    UseDeclaration,
)
from consent.models import (
    Branch,
    Control,
    ControlSurface,
    Entry,
    Guide,
    GuideStep,
    GuideSurface,
    Offer,
    Passage,
    Reference,
    Source,
    State,
    Use,
)
from consent.models.people import ForPeople
from consent.vocabulary import Precision, PublicationStatus
from platforms.declarations import (
    Report,
    Take,
    reconcile,
    reconcile_pages,
    reconcile_platforms,
)
from platforms.guards import public_change
from platforms.models import Page, Platform, Snapshot
from platforms.vocabulary import PublicChangeKind

_WithSources = TypeVar("_WithSources", EntryDeclaration, GuideDeclaration)


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
            report = _Load(catalog, take).run()
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
        self.leftover_uses: list[Use] = []
        self.leftover_controls: list[Control] = []
        self.branches_to_write: list[tuple[Use, tuple[BranchDeclaration, ...]]] = []
        self.offers_to_write: list[tuple[Control, ControlDeclaration]] = []
        self.outcomes_to_write: list[tuple[Entry, str | None]] = []
        self.snapshots = _Snapshots(catalog)

    def run(self) -> Report:
        report, take = self.report, self.take
        catalog = self.catalog = under_present_names(self.catalog, report=report, take=take)
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
        self.uses = reconcile(
            "use",
            catalog.uses,
            stored_uses(),
            self._write_use,
            report=report,
            take=take,
            leave_out=("former_slugs",),
            leftovers=self.leftover_uses,
        )
        self.controls = reconcile(
            "control",
            catalog.controls,
            stored_controls(),
            self._write_control,
            report=report,
            take=take,
            leave_out=("former_slugs",),
            leftovers=self.leftover_controls,
        )
        self.entries = reconcile(
            "entry",
            {
                key: self.snapshots.without_missing(declaration)
                for key, declaration in catalog.entries.items()
            },
            stored_entries(),
            self._write_entry,
            report=report,
            take=take,
            leave_out=("updated",),
        )
        # Uses and controls come before the entries that name them, their states and offers after
        # the entries that opened them.
        for entry, outcome in self.outcomes_to_write:
            self._write_outcome(entry, outcome)
        for use, branches in self.branches_to_write:
            self._write_branches(use, branches)
        for control, declaration in self.offers_to_write:
            self._write_offers(control, declaration)
        self._write_order()
        guides = reconcile(
            "guide",
            {
                key: self.snapshots.without_missing(declaration)
                for key, declaration in catalog.guides.items()
            },
            stored_guides(),
            self._write_guide,
            report=report,
            take=take,
            name=lambda key: key[1],
            leave_out=("former_slugs",),
        )
        remember_former_slugs(catalog, self.platforms, self.uses, self.controls, guides)
        self._delete_leftovers()
        return report

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
        row.pages.set([self.pages[platform, url] for url in declaration.pages])
        self.branches_to_write.append((row, declaration.branches))
        return row

    def _write_branches(self, use: Use, branches: Sequence[BranchDeclaration]) -> None:
        # In place, so that a branch keeps its number while it stays where it is.
        present = list(use.branches.all())
        for surplus in present[len(branches) :]:
            surplus.delete()
        for position, declaration in enumerate(branches):
            branch = present[position] if position < len(present) else Branch(use=use)
            branch.position = position
            branch.former_slugs = list(declaration.former_slugs)
            branch.note = declaration.note
            _say_where_and_who(branch, declaration)
            branch.save()
            branch.states.all().delete()
            for state in declaration.states:
                self._write_state(branch, state)

    def _write_state(self, branch: Branch, declaration: StateDeclaration) -> None:
        starts_on, starts_precision = _columns(declaration.since)
        state = State.objects.create(
            branch=branch,
            value=declaration.value,
            starts_on=starts_on,
            starts_precision=starts_precision,
            since_is=declaration.since_is,
            opened_by=self._entry_of(declaration.opened_by),
            basis=declaration.basis or "",
            disputed=declaration.disputed,
            note=declaration.note,
        )
        self._write_sources(declaration.sources, state=state)

    def _entry_of(self, key: str | None) -> Entry | None:
        return self.entries[key] if key else None

    def _write_control(
        self, name: str, declaration: ControlDeclaration, row: Control | None
    ) -> Control:
        platform = name.partition("/")[0]
        row = row or Control(platform=self.platforms[platform], slug=declaration.slug)
        row.label = declaration.label
        row.name = declaration.name
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
        row.uses.set([self.uses[use] for use in declaration.uses])
        row.pages.set([self.pages[platform, url] for url in declaration.pages])
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
        self.offers_to_write.append((row, declaration))
        return row

    def _write_offers(self, control: Control, declaration: ControlDeclaration) -> None:
        control.offers.all().delete()
        for position, offer in enumerate(declaration.offered):
            row = Offer(control=control, position=position, note=offer.note)
            row.starts_on, row.starts_precision = _columns(offer.since)
            row.ends_on, row.ends_precision = _columns(offer.until)
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

    def _write_outcome(self, entry: Entry, outcome: str | None) -> None:
        settled_by = self._entry_of(outcome)
        if entry.outcome_id != (settled_by.pk if settled_by else None):
            # Past auto_now: that one fact has another page now is no edit of this one.
            Entry.objects.filter(pk=entry.pk).update(outcome=settled_by)

    def _delete_leftovers(self) -> None:
        kept = Kept(self.uses.values(), self.controls.values())
        loaded = {platform.pk for platform in self.platforms.values()}
        # Controls first: which use was theirs tells what they have become.
        for control in self.leftover_controls:
            if control.platform_id in loaded:
                replace_control(control, kept)
        for use in self.leftover_uses:
            if use.platform_id in loaded:
                replace_use(use, kept)

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
        row.announced_on, row.announced_precision = _columns(declaration.announced)
        row.decided_on, row.decided_precision = _columns(declaration.decided)
        row.due_on, row.due_precision = _columns(declaration.due)
        row.effective_on, row.effective_precision = _columns(declaration.effective)
        row.deadline_on, row.deadline_precision = _columns(declaration.deadline)
        row.observed_from = declaration.observed_from
        row.observed_to = declaration.observed_to
        row.confidence = declaration.confidence
        row.basis = declaration.basis
        row.note = declaration.note
        row.status = declaration.status
        row.status_reason = declaration.reason
        row.published_at = _published_at(declaration)
        row.save()
        row.platforms.set([self.platforms[slug] for slug in declaration.platforms])
        row.uses.set([self.uses[name] for name in declaration.uses])
        row.controls.set([self.controls[name] for name in declaration.controls])
        row.references.set([self.references[slug] for slug in declaration.references])
        self._write_sources(declaration.sources, entry=row)
        self.outcomes_to_write.append((row, declaration.outcome))
        if declaration.updated or is_new:
            # Set past auto_now: a reload into an empty database must give the same feeds.
            updated_at = declaration.updated or row.published_at or default_publication(declaration)
            Entry.objects.filter(pk=row.pk).update(updated_at=updated_at or timezone.now())
        return row

    def _write_guide(
        self, key: tuple[str, str], declaration: GuideDeclaration, row: Guide | None
    ) -> Guide:
        platform = key[0]
        row = row or Guide(platform=self.platforms[platform], slug=declaration.slug)
        row.title = declaration.title
        row.minutes = declaration.minutes
        row.who = declaration.who
        row.plans = list(declaration.plans)
        row.before_you_start = list(declaration.before_you_start)
        row.how_to_check = declaration.how_to_check
        row.caveats = list(declaration.caveats)
        row.note = declaration.note
        row.status = declaration.status
        row.status_reason = declaration.reason
        row.save()
        row.controls.set([self.controls[name] for name in declaration.controls])
        row.pages.set([self.pages[platform, url] for url in declaration.pages])
        self._write_sources(declaration.sources, guide=row)
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

    def _write_sources(
        self,
        sources: Iterable[SourceDeclaration],
        *,
        entry: Entry | None = None,
        guide: Guide | None = None,
        state: State | None = None,
    ) -> None:
        """Replace the sources of a record. Words that a curator typed stay with their address."""
        owner = entry or guide or state
        assert owner is not None
        typed = defaultdict(list)
        for passage in Passage.objects.filter(
            source__in=owner.sources.all(), starts_at=None
        ).select_related("source"):
            typed[passage.source.url].append(passage)
        owner.sources.all().delete()
        for position, declaration in enumerate(sources):
            published_on, published_precision = _columns(declaration.date)
            ota = declaration.ota
            source = Source.objects.create(
                entry=entry,
                guide=guide,
                state=state,
                position=position,
                url=declaration.url,
                publisher=declaration.publisher,
                title=declaration.title,
                published_on=published_on,
                published_precision=published_precision,
                archived_url=ota.file_url if ota else declaration.archived_url or "",
                seen_via=declaration.seen_via,
                snapshot=self.snapshots.find(declaration),
                snapshot_before=self.snapshots.find_before(declaration),
                extractor=declaration.extractor,
            )
            kept = typed.pop(declaration.url, [])
            for number, passage in enumerate(kept, start=len(declaration.passages)):
                passage.pk, passage.source, passage.position = None, source, number
            Passage.objects.bulk_create([*_passages(source, declaration), *kept])


class _Snapshots:
    """Our own snapshots that sources name, where this archive has them."""

    def __init__(self, catalog: Catalog) -> None:
        of_states = [
            source
            for use in catalog.uses.values()
            for branch in use.branches
            for state in branch.states
            for source in state.sources
        ]
        of_records = [
            source
            for part in (catalog.entries, catalog.guides)
            for declaration in part.values()
            for source in declaration.sources
        ]
        named = {
            sha256
            for source in (*of_states, *of_records)
            for sha256 in (source.snapshot, source.snapshot_before)
            if sha256
        }
        self._found: dict[tuple[str, str], list[Snapshot]] = defaultdict(list)
        snapshots = Snapshot.objects.filter(sha256__in=named).select_related("page")
        for snapshot in snapshots.order_by("first_seen_at"):
            self._found[snapshot.page.url, snapshot.sha256].append(snapshot)

    def find_before(self, source: SourceDeclaration) -> Snapshot | None:
        """Return the snapshot before the one that a source names, if it names that too."""
        return self._find(source, source.snapshot_before)

    def find(self, source: SourceDeclaration) -> Snapshot | None:
        """Return the snapshot that a source names."""
        return self._find(source, source.snapshot)

    def _find(self, source: SourceDeclaration, sha256: str | None) -> Snapshot | None:
        """Return the snapshot of a source's address with these bytes.

        A page that returned to an earlier state has several with the same bytes; the last one
        up to the source's date is returned.
        """
        snapshots = self._found.get((source.url, sha256 or ""))
        if not snapshots:
            return None
        on = source.date.on if source.date else dt.date.max
        earlier = [snapshot for snapshot in snapshots if snapshot.first_seen_at.date() <= on]
        return earlier[-1] if earlier else snapshots[0]

    def without_missing(self, declaration: _WithSources) -> _WithSources:
        """Return a declaration without the snapshots that this archive does not have.

        A snapshot of another installation does not count as an edit here. If it is imported later,
        the next load links it.
        """
        if all(source.snapshot is None or self.find(source) for source in declaration.sources):
            return declaration
        sources = tuple(
            source
            if self.find(source)
            else source.model_copy(update={"snapshot": None, "snapshot_before": None})
            for source in declaration.sources
        )
        return declaration.model_copy(update={"sources": sources})


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


def _passages(source: Source, declaration: SourceDeclaration) -> Iterable[Passage]:
    for position, passage in enumerate(declaration.passages):
        starts_at, _, ends_at = passage.span.partition("-")
        yield Passage(
            source=source,
            position=position,
            side=passage.side,
            starts_at=int(starts_at),
            ends_at=int(ends_at),
            sha256=passage.sha256,
        )


def _columns(date: PartialDate | None) -> tuple[dt.date | None, Precision]:
    return (date.on, date.precision) if date else (None, Precision.DAY)
