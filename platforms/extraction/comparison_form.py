"""The form of a text in which two visits to a page are compared.

Differences between visits or typesetters that leave the meaning alone are folded: replaced by the
same characters on both sides. Words are never folded, only their case, nor numbers in a sentence
(an age, a period, an amount). Works on our own Markdown and on that of Open Terms Archive.

Each rule takes a few passes over the whole text. The slow ones run only if the text contains a
character or word that they need.
"""

import hashlib
import re
import unicodedata
from functools import cache

from platforms.extraction.furniture_lines import without_furniture
from platforms.extraction.volatile_words import VolatileWords, fold_keys

NORMALISER_VERSION = 5

# Zero-width and bidirectional controls, soft hyphens, variation selectors, stray controls.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_CONTROLS = bytes((*range(9), *range(0x0E, 0x1C), 0x7F))
# Replaced first: most English texts are then ASCII, and the next steps are faster on ASCII.
_VARIANTS = tuple(
    (variant, plain)
    for plain, variants in (
        ("'", "‘’‚‛′`´ʼ"),
        ('"', "“”„‟″«»"),
        ("-", "‐‑‒–—―−"),
        ("...", "…"),
        (" ", "\u00a0\u202f"),
        ("", "\u00ad\u200b\u200d\ufeff"),
    )
    for variant in variants
)

_IMAGE = re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
# What is said of a link to those who cannot see its icon, with or without brackets. Without
# IGNORECASE, and with a letter or a bracket first, it is five times as fast.
_NEW_WINDOW = re.compile(
    r"(?:\([oOöÖsS]|[oOöÖsS])"
    r"(?:pens in (?:a )?new (?:tab|window)|ffnet(?: sich)? in neuem (?:Tab|Fenster)"
    r"|'ouvre dans (?:un nouvel onglet|une nouvelle fenêtre))\b\)?"
)
_EMPHASIS = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
# The start of headings, quotations, definitions and list items of any style, also nested; and whole
# lines below a heading or between the rows of a table.
_LINE_STARTS = frozenset(" \t-+:>•·▪◦‣●○■#=_|*`~0123456789")
_LINE_START = re.compile(r"[ \t|:=*_`~-]+$|[ \t]*(?:(?:[-+*:>•·▪◦‣●○■]|#{1,6}|\d{1,3}[.)])[ \t]+)+")


def comparison_text(text: str) -> str:
    """Return the comparison form: one line with single spaces. Equal forms mean the same words."""
    text = fold_keys(_without_links(_plain_characters(text)))
    text = "\n".join(without_furniture(text.split("\n")))
    lines = _without_marks(f"{text}\n").split("\n")
    fold = VolatileWords(lines)
    folded = _once(list(filter(None, [fold(_bare(line)) for line in lines if line])))
    return " ".join(folded).casefold()


def _once(lines: list[str]) -> list[str]:
    """Return the lines of a text that is on its page twice, as for narrow screens, only once."""
    half, rest = divmod(len(lines), 2)
    return lines[:half] if half > 1 and not rest and lines[:half] == lines[half:] else lines


def digest_of(text: str) -> str:
    """Return the SHA-256 (hex) of the comparison form of a text."""
    return hashlib.sha256(comparison_text(text).encode("utf-8", "replace")).hexdigest()


def _plain_characters(text: str) -> str:
    text = text.replace("```", "")
    for variant, plain in _VARIANTS:
        text = text.replace(variant, plain)
    text = text.replace("''", '"')
    if text.isascii():
        return text.encode().translate(None, _CONTROLS).decode()
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", _stream_safe(text))
    return _INVISIBLE.sub("", text)


def _stream_safe(text: str) -> str:
    """Return the text with at most 30 combining marks in a row (stream-safe text, UAX #15).

    Normalising sorts each run of marks, and the time grows with the square of its length. The
    inserted joiner is one of the invisible characters, which are removed later.
    """
    return _combining_run().sub("\\g<0>\u034f", text)


@cache
def _combining_run() -> re.Pattern[str]:
    marks = "".join(filter(unicodedata.combining, map(chr, range(0x110000))))
    return re.compile(f"[{re.escape(marks)}]{{30}}")


def _without_links(text: str) -> str:
    return _LINK.sub(r"\1", _IMAGE.sub("", text)) if "](" in text else text


def _without_marks(text: str) -> str:
    """Return the text without the Markdown of tables, emphasis and escapes, and stray spaces."""
    text = text.replace("*", "")
    if "ew tab" in text or "ew window" in text or " neuem " in text or "ouvre dans" in text:
        text = _NEW_WINDOW.sub("", text)
    # A regular expression would stop at each space, and take as long as all other rules.
    for mark in ".,;:!?":
        if f" {mark}" in text:
            text = text.replace(f" {mark} ", f"{mark} ").replace(f" {mark}\n", f"{mark}\n")
    if "|" in text:
        text = text.replace("\\|", " ").replace("|", " ")
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def _bare(line: str) -> str:
    """Return a line with single spaces and without the Markdown at its start."""
    if line[0] in _LINE_STARTS and (start := _LINE_START.match(line)):
        line = line[start.end() :]
    if "_" in line:
        line = _EMPHASIS.sub("", line)
    # This check is cheaper than splitting a line that has nothing to collapse.
    if "  " in line or "\t" in line or not line.isascii():
        return " ".join(line.split())
    return line.strip()
