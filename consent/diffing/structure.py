"""The result of a comparison: a Diff of Hunks, each covered by Spans."""

from dataclasses import dataclass
from typing import Literal

Place = tuple[str, ...]
Range = tuple[int, int]
Kind = Literal["insert", "delete", "replace", "move", "typographic"]
Operation = Literal["equal", "insert", "delete", "replace"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words inside a hunk. Offsets count characters from the start of the whole texts.

    "equal" means that both sides read the same; their characters may still differ in what the
    comparison overlooks (quotes, dashes, emphasis, link targets). An insert has an empty range
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

    place: the headings above it in `after`, outermost first (in `before` for a delete); of a
        heading, its own title is the last.
    origin: the headings above it in `before`; empty for an insert. Differs from `place` when a
        block moved between sections.
    before, after: exactly the characters of the whole texts within before_span and after_span;
        where a block is absent the text is "" and the span is empty, at the point it would have.
    spans: in reading order, covering both sides without a gap.
    kind "typographic": both sides read the same.
    """

    kind: Kind
    place: Place
    origin: Place
    before: str
    after: str
    before_span: Range
    after_span: Range
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences between two texts.

    hunks: in the order of `after`; what no hunk covers is the same, character by character.
    ratio: share of characters, both texts together, that read the same (moved ones included):
        1.0 when nothing changed, 0.0 when nothing was kept.
    """

    before: str
    after: str
    hunks: tuple[Hunk, ...]
    ratio: float

    @property
    def changed(self) -> bool:
        """Whether anything differs that a reader would call a difference in wording."""
        return any(hunk.kind != "typographic" for hunk in self.hunks)

    @property
    def changes(self) -> tuple[Hunk, ...]:
        """The hunks without the merely typographic ones."""
        return tuple(hunk for hunk in self.hunks if hunk.kind != "typographic")

    def apply(self) -> str:
        """Rebuild `after` from `before` and the hunks alone."""
        kept = _outside(self.before, [hunk.before_span for hunk in self.hunks])
        pieces: list[str] = []
        taken = written = 0
        for hunk in self.hunks:
            same = hunk.after_span[0] - written
            pieces += (kept[taken : taken + same], hunk.after)
            taken += same
            written = hunk.after_span[1]
        return "".join(pieces) + kept[taken:]


def _outside(text: str, ranges: list[Range]) -> str:
    """Return the text with the given ranges, which do not overlap, cut out."""
    pieces: list[str] = []
    end_of_last = 0
    for start, end in sorted(ranges):
        pieces.append(text[end_of_last:start])
        end_of_last = end
    return "".join(pieces) + text[end_of_last:]
