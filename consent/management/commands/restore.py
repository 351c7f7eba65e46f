"""Restore a backup into an empty installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from consent.backups.errors import BackupError
from consent.backups.restoration import restore
from platforms.archive import open_archive
from platforms.archive.errors import ArchiveError


class Command(BaseCommand):
    help = (
        "Restore a backup from FOLDER into an empty database and an empty archive. Checks all "
        "hashes first, and removes again whoever left after the backup (SUPPRESSION_PATH)."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument(
            "--backup", metavar="NAME", default="", help="(the latest that is not damaged)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        hidden = True if options["verbosity"] == 0 else None
        try:
            report = restore(
                options["folder"].absolute(),
                open_archive(),
                name=options["backup"],
                progress=lambda digests: tqdm(digests, desc="verify", unit="body", disable=hidden),
            )
        except (BackupError, ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error
        backup = report.backup
        for line in report.skipped:
            self.stderr.write(f"skipped: {line}")
        self.stdout.write(
            f"{backup.name} restored: {sum(backup.rows.values()):,} rows in "
            f"{len(backup.rows)} tables, {report.blobs:,} bodies; all hashes are right"
        )
        for act, count in sorted(report.removed.items()):
            self.stdout.write(f"{count} people {act} after the backup and were taken out again")
        if report.reports:
            self.stdout.write(f"{report.reports} reports of readers were erased again")
        for model, count in sorted(report.marked_sent.items()):
            if count:
                self.stdout.write(f"{count} mails of kind {model} had been sent; marked as sent")
        for root in report.roots:
            self.stdout.write(
                f"root {root.number} of {root.day} was published after the backup and is kept: "
                f"{root.root}; {root.size} records below it are lost"
            )
        for line in report.differences:
            self.stdout.write(self.style.ERROR(f"differs: {line}"))
        self.stdout.write("Next: load_catalog, then start web and workers with the old SECRET_KEY.")
        if report.differences:
            raise CommandError("The restored database differs from the backup.")
