"""Write the database back as catalog files, so that curated work returns to the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.declarations import export_catalog
from platforms.declarations import CatalogError


class Command(BaseCommand):
    help = "Write every platform of the database as a catalog file that loads to the same records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            paths = export_catalog(options["folder"])
        except CatalogError as error:
            raise CommandError(
                f"{error}\nThese records cannot be loaded back as they stand; complete them."
            ) from None
        self.stdout.write(f"{len(paths)} files written to {options['folder']}")
