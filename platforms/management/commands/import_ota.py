"""import_ota: import the history that Open Terms Archive recorded, as a queue of changes."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from platforms.archive import open_archive
from platforms.importers.day_arguments import parse_day
from platforms.importers.history import ConcurrentImport, ImportResult
from platforms.importers.open_terms_archive import DocumentPlan, Summary, import_all, plan_import
from platforms.importers.repositories import Repository, RepositoryError, Texts
from platforms.signals import history_imported


class Command(BaseCommand):
    help = (
        "Read clones of Open Terms Archive version repositories (plain or bare) as snapshots of "
        "pages, with the steps of a visit. May be run again: only what is new is read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("repositories", nargs="+", metavar="REPO", type=Path)
        parser.add_argument(
            "--service",
            action="append",
            default=[],
            metavar="NAME",
            help="Only this service, by its name in the archive. Can be repeated.",
        )
        parser.add_argument(
            "--since", type=parse_day, metavar="DATE", help="Leave out records before this day."
        )
        parser.add_argument(
            "--name",
            default="",
            metavar="OWNER/REPO",
            help="Where the repository is published, if its remote does not show it.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Print what would be read, and write nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] and len(options["repositories"]) > 1:
            raise CommandError("--name is for one repository at a time.")
        try:
            for folder in options["repositories"]:
                repository = Repository.at(folder, name=options["name"])
                plans = plan_import(repository, services=options["service"], since=options["since"])
                if options["dry_run"]:
                    self._report_plan(repository, plans)
                else:
                    self._report(repository, self._import(repository, plans))
                    self._notify_receivers(repository)
        except (RepositoryError, ConcurrentImport) as error:
            raise CommandError(str(error)) from error

    def _import(self, repository: Repository, plans: list[DocumentPlan]) -> Summary:
        if not plans:
            raise CommandError(f"{repository.folder}: no document of that service is recorded.")
        with tqdm(
            total=sum(len(plan.commits) for plan in plans),
            unit="commit",
            desc=repository.folder.name,
            disable=None,
        ) as progress:
            return import_all(
                repository,
                plans,
                archive=open_archive(),
                most_bytes=settings.FETCH_MAX_BYTES,
                progress=progress.update,
            )

    def _notify_receivers(self, repository: Repository) -> None:
        """Send history_imported, and print the lines that receivers return."""
        with Texts(repository, most_bytes=settings.FETCH_MAX_BYTES) as texts:
            responses = history_imported.send(
                sender=type(self), address=repository.address, text_at=texts.at
            )
        for _receiver, lines in responses:
            for line in lines or ():
                self.stderr.write(line)

    def _report_plan(self, repository: Repository, plans: list[DocumentPlan]) -> None:
        self.stdout.write(repository.address)
        for plan in plans:
            platform = plan.platform.name if plan.platform else "a new platform"
            self.stdout.write(
                f"{len(plan.commits):8}  {plan.document.service}: {plan.document.type}"
                f" ({platform}, {'known history' if plan.page else 'new history'})"
            )
        count = sum(len(plan.commits) for plan in plans)
        self.stdout.write(f"{count:8}  commits to read; nothing was written")

    def _report(self, repository: Repository, summary: Summary) -> None:
        snapshots = sum(
            summary.results[result]
            for result in (
                ImportResult.FIRST,
                ImportResult.CHANGED,
                ImportResult.RE_EXTRACTED,
                ImportResult.QUARANTINED,
            )
        )
        self.stdout.write(repository.address)
        self.stdout.write(f"{summary.commits:8}  commits read, of {summary.documents} documents")
        self.stdout.write(f"{snapshots:8}  snapshots kept")
        for result in ImportResult:
            self.stdout.write(f"{summary.results[result]:8}  {result.value}")
        if summary.after_own_visits:
            self.stdout.write(
                f"{summary.after_own_visits:8}  left out: since then we read the page ourselves"
            )
        self.stdout.write("The changes wait in the curators' queue, the likeliest first.")
