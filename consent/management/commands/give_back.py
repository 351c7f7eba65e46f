"""Write what we know in the formats of others who keep such notes."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.open_data.giving_back import write_all


class Command(BaseCommand):
    help = "Write files in the formats of those who keep such notes. Nothing is sent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--crawlers-known",
            type=Path,
            metavar="FILE",
            help="robots.json of ai.robots.txt: only crawlers that it lacks are written",
        )

    def handle(self, **options: Any) -> None:
        known: list[str] = []
        if path := options["crawlers_known"]:
            try:
                known = list(json.loads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError) as error:
                raise CommandError(f"{path} cannot be read: {error}") from error
        for name, count in write_all(options["folder"], crawlers_known=known).items():
            self.stdout.write(f"{options['folder'] / name}: {count}")
