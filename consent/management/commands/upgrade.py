"""Bring the database to this version, or say what that would mean."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config.migration_kinds import NEW_DATABASE, Step, pending, unknown
from config.running import running_processes
from config.version import VERSION

#: Exit code if processes of the version before have to be stopped first.
_STOP_FIRST = 2


class Command(BaseCommand):
    help = (
        "Bring the database to this version: migrate, load the catalog, collect static files. "
        "Refuses if a migration is not safe for processes of the version before and some still "
        "run. Exit code 2: stop them first."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="only list the pending migrations; exit code 0 if code of the version before "
            "survives all of them, 2 if the site has to be stopped meanwhile, 1 if nobody can tell",
        )
        parser.add_argument(
            "--backup", metavar="FOLDER", type=Path, help="make a backup there before migrating"
        )
        parser.add_argument(
            "--force", action="store_true", help="migrate although processes of before still run"
        )
        parser.add_argument(
            "--no-static",
            action="store_true",
            help="collect no static files: those of an image were collected when it was built",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        steps = pending(connection)
        unsafe = [step for step in steps if not step.is_safe]
        self._list(steps)
        if options["check"]:
            if unsafe:
                sys.exit(_STOP_FIRST)
            return
        if unsafe and not options["force"]:
            self._require_nothing_runs()
        verbosity = options["verbosity"]
        if options["backup"]:
            call_command("backup", str(options["backup"]), verbosity=verbosity)
        elif steps and not _is_new(steps):
            self.stdout.write(
                "No backup was made now (--backup FOLDER): the latest one is the way back."
            )
        call_command("migrate", interactive=False, verbosity=min(verbosity, 1))
        call_command("load_catalog", verbosity=verbosity)
        if not options["no_static"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(f"The database is that of {VERSION}: start web, workers and beat.")

    def _list(self, steps: list[Step]) -> None:
        if _is_new(steps):
            self.stdout.write(f"Default On {VERSION}: a new database.")
            return
        self.stdout.write(f"Default On {VERSION}: {len(steps)} pending migrations.")
        for step in steps:
            mark = "safe" if step.is_safe else "STOP"
            self.stdout.write(f"  {mark}  {step}  ({step.kind}: {step.reason})")
        if later := unknown(connection):
            self.stdout.write(
                f"A later version wrote this database: {', '.join(later)} is unknown here. See "
                "docs/operating.md, Going back."
            )
        if not steps:
            return
        if all(step.is_safe for step in steps):
            self.stdout.write("Processes of the version before may go on running meanwhile.")
        else:
            self.stdout.write(
                "Stop web, workers and beat first; the proxy shows the maintenance page."
            )

    def _require_nothing_runs(self) -> None:
        if running := running_processes():
            raise CommandError(
                f"Still running: {', '.join(running)}. Stop them with "
                "`systemctl stop default-on.target`, or with `docker compose stop web "
                "worker-visits worker-general beat`, and run this again (or add --force).",
                returncode=_STOP_FIRST,
            )


def _is_new(steps: list[Step]) -> bool:
    return any(step.reason == NEW_DATABASE for step in steps)
