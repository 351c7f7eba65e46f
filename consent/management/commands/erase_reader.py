"""Erase a reader who asks for it by mail."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.backups.erasure import erase_reader, wipe_deleted


class Command(BaseCommand):
    help = (
        "Erase everything that came from a mail address: alerts, mails, and reports with their "
        "words. On SQLite the database is rebuilt, and writers wait meanwhile. Backups keep it "
        "until they are deleted, and `restore` takes it out again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS")

    def handle(self, *args: Any, **options: Any) -> None:
        erased = erase_reader(options["address"])
        self.stdout.write(
            f"Erased: {erased.subscribers} subscriber, {erased.reports} report(s), "
            f"{erased.letters} letter(s), {erased.mail_files} file(s) with mails"
        )
        if not wipe_deleted(most=None):
            raise CommandError(
                "The write-ahead log is in use and still has old pages. Run this again, or wait "
                "until the night, when it is wiped."
            )
