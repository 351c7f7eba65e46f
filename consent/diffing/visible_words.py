"""The words of a piece of Markdown as a reader sees them, without markup.

Two pieces that read the same have the same words here. The shape of quotes and dashes, no-break
and zero-width characters, emphasis, images, link targets, heading and list marks, and the numbers
of headings and items make no difference.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable

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
# None of these begins with a letter, a digit, a comma or a full stop. Looking for that first is
# faster than trying each of them everywhere.
_UNSEEN = re.compile(
    rf"""(?![a-zA-Z0-9,.]) (?: {_MARKUP}
  | ^[ \t]*(?:\#{{1,6}}|{_BULLET})[ \t]+
  | (?P<break>\s*\n\s*(?:\n\s*|(?=(?:{_BULLET}|\||\(?\w{{1,3}}[.)])\s))(?:{_BULLET}\s+)?)
  | (?P<space>\s+)
  | \\(?P<escaped>[^\w\s])
  | [\[\]*`{INVISIBLE}] | (?<!\w)_ | _(?!\w) )
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
_MARKS_AT_END = frozenset(",.;:?!")
_CHARACTERS = sys.maxunicode + 1
_SHAPES = str.maketrans(
    {
        **dict.fromkeys('‘’‚‛“”„‟«»‹›′″´"', "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys(INVISIBLE + "*", ""),
    }
)


class Lexicon:
    """Assigns a character to every word of one comparison.

    Texts are compared as strings of these characters, because rapidfuzz need not convert each of
    their elements. There are 1.1 million characters, far more than a page has different words.
    Beyond that, characters are reused: spans become less exact, but no text is lost.
    """

    def __init__(self) -> None:
        self._plain = _Characters(_plain)
        self._folded = _Characters(_folded)
        self._pieces = _Pieces(self._folded)

    def folded(self, text: str) -> str:
        """Return one character per word, the same for words that differ in typography or case."""
        start = _after_order_mark(text)
        if "](" in text or ">" in text or (start and not text[start - 1].isspace()):
            # A link or a mark of quotation may have spaces inside.
            return "".join(map(self._folded.__getitem__, _words(text, start)))
        return "".join(map(self._pieces.__getitem__, text[start:].split(" ")))

    def exact(self, text: str) -> str:
        """Return one character per word, the same for words that differ only in typography."""
        return "".join(map(self._plain.__getitem__, words_of(text)))


class _Characters(dict[str, str]):
    """Characters by word; words with the same form have the same character."""

    def __init__(self, form: Callable[[str], str]) -> None:
        self._form = form

    def __missing__(self, word: str) -> str:
        # Each new form makes the dictionary longer, so every length occurs only once.
        character = self.setdefault(self._form(word), chr(len(self) % _CHARACTERS))
        self[word] = character
        return character


class _Pieces(dict[str, str]):
    """The words between two spaces as characters; most pieces of a page occur again and again."""

    def __init__(self, folded: _Characters) -> None:
        self._folded = folded

    def __missing__(self, piece: str) -> str:
        word, sign = (piece[:-1], piece[-1]) if piece[-1:] in _MARKS_AT_END else (piece, "")
        if word.isascii() and word.isalnum():  # So it is a word, which is faster than matching it.
            words = [word, sign] if sign else [word]
        else:
            words = _words(piece)
        characters = self[piece] = "".join(map(self._folded.__getitem__, words))
        return characters


def words_of(text: str) -> list[str]:
    """Return the words of a block, including punctuation marks."""
    return _words(text, _after_order_mark(text))


def word_starts(text: str) -> list[int]:
    """Return the offset of each word of a block."""
    tokens = _TOKEN.finditer(text, _after_order_mark(text))
    return [token.start() for token in tokens if token.lastindex]


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


def _words(text: str, start: int = 0) -> list[str]:
    return list(filter(None, _TOKEN.findall(text, start)))


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
