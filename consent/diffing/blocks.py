"""Cuts a Markdown text into blocks for the comparison: paragraphs, items, headings, rows."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain
from typing import Literal, NamedTuple

from rapidfuzz.distance import Postfix, Prefix

from consent.diffing.structure import Place
from consent.diffing.visible_words import INVISIBLE, visible

BlockKind = Literal["heading", "item", "row", "paragraph"]

BOLD_LEVEL = 7
"""Many pages use bold lines as headings; they rank below every real heading."""

_LONGEST_TITLE = 400
"""Characters with markup and underline; chosen: some pages mark whole paragraphs as headings."""

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
# A date in bold ("Last updated: 2 May 2024") is no heading.
_BOLD_LINE = re.compile(r"(\*\*|__)(?![\s*_])(?!.{0,160}\d{4}).{1,160}(?<![\s*_.,;])\1:?")


class Block(NamedTuple):
    """A block and the blank lines after it. The blocks of a text cover it completely.

    level: 1 to 6 for a heading, 7 for a bold line used as one, 0 for everything else.
    """

    start: int
    end: int
    text: str
    kind: BlockKind
    level: int


def cut(text: str, start: int = 0, end: int | None = None) -> list[Block]:
    """Return the blocks of a text, in order. Blank lines before the first belong to the first.

    start, end: cut only this part. Both are offsets where a block begins.
    """
    end = len(text) if end is None else end
    blocks: list[Block] = []
    position = start
    kind: BlockKind = "paragraph"
    level = 0
    has_content = False
    follows_line = continues = False  # Whether the next line may underline or continue this one.

    for line in text[start:end].split("\n"):
        content = line and line.strip().strip(INVISIBLE)
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
    if start < end:
        blocks.append(Block(start, end, text[start:end], kind, level))
    return blocks


def common_edges(before: str, after: str) -> tuple[int, int]:
    """Return how many characters of whole blocks two texts share at the start and at the end.

    The shared part ends where a block begins after an empty line in both texts. Most pages change
    in few places, and the shared part need not be cut into blocks.
    """
    head = Prefix.similarity(before, after)
    while head and not (_begins_block(before, head) and _begins_block(after, head)):
        empty_line = before.rfind("\n\n", 0, head - 1)
        head = empty_line + 2 if empty_line >= 0 else 0
    tail = min(Postfix.similarity(before, after), min(len(before), len(after)) - head)
    while tail and not (
        _begins_block(before, len(before) - tail) and _begins_block(after, len(after) - tail)
    ):
        empty_line = before.find("\n\n", max(len(before) - tail - 1, 0))
        tail = len(before) - empty_line - 2 if empty_line >= 0 else 0
    return head, tail


def _begins_block(text: str, position: int) -> bool:
    """Return whether this is a visible character right after an empty line."""
    return (
        position < len(text)
        and text[max(position - 2, 0) : position] == "\n\n"
        and not text[position].isspace()
        and text[position] not in INVISIBLE
    )


def _classified(opening: re.Match[str] | None, content: str) -> tuple[BlockKind, int]:
    if opening is None:
        is_bold = content[0] in "*_" and _BOLD_LINE.fullmatch(content)
        return ("heading", BOLD_LEVEL) if is_bold else ("paragraph", 0)
    if opening.lastgroup == "atx":
        return "heading", len(opening["atx"])
    if opening.lastgroup == "row":
        return "row", 0
    return ("item", 0) if opening.lastgroup == "item" else ("paragraph", 0)


class Outline:
    """The headings of a text, to find the place of each block."""

    def __init__(self, above: Sequence[Block], blocks: Sequence[Block]) -> None:
        """above: the blocks of the text before `blocks`."""
        self._above = len(above)
        self._headings: list[int] = []
        self._paths: list[tuple[Block, ...]] = []
        self._titles: dict[int, str] = {}
        self._places: dict[int, Place] = {}
        open_headings: list[Block] = []
        for index, block in enumerate(chain(above, blocks)):
            if not block.level:
                continue
            while open_headings and open_headings[-1].level >= block.level:
                open_headings.pop()
            # Some pages mark up whole paragraphs as headings; they are too long for a place.
            if len(block.text) <= _LONGEST_TITLE:
                open_headings.append(block)
            self._headings.append(index)
            self._paths.append(tuple(open_headings))

    def place(self, block: int) -> Place:
        """Return the titles of the headings above a block, outermost first.

        A heading belongs to the place that it opens, so its own title is the last.
        """
        nearest = bisect_right(self._headings, self._above + block) - 1
        known = self._places.get(nearest)
        if known is None:
            path = self._paths[nearest] if nearest >= 0 else ()
            known = self._places[nearest] = tuple(filter(None, map(self._title, path)))
        return known

    def _title(self, heading: Block) -> str:
        if heading.start not in self._titles:
            self._titles[heading.start] = visible(heading.text)
        return self._titles[heading.start]
