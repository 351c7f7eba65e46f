"""Measures how noisy a page is, and proposes which part of it to leave out. Pure.

A page over its budget has more false changes than true ones. A proposed rule is a CSS selector to
remove. Before anybody applies it, a back-test over stored snapshots says which past false changes
it would have prevented, and which true ones it would have hidden.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from platforms.extraction import Document, Selector, comparison_text, extract
from platforms.extraction.encodings import to_utf8

WINDOW_DAYS = 90

#: With fewer false alarms in the window a page needs no rule. Chosen: one a month.
_BEARABLE = 3
#: Cases whose pages are searched for the noisy part; the back-test covers all. This and the next
#: two are chosen to keep the answer to a curator within seconds.
_SEARCHED = 12
_PROPOSED = 5  # rules shown
_TRIED = 12  # selectors tried for a case, and back-tested
_HOLDS_WORDS = (
    "p, li, td, th, dd, dt, h1, h2, h3, h4, h5, h6, div, span, a, button, time, em, strong, b"
)
_SHORTEST = 3  # characters that tell one element from another
_CLIMBED = 6  # elements around changed words; an element further out is nearly the whole page
#: A rule that hides more than this share of the text hides the page, not the noise. Chosen.
_MOST_HIDDEN = 0.2
#: Names made by build tools ("css-1q2w3e", "Body__x3f") change with every release.
_LASTING_NAME = re.compile(r"[A-Za-z]{3,}(?:[-_]+[A-Za-z]{2,})*")


@dataclass(frozen=True, slots=True)
class Budget:
    """A page's noise over the window.

    visits: that could read the page. candidates: how often its text differed from the visit
    before. flips: of these, returns to an earlier text. confirmed: changes that lasted or that a
    curator found true. dismissed: changes that curators dismissed, by reason; false_reasons: the
    reasons that mean "there was no change".
    """

    visits: int
    candidates: int
    flips: int
    confirmed: int
    dismissed: Mapping[str, int] = field(default_factory=dict)
    false_reasons: frozenset[str] = frozenset()

    @property
    def flap_rate(self) -> float:
        """Share of the candidates that were returns, 0 to 1."""
        return self.flips / self.candidates if self.candidates else 0.0

    @property
    def false_alarms(self) -> int:
        return self.flips + sum(self.dismissed.get(reason, 0) for reason in self.false_reasons)

    @property
    def is_over(self) -> bool:
        """True for a page that needs a rule: more false alarms than true changes."""
        return self.false_alarms >= _BEARABLE and self.false_alarms > self.confirmed


def count_moves(states: Sequence[int]) -> tuple[int, int]:
    """Return how often a page moved to another state, and how often to one it had been in.

    states: the state found by each visit, in time order.
    """
    moves = flips = 0
    known: set[int] = set()
    for before, after in itertools.pairwise(states):
        known.add(before)
        if before != after:
            moves += 1
            flips += after in known
    return moves, flips


@dataclass(frozen=True, slots=True)
class Capture:
    """A stored snapshot, as the extractor needs it."""

    body: bytes
    url: str
    content_type: str = "text/html"


#: Reads stored bytes: extract(), or what reads in a process of its own with limits.
Read = Callable[..., Document]
Truth = Literal["true", "false", "undecided"]


@dataclass(frozen=True, slots=True)
class Case:
    """Two snapshots between which a change was seen, and whether the change was true."""

    key: int
    before: Capture
    after: Capture
    truth: Truth


@dataclass(frozen=True, slots=True)
class BackTest:
    """The cases that a rule would have hidden, by key: false changes, true ones, undecided ones."""

    selector: str
    spared: tuple[int, ...]
    lost: tuple[int, ...]
    undecided: tuple[int, ...]


def propose(
    cases: Sequence[Case],
    *,
    select: Sequence[Selector] = (),
    remove: Sequence[Selector] = (),
    read: Read = extract,
) -> tuple[BackTest, ...]:
    """Return rules that prevent false changes: those that hide no true change first.

    Whatever `read` raises is raised.
    """
    false_cases = [case for case in cases if case.truth == "false"][-_SEARCHED:]
    counts: dict[str, int] = {}
    for case in false_cases:
        for selector in _suspects(case, select, remove, read):
            counts[selector] = counts.get(selector, 0) + 1
    likeliest = sorted(counts, key=lambda selector: -counts[selector])[:_TRIED]
    tests = [
        back_test(selector, cases, select=select, remove=remove, read=read)
        for selector in likeliest
    ]
    useful = [test for test in tests if test.spared]
    useful.sort(key=lambda test: (len(test.lost), -len(test.spared), len(test.selector)))
    return tuple(useful[:_PROPOSED])


def back_test(
    selector: str,
    cases: Sequence[Case],
    *,
    select: Sequence[Selector] = (),
    remove: Sequence[Selector] = (),
    read: Read = extract,
) -> BackTest:
    """Read every case again with one more selector removed, and list what would not be seen."""
    with_rule = [*remove, selector]
    hidden: dict[Truth, list[int]] = {"true": [], "false": [], "undecided": []}
    for case in cases:
        before, after = _read_both(read, case, select, with_rule)
        if before.digest == after.digest:
            hidden[case.truth].append(case.key)
    return BackTest(
        selector, tuple(hidden["false"]), tuple(hidden["true"]), tuple(hidden["undecided"])
    )


def _suspects(
    case: Case, select: Sequence[Selector], remove: Sequence[Selector], read: Read
) -> Iterator[str]:
    """Yield selectors whose removal hides this false change and little else."""
    before, after = _read_both(read, case, select, remove)
    removed, added = _lines(before) - _lines(after), _lines(after) - _lines(before)
    candidates = dict.fromkeys(
        (*_elements_around(case.before, removed), *_elements_around(case.after, added))
    )
    for selector in tuple(candidates)[:_TRIED]:
        kept_before, kept_after = _read_both(read, case, select, [*remove, selector])
        hidden = max(_hidden(before, kept_before), _hidden(after, kept_after))
        if kept_before.digest == kept_after.digest and hidden <= _MOST_HIDDEN:
            yield selector


def _hidden(whole: Document, rest: Document) -> float:
    """Return the share of a text that a rule leaves out."""
    return 1 - len(rest.text) / max(len(whole.text), 1)


def _lines(document: Document) -> set[str]:
    return {words for line in document.text.splitlines() if (words := comparison_text(line))}


def _elements_around(capture: Capture, changed: set[str]) -> Iterator[str]:
    """Yield selectors of named elements around the changed words, the innermost first."""
    if not changed:
        return
    everything = "\n".join(changed)
    tree = LexborHTMLParser(to_utf8(capture.body, capture.content_type))
    for node in tree.css(_HOLDS_WORDS):
        words = comparison_text(node.text(deep=False))
        if len(words) < _SHORTEST or words not in everything:
            continue
        around: LexborNode | None = node
        for _ in range(_CLIMBED):
            if around is None or around.tag in ("body", "main"):
                break
            yield from _names(around)
            around = around.parent


def _names(node: LexborNode) -> Iterator[str]:
    attributes = node.attributes
    identifier = attributes.get("id") or ""
    if _LASTING_NAME.fullmatch(identifier):
        yield f"#{identifier}"
    testid = attributes.get("data-testid") or ""
    if _LASTING_NAME.fullmatch(testid):
        yield f'[data-testid="{testid}"]'
    for name in (attributes.get("class") or "").split():
        if _LASTING_NAME.fullmatch(name):
            yield f"{node.tag}.{name}"


def _read_both(
    read: Read, case: Case, select: Sequence[Selector], remove: Sequence[Selector]
) -> tuple[Document, Document]:
    before, after = (
        read(
            capture.body,
            url=capture.url,
            content_type=capture.content_type,
            select=select,
            remove=remove,
        )
        for capture in (case.before, case.after)
    )
    return before, after
