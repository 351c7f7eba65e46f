"""Catalog → database, in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from consent.declarations.catalog import Catalog
from consent.declarations.catalog_files import read_catalog
from consent.declarations.former_slugs import remember_former_slugs, under_present_names
from consent.declarations.record_writing import RecordWriter
from consent.declarations.records import (
    stored_controls,
    stored_entries,
    stored_guides,
    stored_references,
    stored_statements,
    stored_uses,
)
from consent.declarations.revised_fields import stored_changes
from consent.declarations.schema import RevisionDeclaration
from consent.declarations.stored_sources import CitedSnapshots
from consent.models import Control, Entry, Guide, Revision, Use
from platforms.declarations import (
    Report,
    Take,
    reconcile,
    reconcile_pages,
    reconcile_platforms,
)
from platforms.guards import public_act
from platforms.vocabulary import PublicChangeKind


def load_catalog(folder: Path, *, take: Take | None = None, dry_run: bool = False) -> Report:
    """Write the files into the database, except for records edited there; report what was done.

    take: which side wins where a record was edited here. dry_run: report, and change nothing.
    Raises CatalogError, and then nothing was changed.
    """
    catalog = read_catalog(folder)
    with transaction.atomic():
        # A file was reviewed before it came here: that is the decision (docs/decisions/0005).
        with public_act(PublicChangeKind.CATALOG, by=None, on=None):
            report = _Load(catalog, take).run()
        if dry_run:
            transaction.set_rollback(True)
    return report


class _Load(RecordWriter):
    """One load. Records are written before those that refer to them."""

    def __init__(self, catalog: Catalog, take: Take | None) -> None:
        super().__init__(CitedSnapshots(catalog))
        self.catalog = catalog
        self.take = take
        self.report = Report()

    def run(self) -> Report:
        report, take = self.report, self.take
        catalog = under_present_names(self.catalog, report=report, take=take)
        self.references = reconcile(
            "reference",
            catalog.references,
            stored_references(),
            self.fill_reference,
            report=report,
            take=take,
        )
        self.platforms = reconcile_platforms(catalog.platforms, report=report, take=take)
        self.pages = reconcile_pages(catalog.pages, self.platforms, report=report, take=take)
        self._load_uses_and_controls(catalog)
        self._load_entries(catalog)
        self.finish_uses_and_controls()
        self._write_order()
        guides = self._load_guides(catalog)
        self._load_statements(catalog)
        self.new_rows.create()
        remember_former_slugs(catalog, self.platforms, self.uses, self.controls, guides)
        return report

    def _load_uses_and_controls(self, catalog: Catalog) -> None:
        self.uses = reconcile(
            "use",
            {
                name: self.sources.snapshots.use_without_missing(declaration)
                for name, declaration in catalog.uses.items()
            },
            stored_uses(),
            self.fill_use,
            write_parts=self.write_parts_of_use,
            report=self.report,
            take=self.take,
            leave_out=("former_slugs",),
        )
        self.controls = reconcile(
            "control",
            catalog.controls,
            stored_controls(),
            self.fill_control,
            write_parts=self.write_parts_of_control,
            report=self.report,
            take=self.take,
            leave_out=("former_slugs",),
        )

    def _load_entries(self, catalog: Catalog) -> None:
        edited: set[str] = set()
        stored = stored_entries()
        self.entries = reconcile(
            "entry",
            {
                key: self.sources.snapshots.without_missing(declaration)
                for key, declaration in catalog.entries.items()
            },
            stored,
            self.fill_entry,
            write_parts=self.write_parts_of_entry,
            report=self.report,
            take=self.take,
            leave_out=("updated", "revised"),
            kept=edited,
        )
        for key, declaration in catalog.entries.items():
            if key not in edited:
                is_new = key not in stored
                self._write_revisions(self.entries[key], declaration.revised, is_new)
        self.finish_entries()

    def _write_revisions(
        self, entry: Entry, revised: Sequence[RevisionDeclaration], is_new: bool
    ) -> None:
        """Add the public revisions that are not there yet: they are a log (decision 5).

        Whoever was told of the entry gets a mail about each, as if an editor had made it.
        """
        if not revised:
            return
        logged = Revision.objects.none() if is_new else entry.revisions
        present = set(logged.values_list("revised_at", "reason"))
        # Of a new entry nobody was told. One that takes another back is saved after that one.
        can_wait = is_new and not any(revision.undoes for revision in revised)
        for revision in revised:
            if (revision.on, revision.reason) in present:
                self.report.left_alone["revision"] += 1
                continue
            row = Revision(
                entry=entry,
                kind=revision.kind,
                reason=revision.reason,
                changed=stored_changes(revision.changed),
                revised_at=revision.on,
                undoes=_undone_by(revision, entry),
            )
            if can_wait:
                self.new_rows.save(row)
            else:
                row.save()
            self.report.created["revision"] += 1

    def _load_guides(self, catalog: Catalog) -> dict[tuple[str, str], Guide]:
        return reconcile(
            "guide",
            {
                key: self.sources.snapshots.without_missing(declaration)
                for key, declaration in catalog.guides.items()
            },
            stored_guides(),
            self.fill_guide,
            write_parts=self.write_parts_of_guide,
            report=self.report,
            take=self.take,
            name=lambda key: key[1],
            leave_out=("former_slugs",),
        )

    def _load_statements(self, catalog: Catalog) -> None:
        reconcile(
            "statement",
            {
                key: self.sources.snapshots.without_missing(declaration)
                for key, declaration in catalog.statements.items()
            },
            stored_statements(),
            self.fill_statement,
            write_parts=self.write_parts_of_statement,
            report=self.report,
            take=self.take,
        )

    def _write_order(self) -> None:
        """Let uses and controls stand in the order of the files, which is that of weight."""
        for model, rows in ((Use, self.uses), (Control, self.controls)):
            places: dict[str, int] = defaultdict(int)
            moved: list[Any] = []
            for name, row in rows.items():
                platform = name.partition("/")[0]
                if row.position != places[platform]:
                    row.position = places[platform]
                    moved.append(row)
                places[platform] += 1
            model._base_manager.bulk_update(moved, ["position"])


def _undone_by(revision: RevisionDeclaration, entry: Entry) -> Revision | None:
    """Return the revision of an entry that another one takes back, if it takes one back."""
    if revision.undoes is None:
        return None
    of_that_time = entry.revisions.standing().filter(revised_at=revision.undoes)
    return of_that_time.order_by("pk").last()
