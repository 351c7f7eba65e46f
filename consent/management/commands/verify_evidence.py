"""Check an evidence bundle with nothing but the file: no database, no network."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.open_data.evidence.bundle_check import verify
from consent.open_data.evidence.unpacking import LARGEST, NotABundle
from consent.open_data.stamps.authority import read_certificates

_NO_ROOTS = (
    "AUTHORITY NOT CHECKED: without --roots the certificates in the file are trusted, and whoever "
    "made the file chose them."
)


class Command(BaseCommand):
    help = (
        "Check an evidence bundle. Exits 0 if every part agrees and is proved, 1 if there is a "
        "fault, 2 if nothing differs but something is not proved."
    )
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
        if not options["roots"]:
            self.stdout.write(_NO_ROOTS)
        try:
            if path.stat().st_size > LARGEST:
                raise NotABundle("too large for an evidence bundle")
            roots = read_certificates(options["roots"].read_bytes()) if options["roots"] else []
            report = verify(path.read_bytes(), roots=roots)
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        for heading, lines in (
            ("proved     ", report.proved),
            ("NOT PROVED ", report.not_proved),
            ("FAULT      ", report.problems),
        ):
            for line in lines:
                self.stdout.write(f"{heading} {_printable(line)}")
        code = report.exit_code
        if code == 1:
            raise CommandError(f"{path}: {len(report.problems)} faults", returncode=code)
        if code:
            self.stdout.write(f"{path}: no fault; {len(report.not_proved)} things are not proved")
            sys.exit(code)
        self.stdout.write(f"{path}: every part agrees; {len(report.proved)} records are stamped")


def _printable(line: str) -> str:
    """Words of the file cannot begin a line of ours, or steer a terminal."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in line)
