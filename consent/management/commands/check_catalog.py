"""Check the catalog files without touching the database. Exit code 1 on errors."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consent.declarations import (
    Catalog,
    Count,
    check,
    counts,
    json_schema,
    read_catalog,
    total,
    without_guide,
    write_catalog,
)
from platforms.declarations import CatalogError

SCHEMA = Path("docs") / "catalog.schema.json"


class Command(BaseCommand):
    help = "Check catalog files: contradictions are errors, work left to do are warnings."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CATALOG_DIR)
        parser.add_argument(
            "--today", type=dt.date.fromisoformat, help="The day to check against (YYYY-MM-DD)."
        )
        parser.add_argument("--errors-only", action="store_true", help="Leave warnings out.")
        parser.add_argument(
            "--tidy", action="store_true", help="Rewrite the files in their canonical form."
        )
        parser.add_argument(
            "--schema", action="store_true", help=f"Write {SCHEMA} anew and do nothing else."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            path = settings.BASE_DIR / SCHEMA
            path.write_text(json_schema(), encoding="utf-8")
            self.stdout.write(f"{path} written")
            return
        try:
            catalog = read_catalog(options["folder"])
        except CatalogError as error:
            raise CommandError(f"{error}\n{len(error.problems)} error(s).") from None
        if options["tidy"]:
            self.stdout.write(f"{len(write_catalog(catalog, options['folder']))} files tidied")
        self._tell_counts(catalog)
        self._tell_findings(catalog, options["today"] or timezone.localdate(), options)

    def _tell_findings(self, catalog: Catalog, today: dt.date, options: dict[str, Any]) -> None:
        findings = check(catalog, today=today)
        errors = sum(finding.error for finding in findings)
        for finding in sorted(findings, key=lambda finding: finding.error):  # errors last
            if finding.error or not options["errors_only"]:
                self.stdout.write(str(finding))
        summary = f"{errors} error(s), {len(findings) - errors} warning(s)."
        if errors:
            raise CommandError(summary)
        self.stdout.write(summary)

    def _tell_counts(self, catalog: Catalog) -> None:
        columns = [column.name for column in fields(Count) if column.name != "platform"]
        self.stdout.write(f"{'':20}" + "".join(f"{name:>10}" for name in columns))
        for row in (*counts(catalog), total(catalog)):
            numbers = "".join(f"{getattr(row, name):10}" for name in columns)
            self.stdout.write(f"{row.platform:20}{numbers}")
        self.stdout.write("\nWithout a guide:")
        for slug, reason in without_guide(catalog).items():
            self.stdout.write(f"  {slug}: {reason}")
        self.stdout.write("")
