"""Write a catalog file to start a new platform from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.declarations import starting_file


class Command(BaseCommand):
    help = "Write a catalog file to start a new platform from; it can be loaded as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="As people call the service, such as 'Meta AI'.")
        parser.add_argument("--folder", type=Path, default=settings.CATALOG_DIR)

    def handle(self, *args: Any, **options: Any) -> None:
        slug, text = starting_file(options["name"])
        if not slug:
            raise CommandError(f"{options['name']!r} has no letters or digits to name a file by.")
        path = options["folder"] / f"{slug}.yaml"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            raise CommandError(f"{path} is already there.") from None
        self.stdout.write(f"{path} written; docs/catalog.md explains every key")
