"""The changed passages of a comparison, in whole sentences for quoting."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from consent.diffing.structure import Diff, Hunk, Kind, Operation, Place, Range
from consent.diffing.visible_words import visible_parts

OMITTED = "[…]"

_SENTENCE_BREAK = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[^\sa-z])|\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """The removed and the added sentences of one hunk, without markup.

    number: counts the changes of a Diff from 1; renderings use it as anchor, "passage-1".
    removed, added: the sentences that differ, with "[…]" for omitted ones between and around them;
        "" where nothing was removed or added. A block that only moved is in both.
    """

    number: int
    kind: Kind
    place: Place
    origin: Place
    removed: str
    added: str


class Segment(NamedTuple):
    """The visible text of a span on both sides; the texts of an equal span may differ slightly."""

    op: Operation
    before: str
    after: str


def passages(diff: Diff) -> tuple[Passage, ...]:
    """Return the changed passages in the order of `after`, without typographic ones."""
    return tuple(
        Passage(number, hunk.kind, hunk.place, hunk.origin, *_quotes(hunk))
        for number, hunk in enumerate(diff.changes, start=1)
    )


def segments(hunk: Hunk) -> list[Segment]:
    """Return the spans of a hunk with their visible text."""
    spans = hunk.spans
    before, after = hunk.before_span[0], hunk.after_span[0]
    old = visible_parts(
        hunk.before, ((s.before_start - before, s.before_end - before) for s in spans)
    )
    new = visible_parts(hunk.after, ((s.after_start - after, s.after_end - after) for s in spans))
    return [Segment(span.op, b, a) for span, b, a in zip(spans, old, new, strict=True)]


def _quotes(hunk: Hunk) -> tuple[str, str]:
    parts = segments(hunk)
    whole = hunk.kind == "move" and all(segment.op == "equal" for segment in parts)
    return (
        _touched_sentences((segment.before, whole or segment.op != "equal") for segment in parts),
        _touched_sentences((segment.after, whole or segment.op != "equal") for segment in parts),
    )


def _touched_sentences(parts: Iterable[tuple[str, bool]]) -> str:
    """Return the sentences that contain a part marked True. An empty part counts inside one."""
    text = ""
    touched: list[Range] = []
    for part, is_changed in parts:
        start = len(text)
        text += part.lstrip(" ") if text.endswith((" ", "\n")) else part
        if is_changed:
            touched.append((start, start + len(text[start:].rstrip())))
    text = text.rstrip()
    edges = [0, *(match.end() for match in _SENTENCE_BREAK.finditer(text)), len(text)]
    chosen: set[int] = set()
    for start, end in touched:
        if start < end or start not in edges:
            chosen.update(range(bisect_right(edges, start) - 1, max(bisect_left(edges, end), 1)))
    return _joined([text[start:end] for start, end in pairwise(edges)], chosen)


def _joined(sentences: list[str], chosen: set[int]) -> str:
    if not chosen:
        return ""
    pieces: list[str] = []
    for index, sentence in enumerate(sentences):
        if index in chosen:
            pieces.append(sentence.strip())
        elif not pieces or pieces[-1] != OMITTED:
            pieces.append(OMITTED)
    return " ".join(pieces)
