"""Chooses the blocks of a comparison to show, and groups them under headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from consent.diffing.blocks import BlockKind, cut
from consent.diffing.structure import Diff, Hunk, Place

#: The first part of a long comparison. With it, a page is under 40 kB compressed.
PART_CHARACTERS = 40_000
_LETTER = re.compile(r"[^\W_]")


class Row(NamedTuple):
    """A block to show.

    text: its Markdown; for a hunk that of `after`, or of `before` where `after` has no block.
    hunk, number: the hunk and the number of its passage, from 1; None for an unchanged block.
    """

    kind: BlockKind
    text: str
    hunk: Hunk | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Rows shown together. skipped: number of unchanged rows left out before them."""

    place: Place
    rows: tuple[Row, ...]
    skipped: int


def sections(diff: Diff, *, changes_only: bool, context: int) -> list[Section]:
    """Return what to show: the whole text as one section, or the changes with context around them.

    context: number of unchanged blocks shown before and after a change. If unchanged blocks are
    left out at the end, the last section has no rows.
    """
    rows = list(_rows(diff))
    if not changes_only:
        return [Section((), tuple(rows), 0)]
    chosen: list[Section] = []
    shown_until = 0
    groups = _groups(rows, context)
    limits = [*(first for first, _, _ in groups), len(rows)]
    for (first, last, place), limit in zip(groups, limits[1:], strict=True):
        start = max(shown_until, _below_heading(rows, first, context))
        end = min(last + 1 + context, limit)
        chosen.append(Section(place, tuple(rows[start:end]), start - shown_until))
        shown_until = end
    if shown_until < len(rows):
        chosen.append(Section((), (), len(rows) - shown_until))
    return chosen


def _below_heading(rows: list[Row], first: int, context: int) -> int:
    """Return where the context of a change begins: not above the heading that it is under."""
    start = max(0, first - context)
    headings = (at for at in range(first, start - 1, -1) if rows[at].kind == "heading")
    return next(headings, start)


def parts(all_sections: list[Section], most: int = PART_CHARACTERS) -> list[list[Section]]:
    """Cut sections into parts of at most `most` characters, and at least one row each.

    A section that does not fit continues in the next part, under the same place. Never empty.
    """
    all_parts: list[list[Section]] = [[]]
    left = most
    for section in all_sections:
        rows: list[Row] = []
        skipped = section.skipped
        for row in section.rows:
            length = _length(row)
            if length > left and (rows or all_parts[-1]):
                if rows:
                    all_parts[-1].append(Section(section.place, tuple(rows), skipped))
                    rows, skipped = [], 0
                all_parts.append([])
                left = most
            rows.append(row)
            left -= length
        if rows or skipped:
            all_parts[-1].append(Section(section.place, tuple(rows), skipped))
    return all_parts


def _length(row: Row) -> int:
    return len(row.hunk.before) + len(row.hunk.after) if row.hunk else len(row.text)


def _groups(rows: list[Row], context: int) -> list[tuple[int, int, Place]]:
    """Return first row, last row and place of changes close to each other in the same place."""
    groups: list[tuple[int, int, Place]] = []
    for index, row in enumerate(rows):
        if row.hunk is None:
            continue
        if groups:
            first, last, place = groups[-1]
            if place == row.hunk.place and index - last <= 2 * context + 1:
                groups[-1] = (first, index, place)
                continue
        groups.append((index, index, row.hunk.place))
    return groups


def _rows(diff: Diff) -> Iterator[Row]:
    """Yield the blocks of `after` with the removed ones at their place, without rules.

    A block that differs in typography only is an unchanged row with the text of `after`.
    """
    blocks = iter(diff.cut_after())
    block = next(blocks, None)
    for number, hunk in enumerate(diff.changes, start=1):
        while block and block.start < hunk.after_span[0]:
            if _LETTER.search(block.text):
                yield Row(block.kind, block.text)
            block = next(blocks, None)
        if hunk.after:
            yield Row(block.kind if block else "paragraph", hunk.after, hunk, number)
            while block and block.start < hunk.after_span[1]:
                block = next(blocks, None)
        else:
            yield Row(cut(hunk.before)[0].kind, hunk.before, hunk, number)
    while block:
        if _LETTER.search(block.text):
            yield Row(block.kind, block.text)
        block = next(blocks, None)
