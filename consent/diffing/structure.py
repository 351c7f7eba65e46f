"""The result of a comparison: a Diff of Hunks, each covered by Spans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from consent.diffing.blocks import Block

Place = tuple[str, ...]
Range = tuple[int, int]
Kind = Literal["insert", "delete", "replace", "move", "typographic"]
Operation = Literal["equal", "insert", "delete", "replace"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words inside a hunk. Offsets count characters from the start of the whole texts.

    "equal" means that both sides read the same; they may still differ in characters that the
    comparison ignores (quotes, dashes, emphasis, link targets). An insert has an empty range
    before, a delete an empty range after.
    """

    op: Operation
    before_start: int
    before_end: int
    after_start: int
    after_end: int


@dataclass(frozen=True, slots=True)
class Hunk:
    """One block that differs, with the blank lines that follow it.

    place: the headings above it in `after`, outermost first (in `before` for a delete). The place
        of a heading ends with its own title.
    origin: the headings above it in `before`; empty for an insert. Differs from `place` when a
        block moved between sections.
    before, after: exactly the characters of the whole texts within before_span and after_span. On
        a side without the block the text is "" and the span is empty, where the block would be.
    kind "typographic": both sides read the same.
    compare_words: returns the spans. It is called when they are asked for, because a page shows
        the words of a few dozen hunks out of thousands.
    """

    kind: Kind
    place: Place
    origin: Place
    before: str
    after: str
    before_span: Range
    after_span: Range
    compare_words: Callable[[], tuple[Span, ...]] = field(repr=False, compare=False)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return the words that differ, in reading order, covering both sides without a gap."""
        return self.compare_words()


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences between two texts.

    hunks: in the order of `after`. Text outside the hunks is identical on both sides.
    cut_after: returns the blocks of `after`, which were found for the comparison.
    """

    before: str
    after: str
    hunks: tuple[Hunk, ...]
    cut_after: Callable[[], list[Block]] = field(repr=False, compare=False)

    @property
    def changed(self) -> bool:
        """Whether the wording differs, not only the typography."""
        return any(hunk.kind != "typographic" for hunk in self.hunks)

    @property
    def changes(self) -> tuple[Hunk, ...]:
        """The hunks without typographic ones."""
        return tuple(hunk for hunk in self.hunks if hunk.kind != "typographic")

    def apply(self) -> str:
        """Rebuild `after` from `before` and the hunks alone."""
        unchanged = _outside(self.before, [hunk.before_span for hunk in self.hunks])
        pieces: list[str] = []
        used = written = 0
        for hunk in self.hunks:
            same = hunk.after_span[0] - written
            pieces += (unchanged[used : used + same], hunk.after)
            used += same
            written = hunk.after_span[1]
        return "".join(pieces) + unchanged[used:]


def _outside(text: str, ranges: list[Range]) -> str:
    """Return the text without the given ranges, which do not overlap."""
    pieces: list[str] = []
    end_of_last = 0
    for start, end in sorted(ranges):
        pieces.append(text[end_of_last:start])
        end_of_last = end
    return "".join(pieces) + text[end_of_last:]
