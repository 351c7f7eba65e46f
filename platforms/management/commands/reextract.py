"""reextract: extract stored snapshots again by today's extractor and selectors."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from platforms.archive import open_archive
from platforms.models import Page, Platform, Snapshot
from platforms.numbers import read_number
from platforms.snapshots.documents import lacking_todays_reading
from platforms.snapshots.reextraction import ReRead, reextract


class Command(BaseCommand):
    help = (
        "Extract the text of stored snapshots again where today's extractor or selectors have not "
        "been used yet. The old text is kept, the new one is labelled, and no change is raised. "
        "Exit code 1 if a snapshot could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--platform", metavar="SLUG", help="Snapshots of one platform's pages.")
        parser.add_argument(
            "--page", metavar="PAGE", help="Snapshots of one page, by number or URL."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Report differences; store nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pages = list(_chosen(options))
        pending = [snapshot for page in pages for snapshot in lacking_todays_reading(page)]
        captures = Snapshot.objects.filter(page__in=pages).with_bytes().count()
        results = self._read(pending, dry_run=options["dry_run"], verbosity=options["verbosity"])
        for reread in results:
            if reread.result != "same text":
                detail = f" ({reread.detail})" if reread.detail else ""
                self.stdout.write(f"{reread.result:13} {reread.snapshot}{detail}")
        counts = Counter(reread.result for reread in results)
        self.stdout.write(f"{captures - len(pending):6}  read already")
        for result in ("same text", "other text", "not readable"):
            self.stdout.write(f"{counts[result]:6}  {result}")
        if options["dry_run"]:
            self.stdout.write("A dry run: nothing was kept.")
        if counts["not readable"]:
            raise CommandError("Some captures could not be read; run verify_archive for details.")

    def _read(self, pending: list[Snapshot], *, dry_run: bool, verbosity: int) -> list[ReRead]:
        # None: shown on a terminal only.
        hidden = True if verbosity == 0 else None
        progress = tqdm(pending, desc="read again", unit="capture", disable=hidden)
        return list(reextract(progress, archive=open_archive(), dry_run=dry_run))


def _chosen(options: dict[str, Any]) -> Any:
    """Return the pages that the arguments name; raises CommandError for what is not known."""
    pages = Page.objects.select_related("platform").order_by("pk")
    if slug := options["platform"]:
        if not Platform.objects.filter(slug=slug).exists():
            raise CommandError(f"There is no platform “{slug}”.", returncode=2)
        pages = pages.filter(platform__slug=slug)
    if name := options["page"]:
        number = read_number(name)
        pages = pages.filter(pk=number) if number else pages.filter(url=name)
        if not pages:
            raise CommandError(f"No page has the URL or number “{name}”.", returncode=2)
    return pages
