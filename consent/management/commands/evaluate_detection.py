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
from consent.classification.evaluation import judge, worst
from consent.classification.report import as_data, as_markdown, explained, times
from consent.diffing import diff

BEGIN, END = "<!-- evaluation: written by evaluate_detection -->", "<!-- end of evaluation -->"


class Command(BaseCommand):
    help = "Measure suggestions against labelled changes (.jsonl or .jsonl.xz)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cases", type=Path)
        parser.add_argument("--json", action="store_true", help="print figures as JSON")
        parser.add_argument(
            "--errors", type=int, default=0, metavar="N", help="explain the N worst errors"
        )
        parser.add_argument(
            "--write-docs",
            action="store_true",
            help="replace the tables in docs/methodology.md",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        judged = judge(_cases(options["cases"]), _timed_suggestion, time.perf_counter)
        if not judged:
            raise CommandError(f"no cases in {options['cases']}")
        if options["json"]:
            figures: dict[str, Any] = as_data(judged)
            if options["errors"]:
                figures["errors"] = [
                    "\n".join(explained(one)) for one in worst(judged, options["errors"])
                ]
            self.stdout.write(json.dumps(figures, indent=2, ensure_ascii=False))
        else:
            self.stdout.write(f"{as_markdown(judged)}\n\n{times(judged)}")
            for one in worst(judged, options["errors"]):
                self.stdout.write("\n" + "\n".join(explained(one)))
        if options["write_docs"]:
            _write_docs(as_markdown(judged))


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


def _write_docs(tables: str) -> None:
    path = Path(settings.BASE_DIR) / "docs" / "methodology.md"
    text = path.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise CommandError(f"{path} has no section between {BEGIN} and {END}")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    path.write_text(f"{before}{BEGIN}\n{tables}\n{END}{after}", encoding="utf-8")
