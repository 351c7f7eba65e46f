"""import_ota: take over the history that Open Terms Archive recorded, as a queue of changes."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from platforms.archive import open_archive
from platforms.importers.days import a_day
from platforms.importers.history import Told, ToldElsewhere
from platforms.importers.open_terms_archive import Part, Summary, plan, tell_all
from platforms.importers.repositories import Repository, RepositoryError, Texts
from platforms.signals import history_imported


class Command(BaseCommand):
    help = (
        "Read clones of Open Terms Archive version repositories (plain or bare) as snapshots of "
        "pages, through the steps of a live read. May be run again: only what is new is read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("repositories", nargs="+", metavar="REPO", type=Path)
        parser.add_argument(
            "--service",
            action="append",
            default=[],
            metavar="NAME",
            help="Only this service, by its name in the archive; may be given several times.",
        )
        parser.add_argument(
            "--since", type=a_day, metavar="DATE", help="Leave out what was recorded before."
        )
        parser.add_argument(
            "--name",
            default="",
            metavar="OWNER/REPO",
            help="Where the repository is published, if its remote does not say it.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be read, and write nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] and len(options["repositories"]) > 1:
            raise CommandError("--name is for one repository at a time.")
        try:
            for folder in options["repositories"]:
                repository = Repository.at(folder, name=options["name"])
                parts = plan(repository, services=options["service"], since=options["since"])
                if options["dry_run"]:
                    self._report_plan(repository, parts)
                else:
                    self._report(repository, self._tell(repository, parts))
                    self._tell_others(repository)
        except (RepositoryError, ToldElsewhere) as error:
            raise CommandError(str(error)) from error

    def _tell(self, repository: Repository, parts: list[Part]) -> Summary:
        if not parts:
            raise CommandError(f"{repository.folder}: no document of that service is recorded.")
        with tqdm(
            total=sum(len(part.commits) for part in parts),
            unit="commit",
            desc=repository.folder.name,
            disable=None,
        ) as progress:
            return tell_all(
                repository,
                parts,
                archive=open_archive(),
                most_bytes=settings.FETCH_MAX_BYTES,
                progress=progress.update,
            )

    def _tell_others(self, repository: Repository) -> None:
        """Let others use the texts, and print what they have to say."""
        with Texts(repository, most_bytes=settings.FETCH_MAX_BYTES) as texts:
            answers = history_imported.send(
                sender=type(self), address=repository.address, text_at=texts.at
            )
        for _receiver, lines in answers:
            for line in lines or ():
                self.stderr.write(line)

    def _report_plan(self, repository: Repository, parts: list[Part]) -> None:
        self.stdout.write(repository.address)
        for part in parts:
            whose = part.platform.name if part.platform else "a new platform"
            self.stdout.write(
                f"{len(part.commits):8}  {part.document.service}: {part.document.type}"
                f" ({whose}, {'known history' if part.page else 'new history'})"
            )
        count = sum(len(part.commits) for part in parts)
        self.stdout.write(f"{count:8}  commits to read; nothing was written")

    def _report(self, repository: Repository, summary: Summary) -> None:
        snapshots = sum(
            summary.told[told]
            for told in (Told.FIRST, Told.CHANGED, Told.RE_EXTRACTED, Told.QUARANTINED)
        )
        self.stdout.write(repository.address)
        self.stdout.write(f"{summary.commits:8}  commits read, of {summary.documents} documents")
        self.stdout.write(f"{snapshots:8}  snapshots kept")
        for told in Told:
            self.stdout.write(f"{summary.told[told]:8}  {told.value}")
        if summary.left_to_own_reading:
            self.stdout.write(
                f"{summary.left_to_own_reading:8}  left out: since then we read the page ourselves"
            )
        self.stdout.write("The changes wait in the curators' queue, the likeliest first.")
