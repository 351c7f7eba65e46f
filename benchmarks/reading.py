"""How fast and how faithfully pages are read, beside other readers, in one run.

    python -m benchmarks.reading [--json] [--sample N]

Histories: every snapshot of the shared histories is read with its selectors, in order, and the
verdict "this page really changed" (its digest differs, and was not seen in this history before)
is held against the manifest. Generated pages: settings pages and policies of 10 to 400 kB.
Peak memory is that of our own reading, measured before the other readers are even imported.
Times are processor time of this process, so that other work on the machine counts less.
"""

import argparse
import json
import random
import resource
import statistics
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from platforms.extraction import EXTRACTOR_VERSION, NORMALISER_VERSION, Document, extract
from tests.shared_data import SHARED_DATA

HISTORIES = "data/histories"
# The manifest dates a change by when others had confirmed it, up to this many snapshots later.
LABEL_LAG = 2
#: Labels of changes that are none for readers, as (history, number): the whole difference.
NO_NEWS = {
    ("chatgpt-privacy-policy-policies-how-your", 39): 'the heading "Table of contents" is gone',
    ("chatgpt-terms-of-service-policies-eu", 2): "a date in another order",
    ("claude-ai-privacy-policy-legal-privacy", 12): "a date in another order",
    ("claude-ai-data-processor-agreement-subprocessors", 2): "none: it came before the first",
    ("google-generative-ai-services-privacy-policy", 2): 'the button "close"',
    ("google-generative-ai-services-terms-of", 18): 'the button "close"',
}


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of processor time a page, and pages a second over all of them."""

    pages: int
    median_ms: float
    mean_ms: float
    p95_ms: float
    pages_per_second: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Timing":
        in_order = sorted(seconds)
        return cls(
            pages=len(in_order),
            median_ms=round(statistics.median(in_order) * 1e3, 3),
            mean_ms=round(statistics.mean(in_order) * 1e3, 3),
            p95_ms=round(in_order[int(len(in_order) * 0.95)] * 1e3, 3),
            pages_per_second=round(len(in_order) / sum(in_order), 1),
        )


@dataclass(slots=True)
class Verdicts:
    """What was raised in a history, by snapshot number, against what really changed."""

    history: str
    found: list[int] = field(default_factory=list)
    found_before_label: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    false: list[int] = field(default_factory=list)
    not_readable: list[int] = field(default_factory=list)
    pairs: int = 0


def main() -> None:
    """Run all measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--sample", type=int, default=30, help="pages for each other reader")
    options = parser.parse_args()
    results = measure(sample=options.sample)
    if options.json:
        json.dump(results, sys.stdout, indent=2)
        print()
    else:
        print_table(results)


