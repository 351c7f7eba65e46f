"""What a reader sees of a piece of Markdown: its words, without the markup around them.

Two pieces that read the same have the same words here: quotes and dashes of any shape, no-break
and zero-width characters, emphasis, images, link targets, heading and list marks, and the numbers
that order headings and items are all left out.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from consent.diffing.structure import Range

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"

_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # Written without spaces: a sign is a word.
_LETTERS = rf"[^\W{_HAN}][\w*{INVISIBLE}\u0300-\u036f]*"
_WORD = rf"""
    {_LETTERS}(?:['’.,@/&‐‑–-]{_LETTERS})*
  | [{_HAN}]
  | \.{{2,}} | -{{2}}
  | [^\w\s\[\]*`~\\|{INVISIBLE}]
"""
_TARGET = r"\((?:[^()\s\\]|\\.|\([^()\s]*\))*(?:[ \t]+\"[^\"\n]*\")?[ \t]*\)"
_MARKUP = rf"""
    !\[[^\[\]\n]*\]{_TARGET}                # image
  | \]{_TARGET}                             # end of a link
  | ^[ \t]*(?:>[ \t]?)+                     # quotation
  | (?<![^\s|:])[-=_*]{{3,}}(?![^\s|:])     # rule, underline of a heading or of a table's head
"""
_TOKEN = re.compile(f"(?:{_MARKUP})|({_WORD})", re.VERBOSE | re.MULTILINE)
_UNSEEN = re.compile(
    rf"""{_MARKUP}
  | (?P<space>\s+)
  | \\(?P<escaped>[^\w\s])
  | ^(?:\#{{1,6}}|[*+\-])(?=\s)
  | [\[\]*`{INVISIBLE}] | (?<!\w)_ | _(?!\w)
""",
    re.VERBOSE | re.MULTILINE,
)
_NUMBER = r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivx]{1,6})\\?[.)]"
_ORDER_MARK = re.compile(
    rf"""[\s>|*_\[{INVISIBLE}]* \#{{0,6}} \s* (?:[*+\-•·▪◦‣●○–]\s+)? [*_\[]*
         (?:(?:{_NUMBER}|\d{{1,3}}(?:\.\d{{1,3}})+(?=[*_]*\s+[*_]*[A-Z]))[*_]*\s+)?""",
    re.VERBOSE,
)
_SHAPES = str.maketrans(
    {
        **dict.fromkeys('‘’‚‛“”„‟«»‹›′″´"', "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys(INVISIBLE + "*", ""),
    }
)


class Reading(NamedTuple):
    """The words of a block, punctuation marks among them, and where each begins in its text."""

    words: tuple[str, ...]
    starts: tuple[int, ...]


def read(text: str) -> Reading:
    """Return the words of one block, their case kept."""
    found = [
        (match[1], match.start())
        for match in _TOKEN.finditer(text, _after_order_mark(text))
        if match[1] is not None
    ]
    if not found:
        return Reading((), ())
    words, starts = zip(*found, strict=True)
    return Reading(tuple(map(_plain, words)), starts)


def visible(text: str) -> str:
    """Return the text without its markup, spaces collapsed."""
    return visible_parts(text, [(0, len(text))])[0].strip()


def visible_parts(text: str, ranges: Iterable[Range]) -> list[str]:
    """Return what is visible of each of the given ranges, which follow one another."""
    unseen = list(_UNSEEN.finditer(text))
    parts: list[str] = []
    upcoming = position = 0
    for start, end in ranges:
        pieces: list[str] = []
        position = max(position, start)
        while upcoming < len(unseen) and unseen[upcoming].start() < end:
            match = unseen[upcoming]
            pieces.append(text[position : match.start()])
            pieces.append(" " if match["space"] else match["escaped"] or "")
            position = match.end()
            upcoming += 1
        pieces.append(text[position:end])
        parts.append("".join(pieces))
    return parts


def _after_order_mark(text: str) -> int:
    match = _ORDER_MARK.match(text)
    return match.end() if match else 0


@lru_cache(maxsize=1 << 16)
def _plain(word: str) -> str:
    if not word.isascii():
        word = unicodedata.normalize("NFC", word)
    word = word.translate(_SHAPES).strip("_")
    if word.startswith(("..", "…")):
        return "…"
    return "-" if word == "--" else word
