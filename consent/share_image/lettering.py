"""Text that the one font at hand can write: the one that comes with Pillow, of 116 characters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from PIL import ImageFont

_INSTEAD = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "→": "›",
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
        "„": "“",
        "‚": "‘",
    }
)
#: Where more than this share of the letters would have to be left out, the text says nothing.
_MOST_LOST = 0.3


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise TypeError("share images need a Pillow that was built with FreeType")
    return found


def writable(text: str) -> str:
    """Return a text in characters that the font has: accents left off, other scripts left out.

    Empty where so much is lost that the rest would mislead.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_INSTEAD))
    letters = [char for char in plain if not unicodedata.combining(char)]
    kept = [char for char in letters if char.isspace() or _has(char)]
    if len(letters) - len(kept) > _MOST_LOST * len(letters):
        return ""
    return " ".join("".join(kept).split())


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
    for word in text.split():
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
    return bytes(font(40).getmask(char)) != bytes(font(40).getmask("\uffff"))