def measure(*, sample: int) -> dict[str, Any]:
    """Return all figures as plain data."""
    results: dict[str, Any] = {
        "extractor_version": EXTRACTOR_VERSION,
        "normaliser_version": NORMALISER_VERSION,
    }
    generated = [(page, "https://example.org/settings") for page in generated_pages()]
    pages = list(generated)
    if (SHARED_DATA / HISTORIES).is_dir():
        seconds, verdicts, kept = read_histories(every=max(1, 600 // max(1, sample)))
        results["histories"] = asdict(Timing.of(seconds["extract"]))
        results["histories_lexbor_text"] = asdict(Timing.of(seconds["lexbor"]))
        results["verdicts"] = summary(verdicts)
        pages = kept
    else:
        results["histories"] = f"skipped: {HISTORIES} is not at hand (set SHARED_DATA)"
    results["generated"] = asdict(Timing.of([timed(read_whole, *page) for page in generated]))
    results["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    results["readers"] = {
        name: asdict(Timing.of([timed(read, *page) for page in pages]))
        for name, read in readers().items()
    }
    return results


# Histories


def read_histories(
    *, every: int
) -> tuple[dict[str, list[float]], list[Verdicts], list[tuple[bytes, str]]]:
    """Read all snapshots; return the seconds of each, the verdicts, and some pages to compare.

    Beside our own seconds stand those of parsing and plain text alone, page by page: what the
    machine could do at that moment.
    """
    seconds: dict[str, list[float]] = {"extract": [], "lexbor": []}
    verdicts: list[Verdicts] = []
    kept: list[tuple[bytes, str]] = []
    folder = SHARED_DATA / HISTORIES
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    for history, rows in groupby(map(json.loads, lines), key=lambda row: row["history"]):
        judge = Judge(history)
        for row, body in zip(rows, bodies(folder / f"{history}.tar.xz"), strict=True):
            seconds["lexbor"].append(timed(lexbor_text, body, row["url"]))
            start = time.process_time()
            document = read_selected(body, row)
            seconds["extract"].append(time.process_time() - start)
            judge.see(row, body, document)
            if len(seconds["extract"]) % every == 0:
                kept.append((body, row["url"]))
        verdicts.append(judge.verdicts)
    return seconds, verdicts, kept


def bodies(archive: Path) -> Iterator[bytes]:
    """Yield the snapshots of one history, in time order."""
    with tarfile.open(archive) as tar:
        members = sorted((m for m in tar.getmembers() if m.isfile()), key=lambda m: m.name)
        for member in members:
            content = tar.extractfile(member)
            assert content is not None
            yield content.read()


def read_selected(body: bytes, row: dict[str, Any]) -> Document:
    """Read a snapshot as its declaration says."""
    return extract(body, url=row["url"], select=row["select"], remove=row["remove"])


class Judge:
    """Raises a change for a digest that this history has not shown before."""

    def __init__(self, history: str) -> None:
        self.verdicts = Verdicts(history)
        self._known: set[str] = set()
        self._previous: tuple[dict[str, Any], bytes] | None = None
        self._raised_early: list[int] = []

    def see(self, row: dict[str, Any], body: bytes, document: Document) -> None:
        """Take the next snapshot in time order."""
        if self._previous is not None:
            self.verdicts.pairs += 1
        if not document.text or document.missed_selectors:
            self.verdicts.not_readable.append(row["seq"])
            return
        if self._previous is not None:
            self._know_by_rules_of(row, *self._previous)
            self._compare(row, document.digest)
        self._known.add(document.digest)
        self._previous = (row, body)

    def _know_by_rules_of(self, row: dict[str, Any], before: dict[str, Any], body: bytes) -> None:
        """Read the snapshot before again if the selectors are new: our own doing is no news."""
        if (before["select"], before["remove"]) != (row["select"], row["remove"]):
            again = {**before, "select": row["select"], "remove": row["remove"]}
            self._known.add(read_selected(body, again).digest)

    def _compare(self, row: dict[str, Any], digest: str) -> None:
        verdicts, seq = self.verdicts, row["seq"]
        raised = digest not in self._known
        if raised and row["changed_for_real"]:
            verdicts.found.append(seq)
        elif raised:
            verdicts.false.append(seq)
        elif row["changed_for_real"]:
            early = [at for at in verdicts.false if 0 < seq - at <= LABEL_LAG]
            if early:
                verdicts.false.remove(early[-1])
                verdicts.found_before_label.append(early[-1])
            else:
                verdicts.missed.append(seq)


def summary(verdicts: Sequence[Verdicts]) -> dict[str, Any]:
    """Return the counts over all histories, and each history with something to look at."""
    keys = ("found", "found_before_label", "missed", "false", "not_readable")
    counts: dict[str, Any] = {
        key: sum(len(getattr(verdict, key)) for verdict in verdicts) for key in keys
    }
    counts["pairs"] = sum(verdict.pairs for verdict in verdicts)
    counts["to_look_at"] = {
        verdict.history: shown
        for verdict in verdicts
        if (shown := {key: getattr(verdict, key) for key in keys[1:] if getattr(verdict, key)})
    }
    return counts


# Generated pages


def generated_pages() -> list[bytes]:
    """Return settings pages and policies, alike in every run."""
    chance = random.Random(20260101)
    return [_generated_page(chance, paragraphs) for paragraphs in (20, 60, 150, 400) * 10]


def _generated_page(chance: random.Random, paragraphs: int) -> bytes:
    words = ("we", "you", "data", "train", "model", "share", "keep", "delete", "account", "setting")
    parts = ["<!doctype html><html lang=en><head><title>Generated</title>"]
    parts += [f"<script>{'var a=1;' * paragraphs * 20}</script></head><body><nav>Home</nav><main>"]
    for number in range(paragraphs):
        sentence = " ".join(chance.choices(words, k=60))
        parts.append(f"<h2 class='c{number}'>Section {number}</h2><p>{sentence}.</p>")
        parts.append(f"<ul><li>{sentence[:80]}</li><li><a href='/p/{number}'>more</a></li></ul>")
        parts.append(f"<div role=switch aria-checked=true>Use {sentence[:20]}</div>")
    parts.append("</main><footer>About</footer></body></html>")
    return "\n".join(parts).encode()


# Readers


def timed(read: Callable[[bytes, str], object], body: bytes, url: str) -> float:
    """Return the seconds of processor time that reading a page takes."""
    start = time.process_time()
    read(body, url)
    return time.process_time() - start


def read_whole(body: bytes, url: str) -> Document:
    """Read a page without selectors, as the other readers do."""
    return extract(body, url=url)


def lexbor_text(body: bytes, url: str) -> str:
    """Return all text of a page, code included: the least that reading a page can cost."""
    root = LexborHTMLParser(body).root
    return root.text_lexbor() if root is not None else ""


def readers() -> dict[str, Callable[[bytes, str], object]]:
    """Return all readers by name, the others imported only now."""
    from bs4 import BeautifulSoup

    return {
        "extract": read_whole,
        "lexbor, text only": lexbor_text,
        "BeautifulSoup, lxml": lambda body, url: BeautifulSoup(body, "lxml").get_text(),
        "BeautifulSoup, html.parser": lambda body, url: BeautifulSoup(
            body, "html.parser"
        ).get_text(),
    }


# Printing


def print_table(results: dict[str, Any]) -> None:
    """Print the figures for people."""
    head = f"{'':34}{'pages':>7}{'median ms':>11}{'mean ms':>10}{'p95 ms':>10}{'pages/s':>10}"
    print(head)
    rows = {
        "extract, histories, selected": results["histories"],
        "lexbor, text only, histories": results.get("histories_lexbor_text", "skipped"),
        "extract, generated, whole page": results["generated"],
        **{f"{name} *": timing for name, timing in results["readers"].items()},
    }
    for name, timing in rows.items():
        if isinstance(timing, str):
            print(f"{name:34}{timing}")
        else:
            print(
                f"{name:34}{timing['pages']:>7}{timing['median_ms']:>11}{timing['mean_ms']:>10}"
                f"{timing['p95_ms']:>10}{timing['pages_per_second']:>10}"
            )
    print("* whole pages, the same sample for each")
    print(f"peak memory of our own reading: {results['peak_memory_mb']} MB")
    if verdicts := results.get("verdicts"):
        print(
            f"real changes: {verdicts['found']} found at the labelled snapshot,"
            f" {verdicts['found_before_label']} before it, {verdicts['missed']} missed;"
            f" {verdicts['false']} false in {verdicts['pairs']} pairs;"
            f" {verdicts['not_readable']} captures without the selected content"
        )
        for history, shown in verdicts["to_look_at"].items():
            print(f"  {history}: {shown}")


if __name__ == "__main__":
    main()
