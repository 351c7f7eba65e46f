"""Back up the database and the archive into a folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from consent.backups import manifest
from consent.backups.backup import make_backup
from consent.backups.errors import BackupError
from platforms.archive import open_archive
from platforms.archive.errors import ArchiveError


class Command(BaseCommand):
    help = (
        "Add a backup to FOLDER: a copy of the database, and what the archive has gained since "
        "the last one. May run while the site works. Keys are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument(
            "--keep",
            metavar="N",
            type=int,
            help="keep the latest N copies of the database and delete the others (all are kept)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("--keep: at least one copy must be kept.")
        hidden = True if options["verbosity"] == 0 else None
        try:
            made, new = make_backup(
                folder.absolute(),
                open_archive(),
                progress=lambda digests: tqdm(digests, desc="copy", unit="body", disable=hidden),
            )
            keep = options["keep"]
            deleted, damaged = manifest.prune(folder, keep) if keep else ([], [])
        except (BackupError, ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{made.name}: database {made.size:,} bytes, {sum(made.rows.values()):,} rows; "
            f"{new:,} bodies added to the archive there, {made.blobs:,} in all"
        )
        for name in deleted:
            self.stdout.write(f"deleted {name}")
        for line in damaged:
            self.stderr.write(f"not counted and not deleted: {line}")
        self.stdout.write("Not in it, keep them apart:")
        for line in made.left_out:
            self.stdout.write(f"  {line}")
