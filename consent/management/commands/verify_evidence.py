"""Check an evidence bundle with nothing but the file: no database, no network."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.open_data.evidence.bundle_check import LARGEST, NotABundle, verify
from consent.open_data.stamps.authority import read_certificates


class Command(BaseCommand):
    help = "Check an evidence bundle: hashes, chain and time stamps. Fails if anything differs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--roots",
            metavar="PEM",
            type=Path,
            help="Root certificates of the authority to trust, instead of those in FILE.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            if path.stat().st_size > LARGEST:
                raise NotABundle("too large for an evidence bundle")
            roots = read_certificates(options["roots"].read_bytes()) if options["roots"] else []
            report = verify(path.read_bytes(), roots=roots)
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        for line in report.proved:
            self.stdout.write(f"proved  {line}")
        for line in report.notes:
            self.stdout.write(f"note    {line}")
        for line in report.problems:
            self.stdout.write(self.style.ERROR(f"PROBLEM {line}"))
        if not report.is_sound:
            raise CommandError(f"{path}: {len(report.problems)} problems")
        self.stdout.write(f"{path}: every part agrees; {len(report.proved)} records are stamped")
