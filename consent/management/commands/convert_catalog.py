"""Turn catalog files of format 1 into format 2, and list what a person must decide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.declarations import convert_catalog
from platforms.declarations import CatalogError


class Command(BaseCommand):
    help = (
        "Write catalog files of format 1 as files of format 2 into another folder, as far as a "
        "rule can say it, and list what is left for a person to decide."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="The folder with files of format 1.")
        parser.add_argument("target", type=Path, help="The folder to write to.")

    def handle(self, *args: Any, **options: Any) -> None:
        source, target = options["source"], options["target"]
        if source.resolve() == target.resolve():
            raise CommandError("Give another folder to write to: it keeps the old files whole.")
        try:
            questions = convert_catalog(source, target)
        except CatalogError as error:
            raise CommandError(f"{error}\n{len(error.problems)} error(s).") from None
        for name, left in questions.items():
            if left:
                self.stdout.write(f"{name}.yaml")
            for question in left:
                self.stdout.write(f"  {question}")
        count = sum(map(len, questions.values()))
        self.stdout.write(f"{len(questions)} files in {target}; {count} questions to decide.")
