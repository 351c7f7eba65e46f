"""Load the catalog files into the database. Safe to repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consent.declarations import load_catalog, passage_words
from consent.ledger.published_figures import record_figures
from consent.open_data.releases import export, releases_folder, releases_in
from platforms.declarations import CatalogError, Report

_KINDS = (
    "reference",
    "platform",
    "page",
    "use",
    "control",
    "entry",
    "revision",
    "guide",
    "statement",
)
_PLURALS = {"entry": "entries"}


class Command(BaseCommand):
    help = (
        "Load catalog files into the database: what nobody edited here follows the files, "
        "edits stay and are listed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CATALOG_DIR)
        parser.add_argument(
            "--take",
            choices=["file", "database"],
            help="Which side wins where a record was edited here.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Tell, and change nothing.")
        parser.add_argument(
            "--release",
            action="store_true",
            help="Then record the figures, and release the data if the site has no release yet.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_catalog(
                options["folder"], take=options["take"], dry_run=options["dry_run"]
            )
        except CatalogError as error:
            raise CommandError(
                f"{error}\n{len(error.problems)} problem(s); nothing was loaded."
            ) from None
        if options["verbosity"] > 0:
            self._tell(report)
        if not options["dry_run"]:
            for problem in passage_words.fill_from_snapshots():
                self.stderr.write(problem)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")
        elif options["release"]:
            self._release()

    def _release(self) -> None:
        record_figures(timezone.now())
        if releases_in(releases_folder()):
            return
        try:
            export()
        except OSError as error:  # such as a full disk: the site can do without until tonight
            self.stderr.write(f"No release of the data was made: {error}")

    def _tell(self, report: Report) -> None:
        self.stdout.write(
            f"{'':12}{'created':>9}{'changed':>9}{'left alone':>12}{'edits kept':>12}"
        )
        for kind in _KINDS:
            self.stdout.write(
                f"{_PLURALS.get(kind, kind + 's'):12}{report.created[kind]:9}"
                f"{report.changed[kind]:9}{report.left_alone[kind]:12}{report.kept[kind]:12}"
            )
        if report.renamed:
            self.stdout.write("\nRenamed, as the files say; old addresses lead on:")
        for names in report.renamed:
            self.stdout.write(f"  {names}")
        if report.conflicts:
            self.stdout.write(
                "\nEdited here and different in the files "
                "(--take file or --take database decides, export_catalog writes edits back):"
            )
        for conflict in report.conflicts:
            both = "; its file was changed, too" if conflict.file_changed else ""
            self.stdout.write(f"  {conflict.kind} {conflict.name}{both}")
            for key, here, there in conflict.differences:
                self.stdout.write(f"    {key}\n      database: {here!r}\n      file:     {there!r}")
        if report.missing:
            self.stdout.write("\nNo longer in the files, kept in the database:")
        for name in report.missing:
            self.stdout.write(f"  {name}")
