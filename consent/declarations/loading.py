"""Catalog → database, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from consent.declarations.catalog import Catalog, read_catalog
from consent.declarations.dates import PartialDate
from consent.declarations.former_slugs import remember_former_slugs, under_present_names
from consent.declarations.records import (
    default_publication,
    stored_entries,
    stored_guides,
    stored_references,
    stored_settings,
)
from consent.declarations.schema import (
    EntryDeclaration,
    GuideDeclaration,
    ReferenceDeclaration,
    SettingDeclaration,
    SourceDeclaration,
    StateDeclaration,
)
from consent.models import (
    Entry,
    Guide,
    GuideStep,
    GuideSurface,
    Reference,
    Setting,
    Source,
    State,
)
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
        self.settings: dict[str, Setting] = {}
        self.entries: dict[str, Entry] = {}
        self.states_to_write: list[tuple[Setting, tuple[StateDeclaration, ...]]] = []
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
        self.settings = reconcile(
            "setting",
            catalog.settings,
            stored_settings(),
            self._write_setting,
            report=report,
            take=take,
            leave_out=("former_slugs",),
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
        # Settings come before the entries that name them, their states after the entries that
        # opened them.
        for setting, states in self.states_to_write:
            self._write_states(setting, states)
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
        remember_former_slugs(catalog, self.platforms, self.settings, guides)
        return report

    def _write_reference(
        self, slug: str, declaration: ReferenceDeclaration, row: Reference | None
    ) -> Reference:
        row = row or Reference(slug=slug)
        row.name = declaration.name
        row.kind = declaration.kind
        row.country = declaration.country
        row.url = declaration.url
        row.save()
        return row

    def _write_setting(
        self, name: str, declaration: SettingDeclaration, row: Setting | None
    ) -> Setting:
        platform = name.partition("/")[0]
        row = row or Setting(platform=self.platforms[platform], slug=declaration.slug)
        row.label = declaration.label
        row.covers = declaration.covers
        row.data_kinds = list(declaration.data_kinds)
        row.audience = declaration.audience
        row.region = declaration.region
        row.path = declaration.path
        row.route = declaration.route
        row.reach = declaration.reach
        row.deep_link = declaration.deep_link or ""
        row.note = declaration.note
        row.save()
        row.pages.set([self.pages[platform, url] for url in declaration.pages])
        self.states_to_write.append((row, declaration.states))
        return row

    def _write_states(self, setting: Setting, states: Sequence[StateDeclaration]) -> None:
        setting.states.all().delete()
        State.objects.bulk_create(
            self._state(setting, state, following)
            for state, following in zip_longest(states, states[1:])
        )

    def _state(
        self, setting: Setting, state: StateDeclaration, following: StateDeclaration | None
    ) -> State:
        until, closed_by = state.until, state.closed_by
        if following is not None and until is None:
            until = following.since
            closed_by = closed_by or following.opened_by
        starts_on, starts_precision = _columns(state.since)
        ends_on, ends_precision = _columns(until)
        return State(
            setting=setting,
            value=state.value,
            starts_on=starts_on,
            starts_precision=starts_precision,
            ends_on=ends_on,
            ends_precision=ends_precision,
            opened_by=self.entries[state.opened_by] if state.opened_by else None,
            closed_by=self.entries[closed_by] if closed_by else None,
            disputed=state.disputed,
            note=state.note,
        )

    def _write_entry(self, key: str, declaration: EntryDeclaration, row: Entry | None) -> Entry:
        is_new = row is None
        row = row or Entry(key=key)
        row.title = declaration.title
        row.summary = declaration.summary
        row.effects = list(declaration.effects)
        row.direction = declaration.direction
        row.data_kinds = list(declaration.data_kinds)
        row.regions = list(declaration.regions)
        row.audience = declaration.audience
        row.announced_on, row.announced_precision = _columns(declaration.announced)
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
        row.settings.set([self.settings[name] for name in declaration.settings])
        row.references.set([self.references[slug] for slug in declaration.references])
        row.sources.all().delete()
        Source.objects.bulk_create(self._sources(declaration.sources, entry=row))
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
        row.applies_to = declaration.applies_to
        row.deep_link = declaration.deep_link or ""
        row.before_you_start = list(declaration.before_you_start)
        row.how_to_check = declaration.how_to_check
        row.caveats = list(declaration.caveats)
        row.note = declaration.note
        row.status = declaration.status
        row.status_reason = declaration.reason
        row.save()
        row.settings.set([self.settings[name] for name in declaration.settings])
        row.pages.set([self.pages[platform, url] for url in declaration.pages])
        row.sources.all().delete()
        Source.objects.bulk_create(self._sources(declaration.sources, guide=row))
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

    def _sources(
        self,
        sources: Iterable[SourceDeclaration],
        *,
        entry: Entry | None = None,
        guide: Guide | None = None,
    ) -> Iterable[Source]:
        for position, source in enumerate(sources):
            published_on, published_precision = _columns(source.date)
            yield Source(
                entry=entry,
                guide=guide,
                position=position,
                url=source.url,
                publisher=source.publisher,
                title=source.title,
                published_on=published_on,
                published_precision=published_precision,
                archived_url=source.ota.file_url if source.ota else source.archived_url or "",
                seen_via=source.seen_via,
                quote=source.quote,
                snapshot=self.snapshots.find(source),
            )


class _Snapshots:
    """Our own snapshots that sources name, where this archive has them."""

    def __init__(self, catalog: Catalog) -> None:
        named = {
            source.snapshot
            for part in (catalog.entries, catalog.guides)
            for declaration in part.values()
            for source in declaration.sources
            if source.snapshot
        }
        self._found: dict[tuple[str, str], list[Snapshot]] = defaultdict(list)
        snapshots = Snapshot.objects.filter(sha256__in=named).select_related("page")
        for snapshot in snapshots.order_by("first_seen_at"):
            self._found[snapshot.page.url, snapshot.sha256].append(snapshot)

    def find(self, source: SourceDeclaration) -> Snapshot | None:
        """Return the snapshot that a source names.

        A page that returned to an earlier state has several with the same bytes; the last one
        up to the source's date is returned.
        """
        snapshots = self._found.get((source.url, source.snapshot or ""))
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
            source if self.find(source) else source.model_copy(update={"snapshot": None})
            for source in declaration.sources
        )
        return declaration.model_copy(update={"sources": sources})


def _published_at(entry: EntryDeclaration) -> dt.datetime | None:
    if entry.status == PublicationStatus.DRAFT:
        return None
    return entry.published or default_publication(entry)


def _columns(date: PartialDate | None) -> tuple[dt.date | None, Precision]:
    return (date.on, date.precision) if date else (None, Precision.DAY)
