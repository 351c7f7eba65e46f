"""Text in the font that lies beside this: Latin letters with all their accents, Greek, Cyrillic."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from platforms.characters import without_controls

_FONT = Path(__file__).parent / "font" / "NotoSans-Latin-Greek-Cyrillic.ttf"
#: The font has one space that does not break, before the marks of French.
_INSTEAD = str.maketrans({"→": "›", "←": "‹", "\u202f": "\u00a0"})
_BREAKING_SPACES = re.compile(r"[^\S\u00a0]+")
#: Where more than this share of the letters would have to be left out, the text says nothing.
_MOST_LOST = 0.3


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)


def writable(text: str) -> str:
    """Return a text in characters that the font has, with letters of other scripts left out.

    Empty where so much is lost that the rest would mislead.
    """
    letters = unicodedata.normalize("NFC", without_controls(text).translate(_INSTEAD))
    kept = [char for char in letters if char.isspace() or _has(char)]
    if len(letters) - len(kept) > _MOST_LOST * len(letters):
        return ""
    return _BREAKING_SPACES.sub(" ", "".join(kept)).strip()


def line_height(size: int) -> int:
    return round(size * 1.18)


def wrapped(text: str, *, width: int, height: int, sizes: tuple[int, ...]) -> tuple[int, list[str]]:
    """Return the largest of these sizes in which a text fits, and its lines; else it is cut."""
    broken: list[str] = []
    for size in sizes:
        broken = _broken(text, width=width, size=size)
        if len(broken) * line_height(size) <= height:
            return size, broken
    smallest = sizes[-1]
    most = max(1, height // line_height(smallest))
    last = broken[most - 1].rstrip(" ,;:.")
    while last and font(smallest).getlength(f"{last}…") > width:
        last = last[:-1].rstrip()
    return smallest, [*broken[: most - 1], f"{last}…"]


def _broken(text: str, *, width: int, size: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if font(size).getlength(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        while font(size).getlength(word) > width:
            part = word
            while font(size).getlength(part) > width:
                part = part[:-1]
            lines[-1] = part
            lines.append("")
            word = word[len(part) :]
        lines[-1] = word
    return lines


@lru_cache(maxsize=1024)
def _has(char: str) -> bool:
    """Return whether the font has a glyph for a character."""
    return bytes(font(40).getmask(char)) != bytes(font(40).getmask("\uffff"))
