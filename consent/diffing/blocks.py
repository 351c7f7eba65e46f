"""Cut a Markdown text into the blocks that are compared: paragraphs, items, headings, rows."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from consent.diffing.reading import INVISIBLE, visible
from consent.diffing.structure import Place

BlockKind = Literal["heading", "item", "row", "paragraph"]

BOLD_LEVEL = 7
"""Bold lines stand in for headings on many pages; they rank below every real heading."""

_LONGEST_TITLE = 160

_OPENING = re.compile(
    r"""(?P<atx>\#{1,6})(?=\s|$)
      | (?P<row>\|)
      | (?P<rule>(?:[-*_]\s*){3,}$)
      | (?P<item>(?:[*+\-•·▪◦‣●○]
                  | \(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivx]{1,6})\\?[.)]
                 )(?=\s|$))
    """,
    re.VERBOSE,
)
_UNDERLINE = re.compile(r"={2,}|-{2,}")
_BOLD_LINE = re.compile(r"(\*\*|__)(?![\s*_]).{1,160}(?<![\s*_.,;])\1:?")


class Block(NamedTuple):
    """A block and the blank lines after it; the blocks of a text cover it without a gap.

    level: 1 to 6 for a heading, 7 for a bold line used as one, 0 for everything else.
    """

    start: int
    end: int
    text: str
    kind: BlockKind
    level: int


def cut(text: str) -> list[Block]:
    """Return the blocks of a text, in order. Blank lines before the first belong to the first."""
    blocks: list[Block] = []
    start = position = 0
    kind: BlockKind = "paragraph"
    level = 0
    has_content = False
    follows_line = continues = False  # What a line directly below may do: underline, continue.

    for line in text.split("\n"):
        content = line.strip().strip(INVISIBLE)
        if not content:
            follows_line = continues = False
        elif follows_line and _UNDERLINE.fullmatch(content):
            kind, level = "heading", 1 if content[0] == "=" else 2
            follows_line = continues = False
        elif (opening := _OPENING.match(content)) or not continues:
            if has_content:
                blocks.append(Block(start, position, text[start:position], kind, level))
                start = position
            has_content = True
            kind, level = _classified(opening, content)
            follows_line = not opening or opening.lastgroup == "item"
            continues = follows_line and not level
        position += len(line) + 1
    if start < len(text):
        blocks.append(Block(start, len(text), text[start:], kind, level))
    return blocks


def _classified(opening: re.Match[str] | None, content: str) -> tuple[BlockKind, int]:
    if opening is None:
        return ("heading", BOLD_LEVEL) if _BOLD_LINE.fullmatch(content) else ("paragraph", 0)
    if opening.lastgroup == "atx":
        return "heading", len(opening["atx"])
    if opening.lastgroup == "row":
        return "row", 0
    return ("item", 0) if opening.lastgroup == "item" else ("paragraph", 0)


def places(blocks: Iterable[Block]) -> list[Place]:
    """Return for each block the titles of the headings above it, outermost first."""
    found: list[Place] = []
    above: list[tuple[int, str]] = []
    place: Place = ()
    for block in blocks:
        if not block.level:
            found.append(place)
            continue
        while above and above[-1][0] >= block.level:
            above.pop()
        found.append(tuple(title for _, title in above))
        title = visible(block.text).strip()
        # Some pages mark whole paragraphs up as headings; as a place they would be no help.
        if title and len(title) <= _LONGEST_TITLE:
            above.append((block.level, title))
        place = tuple(title for _, title in above)
    return found
