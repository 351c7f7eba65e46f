"""Deposit a monthly release at Zenodo, which gives it a DOI."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consent.open_data.releases import releases_folder, releases_in
from consent.open_data.zenodo import DepositError, deposit


class Command(BaseCommand):
    help = (
        "Deposit a monthly release at Zenodo. The token is read from ZENODO_TOKEN. Without"
        " --publish it stays a draft there, to look at first; run it again with --publish."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", nargs="?", help="such as 2026-11; without it the latest")
        parser.add_argument("--host", default="https://zenodo.org")
        parser.add_argument("--publish", action="store_true", help="for good: it cannot be undone")

    def handle(self, **options: Any) -> None:
        if not settings.ZENODO_TOKEN:
            raise CommandError("Set ZENODO_TOKEN to a token of the host.")
        folder = releases_folder()
        month = options["month"]
        found = [each for each in releases_in(folder) if month in (None, each.month)]
        if not found:
            raise CommandError(f"There is no release {month or 'yet'}.")
        try:
            made = deposit(
                found[0],
                folder,
                host=options["host"],
                token=settings.ZENODO_TOKEN,
                publish=options["publish"],
            )
        except DepositError as error:
            raise CommandError(str(error)) from error
        state = "published" if made.is_published else "a draft"
        self.stdout.write(f"{found[0].month}: {state}, {made.doi}, {made.page}")
