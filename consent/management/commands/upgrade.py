"""Bring the database to this version, while the site is stopped."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from config.startup import pending_migrations
from consent.backups import databases
from consent.management.commands.migrate import require_own_history
from platforms.release import VERSION


class Command(BaseCommand):
    help = (
        "Bring the database to this version: migrate, load the catalog, collect static files. "
        "Stop web, workers and beat first: code of another version may fail meanwhile."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--backup", metavar="FOLDER", type=Path, help="make a backup there before migrating"
        )
        parser.add_argument(
            "--no-static",
            action="store_true",
            help="collect no static files: those of an image were collected when it was built",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        require_own_history(connection)
        pending = pending_migrations(connection)
        self.stdout.write(f"Default On {VERSION}: {len(pending)} pending migrations.")
        verbosity = options["verbosity"]
        if options["backup"]:
            call_command("backup", str(options["backup"]), verbosity=verbosity)
        elif pending and databases.tables():
            self.stdout.write(
                "No backup was made now (--backup FOLDER): the latest one is the way back."
            )
        call_command("migrate", interactive=False, verbosity=min(verbosity, 1))
        call_command("load_catalog", release=True, verbosity=verbosity)
        if not options["no_static"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(f"The database is that of {VERSION}: start web, workers and beat.")
