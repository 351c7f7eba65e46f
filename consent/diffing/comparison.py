"""Compares two texts: first their blocks, then the words of the blocks that changed."""

from collections.abc import Callable
from functools import partial

from consent.diffing.block_pairs import Match, matches
from consent.diffing.blocks import Block, common_edges, cut
from consent.diffing.sheet import Sheet
from consent.diffing.structure import Diff, Hunk, Kind, Operation, Span
from consent.diffing.visible_words import Lexicon
from consent.diffing.words import Piece, word_spans


def diff(before: str, after: str) -> Diff:
    """Return the differences between two Markdown texts, typographic ones as their own kind."""
    if before == after:
        return Diff(before, after, (), partial(cut, after))
    head, tail = common_edges(before, after)
    above = cut(before, 0, head)
    lexicon = Lexicon()
    old = Sheet(before, above, len(before) - tail, lexicon)
    new = Sheet(after, above, len(after) - tail, lexicon)
    hunks = [_hunk(match, old, new) for match in matches(old, new)]
    hunks.sort(key=lambda hunk: (hunk.after_span, hunk.before_span))
    return Diff(before, after, tuple(hunks), partial(_blocks, above, new))


def _blocks(above: list[Block], sheet: Sheet) -> list[Block]:
    """Return the blocks of the whole text of a sheet. above: those before its compared part."""
    return [*above, *sheet.blocks, *cut(sheet.text, sheet.end)]


def _hunk(match: Match, old: Sheet, new: Sheet) -> Hunk:
    kind, compare_words = _judged(match, old, new)
    origin = old.place(match.before)
    before_span, after_span = old.characters(match.before), new.characters(match.after)
    return Hunk(
        kind=kind,
        place=new.place(match.after) if match.after else origin,
        origin=origin,
        before=old.text[slice(*before_span)],
        after=new.text[slice(*after_span)],
        before_span=before_span,
        after_span=after_span,
        compare_words=compare_words,
    )


def _judged(match: Match, old: Sheet, new: Sheet) -> tuple[Kind, Callable[[], tuple[Span, ...]]]:
    if not match.before:
        kind: Kind = "insert" if new.folded_run(match.after) else "typographic"
        return kind, partial(_whole, "insert", match, old, new)
    if not match.after:
        kind = "delete" if old.folded_run(match.before) else "typographic"
        return kind, partial(_whole, "delete", match, old, new)
    if _reads_the_same(match, old, new):
        kind = "move" if match.is_moved else "typographic"
        return kind, partial(_whole, "equal", match, old, new)
    kind = "move" if match.is_moved else "replace"
    return kind, partial(_words, match, old, new)


def _reads_the_same(match: Match, old: Sheet, new: Sheet) -> bool:
    if old.folded_run(match.before) != new.folded_run(match.after):
        return False  # Words that differ without case differ with it too; this is cheaper.
    before, after = _compared(match, old, new)
    return before == after


def _words(match: Match, old: Sheet, new: Sheet) -> tuple[Span, ...]:
    before, after = _compared(match, old, new)
    return word_spans(_piece(before, old, match.before), _piece(after, new, match.after))


def _compared(match: Match, old: Sheet, new: Sheet) -> tuple[str, str]:
    """Return the words to compare, one character each. In headings case makes no difference."""
    sides = ((old, match.before), (new, match.after))
    is_heading = any(sheet.blocks[block].level for sheet, run in sides for block in run)
    before, after = (
        "".join(sheet.folded(block) if is_heading else sheet.exact(block) for block in run)
        for sheet, run in sides
    )
    return before, after


def _piece(compared: str, sheet: Sheet, run: range) -> Piece:
    words = [word for block in run for word in sheet.words(block)]
    return Piece(compared, words, sheet.edges(run))


def _whole(op: Operation, match: Match, old: Sheet, new: Sheet) -> tuple[Span, ...]:
    return (Span(op, *old.characters(match.before), *new.characters(match.after)),)
