"""The words of a piece of Markdown as a reader sees them, without markup.

Two pieces that read the same have the same words here. The shape of quotes and dashes, no-break
and zero-width characters, emphasis, images, link targets, heading and list marks, and the numbers
of headings and items make no difference.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from consent.diffing.structure import Range

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"

_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # Written without spaces: each sign is a word.
_LETTERS = rf"[^\W_{_HAN}][\w*{INVISIBLE}\u0300-\u036f]*+"
_WORD = rf"{_LETTERS}(?:['’.,@/&‐‑–-]{_LETTERS})*+"
_SIGN = rf"[{_HAN}] | \.{{2,}} | -{{2}} | [^\w\s\[\]*`~\\|{INVISIBLE}]"
_ADDRESS = r"(?:[^()\s\\]|\\.|\([^()\s]*\))*"
_TITLE = r"(?:[ \t]+\"[^\"\n]*\")?[ \t]*"
_TARGET = rf"\({_ADDRESS}{_TITLE}\)"
_MARKUP = rf"""
    !\[[^\[\]\n]*\]{_TARGET}                # image
  | \]{_TARGET}                             # end of a link
  | ^[ \t]*(?:>[ \t]?)+                     # quotation
  | (?<![^\s|:])[-=_*]{{3,}}(?![^\s|:])     # rule, underline of a heading or of a table's head
"""
# Words come first because most tokens are words, and no markup begins with a letter. Matching the
# space after a word as well saves a third of the time: no alternative has to fail on it.
_TOKEN = re.compile(
    f"({_WORD} | (?!{_MARKUP}) (?:{_SIGN}))[ ]? | {_MARKUP}", re.VERBOSE | re.MULTILINE
)
_BULLET = "[*+\\-•·▪◦‣●○]"
_UNSEEN = re.compile(
    rf"""{_MARKUP}
  | ^[ \t]*(?:\#{{1,6}}|{_BULLET})[ \t]+
  | (?P<break>\s*\n\s*(?:\n\s*|(?=(?:{_BULLET}|\||\(?\w{{1,3}}[.)])\s))(?:{_BULLET}\s+)?)
  | (?P<space>\s+)
  | \\(?P<escaped>[^\w\s])
  | [\[\]*`{INVISIBLE}] | (?<!\w)_ | _(?!\w)
""",
    re.VERBOSE | re.MULTILINE,
)
_INSTEAD = {"break": "\n", "space": " "}
_SPACES = re.compile(" {2,}")
_NUMBER = r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivx]{1,6})\\?[.)]"
_ORDER_MARK = re.compile(
    rf"""[\s>|*_\[{INVISIBLE}]* \#{{0,6}} \s* (?:(?:{_BULLET}|–)\s+)? [*_\[]*
         (?:(?:{_NUMBER}|\d{{1,3}}(?:\.\d{{1,3}})+(?=[*_]*\s+[*_]*[A-Z]))[*_]*\s+)?""",
    re.VERBOSE,
)
# Normalising a run of combining marks takes time quadratic in its length; hostile runs are long.
_LONGEST_WORD = 100
_CHARACTERS = sys.maxunicode + 1
_SHAPES = str.maketrans(
    {
        **dict.fromkeys('‘’‚‛“”„‟«»‹›′″´"', "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys(INVISIBLE + "*", ""),
    }
)


class Reading(NamedTuple):
    """The words of a block, including punctuation marks.

    folded: one character per word, the same for words that differ only in typography or case. It
    is a string because rapidfuzz compares strings without converting each element.
    """

    words: list[str]
    folded: str


class Lexicon:
    """Assigns a character to every word of one comparison.

    There are 1.1 million characters, far more than a page has different words. Beyond that,
    characters are reused: spans become less exact, but no text is lost.
    """

    def __init__(self) -> None:
        self._plain = _Characters(_plain)
        self._folded = _Characters(_folded)

    def read(self, text: str) -> Reading:
        """Return the words of one block."""
        words = list(filter(None, _TOKEN.findall(text, _after_order_mark(text))))
        return Reading(words, "".join(map(self._folded.__getitem__, words)))

    def exact(self, reading: Reading) -> str:
        """Return one character per word, the same for words that differ only in typography."""
        return "".join(map(self._plain.__getitem__, reading.words))


class _Characters(dict[str, str]):
    """Characters by word; words with the same form have the same character."""

    def __init__(self, form: Callable[[str], str]) -> None:
        self._form = form

    def __missing__(self, word: str) -> str:
        # Each new form makes the dictionary longer, so every length occurs only once.
        character = self.setdefault(self._form(word), chr(len(self) % _CHARACTERS))
        self[word] = character
        return character


def word_starts(text: str) -> list[int]:
    """Return the offset of each word of a block."""
    tokens = _TOKEN.finditer(text, _after_order_mark(text))
    return [token.start() for token in tokens if token.lastindex]


def has_words(text: str) -> bool:
    """Return whether a block has a word."""
    tokens = _TOKEN.finditer(text, _after_order_mark(text))
    return any(token.lastindex for token in tokens)


def visible(text: str) -> str:
    """Return the text without markup and extra spaces."""
    return visible_parts(text, [(0, len(text))])[0].strip()


def visible_parts(text: str, ranges: Iterable[Range]) -> list[str]:
    """Return the visible text of each range. The ranges ascend and do not overlap.

    Blocks are separated by a line break, words by a space.
    """
    unseen = list(_UNSEEN.finditer(text))
    parts: list[str] = []
    upcoming = position = 0
    for start, end in ranges:
        pieces: list[str] = []
        position = max(position, start)
        while upcoming < len(unseen) and unseen[upcoming].start() < end:
            match = unseen[upcoming]
            pieces.append(text[position : match.start()])
            pieces.append(_INSTEAD.get(match.lastgroup or "") or match["escaped"] or "")
            position = match.end()
            upcoming += 1
        pieces.append(text[position:end])
        parts.append(_SPACES.sub(" ", "".join(pieces)))
    return parts


def _after_order_mark(text: str) -> int:
    match = _ORDER_MARK.match(text)
    return match.end() if match else 0


def _folded(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word.lower()
    return _plain(word).casefold()


def _plain(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word
    if len(word) <= _LONGEST_WORD:
        word = unicodedata.normalize("NFC", word)
    word = word.translate(_SHAPES).strip("_")
    if word.startswith(("..", "…")):
        return "…"
    return "-" if word == "--" else word
