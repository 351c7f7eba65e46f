"""import_wayback: import captures of watched pages from before our own visits."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from platforms.archive import open_archive
from platforms.fetching.policy import NoContactError
from platforms.fetching.visit_errors import FetchError
from platforms.importers.captures import ArchiveBusy, WaybackMachine
from platforms.importers.day_arguments import parse_day
from platforms.importers.history import ConcurrentImport, ImportResult
from platforms.importers.wayback import Every, Span, Summary, import_history
from platforms.models import Page, Platform
from platforms.vocabulary import HISTORY_ONLY, Access


class Command(BaseCommand):
    help = (
        "Read a page's captures in the Wayback Machine with the steps of a visit, up to our own "
        "first visit. May be run again: it continues after the last capture it read. "
        "Exit code 1: the archive did not answer for all; run again to continue."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target", metavar="URL|PLATFORM", help="A watched page's URL, or a platform's slug."
        )
        parser.add_argument(
            "--since", type=parse_day, metavar="DATE", help="Captures from this day."
        )
        parser.add_argument("--until", type=parse_day, metavar="DATE", help="Captures before it.")
        parser.add_argument(
            "--every",
            choices=list(Every),
            default=Every.DAY,
            help="Take the first capture of each day (the default), week or month.",
        )
        parser.add_argument(
            "--limit", type=_count, metavar="N", help="At most N captures of each page in this run."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        span = Span(
            since=options["since"],
            until=options["until"],
            every=Every(options["every"]),
            limit=options["limit"],
        )
        pages = _pages_of(options["target"])
        try:
            machine = WaybackMachine.from_settings()
        except NoContactError as error:
            raise CommandError(str(error), returncode=2) from None
        summary = Summary()
        failures: list[str] = []
        with tqdm(unit="capture", disable=None) as progress:
            for page in pages:
                progress.set_postfix_str(page.url[-60:])
                try:
                    import_history(
                        page,
                        span,
                        machine=machine,
                        archive=open_archive(),
                        summary=summary,
                        progress=progress.update,
                    )
                except FetchError as error:
                    failures.append(f"{page.url}: {error.detail}")
                except (ArchiveBusy, ConcurrentImport) as error:
                    failures.append(str(error))
                    break
        self._report(len(pages), summary)
        if failures:
            raise CommandError("\n".join([*failures, "Run the command again to continue."]))

    def _report(self, pages: int, summary: Summary) -> None:
        for capture, reason in summary.skipped:
            self.stdout.write(f"not read  {capture.public_url}  ({reason})")
        self.stdout.write(f"{summary.results.total():8}  captures read, of {pages} pages")
        for result in ImportResult:
            if result != ImportResult.RE_EXTRACTED:  # only archives of texts have these
                self.stdout.write(f"{summary.results[result]:8}  {result.value}")
        self.stdout.write("The changes wait in the curators' queue, the likeliest first.")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a number of captures")
    return int(text)


def _pages_of(target: str) -> list[Page]:
    """Return the public pages with this URL or of this platform. Raises CommandError."""
    pages = (
        Page.objects.select_related("platform")
        .filter(access=Access.PUBLIC)
        .exclude(paused_reason__startswith=HISTORY_ONLY)
        .order_by("pk")
    )
    if "://" in target:
        matches = list(pages.filter(url=target))
        if not matches:
            raise CommandError(
                f"No page has the URL {target}. Add it to the catalog first, with its platform and "
                "selectors.",
                returncode=2,
            )
        return matches
    if not Platform.objects.filter(slug=target).exists():
        raise CommandError(f"There is no platform “{target}”, and it is not a URL.", returncode=2)
    matches = list(pages.filter(platform__slug=target))
    if not matches:
        raise CommandError(f"“{target}” has no page that can be read.", returncode=2)
    return matches
