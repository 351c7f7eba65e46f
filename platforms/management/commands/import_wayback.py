"""import_wayback: take over what the Wayback Machine saw of watched pages before we did."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from platforms.archive import open_archive
from platforms.fetching.errors import FetchError
from platforms.fetching.policy import NoContactError
from platforms.importers.captures import ArchiveBusy, WaybackMachine
from platforms.importers.days import a_day
from platforms.importers.history import Told, ToldElsewhere
from platforms.importers.wayback import Every, Span, Summary, tell_history
from platforms.models import Page, Platform
from platforms.vocabulary import HISTORY_ONLY, Access


class Command(BaseCommand):
    help = (
        "Read a page's captures in the Wayback Machine through the steps of a live read, up to "
        "our own first visit. May be run again: it goes on after the last capture it read. "
        "Exit code 1: the archive could not answer for all; run again to go on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "what", metavar="URL|PLATFORM", help="A watched page's URL, or a platform's slug."
        )
        parser.add_argument("--since", type=a_day, metavar="DATE", help="Captures from this day.")
        parser.add_argument("--until", type=a_day, metavar="DATE", help="Captures before it.")
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
        pages = _chosen(options["what"])
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
                    tell_history(
                        page,
                        span,
                        machine=machine,
                        archive=open_archive(),
                        summary=summary,
                        progress=progress.update,
                    )
                except FetchError as error:
                    failures.append(f"{page.url}: {error.detail}")
                except (ArchiveBusy, ToldElsewhere) as error:
                    failures.append(str(error))
                    break
        self._report(len(pages), summary)
        if failures:
            raise CommandError("\n".join([*failures, "Run the command again to go on."]))

    def _report(self, pages: int, summary: Summary) -> None:
        for listed, reason in summary.passed_over:
            self.stdout.write(f"not read  {listed.public_url}  ({reason})")
        self.stdout.write(f"{summary.told.total():8}  captures read, of {pages} pages")
        for told in Told:
            if told != Told.RE_EXTRACTED:  # what an archive of texts may do, not one of bytes
                self.stdout.write(f"{summary.told[told]:8}  {told.value}")
        self.stdout.write("The changes wait in the curators' queue, the likeliest first.")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is no number of captures")
    return int(text)


def _chosen(what: str) -> list[Page]:
    """Return the pages that workers could read by URL or platform; raises CommandError."""
    pages = (
        Page.objects.select_related("platform")
        .filter(access=Access.PUBLIC)
        .exclude(paused_reason__startswith=HISTORY_ONLY)
        .order_by("pk")
    )
    if "://" in what:
        found = list(pages.filter(url=what))
        if not found:
            raise CommandError(
                f"No page has the URL {what}. Write it into the catalog first: that says whose "
                "page it is and which part of it counts.",
                returncode=2,
            )
        return found
    if not Platform.objects.filter(slug=what).exists():
        raise CommandError(f"There is no platform “{what}”, and it is no URL.", returncode=2)
    found = list(pages.filter(platform__slug=what))
    if not found:
        raise CommandError(f"“{what}” has no page that can be read.", returncode=2)
    return found
