"""probe: visit URLs like a worker, and show the results. Nothing is recorded."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platforms.fetching.page import FetchedPage
from platforms.fetching.policy import FetchPolicy, NoContactError
from platforms.fetching.trial_visit import Probe, probe
from platforms.fetching.visit_intervals import host_pause
from platforms.outcomes import Outcome

_HEADERS_SHOWN = 20
_HEADER_WIDTH = 100
# Control characters control a terminal; direction marks change the order of shown characters.
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
            help="Several addresses, for a text that a site splits; a pause is between them.",
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
            result = self._probe(url, policy, options)
            pause = host_pause(policy.host_pause, result.crawl_delay)
            outcomes.append(result.verdict.outcome)
        if set(outcomes) != {Outcome.READ}:
            raise SystemExit(1)

    def _probe(self, url: str, policy: FetchPolicy, options: dict[str, Any]) -> Probe:
        result = probe(
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
        self._show_verdict(result)
        if result.page:
            self._show_answer(result.page)
        self._show_text(result, options["lines"])
        self._show_suggestions(result)
        return result

    def _show_verdict(self, result: Probe) -> None:
        outcome = result.verdict.outcome
        style = self.style.SUCCESS if outcome == Outcome.READ else self.style.ERROR
        self._row("outcome", f"{outcome.value} ({outcome.label})", style)
        if result.verdict.reason:
            self._row("because", result.verdict.reason)
        if result.robots:
            self._row("robots.txt", result.robots.reason)
        if result.crawl_delay:
            self._row("crawl delay", f"{result.crawl_delay:g} s")
        if result.needs_browser:
            self._row("hint", "an empty shell: try again with --browser")

    def _show_answer(self, page: FetchedPage) -> None:
        self._row("status", str(page.status))
        for address in page.redirects:
            self._row("redirect", address)
        self._row("address", page.final_url)
        self._row("received", f"{len(page.body):,} bytes in {page.elapsed_ms:,} ms")
        for name, value in list(page.headers.items())[:_HEADERS_SHOWN]:
            self._row("header", f"{name}: {value[:_HEADER_WIDTH]}")

    def _show_text(self, result: Probe, most: int) -> None:
        if not result.document:
            return
        document = result.document
        self._row("title", document.title)
        self._row("language", document.language or "not declared")
        for label, statement in result.says.statements() if result.says else ():
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

    def _show_suggestions(self, result: Probe) -> None:
        if result.document and not result.suggestions:
            self._row("selector", "none suggests itself")
        for suggestion in result.suggestions:
            self._row(
                "selector",
                f"{suggestion.selector}  "
                f"({suggestion.characters:,} characters, {suggestion.share:.0%} of the main text)",
            )

    def _row(self, name: str, value: str, style: Callable[[str], str] = str) -> None:
        self.stdout.write(f"{name:>12}  {style(_printable(value))}")


def _printable(text: str) -> str:
    """Return text without characters that could control the terminal."""
    return text.translate(_UNPRINTABLE)
