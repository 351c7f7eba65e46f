"""probe: look at URLs as a worker would, and say what came of each. Nothing is kept."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy, NoContactError
from platforms.fetching.probing import Probe, probe
from platforms.fetching.visit_intervals import host_pause
from platforms.outcomes import Outcome

_HEADERS_SHOWN = 20
_HEADER_WIDTH = 100
# Control characters steer a terminal; direction marks make a line read as another.
_UNPRINTABLE = dict.fromkeys(
    (*range(9), *range(10, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)


class Command(BaseCommand):
    help = (
        "Visit URLs once each and show the outcome, redirects, headers, robots.txt verdict, text "
        "and suggested selectors. Exit code 0: all were read; 1: not all were."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "urls",
            nargs="+",
            metavar="URL",
            help="Several, with a pause between them, for a text that a site splits.",
        )
        parser.add_argument("--select", action="append", default=[], metavar="CSS")
        parser.add_argument("--remove", action="append", default=[], metavar="CSS")
        parser.add_argument("--language", default="", help="Expected language, such as en.")
        parser.add_argument("--browser", action="store_true", help="Visit with a browser.")
        parser.add_argument(
            "--despite-robots", action="store_true", help="Visit even if robots.txt asks us not to."
        )
        parser.add_argument(
            "--lines", type=int, default=40, metavar="N", help="Lines of text to show; 0 for all."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            policy = FetchPolicy.from_settings()
        except NoContactError as error:
            raise CommandError(str(error), returncode=2) from None
        outcomes = []
        pause = 0.0
        for url in options["urls"]:
            time.sleep(pause)
            found = self._probe(url, policy, options)
            pause = host_pause(policy.host_pause, found.crawl_delay)
            outcomes.append(found.verdict.outcome)
        if set(outcomes) != {Outcome.READ}:
            raise SystemExit(1)

    def _probe(self, url: str, policy: FetchPolicy, options: dict[str, Any]) -> Probe:
        found = probe(
            url,
            policy=policy,
            select=options["select"],
            remove=options["remove"],
            expected_language=options["language"],
            in_browser=options["browser"],
            despite_robots=options["despite_robots"],
        )
        if len(options["urls"]) > 1:
            self._row("probed", url)
        self._show_verdict(found)
        if found.page:
            self._show_answer(found.page)
        self._show_text(found, options["lines"])
        self._show_suggestions(found)
        return found

    def _show_verdict(self, found: Probe) -> None:
        outcome = found.verdict.outcome
        style = self.style.SUCCESS if outcome == Outcome.READ else self.style.ERROR
        self._row("outcome", f"{outcome.value} ({outcome.label})", style)
        if found.verdict.reason:
            self._row("because", found.verdict.reason)
        if found.robots:
            self._row("robots.txt", found.robots.reason)
        if found.crawl_delay:
            self._row("crawl delay", f"{found.crawl_delay:g} s")
        if found.needs_browser:
            self._row("hint", "an empty shell: try again with --browser")

    def _show_answer(self, page: FetchedPage) -> None:
        self._row("status", str(page.status))
        for address in page.redirects:
            self._row("redirect", address)
        self._row("address", page.final_url)
        self._row("received", f"{len(page.body):,} bytes in {page.elapsed_ms:,} ms")
        for name, value in list(page.headers.items())[:_HEADERS_SHOWN]:
            self._row("header", f"{name}: {value[:_HEADER_WIDTH]}")

    def _show_text(self, found: Probe, most: int) -> None:
        if not found.document:
            return
        document = found.document
        self._row("title", document.title)
        self._row("language", document.language or "not declared")
        for label, statement in found.says.statements() if found.says else ():
            self._row(label, statement)
        lines = document.text.splitlines()
        shown = lines[: most or None]
        self._row("text", f"{len(document.text):,} characters in {len(lines)} lines")
        self.stdout.write("")
        for line in shown:
            self.stdout.write(f"    {_printable(line)}")
        if len(shown) < len(lines):
            self.stdout.write(f"    … {len(lines) - len(shown)} more lines")
        self.stdout.write("")

    def _show_suggestions(self, found: Probe) -> None:
        if found.document and not found.suggestions:
            self._row("selector", "none suggests itself")
        for suggestion in found.suggestions:
            self._row(
                "selector",
                f"{suggestion.selector}  "
                f"({suggestion.characters:,} characters, {suggestion.share:.0%} of the main text)",
            )

    def _row(self, name: str, value: str, style: Callable[[str], str] = str) -> None:
        self.stdout.write(f"{name:>12}  {style(_printable(value))}")


def _printable(text: str) -> str:
    """Return text that cannot steer the terminal, whatever the page says."""
    return text.translate(_UNPRINTABLE)
