"""check_pages: visit pages now, in the same way as the workers do."""

from __future__ import annotations

import itertools
import logging
from argparse import ArgumentParser
from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone
from tqdm import tqdm

from platforms.fetching.policy import NoContactError
from platforms.models import Fetch, Outage, Page, Platform
from platforms.numbers import read_number
from platforms.outcomes import Outcome
from platforms.watch.cycle import Watcher

log = logging.getLogger(__name__)

_OWN_FAULT_LABEL = "our own fault, see the log"


class Command(BaseCommand):
    help = (
        "Visit pages now and record what they contain. Exit code 0: all were read; "
        "1: some could not be read; 2: nothing to visit."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pages", nargs="*", metavar="PAGE", help="URL or number of a page.")
        parser.add_argument("--platform", metavar="SLUG", help="All pages of one platform.")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--due", action="store_true", help="All pages that are due.")
        which.add_argument("--all", action="store_true", help="All watched pages.")

    def handle(self, *args: Any, **options: Any) -> None:
        pages = _interleave_hosts(list(_select_pages(options)))
        if not pages:
            raise CommandError("No page to visit.", returncode=2)
        try:
            watcher = Watcher.from_settings()
        except NoContactError as error:
            raise CommandError(str(error), returncode=2) from None
        fetches: list[Fetch] = []
        busy: list[Page] = []
        crashed: list[tuple[Page, Exception]] = []
        with tqdm(pages, unit="page", disable=None) as progress:
            for page in progress:
                progress.set_postfix_str(page.url[-60:])
                try:
                    fetch = watcher.check_now(page)
                except Exception as fault:
                    # The watcher records faults of a visit itself. This one happened outside
                    # the visit or while recording it. The other pages are still visited.
                    log.exception("Own fault while checking %s", page.url)
                    crashed.append((page, fault))
                    continue
                if fetch is None:
                    busy.append(page)
                else:
                    fetches.append(fetch)
        self._report(fetches, busy, crashed)
        if busy or crashed or any(not Outcome(fetch.outcome).looked for fetch in fetches):
            raise SystemExit(1)

    def _report(
        self, fetches: list[Fetch], busy: list[Page], crashed: list[tuple[Page, Exception]]
    ) -> None:
        for fetch in fetches:
            if not Outcome(fetch.outcome).looked:
                own_fault = fetch.outcome == Outcome.OWN_FAULT
                label = _OWN_FAULT_LABEL if own_fault else fetch.get_outcome_display()
                self.stdout.write(f"{label:32} {fetch.page.url}  ({fetch.detail})")
        outage = Outage.objects.on().exists()
        if outage:
            self.stdout.write("Our own connection is down: no host can be reached.")
        label = "not visited" if outage else "busy, or its host is paused"
        for page in busy:
            self.stdout.write(f"{label:32} {page.url}")
        for page, fault in crashed:
            reason = str(fault) or type(fault).__name__
            self.stdout.write(f"{_OWN_FAULT_LABEL:32} {page.url}  ({reason})")
        self.stdout.write("")
        for outcome, count in Counter(fetch.outcome for fetch in fetches).most_common():
            self.stdout.write(f"{count:6}  {Outcome(outcome).label}")
        self.stdout.write(f"{len(fetches):6}  visited")


def _select_pages(options: dict[str, Any]) -> Any:
    """Return the pages that the arguments select. Raises CommandError for an unknown name."""
    pages = Page.objects.select_related("platform").order_by("pk")
    if options["pages"]:
        return [_find_page(name) for name in options["pages"]]
    if slug := options["platform"]:
        if not Platform.objects.filter(slug=slug).exists():
            raise CommandError(
                f"There is no platform “{slug}”. Known: {_platform_slugs()}", returncode=2
            )
        pages = pages.filter(platform__slug=slug)
    elif not options["due"] and not options["all"]:
        raise CommandError("Name pages, or use --platform, --due or --all.", returncode=2)
    if options["due"]:
        return pages & Page.objects.due(timezone.now()).order_by("pk")
    return pages.watched()


def _find_page(name: str) -> Page:
    number = read_number(name)
    by_name = Q(pk=number) if number else Q(url=name)
    page = Page.objects.filter(by_name).first()
    if page is None:
        raise CommandError(f"No page has the URL or number “{name}”.", returncode=2)
    if page.paused_at is not None:
        raise CommandError(f"{page.url} is paused: {page.paused_reason}", returncode=2)
    if not Page.objects.watched().filter(pk=page.pk).exists():
        raise CommandError(
            f"{page.url} needs an account and no session is lent for it; it is watched by hand.",
            returncode=2,
        )
    return page


def _platform_slugs() -> str:
    return ", ".join(Platform.objects.order_by("slug").values_list("slug", flat=True)) or "none"


def _interleave_hosts(pages: list[Page]) -> list[Page]:
    """Order pages so that successive pages have different hosts, whose pauses then overlap."""
    by_host: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        by_host[urlsplit(page.url).netloc].append(page)
    rounds = itertools.zip_longest(*by_host.values())
    return [page for turn in rounds for page in turn if page is not None]
