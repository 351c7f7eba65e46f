"""Write everything public as a data package, as the nightly dump does."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from consent.open_data.dumps import write_dump
from consent.open_data.releases import export


class Command(BaseCommand):
    help = "Write a data package of everything public into a folder of dumps."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            help="without one, where the site offers its dumps; the first of a month is kept",
        )

    def handle(self, **options: Any) -> None:
        written = write_dump(options["folder"]) if options["folder"] else export()
        size = sum(path.stat().st_size for path in written.iterdir())
        self.stdout.write(f"{written}: {len(list(written.iterdir()))} files, {size:,} bytes")
