"""How well suggestions agree with labelled changes: python -m benchmarks.evaluate_detection CASES

CASES: files of JSON lines, compressed with xz or not, such as the shared changes and what
`manage.py export_decisions --as-cases` writes. --cross-validate leaves out companies in ten folds
and fits anew all that is learned; it needs the shared sentences.
"""

import argparse
import json
import lzma
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.evaluation import Judged, judge, worst
from benchmarks.evaluation_tables import as_data, as_markdown, explained, left_out, times
from consent.classification import suggest
from consent.diffing import diff

_HERE = Path(__file__).resolve().parent
METHODOLOGY, README = _HERE.parent / "docs" / "methodology.md", _HERE / "README.md"
BEGIN, END = "<!-- evaluation: written by evaluate_detection -->", "<!-- end of evaluation -->"
LEFT_OUT_BEGIN = "<!-- left out: written by evaluate_detection --cross-validate -->"
LEFT_OUT_END = "<!-- end of left out -->"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("cases", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument(
        "--errors", type=int, default=0, metavar="N", help="explain the N worst errors"
    )
    parser.add_argument(
        "--cross-validate", action="store_true", help="leave out companies in ten folds"
    )
    parser.add_argument(
        "--write-docs",
        action="store_true",
        help="replace the tables in docs/methodology.md or benchmarks/README.md",
    )
    options = parser.parse_args(arguments)
    cases = [
        {**case, "file": path.name.split(".")[0]}
        for path in options.cases
        for case in read_cases(path)
    ]
    if not cases:
        raise SystemExit(f"no cases in {', '.join(map(str, options.cases))}")
    if options.cross_validate:
        _cross_validate(cases, options)
        return
    judged = judge(cases, _timed_suggestion, time.perf_counter)
    if options.json:
        figures: dict[str, Any] = as_data(judged)
        if options.errors:
            errors = worst(judged, options.errors)
            figures["errors"] = ["\n".join(explained(one)) for one in errors]
        print(json.dumps(figures, indent=2, ensure_ascii=False))
    else:
        print(f"{as_markdown(judged)}\n\n{times(judged)}")
        _explain(judged, options.errors)
    if options.write_docs:
        _write_docs(README, as_markdown(judged), BEGIN, END)


def _cross_validate(cases: list[dict[str, Any]], options: argparse.Namespace) -> None:
    from benchmarks.help_sentences import HELP
    from benchmarks.train_meaning import cross_validated, sentences_left_out

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
    if options.json:
        print(json.dumps(as_data(judged), indent=2, ensure_ascii=False))
    else:
        print(tables)
        _explain(judged, options.errors)
    if options.write_docs:
        _write_docs(METHODOLOGY, tables, LEFT_OUT_BEGIN, LEFT_OUT_END)


def _explain(judged: list[Judged], most: int) -> None:
    for one in worst(judged, most):
        print("\n" + "\n".join(explained(one)))


def _timed_suggestion(before: str, after: str, *, subject: str) -> Any:
    """Compare and suggest, as the watching does: the time of a change is that of both."""
    diff(before, after)
    return suggest(before, after, subject=subject)


def read_cases(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the cases of a file of JSON lines, compressed with xz or not."""
    if not path.exists():
        raise SystemExit(f"no such file: {path}")
    with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    yield json.loads(line)
                except json.JSONDecodeError as error:
                    raise SystemExit(f"{path}, line {number}: {error}") from error


def _write_docs(page: Path, tables: str, begin: str, end: str) -> None:
    text = page.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        raise SystemExit(f"{page} has no section between {begin} and {end}")
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    page.write_text(f"{before}{begin}\n{tables}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
