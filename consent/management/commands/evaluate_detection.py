import json
import lzma
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consent.classification import suggest
from consent.classification.evaluation import Judged, judge, worst
from consent.classification.report import as_data, as_markdown, explained, left_out, times
from consent.diffing import diff

BEGIN, END = "<!-- evaluation: written by evaluate_detection -->", "<!-- end of evaluation -->"
LEFT_OUT_BEGIN = "<!-- left out: written by evaluate_detection --cross-validate -->"
LEFT_OUT_END = "<!-- end of left out -->"


class Command(BaseCommand):
    help = "Measure suggestions against labelled changes (.jsonl or .jsonl.xz)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cases", type=Path, nargs="+")
        parser.add_argument("--json", action="store_true", help="print figures as JSON")
        parser.add_argument(
            "--errors", type=int, default=0, metavar="N", help="explain the N worst errors"
        )
        parser.add_argument(
            "--cross-validate",
            action="store_true",
            help="leave out companies in ten folds and refit all that is learned; "
            "needs requirements-dev.txt and the shared sentences",
        )
        parser.add_argument(
            "--write-docs",
            action="store_true",
            help="replace the tables in docs/methodology.md",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        cases = [case for path in options["cases"] for case in _cases(path)]
        if not cases:
            raise CommandError(f"no cases in {', '.join(map(str, options['cases']))}")
        if options["cross_validate"]:
            self._cross_validate(cases, options)
            return
        judged = judge(cases, _timed_suggestion, time.perf_counter)
        if options["json"]:
            figures: dict[str, Any] = as_data(judged)
            if options["errors"]:
                figures["errors"] = [
                    "\n".join(explained(one)) for one in worst(judged, options["errors"])
                ]
            self.stdout.write(json.dumps(figures, indent=2, ensure_ascii=False))
        else:
            self.stdout.write(f"{as_markdown(judged)}\n\n{times(judged)}")
            self._explain(judged, options["errors"])
        if options["write_docs"]:
            _write_docs(as_markdown(judged), BEGIN, END)

    def _cross_validate(self, cases: list[dict[str, Any]], options: dict[str, Any]) -> None:
        try:
            from benchmarks.help_sentences import HELP
            from benchmarks.train_meaning import cross_validated, sentences_left_out
        except ImportError as error:
            raise CommandError(f"--cross-validate needs requirements-dev.txt: {error}") from error
        judged: list[Judged] = []
        by_weights: list[Judged] = []
        help_pages: list[Judged] = []
        for case, by_votes, alone in cross_validated(cases):
            if case.get("stratum") == HELP:
                help_pages.append(Judged(case, by_votes, 0.0))
                continue
            judged.append(Judged(case, by_votes, 0.0))
            by_weights.append(Judged(case, alone, 0.0))
        tables = left_out(judged, by_weights, sentences_left_out(), help_pages)
        if options["json"]:
            self.stdout.write(json.dumps(as_data(judged), indent=2, ensure_ascii=False))
        else:
            self.stdout.write(tables)
            self._explain(judged, options["errors"])
        if options["write_docs"]:
            _write_docs(tables, LEFT_OUT_BEGIN, LEFT_OUT_END)

    def _explain(self, judged: list[Judged], most: int) -> None:
        for one in worst(judged, most):
            self.stdout.write("\n" + "\n".join(explained(one)))


def _timed_suggestion(before: str, after: str) -> Any:
    """Compare and suggest, as the watching does: the time of a change is that of both."""
    diff(before, after)
    return suggest(before, after)


def _cases(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        raise CommandError(f"no such file: {path}")
    with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    yield json.loads(line)
                except json.JSONDecodeError as error:
                    raise CommandError(f"{path}, line {number}: {error}") from error


def _write_docs(tables: str, begin: str, end: str) -> None:
    path = Path(settings.BASE_DIR) / "docs" / "methodology.md"
    text = path.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        raise CommandError(f"{path} has no section between {begin} and {end}")
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    path.write_text(f"{before}{begin}\n{tables}\n{end}{after}", encoding="utf-8")
